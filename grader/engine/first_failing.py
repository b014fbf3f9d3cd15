"""Which check to fix first."""

from collections.abc import Sequence

from grader.engine.session import Session, load_checks
from grader.verdict import CheckResult

NOT_WRITTEN = {"not_attempted", "skipped"}


def first_failing(session: Session) -> CheckResult | None:
    """The result that the hint is about: the first failing check whose function has been written, else the first.

    Training takes longest, so checks that train run only once all others pass.
    """
    checks = load_checks(session.lesson.checks_path)
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
