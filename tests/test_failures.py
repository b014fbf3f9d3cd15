"""A failure is told when it happens, in a log file as well: a long run that is stopped early has told what failed."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
TWO = """
import time

def test_fails():
    assert 6 * 9 == 42

def test_takes_long():
    time.sleep(600)
"""


@pytest.mark.parametrize("workers", [[], ["-n", "1"]], ids=["one process", "workers"])
def test_a_failure_is_told_before_the_run_ends(workers, tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "conftest.py").write_text("from failures import pytest_configure\n")
    (tmp_path / "tests" / "test_two.py").write_text(TWO)
    log = tmp_path / "log"
    with log.open("w") as out:
        run = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *workers, "tests"],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(TESTS)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + 120
        while "assert (6 * 9) == 42" not in log.read_text():
            assert run.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        assert "tests/test_two.py::test_fails failed after 0 min, in call:" in log.read_text()
    finally:
        run.kill()
        run.wait()
