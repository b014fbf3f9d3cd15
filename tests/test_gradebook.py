"""Records of a class in nbgrader's gradebook: what is entered, what stays, and what happens when it cannot be used."""

import csv
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest

from grader.classroom.folder import CourseFolder
from grader.classroom.records import Record, write_record
from grader.cli.app import run
from grader.course import REPOSITORY, find_lesson
from grader.engine.session import load_checks
from grader.verdict import CheckResult, Verdict

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

pytestmark = pytest.mark.classroom

PIXELS = find_lesson("pixels")
CHECKS = load_checks(PIXELS.checks_path)
MISTAKE = REPOSITORY / "tests" / "mistakes" / "01_pixels" / "scaled-twice.py"
PROGRAMS = Path(sys.executable).parent
HOSTILE = "<script>alert(1)</script> ``` [a](javascript:b) *c* =1+1"
SERVERS = [*sorted(Path("/usr/lib/postgresql").glob("*/bin")), *map(Path, os.get_exec_path())]


def record(student: str, verdict: Verdict, submitted: str | None = None) -> Record:
    return Record(student, "pixels", "pixels.py", submitted, "2026-03-01T12:00:00+00:00", "", verdict)


def verdict(outcome: str = "graded", points: float | None = None, **fields: object) -> Verdict:
    """A verdict on pixels in which every check has passed, or earned less."""
    checks = [
        CheckResult(check.name, check.title, "passed" if points is None else "failed", check.points, check.points)
        for check in CHECKS
    ]
    for check in checks if points is not None else []:
        check.points, check.message = points, "label_counts went wrong."
    return Verdict("pixels", outcome, 10.0, "namespaces", checks, **fields)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder in which pixels is released."""
    root = tmp_path_factory.mktemp("prepared") / "course"
    assert run(["class", "init", str(root)]) == 0
    assert run(["class", "release", "pixels", "--folder", str(root)]) == 0
    return root


@pytest.fixture
def course(prepared: Path, tmp_path: Path) -> CourseFolder:
    return CourseFolder(Path(shutil.copytree(prepared, tmp_path / "course")))


@contextmanager
def opened(course: CourseFolder, url: str | None = None) -> Iterator["Gradebook"]:
    from nbgrader.api import Gradebook

    with Gradebook(url or f"sqlite:///{course.gradebook}", "course") as book:
        yield book


def enter(course: CourseFolder, *records: Record, status: int = 0, url: str | None = None) -> None:
    for each in records:
        place = course.submitted / each.student / each.exercise
        if not place.exists():
            place.mkdir(parents=True)
            (place / each.file).touch()
        write_record(course, each)
    assert run(["class", "gradebook", str(course.root), *(["--gradebook", url] if url else [])]) == status


def everything(course: CourseFolder, url: str | None = None) -> list[dict]:
    """All that the gradebook says of submissions."""
    with opened(course, url) as book:
        notebooks = [n for s in book.assignment_submissions("pixels") for n in s.notebooks]
        rows = [row.to_dict() for n in notebooks for row in (n.assignment, *n.grades, *n.comments)]
    return sorted(rows, key=str)


def grades(course: CourseFolder, student: str, url: str | None = None) -> dict[str, dict]:
    with opened(course, url) as book:
        notebook = book.find_submission_notebook("pixels", "pixels", student)
        return {grade.name: grade.to_dict() | {"score": grade.score} for grade in notebook.grades}


def test_every_check_has_its_points_and_each_failure_a_comment_beside_its_function(course, grade: Callable):
    result = grade(PIXELS, MISTAKE)
    enter(course, record("ada", result, "2026-03-01T13:00:00+01:00"))
    found = grades(course, "ada")
    assert {name: row["auto_score"] for name, row in found.items()} == {c.name: c.points for c in result.checks}
    assert {row["max_score"] for row in found.values()} == {check.points for check in CHECKS}
    assert not any(row["needs_manual_grade"] for row in found.values())
    failed = next(check for check in result.checks if check.mistake)
    with opened(course) as book:
        submission = book.find_submission("pixels", "ada")
        assert str(submission.timestamp) == "2026-03-01 12:00:00"
        said = {comment.name: comment.comment for comment in submission.notebooks[0].comments}
    assert [name for name, text in said.items() if text] == ["answer_scale_pixels"]
    text = " ".join(said["answer_scale_pixels"].split())
    assert failed.title in text
    assert failed.mistake in text
    assert failed.hint in text


def test_entering_twice_changes_nothing_and_a_better_submission_counts(course):
    enter(course, record("ada", verdict(points=1.0)), record("ben", verdict()))
    before = everything(course)
    enter(course)
    assert everything(course) == before
    enter(course, record("ada", verdict()))
    assert [row["auto_score"] for row in grades(course, "ada").values()] == [check.points for check in CHECKS]
    with opened(course) as book:
        assert {comment.comment for comment in book.find_submission("pixels", "ada").notebooks[0].comments} == {None}


def test_a_result_whose_submission_is_gone_is_not_entered_and_said_so(course, capsys):
    for student in ("ada", "ben", "cleo"):
        enter(course, record(student, verdict()))
    shutil.rmtree(course.submitted / "ben")
    course.gradebook.unlink()
    capsys.readouterr()
    enter(course)
    said = " ".join(capsys.readouterr().out.split())
    assert "2 results are in the gradebook." in said
    assert "left out 1 result belongs to no submission: ben, pixels" in said
    with opened(course) as book:
        assert {each.student.id for each in book.assignment_submissions("pixels")} == {"ada", "cleo"}


def test_what_was_set_by_hand_wins_and_stays(course):
    enter(course, record("ada", verdict(points=0.0)))
    name = CHECKS[0].name
    with opened(course) as book:
        by_hand = book.find_grade(name, "pixels", "pixels", "ada")
        by_hand.manual_score, by_hand.extra_credit, by_hand.needs_manual_grade = 1.5, 0.25, False
        book.find_comment("answer_one_hot", "pixels", "pixels", "ada").manual_comment = "Well tried."
        book.db.commit()
    enter(course)
    assert not grades(course, "ada")[name]["needs_manual_grade"]
    enter(course, record("ada", verdict(points=0.5)))
    row = grades(course, "ada")[name]
    assert (row["auto_score"], row["manual_score"], row["score"]) == (0.5, 1.5, 1.75)
    assert row["needs_manual_grade"]  # the submission has changed since
    with opened(course) as book:
        assert book.find_comment("answer_one_hot", "pixels", "pixels", "ada").comment == "Well tried."


def test_a_fault_of_the_grader_is_left_to_the_instructor_and_is_no_zero(course, capsys):
    faulty = verdict("grader_error", message="No runner could be started.")
    faulty.checks[1] = replace(faulty.checks[1], outcome="grader_error", points=0.0)
    enter(course, record("ada", faulty), record("ben", replace(faulty, checks=[])))
    assert [(r["auto_score"], r["needs_manual_grade"]) for r in list(grades(course, "ada").values())[:2]] == [
        (CHECKS[0].points, False),
        (None, True),
    ]
    assert {(r["auto_score"], r["needs_manual_grade"]) for r in grades(course, "ben").values()} == {(None, True)}
    said = " ".join(capsys.readouterr().out.split())
    assert "2 results are in the gradebook" in said
    assert "ben, pixels: the grader failed" in said


def test_what_never_ran_has_zeros_and_says_why(course):
    enter(course, record("ada", verdict("invalid", message="ada.py contains NUL bytes.")))
    assert {row["auto_score"] for row in grades(course, "ada").values()} == {0.0}
    with opened(course) as book:
        said = [comment.comment for comment in book.find_submission("pixels", "ada").notebooks[0].comments]
    assert "ada.py contains NUL bytes." in said[0]


def test_flagged_points_count_and_ask_to_be_reviewed_once(course):
    enter(course, record("ada", verdict(flags=["large_constant"])))
    assert {(row["score"] > 0, row["needs_manual_grade"]) for row in grades(course, "ada").values()} == {(True, True)}
    with opened(course) as book:
        for row in book.find_submission("pixels", "ada").notebooks[0].grades:
            row.needs_manual_grade = False
        book.db.commit()
    enter(course)
    assert not any(row["needs_manual_grade"] for row in grades(course, "ada").values())


def test_nbgraders_plugin_says_what_being_late_costs(course):
    with course.config.open("a") as config:
        config.write('c.LateSubmissionPlugin.penalty_method = "zero"\n')
    with opened(course) as book:
        book.update_or_create_assignment("pixels", duedate="2026-03-01 12:00:00 UTC")
    enter(
        course,
        record("ada", verdict(), "2026-03-01T12:00:01+00:00"),
        record("ben", verdict(), "2026-03-01T13:00:00+01:00"),
    )
    with opened(course) as book:
        penalties = {s.student.id: s.late_submission_penalty for s in book.assignment_submissions("pixels")}
    assert penalties == {"ada": 10.0, "ben": 0.0}


@pytest.mark.thorough
def test_hostile_names_and_messages_are_text_everywhere(course):
    result = verdict(points=0.0)
    result.checks[0].message = HOSTILE
    submitted = course.submitted / "=1+1 <b>, 'x'" / "pixels"
    submitted.mkdir(parents=True)
    (submitted / "pixels.py").write_text(f"# the file: {HOSTILE}\n")
    enter(course, record("=1+1 <b>, 'x'", result))
    command = [PROGRAMS / "nbgrader", "generate_feedback", "pixels"]
    subprocess.run(command, cwd=course.root, check=True, capture_output=True)
    page = (course.root / "feedback" / "=1+1 <b>, 'x'" / "pixels" / "pixels.html").read_text("utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; ``` [a](javascript:b) *c* =1+1" in page
    assert "the file: &lt;script&gt;" in re.sub(r"</?span[^>]*>", "", page)
    assert "<script>alert(1)" not in page
    with opened(course) as book:
        assert [student.id for student in book.students] == ["=1+1 <b>, 'x'"]


@pytest.mark.thorough
def test_every_submission_is_shown_as_text_and_nbgraders_own_notebooks_stay(course):
    released = (course.release / "pixels" / "pixels.ipynb").read_text("utf-8")
    hidden = {"grade": True, "grade_id": "mine"}
    odd = json.dumps({"cells": [{"cell_type": "code", "source": "odd = '\ud800'", "metadata": {"nbgrader": hidden}}]})
    files = {
        "ada": ("pixels.ipynb", released.replace("# YOUR CODE HERE", "# ada was here", 1)),
        "ben": ("pixels.ipynb", odd),
        "cleo": ("pixels.ipynb", released[:3000]),
        "dora": ("dora.py", "x = 'dora was here'"),
        "emil": ("report.txt", "my report"),
    }
    for student, (name, text) in files.items():
        (course.submitted / student / "pixels").mkdir(parents=True)
        (course.submitted / student / "pixels" / name).write_text(text)
    theirs = course.root / "autograded" / "finn" / "pixels" / "pixels.ipynb"
    theirs.parent.mkdir(parents=True)
    theirs.write_text(released)
    enter(course, *(record(student, verdict()) for student in (*files, "finn")))
    assert theirs.read_text() == released
    expected = dict.fromkeys(files, "was here") | {
        "ben": "odd = '?'",
        "cleo": '"cells"',
        "emil": "# 'report.txt': there is no Python file and no notebook.",
    }
    for student, words in expected.items():
        shown = nbformat.read(course.root / "autograded" / student / "pixels" / "pixels.ipynb", as_version=4)
        assert words in "".join(cell.source for cell in shown.cells)
        names = [cell.metadata.nbgrader.grade_id for cell in shown.cells if "nbgrader" in cell.metadata]
        assert sorted(names[:5]) == sorted(name for name in names if name.startswith("answer_"))
        assert names[5:] == [check.name for check in CHECKS]
    (course.submitted / "ada" / "pixels" / "pixels.ipynb").write_text(released)
    enter(course, replace(record("ada", verdict()), graded="2026-03-02T12:00:00+00:00"))
    assert "ada was here" not in (course.root / "autograded" / "ada" / "pixels" / "pixels.ipynb").read_text()


@pytest.mark.thorough
def test_an_assignment_that_was_never_released_is_released_first(tmp_path, capsys):
    course = CourseFolder(tmp_path)
    enter(course, record("ada", verdict()))
    assert "pixels had not been released, so its assignment was made in" in capsys.readouterr().out
    assert run(["class", "release", "pixels", "--folder", str(tmp_path)]) == 2  # there are no settings yet
    assert run(["class", "init", str(tmp_path)]) == 0
    assert run(["class", "release", "pixels", "--folder", str(tmp_path)]) == 0
    assert sum(row["score"] for row in grades(course, "ada").values()) == 10


@pytest.mark.thorough
def test_it_waits_for_another_command_that_holds_the_gradebook(course):
    url = f"sqlite:///{course.gradebook}?timeout=0.1"
    other = sqlite3.connect(course.gradebook, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    threading.Timer(2, other.rollback).start()
    enter(course, record("ada", verdict()), url=url)
    assert sum(row["score"] for row in grades(course, "ada").values()) == 10


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("nonsense", "is not a URL. Write it like"),
        ("sqlite:////nowhere/at/all.db", "unable to open database file"),
        ("postgresql://ada:secret@127.0.0.1:9/none", "cannot be used"),
        ("mysql://ada:secret@127.0.0.1/none", "which is not installed"),
    ],
)
def test_a_gradebook_that_cannot_be_used_gets_a_sentence(course, capsys, url, sentence):
    enter(course, record("ada", verdict()), url=url, status=2)
    said = capsys.readouterr()
    assert sentence in said.err
    assert "secret" not in said.out + said.err
    assert said.err.count("\n") == 1


def test_a_damaged_gradebook_loses_no_record(course, capsys):
    whole = course.gradebook.read_bytes()
    course.gradebook.write_bytes(b"no database " * 1000)
    enter(course, record("ada", verdict()), status=2)
    said = capsys.readouterr().err
    assert "Nothing is lost" in said
    assert "file is not a database" in said
    course.gradebook.write_bytes(whole)
    enter(course)
    assert sum(row["score"] for row in grades(course, "ada").values()) == 10


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server of the test's own, where its programs are installed."""
    programs = next((folder for folder in SERVERS if (folder / "initdb").exists()), None)
    if programs is None:
        pytest.skip("no PostgreSQL server is installed here")
    user = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="pg") as name:
        data = Path(name) / "data"
        data.mkdir()
        if user:
            os.chmod(name, 0o755)
            shutil.chown(data, "nobody", "nogroup")
        quiet = {"stdout": subprocess.DEVNULL, "cwd": name, **user}
        made = [programs / "initdb", "-D", data, "-U", "digits", "-A", "trust", "--no-sync", "-E", "UTF8"]
        subprocess.run(made, check=True, **quiet)
        options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={data}", "-F"]
        process = subprocess.Popen([programs / "postgres", "-D", data, *options], stderr=subprocess.DEVNULL, **quiet)
        try:
            while not (data / ".s.PGSQL.5432").exists() and process.poll() is None:
                time.sleep(0.1)
            yield f"postgresql://digits@/postgres?host={data}"
        finally:
            process.terminate()
            process.wait()


@pytest.mark.thorough
def test_postgresql_serves_as_well(course, server):
    enter(course, record("ada", verdict(points=1.0), "2026-03-01T13:00:00+01:00"), record("ben", verdict()), url=server)
    before = everything(course, server)
    enter(course, url=server)
    assert everything(course, server) == before
    assert sum(row["score"] for row in grades(course, "ben", server).values()) == 10
    with course.config.open("a") as config:
        config.write(f"c.CourseDirectory.db_url = {server!r}\n")
    subprocess.run([PROGRAMS / "nbgrader", "export"], cwd=course.root, check=True, capture_output=True)
    with (course.root / "grades.csv").open(newline="") as file:
        assert {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)} == {"ada": 6.0, "ben": 10.0}
