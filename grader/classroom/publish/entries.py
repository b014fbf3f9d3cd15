"""Enters one record into nbgrader's gradebook. Entering it again changes nothing.

Scores that an instructor has set by hand stay: they count instead of ours, and a check that was reviewed is marked for
review again only if its points change. Two things are marked "needs manual grade": a check without points, because the
grader has failed, and the passed checks of a submission with a flag, whose points count meanwhile.

The feedback of checks becomes nbgrader's comments. nbgrader has these for answer cells, not for test cells, so each
stands with the function that it is about. nbgrader turns comments into HTML as Markdown, in which only an indented
block keeps every character as it is.
"""

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from nbformat.v4 import new_notebook
from nbgrader.api import Grade, Gradebook, MissingEntry, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties

from grader.api import Check
from grader.classroom.records import Record, points_of
from grader.classroom.settings import Settings
from grader.classroom.students import Person, canonical_name
from grader.course import find_lesson
from grader.engine.session import load_checks
from grader.feedback.text import paragraph, plain
from grader.verdict import CheckResult, Verdict

INDENT = " " * 4
WIDTH = 68  # of nbgrader's pages
PREFIX = "answer_"  # of an answer cell's name, before the name of its function


def enter(book: Gradebook, record: Record, settings: Settings, extension: timedelta | None = None) -> None:
    """Enter one record of a student who is in the gradebook, even if it is there already or only part of it is.

    Args:
        extension: of the due date; None leaves what the gradebook has.

    Raises:
        CourseError: the course has no such exercise.
        nbgrader.api.InvalidEntry, sqlalchemy.exc.SQLAlchemyError: the gradebook refuses it.
    """
    lesson = find_lesson(record.exercise)
    checks = load_checks(lesson.checks_path)
    _prepare(book, lesson.slug, checks)
    submission = book.update_or_create_submission(lesson.slug, record.student, **_time_of(record))
    if extension is not None:
        submission.extension = extension or None
    notebook = _notebook(book, lesson.slug, record.student)
    _enter_points(notebook, points_of(record.verdict, checks), bool(record.verdict.flags))
    said = comments(record.verdict, [cell.name for cell in notebook.notebook.solution_cells])
    for comment in notebook.comments:
        comment.auto_comment = said.get(comment.name)
    book.db.commit()
    if submission.total_seconds_late > 0 or notebook.late_submission_penalty:
        _penalize(record, settings)


def enter_person(book: Gradebook, person: Person) -> None:
    """Enter a student. What the roster does not know stays as it is in the gradebook."""
    known = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
        "lms_user_id": person.lms_id,
    }
    book.update_or_create_student(person.student, **{name: text for name, text in known.items() if text})


def forget_earlier_names(book: Gradebook, meant: Mapping[str, str]) -> None:
    """Remove students who were entered from the roster and have a folder of another name since their first submission.

    Args:
        meant: the folders of all students, by every name that means one of them.
    """
    for student in book.students:
        folder = meant.get(canonical_name(student.id), student.id)
        if canonical_name(folder) != canonical_name(student.id) and not student.submissions:
            book.remove_student(student.id)


def _prepare(book: Gradebook, slug: str, checks: Iterable[Check]) -> None:
    """Make missing cells: an assignment that was never released has none. Update how much each check is worth."""
    book.update_or_create_assignment(slug)
    known = {cell.name: cell.max_score for cell in book.update_or_create_notebook(slug, slug).grade_cells}
    for check in checks:
        if known.get(check.name) != check.points:
            book.update_or_create_grade_cell(check.name, slug, slug, max_score=check.points, cell_type="code")


def _time_of(record: Record) -> dict[str, datetime]:
    """The time of submission as nbgrader stores it: in UTC, without a time zone."""
    if record.submitted is None:
        return {}
    moment = datetime.fromisoformat(record.submitted)
    return {"timestamp": moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment}


def _notebook(book: Gradebook, slug: str, student: str) -> SubmittedNotebook:
    """The student's notebook; it is made if the submission was entered before the assignment had a notebook."""
    try:
        return book.find_submission_notebook(slug, slug, student)
    except MissingEntry:
        submission = book.find_submission(slug, student)
        book.db.add(SubmittedNotebook(notebook=book.find_notebook(slug, slug), assignment=submission))
        book.db.commit()
        return book.find_submission_notebook(slug, slug, student)


def _enter_points(notebook: SubmittedNotebook, points: dict[str, float | None], has_flags: bool) -> None:
    """Enter points that have changed; everything else stays as the instructor left it."""
    grades = {grade.cell_id: grade for grade in notebook.grades}
    for cell in notebook.notebook.grade_cells:
        if cell.name not in points:
            continue
        earned = points[cell.name]
        grade = grades.get(cell.id) or Grade(cell_id=cell.id, notebook=notebook)  # the check may be newer
        if earned is None or grade.auto_score != earned:
            was_set_by_hand = grade.manual_score is not None  # nbgrader asks for a review in this case, too
            grade.auto_score = earned
            grade.needs_manual_grade = earned is None or was_set_by_hand or (has_flags and earned > 0)


def _penalize(record: Record, settings: Settings) -> None:
    """Let nbgrader's own plugin set the penalty for being late."""
    names = {"notebook": record.exercise, "assignment": record.exercise, "student": record.student}
    resources = {"nbgrader": names | {"db_url": settings.url}}
    AssignLatePenalties(config=settings.config).preprocess(new_notebook(), resources)


def comments(verdict: Verdict, cells: Sequence[str]) -> dict[str, str]:
    """The comment for each answer cell that needs one.

    Args:
        cells: the names of the notebook's answer cells.
    """
    if not cells:
        return {}
    said: dict[str, list[str]] = {}
    if verdict.message:
        label = "note" if verdict.outcome == "graded" else verdict.outcome.replace("_", " ")
        lines = paragraph(label, verdict.message, WIDTH)
        said[cells[0]] = ["\n".join("".join(text for text, _ in line) for line in lines)]
    for result in verdict.checks:
        if result.outcome != "passed":
            said.setdefault(_cell(result, cells), []).append(plain(result, WIDTH))
    return {cell: textwrap.indent("\n\n".join(texts), INDENT) for cell, texts in said.items()}


def _cell(result: CheckResult, cells: Sequence[str]) -> str:
    """The answer cell of the function that a result names first; the first cell if it names none."""
    words = re.findall(r"\w+", f"{result.called} {result.message} {result.name}")
    return next((PREFIX + word for word in words if PREFIX + word in cells), cells[0])
