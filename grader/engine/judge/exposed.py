"""What must not lie where every submission can read: the course, and the work of others."""

from collections.abc import Iterable
from pathlib import Path

from grader.course import REPOSITORY, CourseError
from grader.engine.isolation import Tier, root


def refuse_exposed(tier: Tier, places: Iterable[Path]) -> None:
    """Refuse to grade if a runner could read the solutions, or one of some places.

    A runner reads the interpreter, its packages and the system's own folders, and whatever else lies in them.

    Args:
        tier: ``none`` protects nothing, and says so itself.
        places: the course folder, or the submission.

    Raises:
        CourseError: one of them lies in such a folder.
    """
    solutions = REPOSITORY / "solutions"
    for place in (*places, *([solutions] if solutions.is_dir() else [])) if tier != "none" else ():
        folder = root.readable_around(place)
        if folder:
            raise CourseError(
                f"{place} lies in {folder}, which every submission can read, because the interpreter and its "
                "packages are there. Move it somewhere else, for instance to your home folder."
            )
