"""The command line: thin commands over the rooms above."""

import sys


def main() -> None:
    """Entry point of the console script `digits`."""
    from grader.cli.app import run

    sys.exit(run(sys.argv[1:]))
