"""Which exercise is meant by what was typed, and which of its files in the workspace."""

import os
import shlex
from pathlib import Path

from grader.course import SUFFIXES, CourseError, Lesson, find_exercise, ready_lessons
from grader.engine.judge.source import short_name

WORK = (".py", ".ipynb")  # the suffixes of what can be graded


def find_named(name: str, workspace: Path) -> Lesson:
    """Find the exercise of a name, or of one of its own files in the workspace: never of another file.

    Raises:
        CourseError: there is no such exercise or file, or the file is another one.
    """
    lesson = find_typed(name, workspace)
    other = file_elsewhere(lesson, workspace, name)
    if other is not None:
        own = short_name(lesson.work_path(workspace, name))
        raise CourseError(
            f"{short_name(other)} is not your file for {lesson.slug}, which is {own}. Name the exercise instead: "
            f"{lesson.slug}"
        )
    return lesson


def find_typed(name: str, workspace: Path) -> Lesson:
    """Find the exercise of a name, as `find_exercise` does. A file that belongs to no exercise is said to be a file.

    Raises:
        CourseError: there is no such exercise.
    """
    try:
        return find_exercise(name)
    except CourseError:
        if Path(name).suffix and os.path.isfile(name):
            raise CourseError(no_exercise(Path(name), workspace)) from None
        raise


def no_exercise(path: Path, workspace: Path) -> str:
    """That a file is no exercise, and what can grade it."""
    ready = list(ready_lessons())
    meant = next((lesson for lesson in ready if lesson.slug in path.stem.lower()), None)
    example = short_name((meant or ready[0]).exercise_path(workspace))
    said = f"{short_name(path)} is a file, but not an exercise. check grades your exercises, for example {example}"
    if path.suffix.lower() not in WORK:
        return said
    command = f"./digits grade {shlex.quote(short_name(path))} --exercise {meant.slug if meant else 'EXERCISE'}"
    return f"{said}; grade grades any file: {command}"


def missing(lesson: Lesson, workspace: Path, name: str, fresh: str) -> str:
    """That the file of an exercise is not there, and what to do: use the other one, if there is one.

    Args:
        name: what was typed.
        fresh: how to get a fresh stub, in a sentence.
    """
    path = lesson.work_path(workspace, name)
    other = next((file for file in own_files(lesson, workspace)[:2] if file != path and file.is_file()), None)
    return f"There is no file {short_name(path)}. {f'Your exercise is {short_name(other)}.' if other else fresh}"


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
