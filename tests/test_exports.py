"""Exports: every name comes out right and harmless, and what was not graded is never a zero."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from class_of_records import NAMES, SOON, TESTS, checks, digits, record, save, verdict, write_hostile_class

from grader.classroom.collect.submissions import Contents
from grader.classroom.folder import CourseFolder
from grader.classroom.publish import harness, results
from grader.classroom.records import write_record
from grader.classroom.settings import path_with_programs
from grader.course import REPOSITORY, find_lesson
from grader.engine.session import load_checks
from grader.feedback.html import visible

pytestmark = pytest.mark.classroom

FORMULA = re.compile(r"\s*[=+\-@]|[\t\r\n]")  # what a spreadsheet may run
APOSTROPHE = re.compile(r"(?:^|(?<=[;\t\r\n]))'(?= *'*[=+\-@])|^'(?='*[\t\r\n])")  # what keeps it from that
MISTAKE = TESTS / "mistakes" / "01_pixels" / "divided-by-256.py"
SOLUTION = REPOSITORY / "solutions" / "01_pixels.py"
STUB = REPOSITORY / "exercises" / "01_pixels.py"
PIXELS = load_checks(find_lesson("pixels").checks_path)
FAULT = """
import grader.api
import grader.engine.session

@grader.api.check(points=10, title="a check with a fault of its own")
def test_faulty(submission):
    return 1 / 0

