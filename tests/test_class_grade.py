"""`digits class grade`: every submission is graded once, whatever it is, and none disturbs another."""

import fcntl
import json
import os
import pty
import re
import stat
import struct
import subprocess
import sys
import termios
import tomllib

import pytest
from a_class import ATTACKS, DIGITS, ENVIRONMENT, MISTAKES, SOLUTION, STUB, Class, copy_of_package
from conftest import solution, zygotes_after
from test_malformed import in_cells

from grader.classroom.collect.submissions import Submission, open_submission
from grader.cli.app import run
from grader.course import find_lesson
from grader.engine.judge.processes import Engine

pytestmark = pytest.mark.classroom

EVALUATION = solution(find_lesson("evaluation"))
SEQUENCES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")


@pytest.fixture
def a_class(tmp_path):
    (tmp_path / "course").mkdir()
    return Class(tmp_path / "course")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A small class after its first grading, and what was printed. No test changes it."""
    course = Class(tmp_path_factory.mktemp("course"))
    course.submit("ada", SOLUTION)
    course.submit("ben", MISTAKES / "divided-by-256.py", name="my work.py")
    course.submit("cleo", STUB, exercise="01_pixels", name="01_pixels.py")
    course.submit("dan", in_cells(SOLUTION.read_text("utf-8")), name="pixels.ipynb")
    course.submit("dan", EVALUATION, exercise="evaluation", name="evaluation.py")
    course.submit("eve", b"def broken(:\n")
    course.submit("fay", b"my report", name="report.txt")
    course.place("gil").mkdir(parents=True)  # who has submitted nothing
    (course.place("ada") / "timestamp.txt").write_text("2026-03-01 12:00:00.5 America/Argentina/Buenos_Aires\n")
    (course.place("ben") / "timestamp.txt").write_text("2026-03-01 12:00:00 UTC")
    (course.place("eve") / "timestamp.txt").write_text("soon")
    course.place("ada", "project").mkdir()
    finished = course.digits("grade")
    assert (finished.status, finished.err) == (0, "")
    return course, finished.out


# What comes out


def test_all_get_the_points_that_they_deserve(graded):
    course, _ = graded
    assert [course.score(name) for name in ("ada", "ben", "cleo", "dan")] == [10, 8, 0, 10]
    assert course.score("dan", "evaluation") == 10
    outcomes = {key: record["verdict"]["outcome"] for key, record in course.records().items()}
    assert outcomes == {
        ("evaluation", "dan"): "graded",
        ("pixels", "ada"): "graded",
        ("pixels", "ben"): "graded",
        ("pixels", "cleo"): "graded",
        ("pixels", "dan"): "graded",
        ("pixels", "eve"): "invalid",
        ("pixels", "fay"): "invalid",
    }
    assert {record["verdict"]["isolation"] for record in course.records().values()} <= {"namespaces", "none"}


def test_a_record_has_its_file_and_time_of_submission(graded):
    course, _ = graded
    assert [course.record(name)["file"] for name in ("ada", "ben", "fay")] == ["pixels.py", "my work.py", ""]
    assert course.record("ada")["submitted"] == "2026-03-01T12:00:00.500000-03:00"
    assert course.record("ben")["submitted"] == "2026-03-01T12:00:00+00:00"
    assert [course.record(name)["submitted"] for name in ("cleo", "eve")] == [None, None]


def test_a_time_that_cannot_be_read_is_told(graded):
    course, said = graded
    assert course.record("eve")["doubt"].startswith("timestamp.txt says 'soon', which is not a time.")
    assert "timestamp.txt says 'soon', which is not a time." in " ".join(said.split())


TIMES = {  # what timestamp.txt says, and the time that this is; None where nobody can know
    "2026-03-01 12:00:00 UTC": "2026-03-01T12:00:00+00:00",
    "2026-03-01 12:00:00": "2026-03-01T12:00:00+00:00",
    "2026-03-01T12:00:00+01:00": "2026-03-01T12:00:00+01:00",
    "2026-03-01 12:00:00 Europe/Berlin": "2026-03-01T12:00:00+01:00",
    "11/22/2026 3:30 PM": None,
    "2026-11-21 23:30:00 PST": None,
    "0001-01-01 00:00:00 +1400": None,
    "9999-12-31 23:59:59 -1200": None,
    "\x1b[31m2026": None,
    "": None,
}


@pytest.mark.parametrize(("text", "time"), TIMES.items())
def test_a_time_is_understood_or_told(tmp_path, text, time, recwarn):
    place = tmp_path / "ada" / "pixels"
    place.mkdir(parents=True)
    (place / "timestamp.txt").write_text(text)
    (place / "pixels.py").write_text("x = 1")
    found = open_submission(Submission("ada", find_lesson("pixels"), place))
    assert found.submitted == time
    assert found.doubt == "" if time else found.doubt.startswith("timestamp.txt says")
    assert found.doubt.isprintable()
    assert not recwarn.list


def test_the_summary_says_what_needs_attention(graded):
    _, out = graded
    summary = out.partition("exercise   ")[2]
    assert re.search(r"pixels +6 +4\.7 +10 +2 +3", summary)
    assert re.search(r"evaluation +1 +10\.0 +10 +1 +0", summary)
    assert "Needs attention: 2\n" in summary
    assert "pixels.py:1: def broken(:" in summary
    assert "'report.txt': there is no Python file and no notebook." in summary
    assert "ignored: project (ada)." in summary
    assert "graded/" in summary
    assert all(len(line) <= 80 for line in out.splitlines())
    assert "\x1b" not in out


def test_the_secret_is_the_courses_own(graded, tmp_path):
    course, out = graded
    seed = course.root / ".digits" / "seed"
    assert stat.S_IMODE(seed.stat().st_mode) == 0o600
    assert stat.S_IMODE(seed.parent.stat().st_mode) == 0o700
    secret = seed.read_text().strip()
    assert len(bytes.fromhex(secret)) >= 16
    everything = out + "".join(path.read_text("utf-8") for path in course.root.glob("graded/*/*"))
    assert secret not in everything
    another = Class(tmp_path)
    another.submit("ada", b"")
    assert another.digits("grade").status == 0
    assert (another.root / ".digits" / "seed").read_text().strip() != secret


def test_a_record_agrees_with_the_grading_of_the_single_file(a_class):
    work = a_class.submit("ada", MISTAKES / "one-hot-wrong-axis.py")
    a_class.grade("--seed", "π")
    alone = subprocess.run(
        [DIGITS, "grade", "--exercise", "pixels", "--seed", "π", "--json", work.name],
        cwd=work.parent,
        env=ENVIRONMENT,
        capture_output=True,
        check=True,
    )
    keys = {"name", "title", "outcome", "points", "max_points", "mistake", "message", "hint"}
    assert [{key: check[key] for key in keys} for check in a_class.verdict("ada")["checks"]] == json.loads(
        alone.stdout
    )["checks"]


# Not run again


def test_what_was_graded_is_not_run_again(a_class):
    for student in ("ada", "ben", "cleo"):
        a_class.submit(student, SOLUTION)
    a_class.submit("ben", EVALUATION, exercise="evaluation")
    a_class.grade()
    first = a_class.records()
    assert " 4 graded before and unchanged." in a_class.grade()
    assert a_class.records() == first

    a_class.submit("ben", MISTAKES / "divided-by-256.py")
    assert " 1 submission to grade, 1 at a time. 3 graded before" in a_class.grade("--jobs", "1")
    assert a_class.score("ben") == 8
    assert {key for key, record in a_class.records().items() if record != first[key]} == {("pixels", "ben")}

    assert " 3 graded before" in a_class.grade("--exercise", "pixels")
    (a_class.place("ada") / "timestamp.txt").write_text("2026-03-01 12:00:00 UTC")
    assert " 4 graded before" in a_class.grade()
    assert a_class.record("ada") == first["pixels", "ada"] | {"submitted": "2026-03-01T12:00:00+00:00"}
    assert " 4 submissions to grade" in a_class.grade("--seed", "8")
    assert " 4 submissions to grade" in a_class.grade("--seed", "8", "--force")


def test_a_fault_of_the_grader_is_tried_again_and_a_damaged_record_too(a_class):
    for student in ("ada", "ben", "cleo"):
        a_class.submit(student, SOLUTION)
    a_class.grade()
    record = a_class.record("ada")
    record["verdict"] |= {"outcome": "grader_error", "checks": []}
    a_class.record_path("ada").write_text(json.dumps(record))
    a_class.record_path("ben").write_text("{")
    assert " 2 submissions to grade" in a_class.grade()
    assert [a_class.score(student) for student in ("ada", "ben", "cleo")] == [10, 10, 10]


@pytest.mark.thorough
def test_changed_checks_are_run_again_for_their_exercise_alone(a_class, tmp_path):
    a_class.submit("ada", SOLUTION)
    a_class.submit("ada", EVALUATION, exercise="evaluation")
    variables = copy_of_package(tmp_path)
    seed = ("grade", "--seed", "7")
    assert " 2 submissions to grade" in a_class.digits(*seed, **variables).out
    assert " 2 graded before" in a_class.digits(*seed, **variables).out

    def change(name: str) -> str:
        with (tmp_path / "grader" / name).open("a") as file:
            file.write("# changed\n")
        return a_class.digits(*seed, **variables).out.splitlines()[0]

    assert change("checks/test_01_pixels.py").startswith(" 1 submission to grade")
    assert change("checks/test_05_dense.py") == " 2 graded before and unchanged."
    assert change("pytest_plugin/nodes.py") == " 2 graded before and unchanged."
    assert change("checks/support/networks.py").startswith(" 2 submissions to grade")
    assert change("checks/support/handwriting.py").startswith(" 2 submissions to grade")
    limits = tmp_path / "grader" / "course.toml"
    limits.write_text(limits.read_text().replace("\nseconds = 10", "\nseconds = 11"))
    assert a_class.digits(*seed, **variables).out.startswith(" 2 submissions to grade")


# Hostile classmates

CHEAP = """abort announces_four_gigabytes asks_for_a_name becomes_root closes_every_descriptor crashes_while_it_loads
daemon_that_starts_itself_again deletes_everything dictionary_that_never_equals exception_full_of_odd_characters
forge_comparisons forge_early_replies forge_equal_to_everything forge_exit_zero_at_import forge_expected_values
forge_files_that_python_loads forge_gradebook forge_nan forge_printed_score forge_pytest_report forge_two_replies
kills_everybody kills_its_parent leak_environment leak_files leaves_a_daemon missing_module ptraces_its_parent
segmentation_fault syntax_error""".split()


@pytest.mark.thorough
def test_a_hostile_half_of_a_class_changes_nothing_for_the_honest_half(a_class, tmp_path):
    honest = [
        SOLUTION,
        STUB,
        *sorted(MISTAKES.glob("*.py")),
        *sorted((MISTAKES.parents[1] / "alternatives/01_pixels").glob("*.py")),
    ][:30]
    alone = Class(tmp_path)
    for number, path in enumerate(honest):
        alone.submit(f"{number:02}_honest", path)
        a_class.submit(f"{number:02}_honest", path)
    for number, name in enumerate(CHEAP):
        (path,) = (ATTACKS / name).glob("submission.*")
        a_class.submit(f"{number:02}_{name}", path, name=f"pixels{path.suffix}")
    alone.grade()
    out = a_class.grade()
    assert [a_class.verdict(f"{number:02}_honest") for number in range(len(honest))] == [
        alone.verdict(f"{number:02}_honest") for number in range(len(honest))
    ]
    to_look_at = out.partition("Needs attention")[2]
    for number, name in enumerate(CHEAP):
        expected = tomllib.loads((ATTACKS / name / "expected.toml").read_text("utf-8"))
        student = f"{number:02}_{name}"
        assert a_class.verdict(student)["outcome"] == expected["outcome"], name
        assert a_class.score(student) == expected["score"] == 0, name
        assert student in to_look_at, name
    assert len(a_class.records()) == len(honest) + len(CHEAP)
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", out)


def test_checks_are_complete_for_all_who_grade_at_once():
    """Of threads that need the checks of an exercise at the same moment, none gets a part of them."""
    program = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from grader.course import ready_lessons
from grader.engine.session import load_checks

def load(lesson):
    barrier.wait()
    return sum(check.points for check in load_checks(lesson.checks_path))

barrier = Barrier(8)
for lesson in ready_lessons():
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(load, [lesson] * 8)) == {lesson.points}, lesson.slug
"""
    subprocess.run([sys.executable, "-c", program], check=True)


