"""Tables of grades as CSV: one for people and spreadsheets, and those that Canvas and Moodle import."""

from collections.abc import Callable, Iterator

from grader.classroom.publish.grades import Grades
from grader.classroom.publish.safe_csv import Cell, csv_text

LATE = {True: "late", False: "in time", None: ""}
SPREADSHEETS_MARK = "\ufeff"  # without which Excel takes UTF-8 for something else and spoils accents


def long_table(grades: Grades) -> str:
    """One row for each student and exercise, with everything that an instructor may sort by."""
    return SPREADSHEETS_MARK + csv_text(_long_rows(grades))


def canvas_table(grades: Grades) -> str:
    """What the import of Canvas's gradebook takes: it finds students by ID or login, and skips empty cells."""
    return csv_text(_canvas_rows(grades))


def moodle_table(grades: Grades) -> str:
    """What Moodle's import of grades takes, with the columns of its own export."""
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
