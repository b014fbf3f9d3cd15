"""What must be true of every lesson. Adding one needs no change here: the files themselves are the tests."""

from collections.abc import Callable

import pytest
from conftest import READY, alternatives, checks_that_fail, mistakes, solution, training

from grader.api.split import Digits, Split
from grader.authoring.course_check import RULES, course_problems, headers
from grader.authoring.stubs import stub
from grader.course import REPOSITORY, lessons
from grader.engine.judge.source import read_source
from grader.engine.session import Session, load_checks

LESSONS = [pytest.param(lesson, id=lesson.slug) for lesson in READY]
SEEDS = {"numpy": 20, "tensorflow": 1}  # what trains for long has been calibrated with 20 or more
WITH_SEEDS = [
    pytest.param(lesson, seed, id=f"{lesson.slug}-{seed}", marks=training(lesson))
    for lesson in READY
    for seed in range(SEEDS[lesson.runtime])
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_lacks_nothing(lesson, rule):
    assert list(rule(lesson)) == []


def test_the_course_lacks_nothing():
    assert list(course_problems(READY)) == []


def test_lessons_have_different_slugs_and_each_solution_has_its_lesson():
    assert len({lesson.slug for lesson in lessons()}) == len(lessons()) >= 14
    assert {lesson.stem for lesson in lessons()} >= {path.stem for path in (REPOSITORY / "solutions").glob("*.py")}


@pytest.mark.parametrize("lesson", LESSONS)
def test_an_untouched_stub_earns_nothing_and_is_not_called_wrong(lesson, grade, tmp_path):
    path = tmp_path / f"{lesson.stem}.py"
    path.write_text(stub(lesson), "utf-8")
    verdict = grade(lesson, path)
    assert (verdict.outcome, verdict.score, verdict.max_score) == ("graded", 0, lesson.points)
    assert {result.outcome for result in verdict.checks} == {"not_attempted"}


@pytest.mark.sampled("lesson")
@pytest.mark.parametrize(("lesson", "seed"), WITH_SEEDS)
def test_the_solution_gets_full_marks_with_every_seed(lesson, seed, engine, is_quick):
    """In the quick set without the trainings of Keras exercises; test_engine.py makes those of one of them."""
    without_training = is_quick and lesson.runtime == "tensorflow"
    with Session(lesson, read_source(solution(lesson)), engine, f"seed {seed}".encode()) as session:
        assert_passes(session, without_training)
        assert session.flags == []
        assert without_training or session.verdict().score == lesson.points


@pytest.mark.parametrize(("lesson", "path"), mistakes())
def test_a_mistake_is_named(lesson, path, engine):
    """By the checks that its header names, and those are the only ones to fail of what they depend on."""
    diagnosis, function = headers(path).get("diagnosis"), headers(path).get("in")
    named = checks_that_fail(path)
    assert diagnosis, f"{path.name} does not say which diagnosis it should get: see ./digits dev check {lesson.slug}"
    assert named, f"{path.name} does not say which checks it fails: see ./digits dev check {lesson.slug}"
    with Session(lesson, read_source(path), engine, b"0") as session:
        for check in load_checks(lesson.checks_path):
            if check.name in named:
                session.run(check)
    failed = [result for result in session.results.values() if result.outcome != "passed"]
    told = [(result.name, result.outcome, result.mistake, result.message) for result in failed]
    assert {(result.name, result.outcome) for result in failed} == {(name, "failed") for name in named}, told
    given = {result.mistake or "no name" for result in failed}
    assert given == {diagnosis}, f"{path.name} should be called {diagnosis} and is called {given}: {told}"
    assert all(result.hint and result.explanation for result in failed)
    if function:
        assert function in failed[0].message, told


@pytest.mark.sampled("lesson")
@pytest.mark.parametrize(("lesson", "path"), alternatives())
def test_an_alternative_gets_full_marks(lesson, path, engine, is_quick, monkeypatch):
    """Those of the capstone, which train longest, learn from a quarter of the digits and have no threshold here:
    `digits dev calibrate` has measured with several seeds what they reach."""
    is_long = lesson.slug == "capstone"
    if is_long:
        monkeypatch.setattr(Digits, "split", a_quarter_of(Digits.split))
    with Session(lesson, read_source(path), engine, b"0", thresholds_apply=not is_long) as session:
        assert_passes(session, without_training=is_quick)


def a_quarter_of(split: Callable[..., Split]) -> Callable[..., Split]:
    """The same method, with fewer training digits where they are many."""

    def smaller(self: Digits, num_train: int, *rest: object, **named: object) -> Split:
        return split(self, num_train // 4 if num_train >= 10_000 else num_train, *rest, **named)

    return smaller


def assert_passes(session: Session, without_training: bool) -> None:
    """Each check of a lesson, or each that does not train for long, gives all of its points."""
    checks = [check for check in load_checks(session.lesson.checks_path) if not (without_training and check.takes_long)]
    results = [session.run(check) for check in checks]
    assert [result.message for result in results if result.outcome != "passed"] == []
    assert sum(result.points for result in results) == sum(check.points for check in checks) > 0
