"""Enters one record into nbgrader's gradebook. Entering it again changes nothing.

What an instructor has entered by hand stays: a manual score counts instead of ours, and what has been reviewed is not
asked for again until its points change. Two things are left to the instructor as "needs manual grade": a check without
points because the grader has failed, and the passed checks of a submission with a flag; these count meanwhile.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from nbformat.v4 import new_notebook
from nbgrader.api import Grade, Gradebook, MissingEntry, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties

from grader.classroom.publish.comments import comments
from grader.classroom.records import Record
from grader.classroom.settings import Settings
from grader.course import find_lesson
from grader.engine.session import Check, load_checks
from grader.verdict import Verdict


def enter(book: Gradebook, record: Record, settings: Settings) -> None:
    """Enter one record, whether it is there as a whole, in part or not at all.

    Raises:
        CourseError: the course has no such exercise.
        nbgrader.api.InvalidEntry, sqlalchemy.exc.SQLAlchemyError: the gradebook does not take it.
    """
    lesson = find_lesson(record.exercise)
    checks = load_checks(lesson.checks_path)
    _prepare(book, lesson.slug, checks)
    book.update_or_create_student(record.student)
    submission = book.update_or_create_submission(lesson.slug, record.student, **_time_of(record))
    notebook = _notebook(book, lesson.slug, record.student)
    _enter_points(notebook, _points(record.verdict, checks), bool(record.verdict.flags))
    said = comments(record.verdict, [cell.name for cell in notebook.notebook.solution_cells])
    for comment in notebook.comments:
        comment.auto_comment = said.get(comment.name)
    book.db.commit()
    if submission.total_seconds_late > 0 or notebook.late_submission_penalty:
        _penalize(record, settings)


def _prepare(book: Gradebook, slug: str, checks: Iterable[Check]) -> None:
    """An assignment that was never released has no cells yet, and a check may be worth more than it was."""
    book.update_or_create_assignment(slug)
    known = {cell.name: cell.max_score for cell in book.update_or_create_notebook(slug, slug).grade_cells}
    for check in checks:
        if known.get(check.name) != check.points:
            book.update_or_create_grade_cell(check.name, slug, slug, max_score=check.points, cell_type="code")


def _time_of(record: Record) -> dict[str, datetime]:
    """When it was handed in, as nbgrader keeps it: in UTC, without saying so."""
    if record.submitted is None:
        return {}
    moment = datetime.fromisoformat(record.submitted)
    return {"timestamp": moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment}


def _notebook(book: Gradebook, slug: str, student: str) -> SubmittedNotebook:
    """The student's notebook; made where the submission was entered before the assignment had one."""
    try:
        return book.find_submission_notebook(slug, slug, student)
    except MissingEntry:
        submission = book.find_submission(slug, student)
        book.db.add(SubmittedNotebook(notebook=book.find_notebook(slug, slug), assignment=submission))
        book.db.commit()
        return book.find_submission_notebook(slug, slug, student)


def _points(verdict: Verdict, checks: Iterable[Check]) -> dict[str, float | None]:
    """What each check has earned; None where only the instructor can say."""
    if verdict.outcome == "graded":
        return {result.name: result.points for result in verdict.checks}
    if verdict.outcome == "grader_error":
        certain = {result.name: result.points for result in verdict.checks if result.outcome in {"passed", "failed"}}
        return {check.name: certain.get(check.name) for check in checks}
    return {check.name: 0.0 for check in checks}


def _enter_points(notebook: SubmittedNotebook, points: dict[str, float | None], has_flags: bool) -> None:
    """Enter points where they have changed; everything else stays as the instructor has left it."""
    grades = {grade.cell_id: grade for grade in notebook.grades}
    for cell in notebook.notebook.grade_cells:
        if cell.name not in points:
            continue
        earned = points[cell.name]
        grade = grades.get(cell.id) or Grade(cell_id=cell.id, notebook=notebook)  # the check may be the younger one
        if earned is None or grade.auto_score != earned:
            was_set_by_hand = grade.manual_score is not None  # nbgrader, too, wants that looked at once more
            grade.auto_score = earned
            grade.needs_manual_grade = earned is None or was_set_by_hand or (has_flags and earned > 0)


def _penalize(record: Record, settings: Settings) -> None:
    """Let nbgrader's own plugin say what being late costs."""
    names = {"notebook": record.exercise, "assignment": record.exercise, "student": record.student}
    resources = {"nbgrader": names | {"db_url": settings.url}}
    AssignLatePenalties(config=settings.config).preprocess(new_notebook(), resources)
