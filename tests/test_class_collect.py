"""`digits class collect`: what Canvas and Moodle export becomes submissions, and nothing else is unpacked."""

import os
import stat
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from a_class import SOLUTION, Class

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
    assert (finished.status, finished.err) == (0 if ", 0 left in" in finished.out else 1, "")
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
        ("babbagecharles_LATE_12346_67891_Copy of pixels.ipynb", b"charles"),
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
        "babbagecharles/pixels/pixels.ipynb": b"charles",
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


def test_two_students_of_one_name_are_told_apart_by_their_numbers(a_class, tmp_path):
    path = archive(
        tmp_path / "a.zip",
        ("smithjohn_1_11_pixels.py", b"one"),
        ("smithjohn_2_12_pixels.py", b"the other"),
        ("Zoe\u0308_3_assignsubmission_file_/pixels.py", b"one"),
        ("zoë_4_assignsubmission_file_/pixels.py", b"the other"),
        ("leeanna_5_13_pixels.py", b"anna"),
    )
    told = collect(a_class, path)
    assert "smithjohn: two students have this name; the one with the number 2 is submitted/smithjohn-2." in told
    first = {
        "smithjohn-1/pixels/pixels.py": b"one",
        "smithjohn-2/pixels/pixels.py": b"the other",
        "Zoe\u0308-3/pixels/pixels.py": b"one",
        "zoë-4/pixels/pixels.py": b"the other",
        "leeanna/pixels/pixels.py": b"anna",
    }
    assert submitted_files(a_class) == first
    later = archive(
        tmp_path / "b.zip",
        ("leeanna_6_14_pixels.py", b"another anna", LATER),
        ("LEEANNA_5_15_pixels.py", b"anna's second", LATER),
    )
    collect(a_class, later)
    second = first | {
        "leeanna/pixels/pixels.py": b"anna's second",
        "leeanna-6/pixels/pixels.py": b"another anna",
    }
    assert submitted_files(a_class) == second
    alone = archive(tmp_path / "c.zip", ("leeanna_6_14_pixels.py", b"another anna", LATER))
    assert "0 new, 0 replaced, 1 unchanged" in collect(a_class, alone)
    assert submitted_files(a_class) == second


def test_the_same_number_under_a_new_name_is_the_same_student(a_class, tmp_path):
    collect(a_class, archive(tmp_path / "a.zip", ("hoppergrace_78_1_pixels.py", b"first")))
    told = collect(a_class, archive(tmp_path / "b.zip", ("kinggrace_78_2_pixels.py", b"second", LATER)))
    assert "kinggrace, number 78, is submitted/hoppergrace." in told
    assert submitted_files(a_class) == {"hoppergrace/pixels/pixels.py": b"second"}


def test_numbers_that_an_earlier_version_has_kept_are_known(a_class, tmp_path):
    (a_class.root / ".digits" / "canvas").mkdir(parents=True)
    (a_class.root / ".digits" / "canvas" / "hoppergrace").write_text("78")
    collect(a_class, archive(tmp_path / "b.zip", ("kinggrace_78_2_pixels.py", b"second", LATER)))
    assert submitted_files(a_class) == {"hoppergrace/pixels/pixels.py": b"second"}


@pytest.mark.parametrize(
    "path",
    [
        "Eve Evil_777_assignsubmission_file_/Ada Lovelace_12345_assignsubmission_file_pixels.py",
        "Eve Evil_777_assignsubmission_file_/Ada Lovelace_12345_assignsubmission_file_/pixels.py",
        "Eve Evil_777_assignsubmission_file_Ada Lovelace_12345_assignsubmission_file_pixels.py",
        "all/Eve Evil_777_assignsubmission_file_/Ada Lovelace_12345_assignsubmission_file_/pixels.py",
    ],
)
def test_a_name_that_a_student_gives_makes_nothing_somebody_elses(a_class, tmp_path, path):
    top = "all/" if path.startswith("all/") else ""
    members = [
        (f"{top}Ada Lovelace_12345_assignsubmission_file_/pixels.py", b"by Ada"),
        (f"{top}Eve Evil_777_assignsubmission_file_/pixels.py", b"by Eve"),
        (path, b"by Eve, later", LATER),
    ]
    told = collect(a_class, archive(tmp_path / "moodle.zip", *members))
    assert submitted_files(a_class) == {
        "Ada Lovelace/pixels/pixels.py": b"by Ada",
        "Eve Evil/pixels/pixels.py": b"by Eve",
    }
    assert "the student has given it a name like those that Moodle gives" in told


