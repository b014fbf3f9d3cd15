"""Which check to fix first, and which one is meant by a name."""

from collections.abc import Sequence

from grader.api import Check
from grader.course import CourseError, Lesson
from grader.engine.session import Session, functions_called, load_checks
from grader.verdict import CheckResult

NOT_WRITTEN = {"not_attempted", "skipped"}


def first_failing(session: Session, chosen: Sequence[Check] = ()) -> CheckResult | None:
    """The result that the hint is about: the first failing check whose function has been written, else the first.

    Training takes longest, so checks that train run only once all others pass.

    Args:
        chosen: the checks to choose from; none for all of the exercise.
    """
    checks = chosen or load_checks(session.lesson.checks_path)
    results = [session.run(check) for check in checks if not check.takes_long]
    for check in checks:
        if check.takes_long and all(result.outcome == "passed" for result in results):
            results.append(session.run(check))
    return first_to_fix(results)


def first_to_fix(results: Sequence[CheckResult]) -> CheckResult | None:
    """The first failing check whose function has been written, else the first failing one; None if all pass."""
    failing = [result for result in results if result.outcome != "passed"]
    written = [result for result in failing if result.outcome not in NOT_WRITTEN]
    return next(iter(written or failing), None)


def find_checks(lesson: Lesson, name: str) -> Sequence[Check]:
    """The checks of a function, the check of a name, or the first whose name begins so.

    A function goes before a check of the same name, which is only one of those that are about it.

    Raises:
        CourseError: there is none.
    """
    checks = load_checks(lesson.checks_path)
    exact = [check for check in checks if check.name == name]
    found = checks_about(lesson, name) or exact or [check for check in checks if check.name.startswith(name)][:1]
    if not found:
        names = ", ".join(check.name for check in checks)
        raise CourseError(f"{lesson.slug} has no check called {name!r}. Its checks are: {names}.")
    return found


def checks_about(lesson: Lesson, function: str) -> list[Check]:
    """The checks of one function: those that are about it, else those that call it at all."""
    called = {check: functions_called(check) for check in load_checks(lesson.checks_path)}
    about = [check for check, functions in called.items() if functions[:1] == (function,)]
    return about or [check for check, functions in called.items() if function in functions]
