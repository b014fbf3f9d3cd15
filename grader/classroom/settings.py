"""nbgrader's settings of a course: which gradebook, under which name, and how late submissions are treated."""

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
    """Where the gradebook is, as a URL of SQLAlchemy's, and the rest of nbgrader's configuration."""

    url: str
    course_id: str
    config: "Config"


def read_settings(folder: CourseFolder, url: str | None = None) -> Settings:
    """Read ``nbgrader_config.py``, which is the instructor's own program; without one nbgrader's defaults hold.

    Args:
        url: of another gradebook than the settings name.

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
        raise CourseError(f"nbgrader's settings in {name} have an error: {type(error).__name__}: {error}.") from None


def path_with_programs() -> str:
    """``PATH`` with this environment's programs first: nbgrader calls alembic by name, activated or not."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
