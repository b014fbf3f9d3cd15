"""`digits hint` with the name of a check, for a learner who knows where they are stuck."""

import shutil
from pathlib import Path

import pytest
from test_cli import MISTAKES, STUB, Workspace

from grader.course import find_lesson
from grader.engine.session import load_checks
from grader.progress.record import read_progress

PIXELS = find_lesson("pixels")
CHECKS = {check.name: check for check in load_checks(PIXELS.checks_path)}


@pytest.fixture
def learner(tmp_path: Path) -> Workspace:
    (tmp_path / "exercises").mkdir()
    shutil.copy(STUB, tmp_path / "exercises")
    return Workspace(tmp_path)


def hint(learner: Workspace, *names: str) -> str:
    finished = learner.digits("hint", "pixels", *names)
    assert (finished.status, finished.err) == (0, "")
    return " ".join(finished.out.split())


def test_the_named_check_gets_its_hints_one_by_one(learner):
    wanted = CHECKS["flatten_images"]
    for level, advice in (
        (1, "For the next hint: ./digits hint pixels flatten_images"),
        (2, "For the next hint: ./digits hint pixels flatten_images"),
        (3, "That was the last hint. Check your work: ./digits check pixels"),
    ):
        shown = hint(learner, "flatten_images")
        assert wanted.title in shown
        assert [text in shown for text in wanted.hints] == [number <= level for number in (1, 2, 3)]
        assert shown.endswith(advice)
    assert read_progress(learner.folder).of(PIXELS).hints_shown == {"flatten_images": 3}
    assert CHECKS["label_counts"].title in hint(learner)  # the first check that fails, as ever


def test_a_named_check_that_passes_is_said_to_pass(learner):
    learner.hold(MISTAKES / "divided-by-256.py")
    shown = hint(learner, "flatten_images")
    assert "The check flatten_images passes. There is nothing to hint at." in shown
    assert shown.endswith("For the first check that fails: ./digits hint pixels")
    assert read_progress(learner.folder).of(PIXELS).hints_shown == {}
    assert CHECKS["scale_pixels"].title in hint(learner, "sca")  # the beginning of a name is enough


def test_what_is_no_check_is_answered_as_try_answers(learner):
    said = "digits: pixels has no check called 'flat_images'. Its checks are: label_counts, scale_pixels, "
    for command in ("hint", "try"):
        finished = learner.digits(command, "pixels", "flat_images")
        assert (finished.status, finished.out) == (2, "")
        assert finished.err.startswith(said)


def test_a_file_that_cannot_be_loaded_gets_the_reason_before_any_hint(learner):
    learner.exercise.write_text("def flatten_images(:\n", "utf-8")
    assert "exercises/01_pixels.py:1: def flatten_images(:" in hint(learner, "flatten_images")