# Malformed


def test_malformed_submissions_are_invalid_each_with_a_sentence(a_class):
    submit, place = a_class.submit, a_class.place
    (place("a_empty") / ".hidden").mkdir(parents=True)
    (place("a_text") / "sub").mkdir(parents=True)
    submit("b_pdf", b"%PDF", name="report.pdf")
    submit("c_packed", b"PK", name="all.zip")
    submit("d_which", SOLUTION, name="one.py")
    submit("d_which", SOLUTION, name="two.py")
    submit("e_both", SOLUTION, name="pixels.py")
    submit("e_both", SOLUTION, name="Pixels.PY")
    place("f_link").mkdir(parents=True)
    (place("f_link") / "pixels.py").symlink_to(SOLUTION)
    place("g_link").parent.mkdir()
    place("g_link").symlink_to(place("a_empty"))
    place("h_fifo").mkdir(parents=True)
    os.mkfifo(place("h_fifo") / "pixels.py")
    (place("i_folder") / "pixels.py").mkdir(parents=True)
    submit("j_file", SOLUTION, exercise=".", name="pixels")
    submit("k_large", b"#" * (5 * 1024 * 1024 + 1))
    submit("l_nul", b"x = '\0'")
    submit("m_notebook", b"[]", name="pixels.ipynb")
    submit("n_broken", b"\xff\xfe\x00")
    place("o_cut").mkdir(parents=True)
    (place("o_cut") / "pixels.py").symlink_to("nowhere")
    submit("p_fifo", SOLUTION)
    os.mkfifo(place("p_fifo") / "timestamp.txt")
    submit("q_odd", SOLUTION, name="pix\n\u202eels\udcff.py")
    submit("r_many", SOLUTION, name="helper.py")
    submit("r_many", SOLUTION, name="01-Pixels.py")
    (place("r_many") / ".ipynb_checkpoints").mkdir()
    submit("s_only_notebook", in_cells(SOLUTION.read_text("utf-8")), name="myname_pixels.ipynb")
    submit("s_only_notebook", b"TWO = 2", name="helper.py")
    submit("t_inner", SOLUTION, name="sub/pixels.py")

    out = a_class.grade()

    expected = {
        "a_text": "The folder is empty; nothing was submitted.",
        "b_pdf": "'report.pdf': there is no Python file and no notebook.",
        "c_packed": "'all.zip' must be unpacked. Submit the files that are in it.",
        "d_which": "None of 'one.py' and 'two.py' has the name of the exercise. Rename the one to grade to pixels.py "
        "or pixels.ipynb.",
        "e_both": "'Pixels.PY' and 'pixels.py' are both named after the exercise. Keep only one of them.",
        "f_link": "pixels.py is a link, and links are not followed. Submit the file itself.",
        "g_link": "pixels is a link, and links are not followed. Submit the folder itself.",
        "h_fifo": "pixels.py is not an ordinary file. Submit a file.",
        "i_folder": "pixels.py is a folder. Submit a file.",
        "j_file": "pixels is not a folder. Put the work into a folder of that name.",
        "k_large": "pixels.py is larger than 5 MiB.",
        "l_nul": "pixels.py contains NUL bytes; save it as UTF-8 text.",
        "m_notebook": "pixels.ipynb is JSON, but no notebook; save it again from Jupyter.",
        "o_cut": "pixels.py is a link, and links are not followed. Submit the file itself.",
    }
    for student, sentence in expected.items():
        assert (a_class.verdict(student)["outcome"], a_class.verdict(student)["message"]) == ("invalid", sentence)
    assert a_class.verdict("n_broken")["outcome"] == "invalid"
    assert [a_class.score(student) for student in ("p_fifo", "q_odd", "r_many")] == [10, 10, 10]
    assert [a_class.score(student) for student in ("s_only_notebook", "t_inner")] == [10, 10]
    assert a_class.record("q_odd")["file"] == "pix??els?.py"
    assert a_class.record("r_many")["file"] == "01-Pixels.py"
    assert all(" ".join(sentence.split()) in " ".join(out.split()) for sentence in expected.values())
    assert "graded before" in a_class.grade().splitlines()[0]


