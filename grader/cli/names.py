"""Which exercise is meant by what was typed, and which file."""

import os
from pathlib import Path

from grader.course import CourseError, Lesson, as_name, closest, find_lesson, ready_lessons
from grader.engine.judge.source import short_name

SUFFIXES = (".py", ".ipynb", ".md")


def find_named(name: str, workspace: Path) -> Lesson:
    """The exercise of a name, or of one of its own files in the workspace: never of another file.

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
    own = {file.resolve() for file in own_files(lesson, workspace)}
    if {path.resolve(), (workspace / path).resolve()} & own:
        return None
    if not path.exists():
        raise CourseError(f"There is no file {short_name(path)}.")
    return path


def own_files(lesson: Lesson, workspace: Path) -> list[Path]:
    """The files by which a lesson can be named: its exercise, the notebook beside it, and its text."""
    exercise = lesson.exercise_path(workspace)
    return [exercise, exercise.with_suffix(".ipynb"), workspace / "lessons" / f"{lesson.stem}.md"]


def find_exercise(name: str) -> Lesson:
    """Find a ready lesson as `find_lesson` does, or by the beginning of its name or of a word in it: conv, curves.

    Raises:
        CourseError: no lesson has that name, several may be meant, or it is still coming.
    """
    beginning = as_name(name)
    found = [] if beginning.isdecimal() else with_beginning(beginning)
    try:
        return find_lesson(name)
    except CourseError:
        if len(found) == 1:
            return found[0]
        if found:
            choices = " or ".join(lesson.slug for lesson in found)
            raise CourseError(f"{name!r} can mean several exercises: {choices}.") from None
        if close := closest(name):
            raise CourseError(f"There is no exercise called {name!r}. Did you mean {close}?") from None
        raise


def with_beginning(text: str) -> list[Lesson]:
    """The ready lessons whose name begins with a text, or else those of which a later word does."""
    ready = list(ready_lessons()) if text else []
    starts = [lesson for lesson in ready if lesson.slug.startswith(text)]
    return starts or [lesson for lesson in ready if any(word.startswith(text) for word in lesson.slug.split("_"))]