grader.engine.session.load_checks = lambda path: (test_faulty,)
"""


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
    assert "1 submission could not be read and counts as 0: cy, pixels" in said
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
        (["--format", "xls"], "The formats are: csv, totals, canvas, moodle, moodle-worksheet,"),
        (["--format", "csv"], "There is no course in"),
        (["--format", "gradescope"], "Name the exercise with --exercise"),
        (["--format", "github"], "--repository OWNER/NAME"),
        (["--format", "github", "--repository", "no name"], "Write it as OWNER/NAME"),
        (["--format", "classroom50"], "Name the exercise with --exercise"),
        (["--format", "classroom50", "--exercise", "pixels"], "--repository OWNER/NAME"),
        (["--format", "prairielearn"], "Name it with --exercise"),
        (["--format", "csv", "--exercise", "pixels", "--exercise", "dense"], "Give --exercise once"),
    ):
        finished = digits("class", "export", tmp_path, *options)
        assert finished.returncode == 2
        assert sentence in finished.stderr
        assert not [*tmp_path.iterdir()]


# The formats of digits grade

FORMATS = ("json", "junit", "gradescope", "prairielearn", "classroom50")
CLASSROOM50 = {
    "CLASSROOM": "ml-2026",
    "ASSIGNMENT": "first",
    "SUBMISSION_TAG": "submit/2026-03-01T12-00-00Z-a1b2c3d",
    "COMMIT_URL": "https://example.org/commit/1",
    "RELEASE_URL": "https://example.org/release/1",
    "REVIEW_URL": "https://example.org/compare/1",
}


@pytest.fixture(scope="module")
def faulty(tmp_path_factory) -> dict[str, str]:
    """Variables with which the grader fails, whatever is graded."""
    folder = tmp_path_factory.mktemp("faulty")
    (folder / "sitecustomize.py").write_text(FAULT, "utf-8")
    return {"PYTHONPATH": str(folder)}


@cache
def printed(form: str, path: Path) -> str:
    """What digits grade prints for a file in a format."""
    finished = digits("grade", path, "--exercise", "pixels", "--format", form, **CLASSROOM50)
    assert (finished.returncode, finished.stderr) == (0, "")
    return finished.stdout


def cases(text: str) -> list[ElementTree.Element]:
    """The testcases of JUnit XML, whose counts must be right."""
    (suite,) = ElementTree.fromstring(text)
    found = suite.findall("testcase")
    assert suite.get("name") == "pixels"
    assert {case.get("classname") for case in found} == {"pixels"}
    counts = {name: len(suite.findall(f"testcase/{name}")) for name in ("failure", "error", "skipped")}
    assert {name: int(suite.get(name)) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": len(found),
        "failures": counts["failure"],
        "errors": counts["error"],
        "skipped": counts["skipped"],
    }
    return found


def value(element: ElementTree.Element, name: str) -> float:
    return float(element.find(f"properties/property[@name='{name}']").get("value"))


def is_score(document: object) -> bool:
    """True if anything in a document could be read as a score."""
    if isinstance(document, dict):
        found = [value for name, value in document.items() if name in {"score", "points"}]
        return any(value is not None for value in found) or any(map(is_score, document.values()))
    return isinstance(document, list) and any(map(is_score, document))


def without_values(document: dict[str, object]) -> dict[str, object]:
    """The same document without the texts that quote random inputs."""
    quoting = {"message", "output"}
    tests = [{name: value for name, value in test.items() if name not in quoting} for test in document["tests"]]
    return {**document, "tests": tests}


@pytest.mark.parametrize("form", FORMATS)
def test_a_mistake_costs_the_same_in_every_format(form):
    text = printed(form, MISTAKE)
    if form == "junit":
        (suite,) = ElementTree.fromstring(text)
        assert (value(suite, "score"), value(suite, "max_score")) == (8, 10)
        passed = [case for case in cases(text) if case.find("failure") is None]
        assert sum(value(case, "points") for case in passed) == 8
        return
    result = json.loads(text)
    expected = {"prairielearn": (0.8, None), "gradescope": (8, None)}.get(form, (8, 10))
    assert (result["score"], result.get("max_score", result.get("max-score"))) == expected


def test_json_is_the_short_form():
    finished = digits("grade", MISTAKE, "--exercise", "pixels", "--json")
    short, long = json.loads(finished.stdout), json.loads(printed("json", MISTAKE))
    assert short.keys() == long.keys()
    assert short["score"] == long["score"]


def test_an_unknown_format_and_two_formats_are_sentences():
    for options, sentence in (
        (["--format", "xls"], "There is no format 'xls'. The formats are: json, junit,"),
        (["--json", "--format", "junit"], "Leave out one of --json and --format junit."),
    ):
        finished = digits("grade", MISTAKE, "--exercise", "pixels", *options)
        assert (finished.returncode, finished.stdout) == (2, "")
        assert sentence in finished.stderr


def test_junit_has_a_testcase_for_every_check():
    found = cases(printed("junit", MISTAKE))
    assert [case.get("name") for case in found] == [check.title for check in PIXELS]
    assert [value(case, "max_points") for case in found] == [check.points for check in PIXELS]
    (failure,) = [failure for case in found for failure in case.findall("failure")]
    assert failure.get("type") == "failed"
    assert failure.get("message")
    assert "Mistake: divided-by-256\nWhat should full ink, 255, become?" in failure.text


def test_what_is_not_written_yet_is_a_failure_in_junit():
    found = cases(printed("junit", STUB))
    assert {failure.get("type") for case in found for failure in case.findall("failure")} == {"not_attempted"}
    assert len(found) == len(PIXELS)


def test_junit_holds_any_text_and_tells_skipped_from_failed():
    text = "nul \0 bell \a half a pair \udc80 not a character \uffff <b>&amp; ]]> 李"
    told = verdict(checks=checks(text)).to_json()
    told["checks"][0] |= {"outcome": "skipped", "points": 0.0}
    found = cases(results.junit(told))
    assert [case[1].tag for case in found] == ["skipped", "failure", "failure", "failure"]
    assert found[1][1].text.startswith(
        "nul \ufffd bell \ufffd half a pair \ufffd not a character \ufffd <b>&amp; ]]> 李"
    )


def test_gradescope_gets_points_and_words_for_every_check():
    result = json.loads(printed("gradescope", MISTAKE))
    assert (result["output"], result["output_format"]) == ("", "text")
    assert (result["visibility"], result["stdout_visibility"]) == ("visible", "hidden")
    assert [test["name"] for test in result["tests"]] == [check.title for check in PIXELS]
    assert [test["max_score"] for test in result["tests"]] == [check.points for check in PIXELS]
    for test in result["tests"]:
        assert test.keys() == {"name", "score", "max_score", "status", "output", "output_format", "visibility"}
        assert (test["visibility"], test["output_format"]) == ("visible", "text")
        assert (test["status"] == "passed") == (test["score"] == test["max_score"])
    (failed,) = [test for test in result["tests"] if test["status"] == "failed"]
    assert "Mistake: divided-by-256\nWhat should full ink, 255, become?" in failed["output"]


def test_students_do_not_see_flags_on_gradescope_and_not_at_all_elsewhere():
    told = verdict(flags=["too_perfect"]).to_json()
    (review,) = results.gradescope(told)["tests"][len(told["checks"]) :]
    assert (review["visibility"], review["max_score"]) == ("hidden", 0)
    assert review["output"].startswith("too_perfect: The accuracy is far above")
    for text in (results.junit(told), json.dumps(results.prairielearn(told)), results.markdown(told)):
        assert "too_perfect" not in text


def test_prairielearn_gets_a_share_and_the_tests():
    result = json.loads(printed("prairielearn", MISTAKE))
    assert result.keys() == {"gradable", "score", "message", "output", "tests"}
    assert result["gradable"] is True
    assert (result["message"], result["output"]) == ("8 of 10 points", "")
    assert [test["name"] for test in result["tests"]] == [check.title for check in PIXELS]
    assert [test["max_points"] for test in result["tests"]] == [check.points for check in PIXELS]
    for test in result["tests"]:
        assert test.keys() == {"name", "description", "points", "max_points", "message", "output"}
        assert {type(test[name]) for name in ("points", "max_points")} == {float}
        assert {type(test[name]) for name in ("name", "description", "message", "output")} == {str}
    (failed,) = [test for test in result["tests"] if test["points"] == 0]
    assert (failed["description"], failed["output"]) == (
        "Mistake: divided-by-256",
        "What should full ink, 255, become?",
    )
    assert "scale_pixels" in failed["message"]


def test_prairielearn_takes_no_more_than_a_megabyte():
    long = verdict(message="\U0001f986" * 300_000, checks=checks("ü" * 300_000) * 5).to_json()
    for outcome in ("graded", "invalid", "crashed"):
        result = results.prairielearn({**long, "outcome": outcome})
        assert len(json.dumps(result)) < 1_000_000
        assert "…" in json.dumps(result, ensure_ascii=False)
    short = results.prairielearn(verdict(checks=checks("ü" * 5_000)).to_json())
    assert short["tests"][1]["message"] == "ü" * 5_000


def test_classroom50_gets_whole_points_and_where_they_belong():
    before = datetime.now(UTC) - timedelta(minutes=10)
    result = json.loads(printed("classroom50", MISTAKE))
    moment = datetime.strptime(result.pop("datetime"), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert before < moment < datetime.now(UTC) + timedelta(seconds=1)
    tests = result.pop("tests")
    assert result == {
        "schema": "classroom50/result/v1",
        "classroom": "ml-2026",
        "assignment": "first",
        "submission": "submit/2026-03-01T12-00-00Z-a1b2c3d",
        "commit": "https://example.org/commit/1",
        "release": "https://example.org/release/1",
        "review": "https://example.org/compare/1",
        "score": 8,
        "max-score": 10,
    }
    assert {type(number) for number in (result["score"], result["max-score"])} == {int}
    assert [test["test-name"] for test in tests] == [check.title for check in PIXELS]
    for test in tests:
        assert [type(test[name]) for name in ("passed", "score", "max-score")] == [bool, int, int]
        assert test["passed"] == (test["score"] == test["max-score"])
    assert ["divided-by-256" in test["message"] for test in tests] == [not test["passed"] for test in tests]


def test_without_a_review_classroom50_links_to_the_commit():
    variables = {name: value for name, value in CLASSROOM50.items() if name != "REVIEW_URL"}
    result = results.classroom50(verdict().to_json(), 1, variables, datetime.now(UTC))
    assert result["review"] == result["commit"] == "https://example.org/commit/1"


def test_halves_are_whole_in_classroom50():
    scale = results.whole_points([check.points for check in load_checks(find_lesson("own_handwriting").checks_path)])
    assert (scale, results.whole_points([1.0, 3.0])) == (2, 1)
    halves = verdict(checks=checks("")).to_json()
    halves["checks"][0] |= {"points": 0.5, "max_points": 0.5}
    halves["max_score"] = 7.5
    result = results.classroom50(halves, scale, {}, datetime.now(UTC))
    assert [test["max-score"] for test in result["tests"]] == [1, 6, 4, 4]
    assert (result["score"], result["max-score"]) == (1, 15)
    invalid = results.classroom50({**halves, "outcome": "invalid", "checks": []}, scale, {}, datetime.now(UTC))
    assert (invalid["score"], invalid["max-score"]) == (0, 15)


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_that_cannot_be_read_says_so(form, tmp_path):
    broken = tmp_path / "pixels.py"
    broken.write_text("def broken(:\n", "utf-8")
    text = printed(form, broken)
    if form == "junit":
        (case,) = cases(text)
        assert (case[0].tag, case[0].get("type")) == ("failure", "invalid")
        assert "pixels.py" in case[0].text
        return
    result = json.loads(text)
    assert "pixels.py" in text
    if form == "prairielearn":  # no attempt is lost
        assert result.keys() == {"gradable", "format_errors"}
        assert result["gradable"] is False
        assert [type(error) for error in result["format_errors"]] == [str]
    elif form == "classroom50":
        (test,) = result["tests"]
        assert (test["passed"], test["score"], test["max-score"]) == (False, 0, 10)
        assert (result["score"], result["max-score"]) == (0, 10)
    else:
        assert result["score"] == 0


@pytest.mark.parametrize("form", FORMATS)
def test_a_fault_of_the_grader_is_no_score_in_any_format(form, faulty):
    finished = digits("grade", SOLUTION, "--exercise", "pixels", "--format", form, **faulty)
    assert finished.returncode == 3
    if form in {"gradescope", "classroom50"}:  # they have no words for it
        assert finished.stdout == ""
        assert "The grader failed. This says nothing about the submission" in finished.stderr
        assert "ZeroDivisionError" in finished.stderr
    elif form == "junit":
        (case,) = cases(finished.stdout)
        assert (case[0].tag, case[0].get("type")) == ("error", "grader_error")
        assert not ElementTree.fromstring(finished.stdout).findall(".//property")
    else:
        result = json.loads(finished.stdout)
        assert not is_score({**result, "checks": []})
        assert form == "json" or result["gradable"] is False


@pytest.mark.parametrize("form", ["json", "gradescope", "prairielearn"])
def test_a_file_that_a_service_does_not_let_the_grader_read_is_no_zero(form, capsys):
    contents = Contents("", b"", "pixels.py cannot be read (Permission denied).", None, is_unreadable=True)
    graded = harness.grade(contents, find_lesson("pixels"), form)
    assert graded.status == 3
    assert capsys.readouterr().err.startswith("The grader failed. This says nothing about the submission")
    assert (graded.printed == "") == (form == "gradescope")
    if form == "json":
        assert graded.verdict["outcome"] == "grader_error"
    elif form == "prairielearn":
        assert json.loads(graded.printed)["gradable"] is False


# Autograders


def unpacked(root: Path, form: str) -> tuple[list[str], dict[str, int]]:
    """Unpack reports/FORM/pixels.zip into the folder source; returns the names and modes in it."""
    with zipfile.ZipFile(root / "reports" / form / "pixels.zip") as archive:
        archive.extractall(root / "source")
        return archive.namelist(), {info.filename: info.external_attr >> 16 for info in archive.infolist()}


def assert_course_without_solutions(names: list[str], top: str) -> None:
    assert not [name for name in names if "solutions" in name or "__pycache__" in name]
    wanted = ("pyproject.toml", "constraints.txt", "grader/data/mnist.npz", "grader/classroom/publish/harness.py")
    assert {f"{top}/{name}" for name in wanted} <= set(names)


def run(command: list[str | Path], folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a program of a service, which finds the course's Python before any other."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path} | variables
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=SOON, check=False
    )


# Gradescope


@pytest.fixture(scope="module")
def autograder(tmp_path_factory) -> Path:
    """The folder that Gradescope makes of the ZIP file: /autograder, wherever it lies."""
    root = tmp_path_factory.mktemp("autograder")
    export(CourseFolder(root), "gradescope", "--exercise", "pixels")
    names, modes = unpacked(root, "gradescope")
    assert modes["run_autograder"] == modes["setup.sh"] == 0o755
    assert_course_without_solutions(names, "course")
    (root / "submission").mkdir()
    return root


def grade_as_gradescope(autograder: Path, **variables: str) -> dict[str, object] | None:
    """Run run_autograder, wherever /autograder lies; returns results.json, if it has written one."""
    written = autograder / "results" / "results.json"
    written.unlink(missing_ok=True)
    script = (autograder / "source" / "run_autograder").read_text("utf-8")
    assert script.count("/autograder/venv/bin/python ") == 1
    script = script.replace("/autograder/venv/bin/python ", f"{sys.executable} ")
    script = script.replace(" /autograder/", f" {autograder}/")
    run(["bash", "-c", script], autograder, **variables)
    return json.loads(written.read_text("utf-8")) if written.exists() else None


def test_gradescope_gets_the_document_of_its_format(autograder):
    submitted = autograder / "submission" / "my work.py"
    submitted.write_bytes(MISTAKE.read_bytes())
    result = grade_as_gradescope(autograder)
    submitted.unlink()
    assert without_values(result) == without_values(json.loads(printed("gradescope", MISTAKE)))


def test_gradescope_says_why_nothing_was_graded(autograder):
    result = grade_as_gradescope(autograder)
    assert (result["score"], result["tests"]) == (0, [])
    assert result["output"] == "invalid: The folder is empty; nothing was submitted."


def test_a_fault_of_the_grader_leaves_gradescope_without_a_score(autograder, faulty):
    submitted = autograder / "submission" / "pixels.py"
    submitted.write_bytes(MISTAKE.read_bytes())
    try:
        assert grade_as_gradescope(autograder, **faulty) is None
        assert grade_as_gradescope(autograder) is not None
    finally:
        submitted.unlink()


@pytest.mark.thorough
def test_the_scripts_of_the_autograder_are_programs(autograder):
    for name in ("setup.sh", "run_autograder"):
        script = autograder / "source" / name
        assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
        assert script.read_text("utf-8").startswith("#!/usr/bin/env bash\n")


# PrairieLearn


@pytest.fixture(scope="module")
def question(tmp_path_factory) -> Path:
    """The unpacked ZIP file for PrairieLearn, and /grade beside it, wherever that lies."""
    root = tmp_path_factory.mktemp("prairielearn")
    said = export(CourseFolder(root), "prairielearn", "--exercise", "pixels", "--repository", "school/grader")
    assert "put questions/pixels into your course" in " ".join(said.split())
    names, modes = unpacked(root, "prairielearn")
    assert modes["image/grade"] == 0o755
    assert_course_without_solutions(names, "image/course")
    (root / "student").mkdir()
    return root


def grade_as_prairielearn(question: Path, **variables: str) -> tuple[int, dict[str, object] | None]:
    """Run the entrypoint, wherever /grade lies; returns its exit status, and results.json if it has written one."""
    shutil.rmtree(question / "results", ignore_errors=True)
    _, exercise = info(question)["externalGradingOptions"]["entrypoint"].split()
    script = (question / "source" / "image" / "grade").read_text("utf-8").replace(" /grade/", f" {question}/")
    done = run(["bash", "-c", script, "grade", exercise], question, **variables)
    written = question / "results" / "results.json"
    return done.returncode, json.loads(written.read_text("utf-8")) if written.exists() else None


def info(question: Path) -> dict[str, object]:
    return json.loads((question / "source" / "questions" / "pixels" / "info.json").read_text("utf-8"))


def test_prairielearn_finds_the_image_and_the_program_in_it(question):
    settings = info(question)
    assert (settings["type"], settings["gradingMethod"]) == ("v3", "External")
    assert re.fullmatch(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", settings["uuid"])
    options = settings["externalGradingOptions"]
    assert (options["enabled"], options["image"]) == (True, "school/grader")
    assert options["timeout"] == 210  # what the exercise may take, and a minute
    assert "enableNetworking" not in options
    dockerfile = (question / "source" / "image" / "Dockerfile").read_text("utf-8")
    place = options["entrypoint"].split()[0]
    for source, target in re.findall(r"^COPY (?:--\S+ )?(\S+) (\S+)$", dockerfile, re.MULTILINE):
        assert (question / "source" / "image" / source).exists()
        assert target in {place, "/digits/course"}
    assert "pip install --no-cache-dir --constraint /digits/course/constraints.txt /digits/course" in dockerfile


def test_the_question_takes_a_file_and_shows_the_results(question):
    page = (question / "source" / "questions" / "pixels" / "question.html").read_text("utf-8")
    root = ElementTree.fromstring(f"<page>{page.replace('&nbsp;', ' ')}</page>")
    upload = root.find("pl-question-panel/pl-file-upload")
    assert upload.get("optional-file-names") == "pixels.ipynb, pixels.py"
    assert root.find("pl-submission-panel/pl-external-grader-results") is not None
    assert find_lesson("pixels").title in "".join(root.itertext())


def test_each_question_has_its_own_identifier(question, tmp_path):
    for slug in ("pixels", "dense"):
        export(CourseFolder(tmp_path), "prairielearn", "--exercise", slug)
    found = []
    for slug in ("pixels", "dense"):
        with zipfile.ZipFile(tmp_path / "reports" / "prairielearn" / f"{slug}.zip") as archive:
            found.append(json.loads(archive.read(f"questions/{slug}/info.json")))
    assert found[0]["uuid"] == info(question)["uuid"] != found[1]["uuid"]
    assert found[1]["externalGradingOptions"]["image"] == "digits-grader"


def test_prairielearn_gets_the_document_of_its_format(question):
    submitted = question / "student" / "pixels.py"
    submitted.write_bytes(MISTAKE.read_bytes())
    status, result = grade_as_prairielearn(question)
    submitted.unlink()
    assert status == 0
    assert without_values(result) == without_values(json.loads(printed("prairielearn", MISTAKE)))


def test_without_a_file_prairielearn_takes_no_attempt(question):
    status, result = grade_as_prairielearn(question)
    assert status == 0
    assert result == {"gradable": False, "format_errors": ["The folder is empty; nothing was submitted."]}


def test_a_fault_of_the_grader_takes_no_attempt_on_prairielearn(question, faulty):
    submitted = question / "student" / "pixels.py"
    submitted.write_bytes(MISTAKE.read_bytes())
    status, result = grade_as_prairielearn(question, **faulty)
    submitted.unlink()
    assert status == 3
    assert result["gradable"] is False
    assert not is_score(result)


# Classroom 50


@pytest.fixture(scope="module")
def script(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("classroom50")
    options = ("--exercise", "pixels", "--repository", "school/digits")
    assert "points" not in export(CourseFolder(root), "classroom50", *options)
    return root / "reports" / "classroom50" / "pixels" / "autograder.py"


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A student's repository with a notebook of no interest in it."""
    folder = tmp_path / "checkout"
    (folder / "exercises").mkdir(parents=True)
    (folder / "README.md").write_text("# My work\n", "utf-8")
    commit(folder, "2026-03-01T14:00:00+02:00")
    return folder


