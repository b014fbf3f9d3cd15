"""What to say when a course folder cannot be written: the disk is full, the folder read-only, something in the way."""

from pathlib import Path

from grader.classroom.students import safe_for_display
from grader.engine.judge.processes import EngineError


def unwritable(path: Path, error: OSError) -> EngineError:
    return EngineError(
        f"{safe_for_display(str(path))} cannot be written ({error.strerror}). All results so far are "
        "safe. Fix that and run the command again: it goes on from there."
    )
