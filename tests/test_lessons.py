"""Every lesson runs from top to bottom in a real kernel with the exercises solved, and what it says is true.

A number in a lesson that comes from a run is followed by ``<!-- true: EXPRESSION = VALUE +- TOLERANCE -->``; the
expression is evaluated in the lesson's kernel after its last cell.
"""

import itertools
import json
import re

import nbformat
import pytest
from conftest import READY

from grader.authoring.lessons import run_lesson, solved_course
from grader.course import REPOSITORY, calibrations
from grader.lesson import exercise

LESSONS = [pytest.param(lesson, id=lesson.slug) for lesson in READY]
CLAIM = re.compile(r"<!-- true: (.+?) = (\S+) \+- (\S+) -->")
PICTURE = re.compile(r"!\[([^\]]*)\]\((images/[^)]+)\)")
MIN_PICTURES, MIN_PREDICTIONS, MAX_PICTURE_BYTES = 3, 2, 200_000


def text(lesson) -> str:
    return (REPOSITORY / "lessons" / f"{lesson.stem}.md").read_text("utf-8")


@pytest.mark.trains
@pytest.mark.thorough
@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_runs_draws_its_pictures_and_tells_the_truth(lesson):
    claims = CLAIM.findall(text(lesson))
    assert text(lesson).count("<!-- true:") == len(claims) > 0
    expressions = ", ".join(f"{expression!r}: float({expression})" for expression, _, _ in claims)
    with solved_course() as folder:
        notebook = run_lesson(lesson, folder, f"import json; print(json.dumps({{{expressions}}}))")
        drawn = {str(path.relative_to(folder / "lessons")) for path in folder.rglob("*.svg")}
    assert drawn == {path for _, path in PICTURE.findall(text(lesson))}
    measured = json.loads(printed(notebook.cells[-1]))
    wrong = [
        f"{expression} is {measured[expression]:.4g}, the lesson says {value} +- {tolerance}"
        for expression, value, tolerance in claims
        if abs(measured[expression] - float(value)) > float(tolerance)
    ]
    assert wrong == []


def printed(cell: nbformat.NotebookNode) -> str:
    return "".join(output["text"] for output in cell.outputs if output["output_type"] == "stream")


def test_a_lesson_takes_the_learners_functions_as_they_are_saved_now(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exercises").mkdir()
    for answer in (41, 42):
        (tmp_path / "exercises" / "01_pixels.py").write_text(f"def one_hot():\n    return {answer}\n")
        assert exercise("pixels").one_hot() == answer


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_claim_begins_a_line(lesson):
    """A comment at the beginning of a line ends the paragraph where Markdown is rendered."""
    lines = text(lesson).splitlines()
    assert [later for line, later in itertools.pairwise(lines) if line and later.startswith("<!--")] == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_has_pictures_that_say_what_is_seen(lesson):
    pictures = PICTURE.findall(text(lesson))
    assert len(pictures) >= MIN_PICTURES
    for description, path in pictures:
        assert len(description) > 20
        assert (REPOSITORY / "lessons" / path).stat().st_size <= MAX_PICTURE_BYTES
    committed = {path.name for path in (REPOSITORY / "lessons" / "images" / lesson.stem).iterdir()}
    assert committed == {path.rsplit("/", 1)[1] for _, path in pictures}


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_asks_for_predictions_and_helps_the_instructor(lesson):
    assert text(lesson).count("**Predict.**") >= MIN_PREDICTIONS
    assert "Notes for the instructor" in text(lesson)
    assert f"{lesson.minutes} minutes" in text(lesson)
    assert f"./digits check {lesson.slug}" in text(lesson)


@pytest.mark.parametrize("lesson", [lesson for lesson in READY if lesson.slug in calibrations()], ids=lambda x: x.slug)
def test_stub_and_lesson_quote_the_measured_threshold(lesson):
    promise = f"at least {calibrations()[lesson.slug].threshold:.0%}".replace("%", " %")
    for path in (lesson.exercise_path(REPOSITORY), REPOSITORY / "lessons" / f"{lesson.stem}.md"):
        assert promise in " ".join(path.read_text("utf-8").replace("#", " ").split()), f"{path.name}: {promise}"