def commit(folder: Path, date: str = "2026-03-01T12:00:00+00:00") -> str:
    """Commit everything; returns the name of the commit."""
    identity = {f"GIT_{role}_{name}": "ada" for role in ("AUTHOR", "COMMITTER") for name in ("NAME", "EMAIL")}
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--allow-empty", "--message", "work"]):
        done = run(["git", *command], folder, **identity, GIT_COMMITTER_DATE=date)
        assert done.returncode == 0, done.stderr
    return run(["git", "rev-parse", "HEAD"], folder).stdout.strip()


def grade_as_classroom50(script: Path, checkout: Path, **variables: str) -> tuple[int, dict[str, object] | None]:
    """Run autograder.py in a checkout; returns its exit status, and result.json if it has written one."""
    done = run([sys.executable, script], checkout, **CLASSROOM50, **variables)
    written = checkout / "result.json"
    return done.returncode, json.loads(written.read_text("utf-8")) if written.exists() else None


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_classroom50_gets_the_result_and_a_page_about_it(script, checkout):
    (checkout / "pixels.py").write_bytes(MISTAKE.read_bytes())
    (checkout / "result.json").write_text('{"score": 10, "forged": true}', "utf-8")
    started = now()
    status, result = grade_as_classroom50(script, checkout)
    assert status == 0
    expected = json.loads(printed("classroom50", MISTAKE))
    assert result.pop("datetime") == "2026-03-01T12:00:00Z"  # the commit's
    assert started <= result.pop("graded_at") <= now()
    assert expected.pop("datetime") <= now()
    assert without_values(result) == without_values(expected)
    body = (checkout / "release-body.md").read_text("utf-8")
    assert body.startswith("### pixels: 8 of 10 points\n")
    assert "<pre>" in body
    assert "What should full ink, 255, become?" in body
    assert "times" not in body


