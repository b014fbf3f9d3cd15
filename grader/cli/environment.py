"""Whether the environment has all that a command needs."""

import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path

from grader.course import CourseError

PROBES = {"dev": ("xdist", "ruff", "mypy"), "class": ("copydetect",)}  # an extra: some of its packages
GRADER_ERROR = 3
WHO = {"dev": "developers'", "class": "instructors'"}


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
    """See that the packages of an extra are here; `./digits` fetches them, the bare command `digits` does not.

    Raises:
        CourseError: they are not.
    """
    if not all(find_spec(name) for name in PROBES[extra]):
        raise CourseError(
            f"This needs the {WHO[extra]} packages. {command} in the course's folder installs them, or in an "
            f"environment of your own: pip install '.[{extra}]'"
        )


def damaged() -> Iterator[tuple[str, int]]:
    """The packages that are not whole, each with how many of the files are missing that it was installed with."""
    for distribution in distributions():
        files = [file for file in distribution.files or () if "__pycache__" not in file.parts]
        missing = sum(not Path(str(distribution.locate_file(file))).exists() for file in files)
        if missing:
            yield distribution.metadata["Name"], missing
