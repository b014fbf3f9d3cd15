"""What a person sets in the gradebook leaves the course: tables and pages agree with nbgrader to the last digit."""

import csv
import io
import json
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat
import pytest
from a_class import ENVIRONMENT, SOON, Class
from conftest import REPOSITORY
from nbformat.v4 import new_markdown_cell
from test_nbgrader import MISTAKE, SOLUTION, Course

from grader.classroom.settings import path_with_programs

pytestmark = pytest.mark.classroom

TOKEN = "instructor"
DUE = "2026-03-01T12:00+00:00"
PENALTY = "c.LateSubmissionPlugin.penalty_method = 'zero'\n"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with a path that needs quoting, in which two exercises are released and submitted."""
    root = tmp_path_factory.mktemp("classes") / "Prof. Ünï's course"
    root.mkdir()
    course, a_class = Course(root), Class(root)
    course.run("digits", "class", "init", ".")
    course.run("digits", "class", "release", "pixels", "dense")
    (root / "roster.csv").write_text("student,first_name,last_name\nAda,Ada,Lovelace\nzoe,Zoë,Absent\n", "utf-8")
    for student, code in {"ada": SOLUTION, "ben": MISTAKE, "cleo": SOLUTION}.items():
        course.submission(student, code)
    a_class.submit("ben", (REPOSITORY / "exercises" / "05_dense.py").read_bytes(), "dense", "dense.py")
    for student, day in {"ada": 1, "ben": 2, "cleo": 3}.items():
        (a_class.place(student) / "timestamp.txt").write_text(f"2026-03-0{day} 11:00:00 UTC")
    a_class.grade()
    course.run("digits", "class", "due", "pixels", DUE)
    course.run("digits", "class", "gradebook")
    return root


@pytest.fixture
def course(prepared: Path, tmp_path: Path, monkeypatch) -> Course:
    monkeypatch.setenv("PATH", path_with_programs())
    return Course(Path(shutil.copytree(prepared, tmp_path / prepared.name)))


class Formgrader:
    """The formgrader in a Jupyter server of its own, and what its pages send when an instructor leaves a field."""

    def __init__(self, course: Course) -> None:
        self.course, self.home = course, course.root.parent / "jupyter"

    def __enter__(self) -> "Formgrader":
        folders = {f"JUPYTER_{name}_DIR": str(self.home / name.lower()) for name in ("CONFIG", "RUNTIME", "DATA")}
        options = ["--no-browser", "--allow-root", "--port=0", f"--IdentityProvider.token={TOKEN}"]
        options.append("--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}")
        with (self.course.root.parent / "jupyter.log").open("w") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "jupyter_server", *options],
                cwd=self.course.root,
                env=ENVIRONMENT | folders,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + SOON
        while not (files := list((self.home / "runtime").glob("jpserver-*.json"))) or not files[0].stat().st_size:
            assert self.server.poll() is None, (self.course.root.parent / "jupyter.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.1)
        self.url = json.loads(files[0].read_text())["url"]
        while not self.listens():  # the file is there a moment earlier
            assert self.server.poll() is None, (self.course.root.parent / "jupyter.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.1)
        return self

    def listens(self) -> bool:
        place = urllib.parse.urlsplit(self.url)
        try:
            socket.create_connection((place.hostname, place.port), timeout=SOON).close()
        except OSError:
            return False
        return True

    def __exit__(self, *_: object) -> None:
        self.server.terminate()
        self.server.wait(SOON)
        shutil.rmtree(self.home)

    def ask(self, place: str, **change: object) -> Any:
        """Read something from the formgrader, or change it."""
        headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
        body = json.dumps(change).encode() if change else None
        url = f"{self.url}formgrader/api/{place}"
        request = urllib.request.Request(url, body, headers, method="PUT" if change else "GET")
        with urllib.request.urlopen(request, timeout=SOON) as answer:
            return json.load(answer)

    def find(self, kind: str, student: str, cell: str) -> str:
        """The number of a grade or a comment."""
        (submitted,) = [
            each["id"] for each in self.ask("submitted_notebooks/pixels/pixels") if each["student"] == student
        ]
        (found,) = [each["id"] for each in self.ask(f"{kind}s?submission_id={submitted}") if each["name"] == cell]
        return f"{kind}/{found}"

    def score(self, student: str, check: str, points: float, extra: float | None = None) -> None:
        self.ask(self.find("grade", student, check), manual_score=points, extra_credit=extra)

    def comment(self, student: str, cell: str, text: str) -> None:
        self.ask(self.find("comment", student, cell), manual_comment=text)


def gradebook(course: Course) -> Any:
    """nbgrader's own."""
    from nbgrader.api import Gradebook

    return Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", course.root.name)


