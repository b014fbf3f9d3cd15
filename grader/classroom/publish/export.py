"""Grades as CSV: a table for spreadsheets, and those that Canvas and Moodle import.

The tables are data in every program: quoted throughout, and never a formula. A spreadsheet runs a cell that begins with
=, +, -, @ or a tab. As OWASP advises, such a cell gets an apostrophe in front; so does text inside a cell, after what
another program may take for the end of the cell: a semicolon, a tab or a line end. If there is an apostrophe already,
another one is added, so removing one from each of these places always restores the original.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from grader.classroom.collect.submissions import find_submissions
from grader.classroom.folder import CourseFolder
from grader.classroom.publish.gradebook import due_dates
from grader.classroom.records import Record, read_records
from grader.classroom.students import Person, read_roster, safe_for_display
from grader.course import CourseError, Lesson, lessons
from grader.feedback.html import visible

NOT_GRADED = "not graded yet"
NOT_SUBMITTED = "not submitted"
LATE = {True: "late", False: "in time", None: ""}
BYTE_ORDER_MARK = "\ufeff"  # tells Excel that this is UTF-8
Cell = str | float | int | None
FORMULA = re.compile(r"(?:^|(?<=[;\t\r\n]))(?=[^\S\t\r\n]*'*[=+\-@＝＋－＠])|^(?='*[\t\r\n])")


@dataclass(frozen=True)
class Grade:
    """A student's result in an exercise. If it was not graded there is no score, which is not a zero."""

    outcome: str
    score: float | None = None
    submitted: str = ""
    late: bool | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grades:
    """All grades of a class."""

    people: dict[str, Person]  # by the name of their folder, in alphabetical order
    exercises: dict[str, float]  # slugs and maximum points
    cells: dict[tuple[str, str], Grade]  # student and slug

    def of(self, student: str, exercise: str) -> Grade:
        return self.cells.get((student, exercise), Grade(NOT_SUBMITTED))

    @property
    def ungraded(self) -> dict[tuple[str, str], str]:
        """Why submissions have no score, by student and slug."""
        return {place: grade.outcome for place, grade in self.cells.items() if grade.score is None}


def collect_grades(folder: CourseFolder, exercise: Lesson | None = None) -> Grades:
    """Read the records, the roster and, if there is a gradebook, the due dates.

    Raises:
        CourseError: there are no results, or one of these files cannot be read.
    """
    uses_nbgrader = folder.config.is_file() or folder.gradebook.is_file()  # importing it is slow
    due = due_dates(folder) if uses_nbgrader else {}
    roster = read_roster(folder.roster)
    cells: dict[tuple[str, str], Grade] = {}
    points: dict[str, float] = {}
    for record in read_records(folder):
        if exercise is None or record.exercise == exercise.slug:
            cells[record.student, record.exercise] = _grade(record, due.get(record.exercise))
            points[record.exercise] = record.verdict.max_score
    if not cells:
        of_it = f" of {exercise.slug}" if exercise else ""
        raise CourseError(
            f"There are no results{of_it} in {safe_for_display(str(folder.graded))}. Run `digits class grade` first."
        )
    for student, slug in _submitted(folder, exercise):
        cells.setdefault((student, slug), Grade(NOT_GRADED))
    students = sorted({student for student, _ in cells} | set(roster))
    order = [lesson.slug for lesson in lessons() if lesson.slug in points]
    return Grades(
        {student: roster.get(student, Person(student)) for student in students},
        {slug: points[slug] for slug in (*order, *sorted(set(points) - set(order)))},
        {place: grade for place, grade in cells.items() if place[1] in points},
    )


def is_late(submitted: str | None, due: datetime | None) -> bool | None:
    """Whether a submission came after its due date; None if that is unknown."""
    if not submitted or not due:
        return None
    try:
        return datetime.fromisoformat(submitted) > due
    except (ValueError, TypeError):  # not a time, or a time without a zone
        return None


def _grade(record: Record, due: datetime | None) -> Grade:
    verdict = record.verdict
    failed = verdict.outcome == "grader_error"
    return Grade(
        verdict.outcome,
        None if failed else verdict.score,
        record.submitted or "",
        is_late(record.submitted, due),
        tuple(verdict.flags),
    )


def _submitted(folder: CourseFolder, exercise: Lesson | None) -> list[tuple[str, str]]:
    if not folder.submitted.is_dir():
        return []
    return [
        (submission.student, submission.lesson.slug) for submission in find_submissions(folder, exercise).submissions
    ]


def long_table(grades: Grades) -> str:
    """One row for each student and exercise, with everything that an instructor may want to sort by."""
    return BYTE_ORDER_MARK + csv_text(_long_rows(grades))


def canvas_table(grades: Grades) -> str:
    """For the import of Canvas's gradebook, which finds students by ID or login and skips empty cells."""
    return csv_text(_canvas_rows(grades))


def moodle_table(grades: Grades) -> str:
    """For Moodle's import of grades, with the columns of its own export."""
    return csv_text(_moodle_rows(grades))


TABLES: dict[str, Callable[[Grades], str]] = {"csv": long_table, "canvas": canvas_table, "moodle": moodle_table}


def _long_rows(grades: Grades) -> Iterator[list[Cell]]:
    who = ["student", "first_name", "last_name", "email"]
    yield [*who, "exercise", "score", "max_score", "outcome", "submitted", "late", "flags"]
    for student, person in grades.people.items():
        for slug, points in grades.exercises.items():
            grade = grades.of(student, slug)
            result = [slug, grade.score, points, grade.outcome.replace("_", " "), grade.submitted, LATE[grade.late]]
            yield [student, person.first_name, person.last_name, person.email, *result, " ".join(grade.flags)]


def _canvas_rows(grades: Grades) -> Iterator[list[Cell]]:
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *grades.exercises]
    yield ["    Points Possible", "", "", "", "", *grades.exercises.values()]
    for student, person in grades.people.items():
        yield [person.sortable_name, person.lms_id, "", student, "", *_scores(grades, student)]


def _moodle_rows(grades: Grades) -> Iterator[list[Cell]]:
    yield ["First name", "Last name", "Username", "ID number", "Email address", *grades.exercises]
    for student, person in grades.people.items():
        who = [person.first_name, person.last_name, student, person.lms_id, person.email]
        yield [*who, *_scores(grades, student)]


def _scores(grades: Grades, student: str) -> list[Cell]:
    return [grades.of(student, slug).score for slug in grades.exercises]


def csv_text(rows: Iterable[Sequence[Cell]]) -> str:
    """Rows as CSV. Text is quoted, numbers are not, None is an empty cell."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return file.getvalue()


def _harmless(cell: Cell) -> Cell:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return FORMULA.sub("'", visible(cell))
    return int(cell) if cell == int(cell) else cell
