"""What a class decides for itself, in course.toml: exercises, weights, accuracy, attempts, feedback, own exercises."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest
from a_class import DIGITS, ENVIRONMENT, MISTAKES, SOLUTION, STUB, Class
from conftest import REPOSITORY, solution
from nbclient import NotebookClient
from nbformat import read
from nbformat.v4 import new_code_cell, new_notebook

from grader.course import find_lesson

SCALED_TWICE = MISTAKES / "scaled-twice.py"  # 2 of 10 points lost
OWN_SOLUTION = '''\
# %% [markdown]
# # Problem set 1: the mean

# %%
import numpy as np


# %%
def mean(values: np.ndarray) -> float:
    """The mean of some numbers (n,), n >= 1."""
    ### BEGIN SOLUTION
    return float(np.sum(values) / len(values))
    ### END SOLUTION
'''
OWN_CHECKS = '''\
"""Checks of a problem set."""

import numpy as np

from grader.api import check, expect_close, mistake


@mistake("sum-instead-of-mean", question="How many numbers are there?")
def total(values):
    """The numbers were added, but the sum was not divided by how many there are."""
    return float(np.sum(values))


@check(points=4, title="mean is the mean", hints=("What is a mean?", "A sum, divided.", "np.sum(values) / len(values)"))
def test_mean(submission, probe):
    values = probe.rng.normal(size=7)
    expect_close(submission.mean(values), values.mean(), mistakes=[total])
'''


@pytest.fixture
def a_class(tmp_path) -> Class:
    made = Class(tmp_path)
    assert made.digits("init", ".").status == 0
    return made


def choose(a_class: Class, text: str) -> None:
    (a_class.root / "course.toml").write_text(text, "utf-8")


def table(a_class: Class, name: str = "grades") -> list[dict[str, str]]:
    finished = a_class.digits("export", *(() if name == "grades" else ("--format", name)))
    assert finished.status == 0, finished.err
    text = (a_class.root / "reports" / f"{name}.csv").read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_that_init_makes_changes_nothing_and_every_line_in_it_can_be_set(a_class):
    a_class.submit("ada", SOLUTION)
    assert "1 graded" in a_class.grade() or a_class.score("ada") == 10
    text = (a_class.root / "course.toml").read_text("utf-8")
    set_ = "\n".join(line.removeprefix("# ") for line in text.splitlines()[2:])
    write_own(a_class, "points = 10")
    choose(a_class, set_)
    assert "no setting" not in a_class.digits("grade", "--seed", "7").err


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("weights = [", "is not TOML"),
        ("weigths = {dense = 2}", "there is no setting 'weigths'. Did you mean weights?"),
        ("[weights]\ndens = 2", "weights names 'dens'. Did you mean dense?"),
        ("[weights]\ndense = -1", "weights of dense must be a number from 0 to 1000, such as 2"),
        ("[accuracy]\ndense = 92", "accuracy of dense must be a number from 0 to 1, such as 0.93"),
        ("accuracy = 0.9", "accuracy is a table with one line for each exercise"),
        ("exercises = []", "exercises is a list of exercises"),
        ('exercises = ["pixels", "pixels"]', "exercises names an exercise twice"),
        ("attempts = 0", "attempts must be a whole number from 1 to 100"),
        ("attempts = true", "attempts must be a whole number from 1 to 100"),
        ('feedback = "never"', "feedback must be one of 'at-once', 'after-deadline'"),
        ("anonymous = 1", "anonymous must be true or false"),
        ('wheel = "a b"', "wheel must be an address or a path without spaces and quotes"),
        ('wheel = ""', "wheel must be the address of a wheel"),
        ('wheel = "ftp://x/digits.whl"', "wheel must be the address of a wheel"),
        ("[accuracy]\npixels = 0.9", "accuracy names 'pixels', in which no accuracy is asked for"),
        ('exercises = ["pixels"]\n[weights]\npixels = 0', "all weights are 0, so there is no total"),
        ("[own.ps1]\npoints = 4", "own names ps1, but there is no own/ps1/checks.py"),
        ("[own.PS-1]\npoints = 4", "own names 'PS-1': use lower-case letters, digits and _"),
        ("[own.ps1]\npoint = 4", "own has no setting 'point' for ps1"),
    ],
)
def test_a_setting_that_makes_no_sense_is_told_in_one_sentence(a_class, text, sentence):
    choose(a_class, text)
    a_class.submit("ada", SOLUTION)
    finished = a_class.digits("grade")
    assert finished.status == 2
    assert sentence in " ".join(finished.err.split())
    assert "course.toml" in finished.err
    assert not a_class.records()


def test_only_the_chosen_exercises_count(a_class):
    a_class.submit("ada", SOLUTION)
    a_class.submit("ada", REPOSITORY / "solutions" / "02_baseline.py", "baseline", "baseline.py")
    a_class.grade()
    assert {row["exercise"] for row in table(a_class)} == {"pixels", "baseline"}
    choose(a_class, 'exercises = ["pixels"]')
    assert {row["exercise"] for row in table(a_class)} == {"pixels"}
    finished = a_class.digits("grade", "--exercise", "baseline")
    assert finished.status == 2
    assert "The exercises are: pixels." in " ".join(finished.err.split())
    finished = a_class.digits("release")
    assert (finished.status, os.listdir(a_class.root / "release")) == (0, ["pixels"])


def test_weights_make_a_total(a_class):
    a_class.submit("ada", SCALED_TWICE)
    a_class.submit("ada", REPOSITORY / "solutions" / "02_baseline.py", "baseline", "baseline.py")
    a_class.submit("bo", SOLUTION)
    a_class.grade()
    score = a_class.score("ada")
    assert score < 10
    rows = {row["student"]: row for row in table(a_class, "totals")}
    assert float(rows["ada"]["total_percent"]) == pytest.approx((100 * score / 10 + 100) / 2)
    assert float(rows["bo"]["total_percent"]) == 50  # the other one is not submitted, which is 0
    choose(a_class, "[weights]\nbaseline = 3")
    rows = {row["student"]: row for row in table(a_class, "totals")}
    assert float(rows["ada"]["total_percent"]) == pytest.approx((100 * score / 10 + 300) / 4)
    assert float(rows["bo"]["total_percent"]) == 25
    assert (float(rows["ada"]["pixels"]), rows["bo"]["baseline"]) == (score, "")
    a_class.digits("report")
    assert "25.0%" in (a_class.root / "reports" / "class.html").read_text("utf-8")


def attempt(a_class: Class, number: int, source: bytes) -> None:
    """Let ada upload an attempt to Canvas, and collect it."""
    path = a_class.root / "downloaded" / "pixels" / f"{number}.zip"
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo(f"ada_1_{number}_pixels.py", (2026, 3, number, 12, 0, 0))
        archive.writestr(info, source)
    assert a_class.digits("collect", "--times").status == 0
    path.unlink()


def test_the_best_of_the_latest_attempts_counts(a_class):
    for number, path in enumerate((SOLUTION, SCALED_TWICE, STUB), start=1):
        attempt(a_class, number, path.read_bytes())
    a_class.grade()
    assert a_class.score("ada") == 0  # the newest
    choose(a_class, "attempts = 2")
    a_class.grade()
    two = a_class.score("ada")
    assert 0 < two < 10
    choose(a_class, "attempts = 3")
    a_class.grade()
    record = a_class.record("ada")
    assert (a_class.score("ada"), record["attempt"], record["attempts"]) == (10, 1, 3)
    assert record["submitted"].startswith("2026-03-01")  # and so late or not as that attempt was
    before = record["graded"]
    assert "unchanged" in a_class.grade()
    assert a_class.record("ada")["graded"] == before
    a_class.digits("report")
    (page,) = (a_class.root / "reports" / "students").glob("*.html")
    assert "The best of 3 attempts counts: this one." in " ".join(page.read_text("utf-8").split())
    attempt(a_class, 4, SCALED_TWICE.read_bytes())  # the right one is not among the latest three any more
    a_class.grade()
    assert a_class.score("ada") == two


def test_feedback_waits_for_the_deadline_if_the_course_says_so(a_class):
    a_class.submit("ada", SCALED_TWICE)
    a_class.grade()
    choose(a_class, 'feedback = "after-deadline"')

    def page() -> str:
        assert a_class.digits("report").status == 0
        (path,) = (a_class.root / "reports" / "students").glob("*.html")
        return " ".join(path.read_text("utf-8").split())

    def shows_all() -> bool:
        return "Look first at:" in page()

    assert not shows_all()
    assert "is shown after the deadline, which is not set yet." in page()
    a_class.digits("due", "pixels", "2999-03-01T12:00")
    assert "Feedback follows after 2999-03-01 12:00." in page()
    assert not shows_all()
    assert " of 10 points" in page()
    a_class.digits("due", "pixels", "2026-03-01T12:00")
    assert shows_all()
    a_class.digits("due", "pixels", "--extension", "ada=9999d")
    assert not shows_all()


def test_an_accuracy_of_the_course_holds_in_place_of_the_threshold(a_class):
    """With the numbers of a hand-made submission that needs no training: a bar that nothing can reach, and none."""
    write_own(
        a_class,
        "points = 4",
        OWN_CHECKS.replace(
            "expect_close(submission.mean(values), values.mean(), mistakes=[total])",
            "expect_accuracy(None, submission.mean(values[:1] * 0 + 0.5))",
        ).replace("expect_close,", "expect_accuracy,"),
    )
    a_class.submit("ada", OWN_SOLUTION.encode(), "ps1", "ps1.py")
    a_class.grade(status=3)
    assert "ps1 has no threshold" in a_class.record("ada", "ps1")["verdict"]["message"]
    for bar, score in (("0.505", 0), ("0.5", 4)):
        choose(a_class, f"[own.ps1]\npoints = 4\n[accuracy]\nps1 = {bar}")
        a_class.grade()
        assert a_class.score("ada", "ps1") == score
        said = a_class.record("ada", "ps1")["verdict"]["checks"][0]["expected"]
        assert said == ("at least 50.5%" if score == 0 else "")


@pytest.mark.thorough
def test_work_that_only_misses_the_accuracy_of_its_class_is_not_called_mistaken(grade):
    lesson = find_lesson("softmax_regression")
    results = grade(replace(lesson, bar=0.999), solution(lesson)).checks
    (failed,) = (result for result in results if result.outcome == "failed")
    assert failed.mistake == "below-the-accuracy-of-the-class"
    assert failed.expected == "at least 99.9%"
    assert "this class asks for more" in failed.message


@pytest.mark.parametrize("anonymous", [False, True])
def test_an_anonymous_course_shows_numbers_in_place_of_names(a_class, anonymous):
    for student in ("lovelaceada", "hoppergrace", "turingalan"):
        a_class.submit(student, SOLUTION, name=f"{student}_pixels.py")
    a_class.submit("noetheremmy", b"def (", name="noetheremmy_pixels.py")
    a_class.submit("gaussmarie", b"x = 1", name="gaussmarie.txt")
    a_class.grade()
    choose(a_class, "anonymous = true" if anonymous else "")
    assert a_class.digits("report").status == 0
    finished = a_class.digits("similar")
    assert finished.status == 0, finished.err
    said = [finished.out]
    said += [(a_class.root / "reports" / f"{name}.html").read_text("utf-8") for name in ("class", "similar")]
    for text in said:
        found = [name for name in ("ada", "grace", "alan", "emmy", "marie") if name in text.lower()]
        assert bool(found) != anonymous, found
        assert bool(re.search(r"Student [0-9a-f]{4}", text)) == anonymous


# An exercise of the instructor's own


def write_own(a_class: Class, settings: str, checks: str = OWN_CHECKS) -> None:
    own = a_class.root / "own" / "ps1"
    own.mkdir(parents=True)
    (own / "solution.py").write_text(OWN_SOLUTION, "utf-8")
    (own / "checks.py").write_text(checks, "utf-8")
    choose(a_class, f'[own.ps1]\ntitle = "The mean"\n{settings}\n')


@pytest.mark.thorough
def test_an_own_exercise_is_released_graded_and_exported_like_any_other(a_class):
    write_own(a_class, "points = 4")
    finished = a_class.digits("release", "ps1")
    assert finished.status == 0, finished.err
    released = read(a_class.root / "release" / "ps1" / "ps1.ipynb", 4)
    cells = [cell.source for cell in released.cells]
    assert any("raise NotImplementedError()" in cell for cell in cells)
    assert not any("np.sum(values)" in cell for cell in cells)
    assert not any("ps1.md" in cell for cell in cells)
    (a_class.root / "own" / "ps1" / "ps1.md").write_text("# The mean\n", "utf-8")
    assert a_class.digits("release", "ps1").status == 0
    assert "(ps1.md)" in (a_class.root / "release" / "ps1" / "ps1.ipynb").read_text("utf-8")
    assert (a_class.root / "release" / "ps1" / "ps1.md").is_file()
    right, wrong = OWN_SOLUTION, OWN_SOLUTION.replace(" / len(values)", "")
    for student, text in (("ada", right), ("bo", wrong)):
        notebook = new_notebook(cells=[new_code_cell(text)])
        a_class.submit(student, json.dumps(notebook).encode(), "ps1", "ps1.ipynb")
    a_class.grade()
    assert (a_class.score("ada", "ps1"), a_class.score("bo", "ps1")) == (4, 0)
    assert a_class.record("bo", "ps1")["verdict"]["checks"][0]["mistake"] == "sum-instead-of-mean"
    assert a_class.digits("gradebook").status == 0
    rows = {row["student"]: row for row in table(a_class)}
    assert [(rows[who]["score"], rows[who]["max_score"]) for who in ("ada", "bo")] == [("4", "4"), ("0", "4")]
    a_class.digits("report")
    assert "The mean" in (a_class.root / "reports" / "class.html").read_text("utf-8")


def test_an_own_exercise_is_graded_alike_by_digits_grade_and_in_a_notebook(a_class):
    write_own(a_class, "points = 4")
    path = a_class.root / "wrong.py"
    path.write_text(OWN_SOLUTION.replace(" / len(values)", ""), "utf-8")
    command = [DIGITS, "grade", path, "--exercise", "ps1", "--json", "--course", a_class.root]
    done = subprocess.run(command, cwd=a_class.root, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    (check,) = json.loads(done.stdout)["checks"]
    assert (check["points"], check["mistake"]) == (0, "sum-instead-of-mean")
    cells = [OWN_SOLUTION, 'from grader.notebook import points\n\npoints("ps1", "mean")']
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, resources={"metadata": {"path": str(a_class.root)}}).execute()
    assert notebook.cells[-1].outputs[-1].data["text/plain"] == "4.0"


@pytest.mark.parametrize("place", ["nowhere", "file", "empty"])
def test_a_folder_that_is_no_course_is_told_before_anything_is_graded(a_class, place):
    (a_class.root / "empty").mkdir()
    (a_class.root / "file").touch()
    command = [DIGITS, "grade", SOLUTION, "--json", "--course", place]
    done = subprocess.run(command, cwd=a_class.root, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"digits: There is no course in {place}")


def test_an_own_exercise_cannot_take_the_name_of_one_of_the_course(a_class):
    (a_class.root / "own" / "dense").mkdir(parents=True)
    (a_class.root / "own" / "dense" / "checks.py").write_text(OWN_CHECKS, "utf-8")
    choose(a_class, "[own.dense]\npoints = 4")
    finished = a_class.digits("grade")
    assert (finished.status, "the course has an exercise dense already" in " ".join(finished.err.split())) == (2, True)


def test_a_course_folder_around_somebody_elses_work_sets_nothing(a_class):
    """The author of a submission could have put it there, with a low bar and checks of their own."""
    write_own(a_class, "points = 4", "import pathlib\npathlib.Path('ran').touch()\n" + OWN_CHECKS)
    (a_class.root / "ps1.py").write_text(OWN_SOLUTION, "utf-8")
    command = [DIGITS, "grade", "ps1.py", "--json"]
    done = subprocess.run(command, cwd=a_class.root, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert (done.returncode, "The file's name does not say which exercise it is" in done.stderr) == (2, True)
    assert not (a_class.root / "ran").exists()


def test_the_outermost_course_folder_counts(a_class):
    choose(a_class, 'exercises = ["baseline"]')
    inner = a_class.place("mallory")
    inner.mkdir(parents=True)
    for name, text in (("nbgrader_config.py", ""), ("course.toml", 'exercises = ["pixels"]')):
        (inner / name).write_text(text, "utf-8")
    program = "from grader.choices import *; use_choices_here(); from grader.course import lessons; print(lessons())"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=inner, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert "baseline" in done.stdout
    assert "pixels" not in done.stdout
