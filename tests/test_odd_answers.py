"""Whatever a runner answers, the checks judge it: no answer makes the grader fail, and none of the wrong kind passes.

A grading of each reference is recorded once and judged again with odd answers in place of true ones: one of them, or
all of one function. `--odd-answers 20000` tries that many.
"""

import copy
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from conftest import READY, solution, training
from odd_answers import changed_answer, odd_node
from replay import Asked, Change, RecordedEngine, Tape

from grader.course import Lesson
from grader.engine.judge.source import read_source
from grader.engine.session import Session, load_checks
from grader.verdict import CheckResult

SEED = b"odd answers"
NOT_LOOKED_AT = {
    "train_model",
    "train_cnn",
    "train_augmented",
    "save_predictor",
    "write_submission",
    "export_network",
}  # what they return
EXERCISES = [pytest.param(lesson, id=lesson.slug, marks=training(lesson)) for lesson in READY]
JUNK = 6  # values in place of every function's, in each check

draw_again = np.random.default_rng


@pytest.fixture(scope="module", autouse=True)
def same_draws() -> Iterator[None]:
    """The judge's own chance, which no seed decides, is the same in the recording and in each replay."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(np.random, "default_rng", lambda seed=0: draw_again(seed))
        yield


@dataclass(frozen=True)
class Recorded:
    """The recorded grading of a reference."""

    lesson: Lesson
    tape: Tape

    @property
    def answered(self) -> list[Asked]:
        """What the checks have asked for."""
        return [asked for asked, _ in self.tape.answers if asked.check]

    def judged(self, change: Change | None = None, name: str = "") -> list[CheckResult]:
        """The results when it is judged again."""
        changed = {"change": change} if change else {}
        return judge(self.lesson, RecordedEngine(self.tape, **changed), name)


@pytest.fixture(scope="module", params=EXERCISES)  # so the tests of an exercise follow each other and share a recording
def recorded(request, engine) -> Recorded:
    recorded = Recorded(request.param, Tape())
    results = judge(recorded.lesson, RecordedEngine(recorded.tape, engine))
    assert {result.outcome for result in results} == {"passed"}
    return recorded


def judge(lesson: Lesson, engine: RecordedEngine, name: str = "") -> list[CheckResult]:
    """The results of one check and of those that it depends on; of all checks if none is named."""
    with Session(lesson, read_source(solution(lesson)), engine, SEED) as session:
        session.on_check = lambda check: setattr(engine, "check", check.name)
        session.load()
        for check in load_checks(lesson.checks_path):
            if name in ("", check.name):
                session.run(check)
        return list(session.results.values())


def test_a_replay_is_judged_as_the_grading_was(recorded):
    assert {result.outcome for result in recorded.judged()} == {"passed"}


def test_no_answer_makes_the_grader_fail(recorded, request):
    asked = recorded.answered
    for case in range(request.config.getoption("odd_answers") // len(EXERCISES)):
        rng = draw_again([case, 0])
        target, often = asked[rng.integers(len(asked))], rng.random() < 0.3

        def change(known: Asked, message, rng=rng, target=target, often=often):
            is_it = (known.check, known.number) == (target.check, target.number)
            return changed_answer(rng, message) if is_it or (often and similar(known, target)) else message

        results = recorded.judged(change, target.check)
        assert [result.message for result in results if result.outcome == "grader_error"] == [], f"case {case}"


def test_nothing_of_another_kind_passes_for_an_answer(recorded):
    for target, change in with_junk(recorded.answered):
        results = recorded.judged(change, target.check)
        assert {result.outcome for result in results} <= {"passed", "failed", "crashed", "skipped"}
        (result,) = (result for result in results if result.name == target.check)
        assert result.outcome != "passed" or target.function in NOT_LOOKED_AT, target  # what they return


def with_junk(asked: list[Asked]) -> Iterator[tuple[Asked, Change]]:
    """For each function that a check calls: its request, and a change of all its answers to something else."""
    kinds = {(known.check, known.role, known.operation, known.function): known for known in asked}
    for target, case in itertools.product(kinds.values(), range(JUNK)):
        rng = draw_again([case, 1])

        def change(known: Asked, message, rng=rng, target=target):
            if not similar(known, target):
                return message
            structure, tensors = copy.deepcopy(message[0]), list(message[1])
            structure.pop("error", None)
            while family(node := odd_node(rng, tensors)) == family(message[0].get("value")) != "":
                pass  # another handle of the same kind is an answer to another question, not one of another kind
            return {**structure, "value": node}, tensors

        yield target, change


def family(node: Any) -> str:
    """Of the object that a value stands for; empty where it is a value of its own."""
    return node.get("family", "") if isinstance(node, dict) else ""


def similar(one: Asked, other: Asked) -> bool:
    """True for requests of the same kind by the same check."""
    kinds = [(asked.check, asked.role, asked.operation, asked.function) for asked in (one, other)]
    return kinds[0] == kinds[1]