@pytest.mark.sampled
@pytest.mark.parametrize("place", ["pixels.ipynb", "exercises/01_pixels.py", "01_pixels.py", "whatever.py"])
def test_the_file_is_found_where_students_have_it(script, checkout, place):
    code = MISTAKE.read_text("utf-8")
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": code}
    notebook = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    (checkout / place).write_text(notebook if place.endswith(".ipynb") else code, "utf-8")
    status, result = grade_as_classroom50(script, checkout)
    assert (status, result["score"]) == (0, 8)


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ([], "There is no file of this exercise. Name it pixels.ipynb or pixels.py."),
        (["a.py", "b.py"], "There is no file of this exercise. Name it pixels.ipynb or pixels.py."),
        (["pixels.py", "exercises/01_pixels.py"], "'pixels.py' and 'exercises/01_pixels.py' are both named after"),
    ],
)
def test_what_is_not_clear_in_a_checkout_is_not_guessed(script, checkout, names, sentence):
    for name in names:
        (checkout / name).write_bytes(MISTAKE.read_bytes())
    status, result = grade_as_classroom50(script, checkout)
    assert (status, result["score"], result["max-score"]) == (0, 0, 10)
    assert result["tests"][0]["message"].startswith(sentence)
    assert sentence in (checkout / "release-body.md").read_text("utf-8").replace("&#x27;", "'")


