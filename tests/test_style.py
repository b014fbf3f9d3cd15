"""The whole package has the types that it says it has."""

import subprocess
import sys

from grader.course import REPOSITORY


def test_mypy_finds_nothing():
    found = subprocess.run([sys.executable, "-m", "mypy"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
