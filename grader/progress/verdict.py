"""Keeps what a check of a whole exercise found, whether it was asked for in a terminal or in a notebook."""

from datetime import UTC, datetime
from pathlib import Path

from grader.course import find_lesson
from grader.progress.record import progress_path, record_check
from grader.verdict import Verdict


def keep_verdict(workspace: Path, verdict: Verdict, worked_at: datetime | None = None) -> str:
    """Keep what a check found, unless the grader failed; returns a sentence where there is something to say about it.

    Args:
        worked_at: when the work was changed last; when its file was saved, unless said otherwise.
    """
    if verdict.outcome == "grader_error":
        return ""
    passed = [result.name for result in verdict.checks if result.outcome == "passed"]
    worked_at = worked_at or last_saved(find_lesson(verdict.exercise).exercise_path(workspace))
    try:
        return record_check(workspace, verdict.exercise, verdict.score, verdict.max_score, passed, worked_at).damage
    except OSError as error:
        return f"The points could not be kept in {progress_path(workspace)} ({error.strerror})."


def last_saved(exercise: Path) -> datetime | None:
    """When the exercise, or the notebook beside it, was saved last."""
    files = [path for path in (exercise, exercise.with_suffix(".ipynb")) if path.is_file()]
    return max((datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in files), default=None)