def test_links_in_a_checkout_are_not_followed(script, checkout, tmp_path):
    (checkout / "exercises").rmdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "01_pixels.py").write_bytes(SOLUTION.read_bytes())
    (checkout / "exercises").symlink_to(elsewhere)
    _, result = grade_as_classroom50(script, checkout)
    assert "links are not followed" in result["tests"][0]["message"]
    (checkout / "pixels.py").symlink_to(elsewhere / "01_pixels.py")
    (checkout / "exercises").unlink()
    _, result = grade_as_classroom50(script, checkout)
    assert "links are not followed" in result["tests"][0]["message"]


def test_no_file_of_the_student_is_a_module_of_the_grader(script, checkout):
    (checkout / "pixels.py").write_bytes(MISTAKE.read_bytes())
    for name in ("grader", "json", "subprocess"):
        (checkout / f"{name}.py").write_text("raise SystemExit(7)\n", "utf-8")
    status, result = grade_as_classroom50(script, checkout)
    assert (status, result["score"]) == (0, 8)


def test_a_fault_of_the_grader_leaves_classroom50_without_a_result(script, checkout, faulty):
    (checkout / "pixels.py").write_bytes(MISTAKE.read_bytes())
    (checkout / "result.json").write_text('{"score": 10, "forged": true}', "utf-8")
    assert grade_as_classroom50(script, checkout, **faulty) == (3, None)
    assert not (checkout / "release-body.md").exists()


