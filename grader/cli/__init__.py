"""The command line: one thin command per file, and `digits watch`."""

import sys


def main() -> None:
    """Entry point of the console script `digits`."""
    from grader.cli.app import run

    sys.exit(run(sys.argv[1:]))
