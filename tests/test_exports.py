"""Exports: every name comes out right and harmless, and what was not graded is never a zero."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
import yaml
from class_of_records import NAMES, TESTS, checks, digits, record, save, verdict, write_hostile_class

from grader.classroom.folder import CourseFolder
from grader.classroom.records import write_record
from grader.classroom.settings import path_with_programs
from grader.course import REPOSITORY, find_lesson
from grader.engine.session import load_checks
from grader.feedback.html import visible

pytestmark = pytest.mark.classroom

FORMULA = re.compile(r"\s*[=+\-@]|[\t\r\n]")  # what a spreadsheet may run
APOSTROPHE = re.compile(r"(?:^|(?<=[;\t\r\n]))'(?= *'*[=+\-@])|^'(?='*[\t\r\n])")  # what keeps it from that
MISTAKE = TESTS / "mistakes" / "01_pixels" / "divided-by-256.py"


def export(folder: CourseFolder, form: str, *options: str) -> str:
    """Run an export; returns what it says."""
    finished = digits("class", "export", folder.root, "--format", form, *options)
    assert (finished.returncode, finished.stderr) == (0, "")
    return finished.stdout


def table(folder: CourseFolder, name: str) -> list[dict[str, str]]:
    """A CSV file as any program reads it."""
    text = (folder.reports / name).read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def course(tmp_path) -> CourseFolder:
    """Four students, two exercises, and every way to have no score."""
    folder = CourseFolder(tmp_path)
    save(folder, record("ada", "pixels", verdict(flags=["large_constant", "too_perfect"])))
    save(folder, record("ada", "dense", verdict("dense", checks=checks("")[:1])))
    save(folder, record("bo", "pixels", verdict("pixels", "grader_error", checks=[])))
    save(folder, record("cy", "pixels", verdict("pixels", "invalid", checks=[])))
    (folder.submitted / "dee" / "pixels").mkdir(parents=True)
    (folder.submitted / "dee" / "pixels" / "pixels.py").touch()
    folder.roster.write_text(
        "student,first_name,last_name,email,lms_id\nada,Ada,Lovelace,al@example.org,77\nflo,Flo,,,\n"
    )
    return folder


# CSV


def test_the_table_has_a_row_for_each_student_and_exercise(course):
    export(course, "csv")
    rows = {(row["student"], row["exercise"]): row for row in table(course, "grades.csv")}
    assert len(rows) == 5 * 2
    assert rows["ada", "pixels"] == {
        "student": "ada",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "email": "al@example.org",
        "exercise": "pixels",
        "score": "3",
        "max_score": "10",
        "outcome": "graded",
        "submitted": "2026-03-01T12:00:00+00:00",
        "late": "",
        "penalty": "",
        "set_by_hand": "",
        "flags": "large_constant too_perfect",
    }
    scores = {place: (row["score"], row["outcome"]) for place, row in rows.items()}
    assert scores["bo", "pixels"] == ("", "grader error")
    assert scores["cy", "pixels"] == ("0", "invalid")
    assert scores["dee", "pixels"] == ("", "not graded yet")
    assert scores["flo", "dense"] == ("", "not submitted")


@pytest.mark.sampled
@pytest.mark.parametrize("form", ["csv", "canvas", "moodle"])
def test_what_was_not_graded_is_an_empty_cell_and_said_so(course, form):
    said = export(course, form)
    assert "2 submissions have none. An empty cell is not a zero:" in said
    assert "bo, pixels: grader error" in said
    assert "dee, pixels: not graded yet" in said


def test_one_exercise_alone_can_be_exported(course):
    export(course, "csv", "--exercise", "dense")
    assert {row["exercise"] for row in table(course, "grades.csv")} == {"dense"}


@pytest.mark.thorough
def test_lateness_follows_the_due_date_in_the_gradebook(course, monkeypatch):
    from nbgrader.api import Gradebook

    monkeypatch.setenv("PATH", path_with_programs())
    with Gradebook(f"sqlite:///{course.gradebook}", "digits") as book:
        book.add_assignment("pixels", duedate=datetime(2026, 3, 1, 11, 59))
        book.add_assignment("dense", duedate=datetime(2026, 3, 1, 12, 1))
    export(course, "csv")
    late = {(row["student"], row["exercise"]): row["late"] for row in table(course, "grades.csv")}
    assert (late["ada", "pixels"], late["ada", "dense"], late["flo", "dense"]) == ("late", "in time", "")


@pytest.mark.thorough
def test_what_could_not_be_read_is_said_to_count_zero_and_what_is_no_longer_submitted_is_left_out(course):
    said = " ".join(export(course, "csv").split())
    assert "1 submission could not be read and counts 0: cy, pixels" in said
    assert "left out" not in said
    shutil.rmtree(course.submitted / "ada")
    said = " ".join(export(course, "csv").split())
    assert "left out 2 results belong to no submission (to keep them: --keep): ada, dense ada, pixels" in said
    rows = {(row["student"], row["exercise"]): row for row in table(course, "grades.csv")}
    assert rows["ada", "pixels"]["outcome"] == "not submitted"
    export(course, "csv", "--keep")
    rows = {(row["student"], row["exercise"]): row for row in table(course, "grades.csv")}
    assert rows["ada", "pixels"]["score"] == "3"


def test_canvas_finds_its_columns_and_the_points_possible(course):
    export(course, "canvas")
    points, *rows = table(course, "canvas.csv")
    assert list(points) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "pixels", "dense"]
    assert (points["Student"], points["pixels"], points["dense"]) == ("    Points Possible", "10", "10")
    ada = next(row for row in rows if row["SIS Login ID"] == "ada")
    assert (ada["Student"], ada["ID"], ada["pixels"], ada["dense"]) == ("Lovelace, Ada", "77", "3", "3")
    assert {row["SIS Login ID"]: row["pixels"] for row in rows}["bo"] == ""


def test_moodle_finds_its_columns(course):
    export(course, "moodle")
    ada = next(row for row in table(course, "moodle.csv") if row["Username"] == "ada")
    assert ada == {
        "First name": "Ada",
        "Last name": "Lovelace",
        "Username": "ada",
        "ID number": "77",
        "Email address": "al@example.org",
        "pixels": "3",
        "dense": "3",
    }


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("form", "file", "column"),
    [("csv", "grades.csv", "last_name"), ("canvas", "canvas.csv", "Student"), ("moodle", "moodle.csv", "Last name")],
)
def test_every_name_comes_back_as_it_was_and_none_is_a_formula(tmp_path, form, file, column):
    folder = CourseFolder(tmp_path)
    write_hostile_class(folder)
    export(folder, form)
    rows = [row for row in table(folder, file) if "Possible" not in row[column]]
    found = [row[column] for row in rows]
    for cell in found:
        assert not FORMULA.match(cell)
    originals = [visible(name).strip() for name in NAMES.values()]
    assert sorted(APOSTROPHE.sub("", cell) for cell in found) == sorted(originals)
    for cells in rows:
        assert not any(FORMULA.match(cell) for cell in cells.values())


def test_names_of_folders_come_back_and_are_no_formulas_either(tmp_path):
    folder, names = CourseFolder(tmp_path), [name for name in NAMES.values() if "/" not in name]
    for name in names:
        write_record(folder, record(name, "pixels", verdict()))
    export(folder, "csv")
    found = [row["student"] for row in table(folder, "grades.csv")]
    assert not any(FORMULA.match(cell) for cell in found)
    assert sorted(APOSTROPHE.sub("", cell) for cell in found) == sorted(map(visible, names))


def test_a_spreadsheet_that_splits_at_semicolons_runs_nothing_either(tmp_path):
    folder = CourseFolder(tmp_path)
    write_hostile_class(folder)
    export(folder, "csv")
    text = (folder.reports / "grades.csv").read_bytes().decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=";"):
        assert not any(FORMULA.match(cell.lstrip()) for cell in row)


@pytest.mark.thorough
def test_an_unknown_format_and_a_class_without_results_are_sentences(tmp_path):
    for options, sentence in (
        (["--format", "xls"], "The formats are: csv, canvas, moodle, moodle-worksheet,"),
        (["--format", "csv"], "There are no results in"),
        (["--format", "gradescope"], "Name the exercise with --exercise"),
        (["--format", "github"], "--repository OWNER/NAME"),
        (["--format", "github", "--repository", "no name"], "Write it as OWNER/NAME"),
    ):
        finished = digits("class", "export", tmp_path, *options)
        assert finished.returncode == 2
        assert sentence in finished.stderr
        assert not [*tmp_path.iterdir()]


# Gradescope


@pytest.fixture(scope="module")
def autograder(tmp_path_factory) -> Path:
    """The folder that Gradescope makes of the ZIP file: /autograder, wherever it lies."""
    root = tmp_path_factory.mktemp("autograder")
    export(CourseFolder(root), "gradescope", "--exercise", "pixels")
    with zipfile.ZipFile(root / "reports" / "gradescope" / "pixels.zip") as archive:
        names = archive.namelist()
        archive.extractall(root / "source")
        modes = {info.filename: info.external_attr >> 16 for info in archive.infolist()}
    assert modes["run_autograder"] == modes["setup.sh"] == 0o755
    assert not [name for name in names if "solutions" in name or "__pycache__" in name]
    assert {"course/pyproject.toml", "course/constraints.txt", "course/grader/data/mnist.npz"} <= set(names)
    (root / "submission").mkdir()
    return root


def grade_as_gradescope(autograder: Path) -> dict[str, object] | None:
    """Run the harness as ``run_autograder`` does; returns results.json, if it has written one."""
    results = autograder / "results" / "results.json"
    results.unlink(missing_ok=True)
    harness = autograder / "source" / "harness.py"
    subprocess.run([sys.executable, harness, autograder], capture_output=True, check=False, timeout=120)
    return json.loads(results.read_text("utf-8")) if results.exists() else None


def test_gradescope_gets_points_and_words_for_every_check(autograder):
    submitted = autograder / "submission" / "my work.py"
    submitted.write_bytes(MISTAKE.read_bytes())
    results = grade_as_gradescope(autograder)
    submitted.unlink()
    assert results["score"] == 8
    assert results["output_format"] == "text"
    lesson_checks = load_checks(find_lesson("pixels").checks_path)
    assert [test["max_score"] for test in results["tests"]] == [check.points for check in lesson_checks]
    for test in results["tests"]:
        assert test.keys() == {"name", "score", "max_score", "status", "output", "output_format", "visibility"}
        assert test["visibility"] == "visible"
        assert (test["status"] == "passed") == (test["score"] == test["max_score"])
    failed = next(test for test in results["tests"] if test["status"] == "failed")
    assert "Mistake: divided-by-256\nWhat should full ink, 255, become?" in failed["output"]


def test_gradescope_says_why_nothing_was_graded(autograder):
    results = grade_as_gradescope(autograder)
    assert (results["score"], results["tests"]) == (0, [])
    assert results["output"] == "The folder is empty; nothing was submitted."


def test_a_fault_of_the_grader_leaves_gradescope_without_a_score(autograder):
    harness, failed = autograder / "source" / "harness.py", verdict(outcome="grader_error", checks=[]).to_json()
    submitted = autograder / "submission" / "pixels.py"
    submitted.write_bytes(MISTAKE.read_bytes())
    text = harness.read_text("utf-8")
    program = f"print({json.dumps(failed)!r}); raise SystemExit(3)"  # what digits grade does then
    assert text.count("command = [") == 1
    harness.write_text(text.replace("command = [", f"command = [sys.executable, '-c', {program!r}] or ["), "utf-8")
    try:
        assert grade_as_gradescope(autograder) is None
    finally:
        harness.write_text(text, "utf-8")
        submitted.unlink()


@pytest.mark.thorough
def test_the_scripts_of_the_autograder_are_programs(autograder):
    for name in ("setup.sh", "run_autograder"):
        script = autograder / "source" / name
        assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
        assert script.read_text("utf-8").startswith("#!/usr/bin/env bash\n")


# GitHub Classroom


@pytest.fixture(scope="module")
def workflow(tmp_path_factory) -> dict[str, object]:
    root = tmp_path_factory.mktemp("github")
    export(CourseFolder(root), "github", "--repository", "school/digits")
    return yaml.safe_load((root / "reports" / "github" / "classroom.yml").read_text("utf-8"))


def test_the_workflow_has_a_step_with_points_for_every_check(workflow):
    steps = workflow["jobs"]["grade"]["steps"]
    graders = {step["id"]: step["with"] for step in steps if "autograding-command-grader" in step.get("uses", "")}
    reporter = steps[-1]
    assert reporter["with"]["runners"].split(",") == list(graders)
    assert reporter["env"] == {f"{name.upper()}_RESULTS": f"${{{{ steps.{name}.outputs.result }}}}" for name in graders}
    points = [step["max-score"] for name, step in graders.items() if name.startswith("pixels-")]
    whole = [check.points for check in load_checks(find_lesson("pixels").checks_path)]
    assert points in (whole, [2 * point for point in whole])
    assert all(isinstance(step["max-score"], int) and step["max-score"] > 0 for step in graders.values())


def test_the_course_comes_from_a_repository_that_students_cannot_change(workflow):
    checkouts = [step["with"] for step in workflow["jobs"]["grade"]["steps"] if "checkout" in step.get("uses", "")]
    assert checkouts == [{"path": "work"}, {"repository": "school/digits", "path": "course"}]


def test_the_steps_of_the_workflow_pass_where_the_checks_do(workflow, tmp_path):
    """The commands of the steps, run as the workflow runs them."""
    (tmp_path / "course").symlink_to(REPOSITORY)
    (tmp_path / "work" / "exercises").mkdir(parents=True)
    (tmp_path / "work" / "exercises" / "01_pixels.py").write_bytes(MISTAKE.read_bytes())
    steps = workflow["jobs"]["grade"]["steps"]
    grading = next(step["run"] for step in steps if step.get("name") == "Grade pixels")
    path = f"PATH={Path(sys.executable).parent}:$PATH; "
    assert subprocess.run(["bash", "-ec", path + grading], cwd=tmp_path, check=False).returncode == 0
    ended = {}
    for step in steps:
        if step.get("id", "").startswith("pixels-"):
            done = subprocess.run(
                ["bash", "-c", path + step["with"]["command"]],
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=False,
            )
            ended[step["id"]] = done.returncode
            assert step["with"]["test-name"].removeprefix("pixels: ") in done.stdout
    assert [name for name, status in ended.items() if status] == ["pixels-scale_pixels"]
