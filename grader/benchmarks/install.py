"""Measures the first minute: from a fresh copy of the course to the first verdict, with uv and with pip alone."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from grader.course import REPOSITORY, CourseError

ROUNDS = 3
INSTALLERS = ("uv", "pip")
FIRST_VERDICT = ("check", "pixels")


def bench_install() -> Iterator[tuple[str, str]]:
    """Time each installer in turn, each with empty caches of its own. The ratio is of the medians."""
    seconds: dict[str, list[float]] = {installer: [] for installer in INSTALLERS}
    for number in range(1, ROUNDS + 1):
        for installer in INSTALLERS:
            seconds[installer].append(time_first_verdict(installer))
            yield f"fresh copy to first verdict, {installer}, round {number}", f"{seconds[installer][-1]:.0f} s"
    medians = [sorted(seconds[installer])[ROUNDS // 2] for installer in INSTALLERS]
    yield "pip takes as many times as long as uv (medians)", f"{medians[1] / medians[0]:.1f}"


def time_first_verdict(installer: str) -> float:
    """The seconds that a fresh copy of the course needs for its first verdict.

    Raises:
        CourseError: it did not come to a verdict.
    """
    with tempfile.TemporaryDirectory(prefix="digits-") as folder:
        copy = Path(folder) / "course"
        subprocess.run(["git", "clone", "-q", str(REPOSITORY), str(copy)], check=True)
        cache = {"UV_CACHE_DIR": f"{folder}/uv", "PIP_CACHE_DIR": f"{folder}/pip", "XDG_RUNTIME_DIR": folder}
        drop = ("VIRTUAL_ENV", "CONDA_PREFIX", "DIGITS_")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(drop)}
        python = getattr(sys, "_base_executable", sys.executable)
        started = time.monotonic()
        result = subprocess.run(
            [python, copy / "digits", *FIRST_VERDICT],
            env={**inherited, **cache, "DIGITS_INSTALLER": installer},
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode or "points" not in result.stdout:
            raise CourseError(f"The copy came to no verdict: {result.stderr.strip()}")
        return time.monotonic() - started
