"""What must be true of every lesson. Adding one needs no change here: the files themselves are the tests."""

import re
import sys

import pytest
from conftest import READY, TESTS, alternatives, header, mistakes, solution

from grader.api import Mistake
from grader.authoring.stubs import stub
from grader.course import REPOSITORY, calibrations, lessons
from grader.engine.judge.source import read_source
from grader.engine.session import Session, load_checks

LESSONS = [pytest.param(lesson, id=lesson.slug) for lesson in READY]
MIN_MISTAKES, MIN_ALTERNATIVES, CALIBRATED = 6, 4, 20
SEEDS = {"numpy": 20, "tensorflow": 5}  # what trains for long has been calibrated with more of them
WITH_SEEDS = [
    pytest.param(lesson, seed, id=f"{lesson.slug}-{seed}", marks=[pytest.mark.thorough] if seed else [])
    for lesson in READY
    for seed in range(SEEDS[lesson.runtime])
]


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_has_one_file_in_every_folder(lesson):
    assert (REPOSITORY / "lessons" / f"{lesson.stem}.md").is_file()
    assert solution(lesson).is_file()
    assert lesson.exercise_path(REPOSITORY).is_file()
    assert len(list((TESTS / "mistakes" / lesson.stem).glob("*.py"))) >= MIN_MISTAKES
    assert len(list((TESTS / "alternatives" / lesson.stem).glob("*.py"))) >= MIN_ALTERNATIVES


def test_no_file_belongs_to_a_lesson_that_is_not_there():
    stems = {lesson.stem for lesson in READY}
    for folder, pattern in (("lessons", "*.md"), ("solutions", "*.py"), ("exercises", "*.py")):
        assert {path.stem for path in (REPOSITORY / folder).glob(pattern)} == stems
    for folder in ("mistakes", "alternatives"):
        assert {path.name for path in (TESTS / folder).iterdir()} == stems


def test_the_manifest_names_fourteen_lessons_with_different_slugs():
    assert len({lesson.slug for lesson in lessons()}) == len(lessons()) == 14


@pytest.mark.parametrize("lesson", LESSONS)
def test_points_of_the_checks_add_up_to_the_points_of_the_lesson(lesson):
    assert sum(check.points for check in load_checks(lesson.checks_path)) == lesson.points


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_check_has_a_title_and_three_hints(lesson):
    for check in load_checks(lesson.checks_path):
        assert check.title
        assert len(check.hints) == 3


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_stub_is_in_step_with_the_solution(lesson):
    assert lesson.exercise_path(REPOSITORY).read_text("utf-8") == stub(lesson), "run ./digits dev build"


@pytest.mark.parametrize("lesson", LESSONS)
def test_an_untouched_stub_earns_nothing_and_is_not_called_wrong(lesson, grade, tmp_path):
    path = tmp_path / f"{lesson.stem}.py"
    path.write_text(stub(lesson), "utf-8")
    verdict = grade(lesson, path)
    assert (verdict.outcome, verdict.score, verdict.max_score) == ("graded", 0, lesson.points)
    assert {result.outcome for result in verdict.checks} == {"not_attempted"}


@pytest.mark.parametrize(("lesson", "seed"), WITH_SEEDS)
def test_the_solution_gets_full_marks_with_every_seed(lesson, seed, grade):
    verdict = grade(lesson, solution(lesson), f"seed {seed}")
    assert [result.message for result in verdict.checks if result.outcome != "passed"] == []
    assert verdict.score == lesson.points
    assert verdict.flags == []


@pytest.mark.parametrize(("lesson", "path"), mistakes())
def test_a_mistake_is_named(lesson, path, engine):
    """By the checks that its header names, and those are the only ones to fail of what they depend on."""
    expected = header(path)
    with Session(lesson, read_source(path), engine, b"0") as session:
        for check in load_checks(lesson.checks_path):
            if check.name in expected.checks:
                session.run(check)
    failed = [result for result in session.results.values() if result.outcome != "passed"]
    told = [(result.name, result.outcome, result.mistake, result.message) for result in failed]
    assert {(result.name, result.outcome) for result in failed} == {(name, "failed") for name in expected.checks}, told
    assert {result.mistake for result in failed} == {expected.diagnosis}, told
    assert all(result.hint and result.explanation for result in failed)
    if expected.function:
        assert expected.function in failed[0].message, told


@pytest.mark.parametrize(("lesson", "path"), alternatives())
def test_an_alternative_gets_full_marks(lesson, path, grade):
    verdict = grade(lesson, path)
    assert [result.message for result in verdict.checks if result.outcome != "passed"] == []
    assert verdict.score == lesson.points


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_mistake_that_a_check_can_name_has_a_file(lesson):
    load_checks(lesson.checks_path)
    named = {known.name for known in mistakes_of(f"grader.checks.{lesson.checks_path.stem}")}
    covered = {header(path).diagnosis for path in (TESTS / "mistakes" / lesson.stem).glob("*.py")}
    assert named - covered == set()


def mistakes_of(module: str) -> list[Mistake]:
    return [known for known in vars(sys.modules[module]).values() if isinstance(known, Mistake)]


def test_every_mistake_that_exercises_share_has_a_file():
    from grader.checks.support import networks

    covered = {header(path).diagnosis for path in (TESTS / "mistakes").glob("*/*.py")}
    assert {known.name for known in mistakes_of(networks.__name__)} - covered == set()


def test_a_mistake_has_one_name_in_the_fields_form():
    for lesson in READY:
        load_checks(lesson.checks_path)
        for known in mistakes_of(f"grader.checks.{lesson.checks_path.stem}"):
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", known.name)
            assert known.explanation.endswith((".", "!"))
            assert known.question.endswith("?")


@pytest.mark.parametrize("lesson", [lesson for lesson in READY if "accuracy" in lesson.checks_path.read_text("utf-8")])
def test_a_threshold_is_measured_with_enough_seeds(lesson):
    if lesson.slug not in calibrations():
        assert "expect_accuracy" not in lesson.checks_path.read_text("utf-8")
        return
    calibration = calibrations()[lesson.slug]
    assert calibration.seeds >= CALIBRATED
    assert calibration.threshold <= calibration.mean - 5 * calibration.standard_deviation
    assert calibration.threshold <= calibration.worst
    assert calibration.nearest_mistake is None or calibration.nearest_accuracy < calibration.threshold
