"""Finds out who has handed in what. What is not clear is set aside for the instructor to look at, never guessed."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grader.classroom.folder import CourseFolder
from grader.classroom.students import canonical_name, is_usable, safe_for_display
from grader.course import CourseError, Lesson, ready_lessons

LEFTOVERS = {"__MACOSX", "Thumbs.db", "desktop.ini"}  # what operating systems leave in folders


@dataclass(frozen=True)
class Submission:
    """What a student has handed in for an exercise: a folder, or whatever lies in its place."""

    student: str
    lesson: Lesson
    path: Path


@dataclass
class Found:
    """All submissions of a class, by exercise and student, and sentences about what was set aside."""

    submissions: list[Submission] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)
    not_ours: set[str] = field(default_factory=set)  # assignments that are no exercises of this course


def find_submissions(folder: CourseFolder, exercise: Lesson | None = None) -> Found:
    """Look through ``submitted/``.

    Raises:
        CourseError: there is no such folder.
    """
    if not folder.submitted.is_dir():
        raise CourseError(
            f"There is no folder {safe_for_display(str(folder.submitted))}. Each submission belongs into "
            "submitted/STUDENT/EXERCISE; `digits class collect` puts there what Canvas or Moodle has exported."
        )
    found = Found()
    students: defaultdict[str, list[str]] = defaultdict(list)
    for entry in listing(folder.submitted):
        if not is_usable(entry.name):
            found.set_aside.append(
                f"submitted/{safe_for_display(entry.name)[:60]}: this name is too long or holds invisible "
                "characters. Rename the folder."
            )
        elif entry.is_dir(follow_symlinks=False):
            students[canonical_name(entry.name)].append(entry.name)
        else:
            what = "is a link, which is not followed" if entry.is_symlink() else "is no student's folder"
            found.set_aside.append(
                f"submitted/{entry.name} {what}. Submissions belong into submitted/STUDENT/EXERCISE."
            )
    for names in students.values():
        if len(names) > 1:
            found.set_aside.append(
                f"submitted/: {and_list(names)} look like one student. Make them one folder, or rename one of them."
            )
        else:
            _look_at(folder.submitted / names[0], exercise, found)
    found.submissions.sort(key=lambda submission: (submission.lesson.number, submission.student))
    return found


def _look_at(student: Path, exercise: Lesson | None, found: Found) -> None:
    """Add what one student has handed in."""
    exercises = {name: lesson for lesson in ready_lessons() for name in (lesson.slug, lesson.stem)}
    claims: defaultdict[Lesson, list[str]] = defaultdict(list)
    try:
        entries = list(listing(student))
    except OSError as error:
        found.set_aside.append(f"submitted/{student.name} cannot be read ({error.strerror}).")
        return
    for entry in entries:
        if entry.name in exercises:
            claims[exercises[entry.name]].append(entry.name)
        elif entry.is_dir(follow_symlinks=False):
            found.not_ours.add(entry.name)
        else:
            found.set_aside.append(
                f"submitted/{student.name}/{safe_for_display(entry.name)} lies beside the folders of exercises. "
                f"Move it into the one to which it belongs."
            )
    for lesson, names in claims.items():
        if exercise not in {None, lesson}:
            continue
        if len(names) > 1:
            found.set_aside.append(f"submitted/{student.name}: {and_list(names)} are the same exercise. Keep one.")
        else:
            found.submissions.append(Submission(student.name, lesson, student / names[0]))


def listing(folder: Path) -> Iterator[os.DirEntry]:
    """What lies in a folder, by name, without hidden files and leftovers of operating systems."""
    with os.scandir(folder) as entries:
        shown = [entry for entry in entries if not entry.name.startswith(".") and entry.name not in LEFTOVERS]
    return iter(sorted(shown, key=lambda entry: os.fsencode(entry.name)))


def and_list(names: Iterable[str]) -> str:
    """Names in quotes, for the middle of a sentence."""
    *others, last = (repr(safe_for_display(name)) for name in names)
    return f"{', '.join(others)} and {last}" if others else last
