"""`digits class collect`: what Canvas and Moodle export becomes submissions, and nothing else is unpacked."""

import os
import stat
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from a_class import Class

pytestmark = pytest.mark.classroom

NOON = (2026, 3, 1, 12, 0, 0)
LATER = (2026, 3, 2, 12, 0, 0)


@pytest.fixture
def a_class(tmp_path):
    (tmp_path / "course").mkdir()
    return Class(tmp_path / "course")


def archive(path: Path, *members: tuple) -> Path:
    """A ZIP file of members: a name, its bytes, perhaps its date and what else is to be set of its entry."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, raw, *rest in members:
            entry = zipfile.ZipInfo(name, rest[0] if rest else NOON)
            entry.compress_type = zipfile.ZIP_DEFLATED
            for field, value in (rest[1] if len(rest) > 1 else {}).items():
                setattr(entry, field, value)
            file.writestr(entry, raw)
    return path


def collect(a_class: Class, *arguments: str | Path) -> str:
    """Collect uploads of pixels; returns what was printed, as one line."""
    finished = a_class.digits("collect", *arguments, "--exercise", "pixels")
    assert (finished.status, finished.err) == (0, "")
    assert all(len(line) <= 80 for line in finished.out.splitlines())
    return " ".join(finished.out.split())


def submitted_files(a_class: Class) -> dict[str, bytes]:
    """All files in submitted/, by path."""
    submitted = a_class.root / "submitted"
    return {str(path.relative_to(submitted)): path.read_bytes() for path in submitted.rglob("*") if path.is_file()}


def test_uploads_of_canvas_and_moodle_become_submissions(a_class, tmp_path):
    canvas = archive(
        tmp_path / "canvas.zip",
        ("lovelaceada_12345_67890_my_work.py", b"ada"),
        ("babbagecharles_LATE_12346_67891_05_pixels.ipynb", b"charles"),
        ("dot_12347_67892_pixels.py", b"dot"),
        ("dot_12347_67893_report.pdf", b"more of dot"),
        ("__MACOSX/._dot_12347_67892_pixels.py", b""),
    )
    moodle = archive(
        tmp_path / "moodle.zip",
        ("Zoë D'Arc_991_assignsubmission_file_/pixels.py", b"zoe"),
        ("O_Brien Éamon_992_assignsubmission_file/sub/pixels.ipynb", b"eamon"),
        ("Anna Lee_993_assignsubmission_file_pixels.py", b"anna"),
    )
    assert collect(a_class, canvas, moodle) == "pixels 6 new, 0 replaced, 0 unchanged, 0 left in the archives"
    assert submitted_files(a_class) == {
        "lovelaceada/pixels/my_work.py": b"ada",
        "babbagecharles/pixels/05_pixels.ipynb": b"charles",
        "dot/pixels/pixels.py": b"dot",
        "dot/pixels/report.pdf": b"more of dot",
        "Zoë D'Arc/pixels/pixels.py": b"zoe",
        "O_Brien Éamon/pixels/pixels.ipynb": b"eamon",
        "Anna Lee/pixels/pixels.py": b"anna",
    }
    assert collect(a_class, canvas, moodle) == "pixels 0 new, 0 replaced, 6 unchanged, 0 left in the archives"


def test_the_newest_attempt_counts(a_class, tmp_path):
    path = archive(
        tmp_path / "canvas.zip",
        ("ada_1_103_pixels-1.py", b"second", LATER),
        ("ada_1_101_pixels.py", b"first", NOON),
        ("ben_2_104_pixels-2.py", b"third", NOON),
        ("ben_2_102_pixels-1.py", b"second", NOON),
        ("cleo_3_999_pixels-10.py", b"eleventh", NOON),
        ("cleo_3_999_pixels-9.py", b"tenth", NOON),
    )
    collect(a_class, path)
    assert submitted_files(a_class) == {
        "ada/pixels/pixels.py": b"second",
        "ben/pixels/pixels.py": b"third",
        "cleo/pixels/pixels.py": b"eleventh",
    }


def test_a_newer_export_replaces_and_keeps_what_was_there_and_an_older_one_does_not(a_class, tmp_path):
    first = archive(tmp_path / "1.zip", ("ada_1_101_pixels.py", b"first"), ("ben_2_102_pixels.py", b"ben"))
    second = archive(tmp_path / "2.zip", ("ada_1_103_pixels-1.py", b"second", LATER))
    collect(a_class, first)
    assert "0 new, 1 replaced, 0 unchanged, 0 left" in collect(a_class, second)
    assert submitted_files(a_class)["ada/pixels/pixels.py"] == b"second"
    assert (a_class.root / ".digits/replaced/pixels/ada/1/pixels.py").read_bytes() == b"first"
    assert "the submission in submitted/ada/pixels is newer." in collect(a_class, first)
    assert submitted_files(a_class) == {"ada/pixels/pixels.py": b"second", "ben/pixels/pixels.py": b"ben"}
    when = datetime.fromtimestamp((a_class.place("ada") / "pixels.py").stat().st_mtime)
    assert when == datetime(*LATER)


def test_nothing_leaves_its_place_and_what_is_odd_stays_in_the_archive(a_class, tmp_path):
    bomb = b"0" * (5 * 1024 * 1024 + 1)
    path = archive(
        tmp_path / "canvas.zip",
        ("../../evil_1_2_pixels.py", b"x"),
        ("/evil_1_2_pixels.py", b"x"),
        ("..\\evil_1_2_pixels.py", b"x"),
        ("evil/../../x_1_2_pixels.py", b"x"),
        ("evil_1_2_..", b"x"),
        ("evil_1_2_.bashrc", b"x"),
        (".._1_2_pixels.py", b"x"),
        ("link_3_4_pixels.py", b"/etc/passwd", NOON, {"external_attr": (stat.S_IFLNK | 0o777) << 16}),
        ("bomb_5_6_pixels.py", bomb),
        ("odd\u202e_7_8_pixels.py", b"x"),
        ("new\nline_7_8_pixels.py", b"x"),
        ("clock_9_10_timestamp.txt", b"2000-01-01"),
        (f"{'long' * 60}_11_12_pixels.py", b"x"),
        ("notes.txt", b"x"),
        ("honest_13_14_pixels.py", b"honest"),
    )
    told = collect(a_class, path)
    assert submitted_files(a_class) == {"honest/pixels/pixels.py": b"honest"}
    assert "1 new, 0 replaced, 0 unchanged, 13 left in the archives" in told
    for sentence in (
        "../../evil_1_2_pixels.py: its path leads out of the archive.",
        "../evil_1_2_pixels.py: its path leads out of the archive.",
        "link_3_4_pixels.py: it is a link or another special file.",
        "bomb_5_6_pixels.py: it is larger than 5 MiB.",
        "odd?_7_8_pixels.py: its name is too long or has invisible characters.",
        "clock_9_10_timestamp.txt: students cannot set their own time of submission.",
        "notes.txt: this is not how Canvas or Moodle names files.",
    ):
        assert sentence in told
    assert {path.name for path in a_class.root.iterdir()} == {"submitted", ".digits"}
    assert {path.name for path in tmp_path.iterdir()} == {"course", "canvas.zip"}


def test_a_member_that_lies_about_itself_is_left(a_class, tmp_path):
    path = archive(tmp_path / "x.zip", ("ada_1_2_pixels.py", b"a" * 1000), ("ben_3_4_pixels.py", b"ben"))
    raw = bytearray(path.read_bytes())
    start = raw.index(b"ada_1_2_pixels.py") + len("ada_1_2_pixels.py")
    raw[start : start + 4] = b"\xff\xff\xff\xff"  # its compressed bytes
    path.write_bytes(raw)
    assert "ada, pixels.py: it cannot be unpacked" in collect(a_class, path)
    assert submitted_files(a_class) == {"ben/pixels/pixels.py": b"ben"}


def test_an_encrypted_member_is_left(a_class, tmp_path):
    path = archive(tmp_path / "x.zip", ("ada_1_2_pixels.py", b"ada"), ("ben_3_4_pixels.py", b"ben"))
    raw = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(signature) + flags] |= 1
    path.write_bytes(raw)
    assert "ada_1_2_pixels.py: it is encrypted." in collect(a_class, path)
    assert submitted_files(a_class) == {"ben/pixels/pixels.py": b"ben"}


def test_two_students_under_one_name_are_set_aside(a_class, tmp_path):
    path = archive(
        tmp_path / "a.zip",
        ("smithjohn_1_11_pixels.py", b"one"),
        ("smithjohn_2_12_pixels.py", b"the other"),
        ("Zoe\u0308_3_assignsubmission_file_/pixels.py", b"one"),
        ("zoë_4_assignsubmission_file_/pixels.py", b"the other"),
        ("leeanna_5_13_pixels.py", b"anna"),
    )
    told = collect(a_class, path)
    assert "smithjohn: there are uploads with the numbers 1, 2 under this name." in told
    assert "there are uploads with the numbers 3, 4 under this name." in told
    assert submitted_files(a_class) == {"leeanna/pixels/pixels.py": b"anna"}
    later = archive(
        tmp_path / "b.zip",
        ("leeanna_6_14_pixels.py", b"another anna", LATER),
        ("LEEANNA_5_15_pixels.py", b"anna", LATER),
    )
    told = collect(a_class, later)
    assert "under this name" in told
    alone = archive(tmp_path / "c.zip", ("leeanna_6_14_pixels.py", b"another anna", LATER))
    assert "an earlier upload under this name had the number 5, this one has 6." in collect(a_class, alone)
    other = archive(tmp_path / "d.zip", ("LeeAnna_5_16_pixels.py", b"anna", LATER))
    assert "submitted/leeanna looks like the same student" in collect(a_class, other)
    assert submitted_files(a_class) == {"leeanna/pixels/pixels.py": b"anna"}


@pytest.mark.thorough
def test_archives_in_downloaded_are_found_by_the_folder_of_their_exercise(a_class):
    downloaded = a_class.root / "downloaded"
    archive(downloaded / "pixels/archive/a.zip", ("ada_1_2_pixels.py", b"pixels"))
    archive(downloaded / "08_evaluation/b.zip", ("ada_1_3_evaluation.py", b"evaluation"))
    finished = a_class.digits("collect")
    assert (finished.status, finished.err) == (0, "")
    assert submitted_files(a_class) == {
        "ada/pixels/pixels.py": b"pixels",
        "ada/evaluation/evaluation.py": b"evaluation",
    }
    archive(downloaded / "c.zip", ("ben_4_5_pixels.py", b"ben"))
    finished = a_class.digits("collect")
    assert finished.status == 2
    assert "Which exercise is c.zip?" in finished.err
    assert "1 new, 0 replaced, 1 unchanged" in collect(a_class)


@pytest.mark.sampled
@pytest.mark.parametrize("raw", [b"", b"no archive", b"PK\x03\x04 and no more"])
def test_a_file_that_is_not_an_archive_is_reported(a_class, tmp_path, raw):
    (tmp_path / "x.zip").write_bytes(raw)
    finished = a_class.digits("collect", tmp_path / "x.zip", "--exercise", "pixels")
    assert (finished.status, finished.out) == (2, "")
    assert "is not a ZIP file, or only part of one. Download it again." in finished.err
    assert not os.path.lexists(a_class.root / "submitted")
