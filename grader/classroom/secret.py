"""The secret of a course, from which all that is random in its grading follows. Students never get it."""

import os
import secrets
import tempfile
from pathlib import Path

from grader.classroom.disk import unwritable
from grader.classroom.folder import CourseFolder
from grader.classroom.students import safe_for_display
from grader.course import CourseError

SECRET_BYTES = 32
SHORTEST = 32  # characters: 128 bits


def course_seed(folder: CourseFolder) -> bytes:
    """The course's seed; made at the first call, for its owner's eyes only. The caller holds the folder's lock.

    Raises:
        CourseError: the file is damaged.
        EngineError: it cannot be made or read.
    """
    try:
        if not os.path.lexists(folder.seed):
            _make(folder.seed)
        seed = folder.seed.read_bytes().strip()
    except OSError as error:
        raise unwritable(folder.seed, error) from None
    if len(seed) < SHORTEST:
        raise CourseError(
            f"{safe_for_display(str(folder.seed))} is damaged. Restore it from a copy, or remove it: "
            "a new one is made, and everything is graded again."
        )
    return seed


def _make(path: Path) -> None:
    """Write it whole or not at all: half a secret would be taken for one at the next run."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=".seed-", dir=path.parent)  # mode 600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(SECRET_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
