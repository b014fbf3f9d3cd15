"""`digits test`: the project's tests, in the environment that this very program runs in."""

import os
import subprocess
import sys

from grader.course import REPOSITORY

MAX_WORKERS = 4  # each may hold TensorFlow


def run_tests(arguments: list[str]) -> int:
    """Format and lint first, then pytest on both of the usual two cores; stops at the first part that fails."""
    python = [sys.executable, "-m"]
    for command in (["ruff", "format", "--check", "."], ["ruff", "check", "."]):
        status = subprocess.run([*python, *command], cwd=REPOSITORY, check=False).returncode
        if status:
            return status
    workers = ["-n", str(min(os.cpu_count() or 1, MAX_WORKERS)), "--dist", "worksteal"]
    return subprocess.run([*python, "pytest", *workers, *arguments], cwd=REPOSITORY, check=False).returncode
