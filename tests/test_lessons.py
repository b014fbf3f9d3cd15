"""Every lesson runs from top to bottom in a real kernel with the exercises solved, and what it says is true.

A number in a lesson that comes from a run is followed by ``<!-- true: EXPRESSION = VALUE +- TOLERANCE -->``; the
expression is evaluated in the lesson's kernel after its last cell. No such claim may depend on a clock, because the
computer may be busy: see ``clocked_times.py``.
"""

import json
import re
import time
from pathlib import Path

import pytest
from conftest import READY

from grader.authoring.lessons import run_lesson, solved_course
from grader.authoring.outputs import printed_by, recorded_cells
from grader.course import REPOSITORY, calibrations
from grader.lesson import exercise

LESSONS = [pytest.param(lesson, id=lesson.slug) for lesson in READY]
CLAIM = re.compile(r"<!-- true: (.+?) = (\S+) \+- (\S+) -->")
CLOCKED_TIMES = (Path(__file__).parent / "clocked_times.py").read_text("utf-8")
LOOKS_AT_THE_CLOCK = """
started = time.perf_counter()
taken = 1000 * (time.perf_counter() - started)
numbers = [taken, 2 / taken, sum([taken, taken]) / 2, min([taken, time.process_time()]), 2.0]
"""
PICTURE = re.compile(r'(?:\]\(|src(?:set)?=")(images/[^)"]+)')
EVALUATE = """
import json


def value_of(expression):
    try:
        value = eval(expression, globals())
        return "from a clock" if isinstance(value, Clocked) else float(value)
    except Exception as error:
        return f"an error ({{type(error).__name__}}: {{error}})"


print(json.dumps({{expression: value_of(expression) for expression in {0}}}))
"""


def text(lesson) -> str:
    return (REPOSITORY / "lessons" / f"{lesson.stem}.md").read_text("utf-8")


@pytest.mark.trains
@pytest.mark.thorough
@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_runs_draws_its_pictures_and_tells_the_truth(lesson):
    claims = CLAIM.findall(text(lesson))
    assert text(lesson).count("<!-- true:") == len(claims) > 0
    with solved_course() as folder:
        last = EVALUATE.format(sorted({expression for expression, _, _ in claims}))
        notebook = run_lesson(lesson, folder, first_cell=CLOCKED_TIMES, last_cell=last)
        drawn = {path.relative_to(folder / "lessons").as_posix() for path in folder.rglob("*.svg")}
    _, *cells, last = [cell for cell in notebook.cells if cell.cell_type == "code"]
    pairs = zip(recorded_cells(text(lesson)), map(printed_by, cells), strict=True)
    assert {cell.first_line: told for cell, printed in pairs if (told := cell.differences(printed))} == {}
    assert drawn == set(PICTURE.findall(text(lesson)))
    measured = json.loads(printed_by(last))
    wrong = [
        f"{expression} is {measured[expression]}, the lesson says {value} +- {tolerance}"
        for expression, value, tolerance in claims
        if not is_true(measured[expression], float(value), float(tolerance))
    ]
    assert wrong == []


def is_true(measured: float | str, value: float, tolerance: float) -> bool:
    return isinstance(measured, float) and abs(measured - value) <= tolerance


def test_what_is_computed_from_a_clock_is_known(monkeypatch):
    for clock in ("perf_counter", "process_time"):
        monkeypatch.setattr(time, clock, getattr(time, clock))  # puts it back after the test
    cell = {"__name__": "__main__"}
    exec(CLOCKED_TIMES + LOOKS_AT_THE_CLOCK, cell)
    assert [type(number).__name__ for number in cell["numbers"]] == ["Clocked"] * 4 + ["float"]
    for decision in ("taken < 120", "120 > taken", "min(taken, 0.0)"):
        with pytest.raises(AssertionError, match="compares a time with"):
            eval(decision, cell)


def test_a_lesson_takes_the_learners_functions_as_they_are_saved_now(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exercises").mkdir()
    for answer in (41, 42):
        (tmp_path / "exercises" / "01_pixels.py").write_text(f"def one_hot():\n    return {answer}\n")
        assert exercise("pixels").one_hot() == answer


@pytest.mark.parametrize("lesson", [lesson for lesson in READY if lesson.slug in calibrations()], ids=lambda x: x.slug)
def test_stub_and_lesson_quote_the_measured_threshold(lesson):
    promise = f"at least {calibrations()[lesson.slug].threshold:.0%}"
    for path in (lesson.exercise_path(REPOSITORY), REPOSITORY / "lessons" / f"{lesson.stem}.md"):
        words = " ".join(path.read_text("utf-8").replace("#", " ").split())
        assert promise in words.replace(" %", "%"), f"{path.name}: {promise}"
