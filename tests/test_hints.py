"""`digits hint` with the name of a check, for a learner who knows where they are stuck."""

import shutil
from pathlib import Path

import pytest
from conftest import REPOSITORY
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
    assert "The check flatten_images passes. There is no hint to give." in shown
    assert shown.endswith("For the first check that fails: ./digits hint pixels")
    assert read_progress(learner.folder).of(PIXELS).hints_shown == {}
    assert CHECKS["scale_pixels"].title in hint(learner, "sca")  # the beginning of a name is enough


@pytest.mark.parametrize(
    ("slug", "function", "mistake", "failing"),
    [
        ("backpropagation", "backward", "relu-mask-missing", "hidden_gradients"),
        ("evaluation", "precision_recall_f1", "undefined-as-one", "undefined_scores"),  # also the name of a check
    ],
)
def test_the_name_of_a_function_stands_for_its_first_failing_check(slug, function, mistake, failing, tmp_path):
    lesson, learner = find_lesson(slug), Workspace(tmp_path)
    source = (REPOSITORY / "tests" / "mistakes" / lesson.stem / f"{mistake}.py").read_text("utf-8")
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / f"{lesson.stem}.py").write_text(source, "utf-8")
    title = next(check.title for check in load_checks(lesson.checks_path) if check.name == failing)
    for command in ("hint", "try"):  # the first check of the function passes
        assert title in " ".join(learner.digits(command, slug, function, typed="").out.split())


def test_a_function_whose_checks_pass_is_said_to_pass(learner):
    learner.hold(MISTAKES / "one-hot-too-wide.py")
    assert "All 2 checks of scale_pixels pass. There is no hint to give." in hint(learner, "scale_pixels")


def test_what_is_no_check_is_answered_as_try_answers(learner):
    said = "digits: pixels has no check called 'flat_images'. Its checks are: label_counts, scale_pixels, "
    for command in ("hint", "try"):
        finished = learner.digits(command, "pixels", "flat_images")
        assert (finished.status, finished.out) == (2, "")
        assert finished.err.startswith(said)


def test_a_file_that_cannot_be_loaded_gets_the_reason_before_any_hint(learner):
    learner.exercise.write_text("def flatten_images(:\n", "utf-8")
    assert "exercises/01_pixels.py:1: def flatten_images(:" in hint(learner, "flatten_images")
