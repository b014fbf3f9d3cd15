"""What to say when a course folder cannot be written: the disk is full, the folder read-only, something in the way."""

from pathlib import Path

from grader.classroom.names import printable
from grader.engine.processes import EngineError


def unwritable(path: Path, error: OSError) -> EngineError:
    return EngineError(
        f"{printable(str(path))} cannot be written ({error.strerror}). All results before this are kept; mend that and "
        "run the command again, and it goes on."
    )
