"""A course's nbgrader settings: which gradebook, the name of the course, what late submissions lose."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.classroom.folder import CourseFolder
from grader.classroom.students import safe_for_display
from grader.course import CourseError

if TYPE_CHECKING:
    from traitlets.config import Config


@dataclass(frozen=True)
class Settings:
    """The gradebook as an SQLAlchemy URL, and the rest of nbgrader's configuration."""

    url: str
    course_id: str
    config: "Config"


def read_settings(folder: CourseFolder, url: str | None = None) -> Settings:
    """Read ``nbgrader_config.py``, the instructor's own Python file; without one, nbgrader's defaults apply.

    Args:
        url: of a gradebook other than the one in the settings.

    Raises:
        CourseError: it cannot be read.
    """
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config, PyFileConfigLoader

    config = Config()
    try:
        if folder.config.exists():
            config = PyFileConfigLoader(folder.config.name, path=str(folder.root.resolve())).load_config()
        config.CourseDirectory.setdefault("root", str(folder.root.resolve()))
        course = CourseDirectory(config=config)
        return Settings(url or course.db_url, course.course_id, config)
    except Exception as error:
        name = safe_for_display(str(folder.config))
        raise CourseError(f"nbgrader's settings in {name} cannot be read: {type(error).__name__}: {error}.") from None


def course_name(folder: CourseFolder) -> str:
    """The name of the course; empty if there are no settings.

    Raises:
        CourseError: they cannot be read.
    """
    return read_settings(folder).course_id if folder.config.is_file() else ""  # importing nbgrader is slow


def path_with_programs() -> str:
    """``PATH`` with this environment's programs first, because nbgrader runs alembic by name."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
