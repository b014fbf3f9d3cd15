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

from grader.classroom.identity import Identities
from grader.classroom.publish.grades import Grades
from grader.feedback.html import visible

CANVAS_WHO = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
LATE = {True: "late", False: "in time", None: ""}
BYTE_ORDER_MARK = "\ufeff"  # tells Excel that this is UTF-8
Cell = str | float | int | None
FORMULA = re.compile(r"(?:^|(?<=[;\t\r\n]))(?=[^\S\t\r\n]*'*[=+\-@＝＋－＠])|^(?='*[\t\r\n])")


def long_table(grades: Grades) -> str:
    """One row for each student and exercise, with everything that an instructor may want to sort by."""
    return BYTE_ORDER_MARK + csv_text(_long_rows(grades))


def totals_table(grades: Grades) -> str:
    """One row for each student: the points of each exercise, and the weighted total in percent."""
    return BYTE_ORDER_MARK + csv_text(_total_rows(grades))


def canvas_table(grades: Grades) -> str:
    """For the import of Canvas's gradebook, which finds students by ID or login and skips empty cells."""
    return csv_text(_canvas_rows(grades))


def moodle_table(grades: Grades) -> str:
    """For Moodle's import of grades, with the columns of its own export."""
    return csv_text(_moodle_rows(grades))


def moodle_worksheet(grades: Grades, identities: Identities, slug: str) -> str:
    """Moodle's offline grading worksheet of one assignment, which finds students by the number of the participant."""
    return csv_text(_worksheet_rows(grades, identities, slug))


TABLES: dict[str, Callable[[Grades], str]] = {
    "csv": long_table,
    "totals": totals_table,
    "canvas": canvas_table,
    "moodle": moodle_table,
}


def _long_rows(grades: Grades) -> Iterator[list[Cell]]:
    who = ["student", "first_name", "last_name", "email"]
    yield [*who, "exercise", "score", "max_score", "outcome", "submitted", "late", "penalty", "set_by_hand", "flags"]
    for student, person in grades.people.items():
        for slug, grade in grades.of_student(student).items():
            name = [student, person.first_name, person.last_name, person.email]
            result = [slug, grade.score, grade.max_score, grade.outcome.replace("_", " "), grade.submitted]
            by_hand = " ".join(change.name for change in grade.changes)
            yield [*name, *result, LATE[grade.late], grade.penalty or None, by_hand, " ".join(grade.flags)]


def _total_rows(grades: Grades) -> Iterator[list[Cell]]:
    yield ["student", "first_name", "last_name", "email", *grades.exercises, "total_percent"]
    for student, person in grades.people.items():
        total = grades.total(student)
        name: list[Cell] = [student, person.first_name, person.last_name, person.email]
        yield [*name, *_scores(grades, student), None if total is None else round(total, 2)]


def _canvas_rows(grades: Grades) -> Iterator[list[Cell]]:
    yield [*CANVAS_WHO, *(grades.columns.get(slug, slug) for slug in grades.exercises)]
    yield ["    Points Possible", "", "", "", "", *grades.exercises.values()]
    for student, person in grades.people.items():
        yield [person.sortable_name, person.lms_id, person.sis_id, person.login, "", *_scores(grades, student)]


def _moodle_rows(grades: Grades) -> Iterator[list[Cell]]:
    yield ["First name", "Last name", "Username", "ID number", "Email address", *grades.exercises]
    for student, person in grades.people.items():
        number = person.sis_id if grades.columns else person.lms_id  # the roster is Canvas's, and so is the latter
        who = [person.first_name, person.last_name, person.login, number, person.email]
        yield [*who, *_scores(grades, student)]


def _worksheet_rows(grades: Grades, identities: Identities, slug: str) -> Iterator[list[Cell]]:
    yield ["Identifier", "Full name", "Email address", "Grade", "Maximum Grade", "Feedback comments"]
    for student, person in grades.people.items():
        number = identities.participant(slug, student)
        if number:
            grade = grades.of(student, slug)
            said = "\n".join(text for _, text in grade.comments)
            who = [f"Participant {number}", person.full_name, person.email]
            yield [*who, grade.score, grade.max_score, said]


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
