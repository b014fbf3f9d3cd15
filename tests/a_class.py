"""A class to test with: a course folder, its submissions, and `digits class` run in it as instructors run it."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.course import REPOSITORY

DIGITS = Path(sys.executable).with_name("digits")
SOLUTION = REPOSITORY / "solutions" / "01_pixels.py"
STUB = REPOSITORY / "exercises" / "01_pixels.py"
MISTAKES = REPOSITORY / "tests" / "mistakes" / "01_pixels"
ATTACKS = REPOSITORY / "tests" / "attacks"
ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "DIGITS", "COLUMNS"))}
SOON = 300  # seconds until a test that hangs fails instead


@dataclass
class Finished:
    status: int
    out: str
    err: str


@dataclass
class Class:
    """A course folder."""

    root: Path

    def place(self, student: str, exercise: str = "pixels") -> Path:
        return self.root / "submitted" / student / exercise

    def submit(self, student: str, source: Path | bytes, exercise: str = "pixels", name: str = "pixels.py") -> Path:
        """Let a student submit a copy of a file, or bytes."""
        path = self.place(student, exercise) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source if isinstance(source, bytes) else source.read_bytes())
        return path

    def digits(self, *arguments: str | Path, **variables: str) -> Finished:
        """Run `digits class …` in the course folder."""
        finished = subprocess.run(
            [DIGITS, "class", *arguments],
            cwd=self.root,
            env=ENVIRONMENT | {"PYTHONIOENCODING": "utf-8"} | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=SOON,
            check=False,
        )
        assert "Traceback" not in finished.stdout + finished.stderr
        return Finished(finished.returncode, finished.stdout, finished.stderr)

    def grade(self, *options: str, status: int = 0) -> str:
        """Grade the class with a seed of the test's own; returns what was printed."""
        finished = self.digits("grade", *(options if "--seed" in options else ("--seed", "7", *options)))
        assert (finished.status, finished.err) == (status, "")
        return finished.out

    def record_path(self, student: str, exercise: str = "pixels") -> Path:
        return self.root / "graded" / exercise / f"{student}.json"

    def record(self, student: str, exercise: str = "pixels") -> dict[str, Any]:
        return json.loads(self.record_path(student, exercise).read_text("utf-8"))

    def records(self) -> dict[tuple[str, str], dict[str, Any]]:
        """All records by exercise and student."""
        paths = sorted(self.root.glob("graded/*/*.json"))
        return {(path.parent.name, path.stem): json.loads(path.read_text("utf-8")) for path in paths}

    def verdict(self, student: str, exercise: str = "pixels") -> dict[str, Any]:
        """A verdict without what differs from run to run."""
        return timeless(self.record(student, exercise)["verdict"])

    def score(self, student: str, exercise: str = "pixels") -> float:
        return sum(check["points"] for check in self.record(student, exercise)["verdict"]["checks"])


def timeless(verdict: dict[str, Any]) -> dict[str, Any]:
    return verdict | {"seconds": 0, "checks": [check | {"seconds": 0} for check in verdict["checks"]]}


def copy_of_package(folder: Path) -> dict[str, str]:
    """A copy of the package whose files a test may change; returns the variables with which a command uses it."""
    shutil.copytree(REPOSITORY / "grader", folder / "grader", ignore=shutil.ignore_patterns("__pycache__", "*.npz"))
    (folder / "grader" / "data" / "mnist.npz").symlink_to(REPOSITORY / "grader" / "data" / "mnist.npz")
    return {"PYTHONPATH": str(folder)}
