"""Writes what is made from the records: whole or not at all, and with a sentence where that cannot be."""

import os
import tempfile
from pathlib import Path

from grader.classroom.students import safe_for_display
from grader.course import CourseError


def write_output(path: Path, content: str | bytes) -> Path:
    """Write a generated file in place of the one that an earlier run generated.

    Raises:
        CourseError: the disk is full, or the folder may not be written.
    """
    raw = content.encode("utf-8", "replace") if isinstance(content, str) else content
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(prefix=".", suffix=".draft", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(raw)
                os.fchmod(file.fileno(), 0o644 & ~_umask())
            os.replace(draft, path)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CourseError(f"{safe_for_display(str(path))} cannot be written ({error.strerror}).") from None
    return path


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
