"""The code that a student has submitted, to stand on their page. Nothing of it runs or is parsed here."""

from collections.abc import Iterable
from dataclasses import dataclass

from grader.classroom.attempts import submission_of
from grader.classroom.collect.submissions import open_submission
from grader.classroom.folder import CourseFolder
from grader.classroom.records import Record
from grader.engine.judge.source import InvalidSubmission, as_source

MOST_LINES = 1000
MOST_CHARACTERS = 300  # of a line


@dataclass(frozen=True)
class Line:
    """One line of code. ``cell`` is the code cell of a notebook, counted from 1, and 0 in a Python file."""

    cell: int
    number: int
    text: str
    is_marked: bool


def code_of_submission(folder: CourseFolder, record: Record, marked: Iterable[tuple[int, str]]) -> list[Line]:
    """The lines of a submission.

    Args:
        marked: numbers and texts of the lines at which checks failed, as results give them.

    Returns:
        Nothing if there is no such submission any more, or none that can be read.
    """
    contents = open_submission(submission_of(folder, record))
    try:
        source = as_source(contents.raw, contents.file) if not contents.problem else None
    except InvalidSubmission:
        source = None
    if source is None:
        return []
    lines = source.code.decode("utf-8", "replace").split("\n")
    places = {(number, text.strip()) for number, text in marked}
    shown = []
    for position, text in enumerate(lines[:MOST_LINES], start=1):
        cell, number = source.place(position)
        shown.append(Line(cell, number, text[:MOST_CHARACTERS], (number, text.strip()) in places))
    return shown
