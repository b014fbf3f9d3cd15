"""The secret of a course, which decides everything random in its grading. Students never get it."""

import os
import secrets

from grader.classroom.folder import CourseFolder, unwritable
from grader.classroom.students import safe_for_display
from grader.course import CourseError
from grader.files import write_atomically

SECRET_BYTES = 32
SHORTEST = 32  # characters: 128 bits


def new_seed(folder: CourseFolder) -> bool:
    """Make the secret of a course if it has none; returns whether it had none.

    Raises:
        OSError: it cannot be made.
    """
    if os.path.lexists(folder.seed):
        return False
    folder.private.mkdir(mode=0o700, exist_ok=True)
    write_atomically(folder.seed, secrets.token_hex(SECRET_BYTES) + "\n", mode=0o600, durable=True)
    return True


def course_seed(folder: CourseFolder) -> bytes:
    """The secret seed of a course, which the first call makes. The caller holds the folder's lock.

    Raises:
        CourseError: the file is damaged or cannot be read, or it is gone although results rest on it.
        EngineError: it cannot be made.
    """
    try:
        if not os.path.lexists(folder.seed):
            if any(folder.graded.glob("*/*.json")):
                raise CourseError(
                    f"{safe_for_display(str(folder.seed))} is gone: the secret that decides everything random in "
                    "grading. Restore it from a copy; hidden files are easily left behind. If you have none, "
                    "`digits class init` makes a new one, and then everything is graded again."
                )
            new_seed(folder)
    except OSError as error:
        raise unwritable(folder.seed, error) from None
    try:
        seed = folder.seed.read_bytes().strip()
    except OSError as error:
        raise CourseError(f"{safe_for_display(str(folder.seed))} cannot be read ({error.strerror}).") from None
    if len(seed) < SHORTEST:
        raise CourseError(
            f"{safe_for_display(str(folder.seed))} is damaged. Restore it from a copy. If you have none, delete it: "
            "then `digits class init` makes a new one, and everything is graded again."
        )
    return seed
