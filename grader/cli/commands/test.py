"""`digits test`: the project's tests, in the environment that this very program runs in."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass

from grader.cli.environment import require
from grader.cli.usage import program
from grader.course import REPOSITORY, CourseError, find_lesson

MOST_WORKERS = 4  # each may hold TensorFlow
BYTECODE = "PYTHONDONTWRITEBYTECODE"  # with it each of the tests' thousand processes would compile the course again
MOST_SECONDS = 900  # for one test: one that hangs gets its name told, instead of holding up all others
NOTHING_RAN = 5  # pytest's exit status
FORMAT_AND_LINT = (["ruff", "format", "--check", "."], ["ruff", "check", "."])


@dataclass(frozen=True)
class Selection:
    """Which tests to run: what to call them, and how to tell pytest."""

    title: str
    options: tuple[str, ...]


QUICK = Selection("the quick set", ("--quick", "tests"))
EVERYTHING = Selection("the full set", ("tests",))


def select(arguments: list[str]) -> tuple[Selection, list[str]]:
    """The tests that a command line asks for, and the arguments that are left for pytest.

    Raises:
        CourseError: the first word is neither an option nor the name of a lesson or of a file of tests.
    """
    if "--all" in arguments:
        return EVERYTHING, [argument for argument in arguments if argument != "--all"]
    if any(map(is_test_file, arguments)):
        return Selection("the tests that you named", tuple(arguments)), []
    if not arguments or arguments[0].startswith("-"):
        return QUICK, arguments
    name, *rest = arguments
    try:
        lesson = find_lesson(name)
    except CourseError:
        raise CourseError(
            f"There is no lesson and no file of tests called {name!r}. Name one, for example dense or "
            f"tests/test_cli.py, or choose tests by words in their names: {program()} test -k protocol."
        ) from None
    return Selection(f"all of lesson {lesson.number} ({lesson.slug})", ("--lesson", lesson.slug, "tests")), rest


def is_test_file(argument: str) -> bool:
    """Whether a word names one of the project's files of tests, or a test in one."""
    path = REPOSITORY / argument.partition("::")[0]
    return path.suffix == ".py" and path.is_file() and path.parent == REPOSITORY / "tests"


def run_tests(arguments: list[str]) -> int:
    """Format and lint first, then pytest with one worker more than there are cores, as many tests wait for something;
    stops at the first part that fails.

    Args:
        arguments: a lesson, files of tests or ``--all``, if anything; pytest gets the rest.

    Raises:
        CourseError: there is no such lesson or file.
    """
    selection, rest = select(arguments)  # before anything is fetched for it
    require("dev", "./digits test")
    started = time.monotonic()
    python = [sys.executable, "-m"]
    for command in FORMAT_AND_LINT:
        status = subprocess.run([*python, *command], cwd=REPOSITORY, check=False).returncode
        if status:
            return status
    environment = {name: value for name, value in os.environ.items() if name != BYTECODE}
    workers = ["-n", str(min((os.cpu_count() or 1) + 1, MOST_WORKERS)), "--dist", "worksteal"]
    limit = f"--timeout={MOST_SECONDS}"
    tests = [*python, "pytest", "-ra", limit, *workers, *selection.options, *rest]
    status = subprocess.run(tests, cwd=REPOSITORY, env=environment, check=False).returncode
    if status == NOTHING_RAN:
        advice = " To look among all tests, add --all." if selection is QUICK else ""
        sys.stdout.write(f"digits: No test matches.{advice}\n")
    elif not rest:
        outcome = "passed" if status == 0 else "did not pass"
        seconds = time.monotonic() - started
        sys.stdout.write(f"digits: {selection.title} {outcome}, in {seconds:.0f} s including format and lint.\n")
    if selection is QUICK and not rest:
        sys.stdout.write(
            "The full set, which takes longer: ./digits test --all. All tests of one lesson: ./digits test dense.\n"
        )
    return status
