"""The command line: one thin command per file, and `digits watch`."""

import sys


def main() -> None:
    """Entry point of the console script `digits`."""
    from grader.launcher.start import release_interrupts

    try:
        release_interrupts()
        sys.exit(run(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped.\n")
        sys.exit(130)


def run(arguments: list[str]) -> int:
    """Run a command line; a package that is missing is no traceback."""
    try:
        from grader.cli.app import run as run_app

        return run_app(arguments)
    except ImportError as error:
        from grader.cli.environment import damage

        sentence = damage(error)
        if sentence is None:
            raise
        sys.stderr.write(f"digits: {sentence}\n")
        return 3
