"""`digits test`: the project's tests, in the environment that this very program runs in."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass

from grader.course import REPOSITORY, CourseError, find_lesson

MAX_WORKERS = 4  # each may hold TensorFlow
BYTECODE = "PYTHONDONTWRITEBYTECODE"  # with it each of the tests' thousand processes would compile the course again
FORMAT_AND_LINT = (["ruff", "format", "--check", "."], ["ruff", "check", "."])


@dataclass(frozen=True)
class Tier:
    """Which tests to run: what to call them, and how to tell pytest."""

    title: str
    options: tuple[str, ...]


QUICK = Tier("the quick set", ("--quick",))
EVERYTHING = Tier("everything", ())


def choose_tier(arguments: list[str]) -> tuple[Tier, list[str]]:
    """The tier that a command line asks for, and the arguments that are left for pytest."""
    if "--all" in arguments:
        return EVERYTHING, [argument for argument in arguments if argument != "--all"]
    first, *rest = arguments or [""]
    try:
        lesson = find_lesson(first)
    except CourseError:
        return QUICK, arguments
    return Tier(f"lesson {lesson.number}, {lesson.slug}, whole", ("--lesson", lesson.slug)), rest


def run_tests(arguments: list[str]) -> int:
    """Format and lint first, then pytest on both of the usual two cores; stops at the first part that fails.

    Args:
        arguments: a lesson or ``--all``, if anything; pytest gets the rest.
    """
    started = time.monotonic()
    tier, rest = choose_tier(arguments)
    python = [sys.executable, "-m"]
    for command in FORMAT_AND_LINT:
        status = subprocess.run([*python, *command], cwd=REPOSITORY, check=False).returncode
        if status:
            return status
    environment = {name: value for name, value in os.environ.items() if name != BYTECODE}
    workers = ["-n", str(min(os.cpu_count() or 1, MAX_WORKERS)), "--dist", "worksteal"]
    tests = [*python, "pytest", *workers, *tier.options, *rest]
    status = subprocess.run(tests, cwd=REPOSITORY, env=environment, check=False).returncode
    outcome = "passed" if status == 0 else "did not pass"
    sys.stdout.write(f"digits: {tier.title} {outcome}, in {time.monotonic() - started:.0f} s with format and lint.\n")
    if tier is QUICK:
        sys.stdout.write(
            "Everything, which takes longer: ./digits test --all. One lesson whole: ./digits test dense.\n"
        )
    return status
