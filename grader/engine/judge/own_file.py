"""Which exercise is meant by what was typed, and which of its files in the workspace."""

import os
from pathlib import Path

from grader.course import SUFFIXES, CourseError, Lesson, find_exercise
from grader.engine.judge.source import short_name


def find_named(name: str, workspace: Path) -> Lesson:
    """Find the exercise of a name, or of one of its own files in the workspace: never of another file.

    Raises:
        CourseError: there is no such exercise or file, or the file is another one.
    """
    lesson = find_exercise(name)
    other = file_elsewhere(lesson, workspace, name)
    if other is not None:
        own = short_name(lesson.work_path(workspace, name))
        raise CourseError(
            f"{short_name(other)} is not your file for {lesson.slug}, which is {own}. Name the exercise instead: "
            f"{lesson.slug}"
        )
    return lesson


def file_elsewhere(lesson: Lesson, workspace: Path, name: str) -> Path | None:
    """The file that was named, if it is not one of the exercise's own: perhaps a notebook that a class was given.

    Raises:
        CourseError: a path was typed, and nothing is there.
    """
    path = Path(name)
    is_path = os.path.basename(name) != name
    if not is_path and not (name.lower().endswith(SUFFIXES) and path.exists()):
        return None
    own = set(map(os.path.realpath, own_files(lesson, workspace)))
    if {os.path.realpath(path), os.path.realpath(workspace / path)} & own:
        return None
    if not path.exists():
        raise CourseError(f"There is no file {short_name(path)}.")
    return path


def own_files(lesson: Lesson, workspace: Path) -> list[Path]:
    """The files by which a lesson can be named: its exercise, the notebook beside it, and its text."""
    exercise = lesson.exercise_path(workspace)
    return [exercise, exercise.with_suffix(".ipynb"), workspace / "lessons" / f"{lesson.stem}.md"]