def without_rights(a_class: Class, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `digits …` in the course folder; even root, without the right to read everything."""
    drop = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all"]
    if os.geteuid() == 0 and subprocess.run([*drop, "true"], capture_output=True, check=False).returncode:
        pytest.skip("root can read everything here")
    command = [*(drop if os.geteuid() == 0 else []), DIGITS, *arguments]
    return subprocess.run(
        command, cwd=a_class.root, env=ENVIRONMENT, capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_what_the_instructor_cannot_read_is_no_students_zero(a_class):
    file, folder = a_class.submit("ada", SOLUTION), a_class.submit("ben", SOLUTION).parent
    file.chmod(0)
    folder.chmod(0)
    try:
        done = without_rights(a_class, "class", "grade")
        exported = without_rights(a_class, "class", "export")
    finally:
        folder.chmod(0o755)
    said = " ".join(done.stdout.split())
    assert (done.returncode, done.stderr) == (3, "")
    assert "The grader failed; not graded, the next run tries again: 2" in said
    for student, name in (("ada", "pixels.py"), ("ben", "pixels")):
        verdict, sentence = a_class.verdict(student), f"{name} cannot be read (Permission denied)."
        assert (verdict["outcome"], verdict["message"]) == ("grader_error", sentence)
        assert sentence in said
    assert "2 submissions have none. An empty cell is not a zero: ada, pixels: grader error" in " ".join(
        exported.stdout.split()
    )
    file.chmod(0o644)
    a_class.grade()
    assert [a_class.score(student) for student in ("ada", "ben")] == [10, 10]


def test_a_single_file_and_a_secret_that_cannot_be_read_are_sentences(a_class):
    for path, arguments in (
        (a_class.submit("ada", SOLUTION), ("grade", "submitted/ada/pixels/pixels.py")),
        (a_class.root / ".digits" / "seed", ("class", "grade")),
    ):
        path.parent.mkdir(exist_ok=True)
        path.touch()
        path.chmod(0)
        done = without_rights(a_class, *arguments)
        shown = path.relative_to(a_class.root)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == f"digits: {shown} cannot be read (Permission denied).\n"


def test_unclear_submissions_are_set_aside_and_not_graded(a_class):
    for student in ("Zoe\u0308", "zoë", "ada", "ADA", "ben ", "ben", "new\nline", "\u202eright", "x" * 230):
        a_class.submit(student, SOLUTION)
    a_class.submit("cleo", SOLUTION)
    a_class.submit("cleo", SOLUTION, exercise="01_pixels")
    a_class.submit("cleo", EVALUATION, exercise="evaluation")
    (a_class.root / "submitted" / "link").symlink_to("cleo")
    a_class.submit("dan", SOLUTION, exercise=".")
    (a_class.root / "submitted" / "readme.txt").write_text("hello")
    out = " ".join(a_class.grade().split())
    assert set(a_class.records()) == {("evaluation", "cleo")}
    for sentence in (
        "'ADA' and 'ada' look like one student.",
        "'ben' and 'ben ' look like one student.",
        "look like one student. Make them one folder",
        "submitted/cleo: '01_pixels' and 'pixels' are the same exercise. Keep one.",
        "submitted/new?line: this name is too long or has invisible characters.",
        "submitted/?right: this name",
        "submitted/link is a link, and links are not followed.",
        "submitted/dan/pixels.py is outside the exercise folders.",
        "submitted/readme.txt is not a student's folder.",
    ):
        assert sentence in out
    assert "Set aside, not graded: 10" in out


def test_a_misnamed_exercise_is_set_aside_and_work_for_another_course_is_named_with_its_students(a_class):
    places = {
        "eve": ["Pixels", "pixels.ipynb", "evaluation"],
        "gus": ["pixel"],
        "kim": ["01-Pixels"],
        "ada": ["iris"],
        "ben": ["iris", "project"],
    }
    for student, names in places.items():
        for name in names:
            a_class.submit(student, SOLUTION, exercise=name)
    out = " ".join(a_class.grade().split())
    for place in ("eve/Pixels", "eve/pixels.ipynb", "gus/pixel", "kim/01-Pixels"):
        assert f"submitted/{place} is not the name of an exercise. Did you mean pixels?" in out
    assert "Set aside, not graded: 4" in out
    assert "Not exercises of this course, so ignored: iris (ada, ben), project (ben)." in out
    assert set(a_class.records()) == {("evaluation", "eve")}
    assert "Set aside" not in a_class.grade("--exercise", "evaluation")


def test_an_exercise_that_the_class_has_not_chosen_is_not_called_misnamed(a_class):
    a_class.submit("ada", SOLUTION)
    a_class.submit("ada", SOLUTION, exercise="convolution")
    (a_class.root / "course.toml").write_text('exercises = ["pixels", "evaluation"]')
    out = " ".join(a_class.grade().split())
    assert "Set aside" not in out
    assert "ignored: convolution (ada)." in out


# Usage


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grade", "nowhere"], "There is no course in nowhere: make one with `digits class init nowhere`."),
        (["grade"], "There is no course in .: make one with `digits class init .`."),
        (["report"], "There is no course in ."),
        (["gradebook"], "There is no course in ."),
        (["export"], "There is no course in ."),
        (["grade", "--exercise", "nothing"], "There is no exercise called 'nothing'."),
        (["grade", "--jobs", "0"], "--jobs"),
        (["collect"], "There is no ZIP file in downloaded."),
        (["collect", "x.zip"], "--exercise"),
        (["collect", "x.zip", "--exercise", "pixels"], "x.zip cannot be read (No such file or directory)."),
        (["collect", "--folder", "nowhere"], "There is no course folder nowhere."),
    ],
)
def test_wrong_usage_gets_a_sentence(a_class, arguments, words):
    finished = a_class.digits(*arguments)
    assert (finished.status, finished.out) == (2, "")
    assert re.fullmatch(r"digits: [^\n]+\n", finished.err)
    assert words in finished.err


def test_a_class_without_submissions_says_so(a_class):
    where = "submitted/STUDENT/EXERCISE, or let `digits class collect` unpack an export from Canvas or Moodle."
    (a_class.root / "submitted").mkdir()
    said = " ".join(a_class.grade().split())
    assert said == f"results There is nothing to grade. Put each submission into {where}"
    (a_class.root / "submitted").rmdir()
    assert a_class.digits("init", ".").status == 0
    (a_class.root / "submitted").rmdir()
    assert f"There is no folder submitted. Put each submission into {where}" in a_class.digits("grade").err


def test_a_damaged_secret_is_reported_and_left_as_it_is(a_class):
    a_class.submit("ada", SOLUTION)
    (a_class.root / ".digits").mkdir()
    (a_class.root / ".digits" / "seed").write_text("")
    finished = a_class.digits("grade")
    assert (finished.status, finished.out) == (2, "")
    assert "seed is damaged" in finished.err
    assert (a_class.root / ".digits" / "seed").read_text() == ""


def test_a_secret_that_is_gone_is_told_and_never_replaced_in_silence(a_class):
    a_class.submit("ada", SOLUTION)
    assert a_class.digits("grade").status == 0
    seed = a_class.root / ".digits" / "seed"
    secret = seed.read_text()
    seed.unlink()
    finished = a_class.digits("grade")
    assert (finished.status, finished.out) == (2, "")
    assert "seed is gone: the secret that decides everything random" in finished.err
    assert not seed.exists()
    a_class.digits("init", ".")
    assert seed.read_text() != secret
    assert " 1 submission to grade" in a_class.digits("grade").out


def test_one_student_is_graded_again_and_an_unknown_one_is_a_sentence(a_class):
    for student in ("ada", "ben"):
        a_class.submit(student, SOLUTION)
    a_class.grade()
    before = a_class.record("ben")
    assert " 1 submission to grade" in a_class.grade("--student", "ada", "--force")
    assert a_class.record("ben") == before
    finished = a_class.digits("grade", "--student", "adam")
    assert (finished.status, "There is no submission of 'adam' in submitted/." in finished.err) == (2, True)


def test_git_leaves_the_secret_and_the_students_alone(a_class):
    a_class.submit("ada", SOLUTION)
    a_class.digits("init", ".")
    a_class.digits("grade")
    a_class.digits("report")
    (a_class.root / "gradebook.db").touch()
    (a_class.root / "roster.csv").touch()
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *command], cwd=a_class.root, check=True, capture_output=True)
    listed = subprocess.run(["git", "ls-files"], cwd=a_class.root, check=True, capture_output=True, text=True).stdout
    assert listed.split() == [".gitignore", "README.md", "course.toml", "nbgrader_config.py"]


def test_two_commands_do_not_work_on_one_class(a_class):
    a_class.submit("ada", SOLUTION)
    (a_class.root / ".digits").mkdir()
    with (a_class.root / ".digits" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        finished = a_class.digits("grade")
    assert finished.status == 2
    assert f"Another `digits class` command is running in {a_class.root.name}/. Wait" in finished.err
    assert a_class.records() == {}


NO_SANDBOX = """
from grader.engine.runner import zygote
from grader.engine.isolation import bubblewrap, landlock, root

def refuse(place):
    raise PermissionError("no namespaces here")

root.enter, root.can_be_made, landlock.version = refuse, lambda: False, lambda: 0
bubblewrap.wrap = lambda *arguments: None
zygote.main()
"""


def test_without_a_sandbox_nothing_runs(a_class, monkeypatch, capsys):
    monkeypatch.setattr("grader.classroom.grade.workers.Engine", lambda connect: Engine(zygotes_after(NO_SANDBOX)))
    a_class.submit("ada", SOLUTION)
    assert run(["class", "grade", str(a_class.root)]) == 2
    assert "so nothing was run" in capsys.readouterr().err
    assert a_class.records() == {}
    assert run(["class", "grade", str(a_class.root), "--allow-unsafe"]) == 0
    assert "It does not protect against anything that hostile code may want" in " ".join(
        capsys.readouterr().out.split()
    )
    assert a_class.record("ada")["verdict"]["isolation"] == "none"


def on_terminal(a_class: Class, *arguments: str, **variables: str) -> str:
    """What `digits class` writes to a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = ENVIRONMENT | {"PYTHONIOENCODING": "utf-8", "TERM": "xterm-256color"} | variables
    with subprocess.Popen(
        [DIGITS, "class", *arguments], cwd=a_class.root, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        printed = b""
        try:
            while part := os.read(ours, 65536):
                printed += part
        except OSError:  # what Linux says when the other end is closed
            pass
        os.close(ours)
    assert process.returncode == 0
    return printed.decode()


@pytest.mark.thorough
def test_a_terminal_shows_a_bar_and_what_to_look_at(a_class):
    a_class.submit("ada", SOLUTION)
    a_class.submit("ben", b"def broken(:\n")
    printed = on_terminal(a_class, "grade")
    assert "2/2" in printed
    assert "1 to review" in printed
    lines = SEQUENCES.sub("", printed).replace("\r\n", "\n").split("\n")
    assert sum(line.endswith("10/10") for line in lines) == 0  # what is as it should be is no news
    assert all(len(line.rsplit("\r", 1)[-1]) <= 80 for line in lines)
    plain = on_terminal(a_class, "grade", "--force", NO_COLOR="1", PYTHONIOENCODING="ascii")
    assert plain.isascii()
    assert not re.search(r"\x1b\[[\d;]*3\dm", plain)
