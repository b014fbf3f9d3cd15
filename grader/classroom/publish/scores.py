"""What nbgrader's gradebook says of submissions: scores set by hand, extra credit, comments, due dates, penalties."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from grader.classroom.folder import CourseFolder
from grader.classroom.publish.gradebook import is_made, opened
from grader.classroom.settings import Settings, read_settings
from grader.classroom.students import Person
from grader.course import CourseError

if TYPE_CHECKING:
    from nbgrader.api import Assignment, Gradebook, Student, SubmittedAssignment

Place = tuple[str, str]  # a student's folder in submitted/, and a slug
Penalty = Callable[[str, float, float], float]  # of a student, for a score, after so many seconds


@dataclass(frozen=True)
class CellScore:
    """One graded cell of a submission.

    Attributes:
        automatic, by_hand: points; None if there are none.
        extra_credit: points on top of either.
        needs_manual_grade: the instructor has to look at it, or to look again.
    """

    automatic: float | None
    by_hand: float | None
    extra_credit: float
    needs_manual_grade: bool


@dataclass(frozen=True)
class Booked:
    """One submission in the gradebook. Its times are in UTC; ``due`` includes the student's extension there."""

    cells: dict[str, CellScore]
    comments: tuple[tuple[str, str], ...]  # the name of a cell, and what the instructor has written about it
    submitted: datetime | None
    due: datetime | None
    is_extended: bool
    penalty: float


@dataclass
class Book:
    """What the gradebook knows; nothing if there is none."""

    submissions: dict[Place, Booked] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    due: dict[str, datetime] = field(default_factory=dict)  # of assignments
    worth: dict[str, dict[str, float]] = field(default_factory=dict)  # of each assignment's cells, the maximum points
    penalty: Penalty = lambda student, score, seconds: 0.0


def read_book(folder: CourseFolder, url: str | None = None) -> Book:
    """Read the gradebook. One that does not exist yet is not made.

    Raises:
        CourseError: it cannot be used.
    """
    if not (folder.config.is_file() or folder.gradebook.is_file() or url):  # importing nbgrader is slow
        return Book()
    settings = read_settings(folder, url)
    if not is_made(settings):
        return Book(penalty=penalty_of(settings))
    with opened(settings) as book:
        return Book(
            {(each.student_id, each.assignment.name): _booked(each) for each in _submissions(book)},
            {each.id: _person(each) for each in book.students},
            {each.name: each.duedate.replace(tzinfo=UTC) for each in book.assignments if each.duedate},
            {each.name: _worth(each) for each in book.assignments},
            penalty_of(settings),
        )


def store_penalties(folder: CourseFolder, penalties: dict[Place, float], url: str | None = None) -> None:
    """Correct penalties that were worked out before a score, a due date or an extension was changed."""
    with opened(read_settings(folder, url)) as book:
        for (student, slug), penalty in penalties.items():
            book.find_submission_notebook(slug, slug, student).late_submission_penalty = penalty or None
        book.db.commit()


def penalty_of(settings: Settings) -> Penalty:
    """What being late costs, by nbgrader's late-submission plugin, within the points that there are."""
    from nbgrader.preprocessors import AssignLatePenalties

    try:
        penalties = AssignLatePenalties(config=settings.config)
        penalties.init_plugin()
    except Exception as error:  # of the instructor's own plugin, or of its name
        raise CourseError(
            f"nbgrader's late-submission plugin, which nbgrader_config.py sets, cannot be used: {error}. "
            "The simplest place for a plugin of your own is nbgrader_config.py itself."
        ) from None

    def penalty(student: str, score: float, seconds: float) -> float:
        lost = penalties.plugin_inst.late_submission_penalty(student, score, seconds) if seconds > 0 else 0.0
        return min(max(round(float(lost or 0.0), 9), 0.0), score)  # 0.6, not 0.6000000000000001

    return penalty


def _submissions(book: "Gradebook") -> Iterator["SubmittedAssignment"]:
    """All submissions with everything in them, in a few queries."""
    from nbgrader.api import Comment, Grade, SubmittedAssignment, SubmittedNotebook
    from sqlalchemy.orm import joinedload, selectinload

    notebooks = selectinload(SubmittedAssignment.notebooks)
    return iter(
        book.db.query(SubmittedAssignment).options(
            joinedload(SubmittedAssignment.assignment),
            notebooks.selectinload(SubmittedNotebook.grades).joinedload(Grade.cell),
            notebooks.selectinload(SubmittedNotebook.comments).joinedload(Comment.cell),
        )
    )


def _booked(submission: "SubmittedAssignment") -> Booked:
    cells = {
        grade.name: CellScore(
            grade.auto_score, grade.manual_score, grade.extra_credit or 0.0, bool(grade.needs_manual_grade)
        )
        for notebook in submission.notebooks
        for grade in notebook.grades
    }
    comments = [
        (comment.name, comment.manual_comment)
        for notebook in submission.notebooks
        for comment in notebook.comments
        if comment.manual_comment
    ]
    return Booked(
        cells,
        tuple(sorted(comments)),
        _utc(submission.timestamp),
        _utc(submission.duedate) if submission.assignment.duedate else None,
        submission.extension is not None,
        sum(notebook.late_submission_penalty or 0.0 for notebook in submission.notebooks),
    )


def _worth(assignment: "Assignment") -> dict[str, float]:
    cells = [cell for notebook in assignment.notebooks for cell in (*notebook.grade_cells, *notebook.task_cells)]
    return {cell.name: float(cell.max_score or 0.0) for cell in cells}


def _person(student: "Student") -> Person:
    first, last, email = student.first_name or "", student.last_name or "", student.email or ""
    return Person(student.id, first, last, email, student.lms_user_id or "")


def _utc(moment: datetime | None) -> datetime | None:
    """A time as nbgrader stores it, in UTC without saying so."""
    return moment and moment.replace(tzinfo=UTC)
