"""The command line: one thin command per file, and `digits watch`."""

import sys


def main() -> None:
    """Entry point of the console script `digits`."""
    from grader.cli.interrupts import leave_at_once, run_until_stopped

    leave_at_once()
    try:
        from grader.cli.app import run

        status = run_until_stopped(lambda: run(sys.argv[1:]))
    except ImportError as error:
        from grader.cli.environment import say_damage

        status = say_damage(error)
    sys.exit(status)