def test_a_course_that_cannot_be_installed_leaves_classroom50_without_a_result(script, checkout, tmp_path):
    (checkout / "pixels.py").write_bytes(SOLUTION.read_bytes())
    (tmp_path / "git").write_text('#!/bin/sh\necho "$@" > "$ASKED"\nexit 128\n', "utf-8")
    (tmp_path / "git").chmod(0o755)
    asked = tmp_path / "asked"
    variables = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "ASKED": str(asked)}
    done = run([sys.executable, "-S", script], checkout, **CLASSROOM50, **variables)  # -S: without the course
    assert done.returncode == 1
    assert "https://github.com/school/digits.git" in asked.read_text("utf-8")
    assert not (checkout / "result.json").exists()


def test_the_instructor_is_told_of_points_that_are_not_the_courses(tmp_path):
    options = ("--exercise", "own_handwriting", "--repository", "school/digits")
    said = export(CourseFolder(tmp_path), "classroom50", *options)
    assert "All are times 2, because Classroom 50 takes whole points only." in " ".join(said.split())
    text = (tmp_path / "reports" / "classroom50" / "own_handwriting" / "autograder.py").read_text("utf-8")
    assert "All points are times 2" in text
    assert '{"python": "3.12"}' in text


# GitHub Actions


@pytest.fixture(scope="module")
def workflow(tmp_path_factory) -> dict[str, object]:
    root = tmp_path_factory.mktemp("github")
    exercises = ("--exercise", "pixels", "--exercise", "dense")
    export(CourseFolder(root), "github", "--repository", "school/digits", *exercises)
    return yaml.safe_load((root / "reports" / "github" / "digits.yml").read_text("utf-8"))


