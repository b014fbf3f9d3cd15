"""Values that are no answer: whatever a function returns, the learner is told in a sentence what came back from which
function and what was expected, and it is never a fault of the grader."""

import ast

import pytest
from conftest import READY, solution

from grader.engine.session import Session, load_checks
from grader.engine.source import Source

BAD_VALUES = (
    "None",
    "'a string'",
    "[1, 2]",
    "{'W1': None}",
    "float('nan')",
    "-1",
    "True",
    "numpy.full((2, 3), numpy.nan)",
    "numpy.zeros((2, 1, 2, 1))",
    "numpy.array(['a', 'b'])",
    "numpy.array([None, {}])",
    "object()",
)


def functions(lesson) -> list[str]:
    """The functions that a learner writes."""
    module = ast.parse(solution(lesson).read_text("utf-8"))
    return [node.name for node in module.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


EVERY_FUNCTION = [
    pytest.param(lesson, name, id=f"{lesson.slug}-{name}") for lesson in READY for name in functions(lesson)
]


@pytest.mark.parametrize("value", BAD_VALUES)
@pytest.mark.parametrize(("lesson", "function"), EVERY_FUNCTION)
def test_a_bad_value_is_told_in_a_sentence(lesson, function, value, engine):
    override = f"\n\nimport numpy\n\n\ndef {function}(*arguments, **keywords):\n    return {value}\n"
    source = Source((solution(lesson).read_text("utf-8") + override).encode(), "work.py")
    with Session(lesson, source, engine) as session:
        results = [session.run(check) for check in load_checks(lesson.checks_path) if not check.trains]
    assert {result.outcome for result in results} <= {"passed", "failed", "skipped"}
    told = [result for result in results if result.called.startswith(f"{function}(") and result.outcome == "failed"]
    assert told, [result.message for result in results]
    for result in told:
        assert result.returned
        assert result.expected
        assert result.message.startswith(f"{result.called} {result.returned}; expected {result.expected}.")
