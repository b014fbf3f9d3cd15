"""Names of exercises, and what a verdict is worth: the two small things that every command relies on."""

import dataclasses

import pytest
from conftest import READY

from grader.course import CourseError, find_lesson
from grader.verdict import CheckResult, Picture, Verdict


@pytest.mark.parametrize("lesson", READY, ids=lambda lesson: lesson.slug)
@pytest.mark.parametrize(
    "form",
    ["{0.slug}", "{0.number}", "{0.number:02}", "{0.stem}", "{0.stem}.py", "exercises/{0.stem}.ipynb", "{0.stem}.md"],
)
def test_an_exercise_is_found_by_each_of_its_names(lesson, form):
    assert find_lesson(form.format(lesson)) == lesson


@pytest.mark.parametrize("name", ["", "0", "15000", "-1", "pixel", "..", "1e0", "²"])
def test_what_names_no_exercise_is_told_with_those_that_there_are(name):
    with pytest.raises(CourseError, match="pixels, baseline"):
        find_lesson(name)


def verdict(outcome: str) -> Verdict:
    passed = CheckResult("one", "One", "passed", 2, 2, pictures=[Picture("your output", [[0.0, 1.0]])])
    return Verdict("pixels", outcome, 5, "namespaces", [passed, CheckResult("two", "Two", "failed", 0, 3)])


@pytest.mark.parametrize(
    ("outcome", "score", "told"),
    [
        ("graded", 2, 2),
        *((name, 0, 0) for name in ("invalid", "timeout", "memory", "crashed")),
        ("grader_error", 0, None),
    ],
)
def test_only_what_was_graded_has_points_and_a_fault_of_the_grader_is_no_zero(outcome, score, told):
    assert verdict(outcome).score == score
    assert verdict(outcome).to_json()["score"] == told


def test_a_verdict_can_be_kept_and_read_again():
    kept = verdict("graded")
    assert Verdict.from_dict(dataclasses.asdict(kept)) == kept
