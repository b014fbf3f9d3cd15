"""Whether the environment has all that a command needs."""

import csv
import importlib
import os
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path

from grader.course import CourseError
from grader.launcher import place

PROBES = {  # an extra: some of its packages
    "dev": ("xdist", "ruff", "mypy"),
    "class": ("copydetect",),
    "deploy": ("onnxruntime", "tf2onnx", "ai_edge_litert"),
}
GRADER_ERROR = 3


def say_damage(error: ImportError) -> int:
    """Say that a package of the environment cannot be imported; returns the exit status.

    Raises:
        ImportError: the same, if the fault is the course's own.
    """
    if not error.name or error.name.partition(".")[0] == "grader":
        raise error
    sys.stderr.write(
        f"digits: The environment is damaged: {error.name} cannot be imported. To repair it: ./digits --repair\n"
    )
    return GRADER_ERROR


def require(extra: str, command: str) -> None:
    """See that the packages of an extra are here.

    Raises:
        CourseError: they are not, and cannot be fetched.
    """
    fetch(extra)
    if not is_here(extra):
        raise CourseError(
            f"This needs packages that are not installed here. To install them, run {command} in the course folder or, "
            f"in an environment of your own, pip install '.[{extra}]'"
        )


def fetch(extra: str) -> None:
    """Install the packages of an extra if they are missing and the environment is the launcher's.

    Raises:
        CourseError: they cannot be installed.
    """
    if is_here(extra) or not is_the_launchers():
        return
    from grader.launcher.install import install

    try:
        install(extra)
    except place.Problem as problem:
        raise CourseError(str(problem)) from None
    importlib.invalidate_caches()


def is_here(extra: str) -> bool:
    return all(find_spec(name) for name in PROBES[extra])


def is_the_launchers() -> bool:
    """Whether this environment is the one that `./digits` looks after, perhaps activated."""
    looks_after = os.path.exists(place.MARK) or os.path.exists(place.STAMP)
    return looks_after and os.path.realpath(sys.prefix) == os.path.realpath(place.VENV)


def damaged() -> Iterator[tuple[str, int]]:
    """The packages that are not whole, each with how many of the files are missing that it was installed with."""
    for distribution in distributions():
        # Not `distribution.files`: newer Pythons leave out what is missing.
        rows = csv.reader((distribution.read_text("RECORD") or "").splitlines())
        files = [row[0] for row in rows if row and "__pycache__" not in row[0]]
        missing = sum(not Path(str(distribution.locate_file(file))).exists() for file in files)
        if missing:
            yield distribution.metadata["Name"], missing
