"""Values that are no answer: whatever a function returns, the learner is told in a sentence what came back from which
function and what was expected, and it is never a fault of the grader."""

import ast
from inspect import isfunction
from types import CodeType

import pytest
from conftest import READY, solution

from grader.engine.judge.source import Source
from grader.engine.session import Session, load_checks

BAD_VALUES = (
    "None",
    "'a string'",
    "[1, 2]",
    "numpy.full((2, 3), numpy.nan)",
    "numpy.zeros((2, 1, 2, 1))",
    "numpy.array(['a', 'b'])",
)
MORE = {  # where a grading takes a moment only
    "numpy": ("{'W1': None}", "float('nan')", "-1", "True", "numpy.array([None, {}])", "object()"),
    "tensorflow": (),
}


OPAQUE = {"load_exported"}  # what they return is for other functions of the learner's; only that it is there is checked


def functions(lesson) -> list[str]:
    """The functions that a learner writes."""
    module = ast.parse(solution(lesson).read_text("utf-8"))
    return [node.name for node in module.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


def was_called(function: str, result) -> bool:
    return result.called.startswith(f"{function}(")


CASES = [
    pytest.param(lesson, name, value, id=f"{lesson.slug}-{name}-{value}")
    for lesson in READY
    for name in functions(lesson)
    for value in BAD_VALUES + MORE[lesson.runtime]
    if value == "None" or name not in OPAQUE
]


def names_in(code: CodeType, helpers: dict[str, object]) -> set[str]:
    """Every name in a function's code, and in that of the helpers that it calls."""
    names, waiting = set(), [code]
    while waiting:
        code = waiting.pop()
        called = [helpers[name].__code__ for name in set(code.co_names) - names if isfunction(helpers.get(name))]
        names |= {*code.co_names, *(constant for constant in code.co_consts if isinstance(constant, str))}
        waiting += [*called, *(constant for constant in code.co_consts if isinstance(constant, CodeType))]
    return names


def concerns(check, function: str) -> bool:
    """Whether a check or what it depends on can come to call a function of the learner's."""
    names = names_in(check.function.__code__, check.function.__globals__)
    return function in names or any(concerns(needed, function) for needed in check.after)


@pytest.mark.sampled("lesson")
@pytest.mark.parametrize(("lesson", "function", "value"), CASES)
def test_a_bad_value_is_told_in_a_sentence(lesson, function, value, engine):
    override = f"\n\nimport numpy\n\n\ndef {function}(*arguments, **keywords):\n    return {value}\n"
    source = Source((solution(lesson).read_text("utf-8") + override).encode(), "work.py")
    with Session(lesson, source, engine) as session:
        results, told = [], []
        checks = load_checks(lesson.checks_path)
        if lesson.runtime == "tensorflow":  # where a check costs seconds
            checks = [check for check in checks if concerns(check, function)]
        for check in sorted(checks, key=lambda check: check.trains):
            if not (check.trains and told):  # what trains is run for functions that no other check calls
                results.append(session.run(check))
                told = [result for result in results if result.outcome == "failed" and was_called(function, result)]
    assert {result.outcome for result in results} <= {"passed", "failed", "skipped"}
    assert told, [result.message for result in results]
    for result in told:
        assert result.returned
        assert result.expected
        whole = f"{result.called} {result.returned}; expected {result.expected}."
        assert result.message.startswith(" ".join(whole.split()))  # the rows of a small array in one line