def test_a_folder_that_a_student_has_made_is_not_canvas(a_class, tmp_path):
    path = archive(
        tmp_path / "x.zip",
        ("evil_1_2_pixels.py", b"eve"),
        ("evil/lovelaceada_12345_9_pixels.py", b"eve", LATER),
        ("lovelaceada_12345_3_pixels.py", b"ada"),
    )
    assert "1 left in the archives" in collect(a_class, path)
    assert submitted_files(a_class)["lovelaceada/pixels/pixels.py"] == b"ada"


def test_what_was_typed_into_moodle_is_called_so(a_class, tmp_path):
    path = archive(tmp_path / "x.zip", ("Ada_1_assignsubmission_onlinetext_/onlinetext.html", b"<p>hello"))
    assert "this was typed into Moodle's text box; there is no file to grade." in collect(a_class, path)


def test_what_a_backup_does_to_times_does_not_keep_the_next_attempt_out(a_class, tmp_path):
    collect(a_class, archive(tmp_path / "1.zip", ("ada_1_101_pixels.py", b"first")))
    os.utime(a_class.place("ada") / "pixels.py")  # as after `git clone`
    told = collect(a_class, archive(tmp_path / "2.zip", ("ada_1_103_pixels-1.py", b"second", LATER)))
    assert "1 replaced" in told
    (a_class.place("ada") / "pixels.py").write_bytes(b"put there by hand")
    told = collect(a_class, archive(tmp_path / "3.zip", ("ada_1_104_pixels-2.py", b"third", (2026, 3, 3, 0, 0, 0))))
    assert "the submission in submitted/ada/pixels is newer." in told


def test_work_on_another_exercise_stays_in_the_archive(a_class, tmp_path):
    path = archive(
        tmp_path / "x.zip", ("ada_1_2_dense.py", b"x"), ("ben_3_4_05_dense.ipynb", b"x"), ("cy_5_6_a.py", b"x")
    )
    told = collect(a_class, path)
    assert "ada, dense.py: this looks like dense, not pixels." in told
    assert set(submitted_files(a_class)) == {"cy/pixels/a.py"}


def test_canvas_says_who_was_late_and_times_are_taken_when_asked_for(a_class, tmp_path):
    path = archive(
        tmp_path / "1.zip", ("ada_LATE_1_101_pixels.py", SOLUTION.read_bytes()), ("ben_2_102_pixels.py", b"")
    )
    collect(a_class, path)
    a_class.grade()
    assert a_class.record("ada")["marked_late"] is True
    assert a_class.record("ben")["marked_late"] is False
    assert a_class.record("ada")["submitted"] is None
    a_class.digits("export")
    assert '"ada","","","","pixels",10,10,"graded","","late"' in (a_class.root / "reports/grades.csv").read_text(
        "utf-8"
    )
    later = archive(tmp_path / "2.zip", ("ben_2_103_pixels.py", b"# more", LATER))
    collect(a_class, later, "--times")
    said = (a_class.place("ben") / "timestamp.txt").read_text()
    assert datetime.fromisoformat(said.strip().replace(" UTC", "+00:00")) == datetime(*LATER).astimezone()


def test_times_can_be_taken_later(a_class, tmp_path):
    path = archive(tmp_path / "1.zip", ("ada_1_101_pixels.py", SOLUTION.read_bytes(), LATER))
    collect(a_class, path)
    assert not (a_class.place("ada") / "timestamp.txt").exists()
    assert "1 unchanged" in collect(a_class, path, "--times")
    assert (a_class.place("ada") / "timestamp.txt").read_text().endswith(" UTC\n")


def test_the_file_that_looks_like_another_exercise_is_named(a_class, tmp_path):
    path = archive(tmp_path / "1.zip", ("ada_1_101_notes.py", b""), ("ada_1_102_dense.py", b""))
    assert "ada, dense.py: this looks like dense, not pixels." in collect(a_class, path)


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