def extend(course: Course, student: str, more: timedelta) -> None:
    """Give a student more time through nbgrader's API; the formgrader has no page for that."""
    with gradebook(course) as book:
        book.find_submission("pixels", student).extension = more
        book.db.commit()


def table(course: Course, name: str) -> list[dict[str, str]]:
    text = (course.root / "reports" / name).read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def page(course: Course, student: str) -> str:
    text = (course.root / "reports" / "students" / f"{student}.html").read_text("utf-8").partition("<body>")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", text.replace("<br>", " ")))


def everywhere(course: Course) -> dict[str, list[float]]:
    """Each student's points in pixels by nbgrader's own export, and in each table and page of ours."""
    for form in ("csv", "canvas", "moodle"):
        course.run("digits", "class", "export", "--format", form)
    course.run("digits", "class", "report")
    course.run("nbgrader", "export", "--to=nbgrader.csv")
    with (course.root / "nbgrader.csv").open(newline="") as file:
        theirs = [row for row in csv.DictReader(file) if row["assignment"] == "pixels"]
    ours = {row["student"]: row for row in table(course, "grades.csv") if row["exercise"] == "pixels"}
    canvas = {row["SIS Login ID"]: row["pixels"] for row in table(course, "canvas.csv") if row["SIS Login ID"]}
    moodle = {row["Username"]: row["pixels"] for row in table(course, "moodle.csv")}
    found = {}
    for row in theirs:
        student = row["student_id"]
        if ours[student]["outcome"] == "not submitted":
            assert (ours[student]["score"], canvas[student], moodle[student]) == ("", "", "")
            continue
        points, most = re.search(r"Pixels.*?([\d.]+) of ([\d.]+) points", page(course, student)).groups()
        assert float(most) == float(row["max_score"]) == float(ours[student]["max_score"])
        told = [row["score"], ours[student]["score"], canvas[student], moodle[student], points]
        found[student] = list(map(float, told))
    return found


def agreed(course: Course) -> dict[str, float]:
    """The one score of each student."""
    found = everywhere(course)
    assert all(len(set(points)) == 1 for points in found.values()), found
    return {student: points[0] for student, points in found.items()}


@pytest.mark.thorough
def test_scores_comments_extra_credit_extensions_and_penalties_are_the_same_everywhere(course):
    assert agreed(course) == {"ada": 10, "ben": 8, "cleo": 10}
    with Formgrader(course) as formgrader:
        formgrader.score("ben", "scale_pixels", 1.25)
        formgrader.score("ada", "one_hot", 2, extra=0.5)
        formgrader.comment("ben", "answer_scale_pixels", "Good thinking, Ben! <b>")
    assert agreed(course) == {"ada": 10.5, "ben": 9.25, "cleo": 10}
    assert "1.25 points instead of 0" in page(course, "ben")
    assert "Extra credit: 0.5 points" in page(course, "ada")
    assert "scale_pixels: Good thinking, Ben! &lt;b&gt;" in page(course, "ben")
    ben = next(row for row in table(course, "grades.csv") if (row["student"], row["exercise"]) == ("ben", "pixels"))
    assert (ben["set_by_hand"], ben["late"]) == ("scale_pixels", "late")

    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(PENALTY)
    assert agreed(course) == {"ada": 10.5, "ben": 0, "cleo": 0}
    assert "9.25 points were taken off because it was submitted late." in page(course, "ben")
    assert "23 hours late" in page(course, "ben")
    extend(course, "ben", timedelta(days=1))
    course.run("digits", "class", "due", "pixels", "--extension", "cleo=2d")
    assert agreed(course) == {"ada": 10.5, "ben": 9.25, "cleo": 10}
    assert "late" not in page(course, "ben")
    course.run("digits", "class", "due", "pixels", "2026-02-20")
    assert agreed(course) == {"ada": 0, "ben": 0, "cleo": 0}
    course.run("digits", "class", "gradebook")
    assert agreed(course) == {"ada": 0, "ben": 0, "cleo": 0}