def step(workflow: dict[str, object], job: str, name: str) -> dict[str, object]:
    (found,) = [step for step in workflow["jobs"][job]["steps"] if name in {step.get("name"), step.get("id")}]
    return found


def found_by(workflow: dict[str, object], checkout: Path, before: str) -> list[str]:
    """The exercises that the first job finds, which its step tells the second."""
    program = step(workflow, "find", "find")
    assert program["shell"] == "python"
    output = checkout.parent / "output"
    output.write_text("", "utf-8")
    done = run([sys.executable, "-c", program["run"]], checkout, BEFORE=before, GITHUB_OUTPUT=str(output))
    assert done.returncode == 0, done.stderr
    name, _, exercises = output.read_text("utf-8").strip().partition("=")
    assert f"${{{{ steps.find.outputs.{name} }}}}" == workflow["jobs"]["find"]["outputs"]["exercises"]
    return json.loads(exercises)


def test_only_exercises_whose_files_have_changed_are_graded(workflow, checkout):
    first = run(["git", "rev-parse", "HEAD"], checkout).stdout.strip()
    (checkout / "pixels.ipynb").write_text("{}", "utf-8")
    (checkout / "exercises" / "02_baseline.py").touch()  # which this workflow does not grade
    second = commit(checkout)
    assert found_by(workflow, checkout, first) == ["pixels"]
    (checkout / "exercises" / "05_dense.py").touch()
    third = commit(checkout)
    assert found_by(workflow, checkout, second) == ["dense"]
    (checkout / "exercises" / "05_dense.py").unlink()
    commit(checkout)
    assert found_by(workflow, checkout, third) == []  # it is no longer there
    assert found_by(workflow, checkout, first) == ["pixels"]


@pytest.mark.parametrize("before", ["", "0" * 40], ids=["started by hand", "first push"])
def test_without_an_earlier_push_all_that_is_there_is_graded(workflow, checkout, before):
    (checkout / "pixels.ipynb").write_text("{}", "utf-8")
    commit(checkout)
    assert found_by(workflow, checkout, before) == ["pixels"]


