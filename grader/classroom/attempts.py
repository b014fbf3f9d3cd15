"""A student's attempts: the newest is in ``submitted/``, and those that `digits class collect` has replaced are kept.

.digits/replaced/dense/ada/1, 2, …   the earlier ones, the first one first
.digits/attempts/dense/ada/1.json    their results, if more than one attempt counts
"""

import os
from dataclasses import replace
from pathlib import Path

from grader.classroom.collect.submissions import Submission
from grader.classroom.folder import CourseFolder
from grader.classroom.records import Record
from grader.course import Lesson, find_lesson


def with_earlier(folder: CourseFolder, submission: Submission, most: int) -> Submission:
    """A submission with the attempts before it that count as well.

    Args:
        most: how many of the student's latest attempts count, the newest included.
    """
    if most <= 1:
        return submission
    numbers = sorted(numbers_of_replaced(folder, submission.lesson, submission.student))[1 - most :]
    return replace(submission, earlier=tuple(_earlier(folder, submission, number) for number in numbers))


def submission_of(folder: CourseFolder, record: Record) -> Submission:
    """Where the submission of a record is, or was."""
    lesson, places = find_lesson(record.exercise), folder.submitted / record.student
    name = next((name for name in (lesson.slug, lesson.stem) if os.path.lexists(places / name)), lesson.slug)
    newest = Submission(record.student, lesson, places / name)
    return _earlier(folder, newest, record.attempt) if record.attempt else newest


def numbers_of_replaced(folder: CourseFolder, lesson: Lesson, student: str) -> list[int]:
    """The numbers of a student's earlier attempts."""
    place = replaced_path(folder, lesson, student)
    return [int(path.name) for path in place.iterdir() if path.name.isdecimal()] if place.is_dir() else []


def replaced_path(folder: CourseFolder, lesson: Lesson, student: str) -> Path:
    return folder.private / "replaced" / lesson.slug / student


def result_path(folder: CourseFolder, attempt: Submission) -> Path:
    """Where the result of an earlier attempt is saved."""
    return folder.private / "attempts" / attempt.lesson.slug / attempt.student / f"{attempt.number}.json"


def _earlier(folder: CourseFolder, newest: Submission, number: int) -> Submission:
    path = replaced_path(folder, newest.lesson, newest.student) / str(number)
    return Submission(newest.student, newest.lesson, path, number)