@pytest.mark.thorough
def test_what_nbgrader_alone_has_graded_is_exported_and_shown(course):
    shutil.rmtree(course.root / "graded")
    assert agreed(course) == {"ada": 10, "ben": 8, "cleo": 10}


@pytest.mark.thorough
def test_an_unreadable_gradebook_is_a_sentence_and_no_table(course):
    (course.root / "gradebook.db").write_bytes(b"no database" * 1000)
    for command in (["export"], ["report"]):
        said = course.run("digits", "class", *command, status=2)
        assert said.count("\n") == 1
        assert "gradebook" in said
    assert not (course.root / "reports").exists()


@pytest.mark.thorough
def test_an_added_question_counts_and_points_of_checks_are_those_of_the_course(course):
    """One maximum everywhere, and `nbgrader autograde` still takes the notebooks."""
    path = course.root / "source" / "pixels" / "pixels.ipynb"
    notebook = nbformat.read(path, as_version=4)
    next(
        c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "one_hot"
    ).metadata.nbgrader.points = 5
    marks = {"schema_version": 3, "grade": True, "solution": True, "locked": False, "task": False}
    essay = new_markdown_cell("Why?", metadata={"nbgrader": marks | {"grade_id": "essay", "points": 4.0}})
    notebook.cells.append(essay)
    nbformat.write(notebook, path)
    (course.root / "gradebook.db").unlink()
    said = " ".join(course.run("digits", "class", "release", "pixels").split())
    assert "one_hot: the check is worth 2; the 5 in your version do not count." in said
    assert "essay: 4 points, which count." in said
    for student in ("ada", "ben", "cleo"):
        course.submission(student, SOLUTION)
    Class(course.root).grade()
    course.run("digits", "class", "gradebook")
    assert agreed(course) == {"ada": 10, "ben": 10, "cleo": 10}
    assert "of 14 points" in page(course, "ada")
    course.run("nbgrader", "autograde", "pixels", "--force")
    with Formgrader(course) as formgrader:
        formgrader.score("ada", "essay", 3)
    assert agreed(course) == {"ada": 13, "ben": 10, "cleo": 10}


@pytest.mark.thorough
def test_due_dates_are_shown_and_understood(course):
    said = course.run(
        "digits", "class", "due", "pixels", "2026-03-01T12:00+00:00", "--grace", "24h", "--extension", "ben=1d12h"
    )
    words = " ".join(said.split())
    assert "grace period 1 day" in words
    assert "ben: 1 day, 12 hours more" in words
    assert agreed(course)["ben"] == 8
    late = {row["student"]: row["late"] for row in table(course, "grades.csv") if row["exercise"] == "pixels"}
    assert late == {"ada": "in time", "ben": "in time", "cleo": "late", "zoe": ""}
    with gradebook(course) as book:
        due = book.find_assignment("pixels").duedate
    assert due.replace(tzinfo=UTC) == datetime(2026, 3, 2, 12, tzinfo=UTC)
    for arguments, sentence in (
        (["pixels", "March"], "'March' is not a date and time."),
        (["pixels", "--grace", "soon"], "'soon' is not a duration."),
        (["pixels", "--extension", "ben"], "'ben' is not an extension."),
        (["pixels", "--extension", "bem=1d"], "There is no student 'bem'"),
        (["softmax_regression", "--grace", "1h"], "softmax_regression has no due date yet."),
        (["--grace", "1h"], "Which exercise?"),
    ):
        assert sentence in course.run("digits", "class", "due", *arguments, status=2)
    assert "Nothing has a due date." in course.run("digits", "class", "due", "pixels", "--clear")