def test_each_exercise_is_a_job_of_its_own(workflow):
    job = workflow["jobs"]["grade"]
    assert (job["needs"], job["if"]) == ("find", "needs.find.outputs.exercises != '[]'")
    assert job["strategy"] == {
        "fail-fast": False,
        "matrix": {"exercise": "${{ fromJSON(needs.find.outputs.exercises) }}"},
    }
    assert step(workflow, "grade", "Grade")["env"] == {"EXERCISE": "${{ matrix.exercise }}"}
    kept = step(workflow, "grade", "Keep the report")
    assert kept["if"] == "always()"
    assert (kept["with"]["name"], kept["with"]["path"]) == ("${{ matrix.exercise }}", "${{ matrix.exercise }}.xml")


def test_the_course_comes_from_a_repository_that_students_cannot_change(workflow):
    used = [step["uses"] for job in workflow["jobs"].values() for step in job["steps"] if "uses" in step]
    assert {name.partition("/")[0] for name in used} == {"actions"}
    work, course = (step["with"] for step in workflow["jobs"]["grade"]["steps"] if "checkout" in step.get("uses", ""))
    assert work == {"path": "work", "persist-credentials": False}
    assert course == {
        "repository": "school/digits",
        "token": "${{ secrets.DIGITS_TOKEN || github.token }}",
        "path": "course",
        "persist-credentials": False,
    }
    assert workflow["permissions"] == {"contents": "read"}


def test_no_push_cancels_the_grading_of_another(workflow):
    """The next one grades only what it changes itself."""
    assert not any("concurrency" in part for part in (workflow, *workflow["jobs"].values()))


def test_all_exercises_are_in_the_workflow_if_none_is_named(tmp_path):
    export(CourseFolder(tmp_path), "github", "--repository", "school/digits")
    text = (tmp_path / "reports" / "github" / "digits.yml").read_text("utf-8")
    for lesson in ("pixels", "capstone"):
        assert f'"{lesson}": ["{lesson}.py", "{lesson}.ipynb"' in text
    assert "a private copy without solutions" in text


def grade_as_github(workflow: dict[str, object], submitted: Path, folder: Path, **variables: str) -> tuple[int, str]:
    """Run the step that grades; returns its exit status and the summary."""
    (folder / "work" / "exercises").mkdir(parents=True, exist_ok=True)
    (folder / "work" / "exercises" / "01_pixels.py").write_bytes(submitted.read_bytes())
    summary = folder / "summary.md"
    summary.write_text("", "utf-8")
    program = step(workflow, "grade", "Grade")["run"]
    done = run(["bash", "-ec", program], folder, EXERCISE="pixels", GITHUB_STEP_SUMMARY=str(summary), **variables)
    return done.returncode, summary.read_text("utf-8")


def test_the_job_fails_if_a_check_does(workflow, tmp_path):
    status, summary = grade_as_github(workflow, MISTAKE, tmp_path)
    assert status == 1
    assert summary.startswith("### pixels: 8 of 10 points\n")
    rows = [line for line in summary.splitlines() if line.startswith(("| ✅", "| ❌"))]
    assert [row.split(" | ")[1] for row in rows] == [check.title for check in PIXELS]
    assert [row.startswith("| ❌") for row in rows].count(True) == 1
    assert "What should full ink, 255, become?" in summary
    found = cases((tmp_path / "pixels.xml").read_text("utf-8"))
    assert sum(value(case, "points") for case in found) == 8


def test_the_job_succeeds_if_all_checks_pass(workflow, tmp_path):
    status, summary = grade_as_github(workflow, SOLUTION, tmp_path)
    assert (status, summary.splitlines()[0]) == (0, "### pixels: 10 of 10 points")
    assert "<pre>" not in summary


def test_a_fault_of_the_grader_is_an_error_on_github_and_no_score(workflow, tmp_path, faulty):
    status, summary = grade_as_github(workflow, SOLUTION, tmp_path, **faulty)
    assert status == 3
    assert summary.startswith("### pixels: no score\n")
    (case,) = cases((tmp_path / "pixels.xml").read_text("utf-8"))
    assert case[0].tag == "error"


def test_nothing_that_a_submission_writes_is_markup_in_a_summary():
    hostile = "</pre><script>alert(1)</script>\n\n# 10 of 10 points\n| ✅ | mine | 10/10 |"
    text = results.markdown(verdict(checks=checks(hostile), message=hostile).to_json())
    assert "<script>" not in text
    assert text.count("<pre>") == text.count("</pre>") == 4
    outside = re.sub(r"<pre>.*?</pre>", "", text, flags=re.DOTALL)
    assert "mine" not in outside
    assert "# 10 of 10" not in outside
