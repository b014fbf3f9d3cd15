"""The grades of a class as a table of students and exercises, which every export starts from."""

from dataclasses import dataclass
from datetime import datetime

from grader.classroom.collect.submissions import find_submissions
from grader.classroom.folder import CourseFolder
from grader.classroom.publish.gradebook import due_dates
from grader.classroom.records import Record, read_records
from grader.classroom.roster import Person, read_roster
from grader.classroom.students import safe_for_display
from grader.course import CourseError, Lesson, lessons

NOT_GRADED, NOT_SUBMITTED = "not graded yet", "not submitted"


@dataclass(frozen=True)
class Grade:
    """What a student has in an exercise. There is no score where nobody has graded: that is no zero."""

    outcome: str
    score: float | None = None
    submitted: str = ""
    late: bool | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grades:
    """All grades of a class."""

    people: dict[str, Person]  # by the name of their folder, in its order
    exercises: dict[str, float]  # the slug and the most points
    cells: dict[tuple[str, str], Grade]  # student and slug

    def of(self, student: str, exercise: str) -> Grade:
        return self.cells.get((student, exercise), Grade(NOT_SUBMITTED))

    @property
    def ungraded(self) -> dict[tuple[str, str], str]:
        """Why a submission has no score, by student and slug."""
        return {place: grade.outcome for place, grade in self.cells.items() if grade.score is None}


def collect_grades(folder: CourseFolder, exercise: Lesson | None = None) -> Grades:
    """Read the records, the roster and, if there is a gradebook, when submissions were due.

    Raises:
        CourseError: there are no results, or one of these cannot be read.
    """
    uses_nbgrader = folder.config.is_file() or folder.gradebook.is_file()  # else there is no need to import it
    due, roster = due_dates(folder) if uses_nbgrader else {}, read_roster(folder)
    cells: dict[tuple[str, str], Grade] = {}
    points: dict[str, float] = {}
    for record in read_records(folder):
        if exercise is None or record.exercise == exercise.slug:
            cells[record.student, record.exercise] = _grade(record, due.get(record.exercise))
            points[record.exercise] = record.verdict.max_score
    if not cells:
        of_it = f" of {exercise.slug}" if exercise else ""
        raise CourseError(
            f"There are no results{of_it} in {safe_for_display(str(folder.graded))}: digits class grade makes them."
        )
    for student, slug in _handed_in(folder, exercise):
        cells.setdefault((student, slug), Grade(NOT_GRADED))
    students = sorted({student for student, _ in cells} | set(roster))
    order = [lesson.slug for lesson in lessons() if lesson.slug in points]
    return Grades(
        {student: roster.get(student, Person(student)) for student in students},
        {slug: points[slug] for slug in (*order, *sorted(set(points) - set(order)))},
        {place: grade for place, grade in cells.items() if place[1] in points},
    )


def is_late(submitted: str | None, due: datetime | None) -> bool | None:
    """Whether a submission came after its time; None where nobody knows."""
    if not submitted or not due:
        return None
    try:
        return datetime.fromisoformat(submitted) > due
    except (ValueError, TypeError):  # no time, or one without its zone
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


def _handed_in(folder: CourseFolder, exercise: Lesson | None) -> list[tuple[str, str]]:
    if not folder.submitted.is_dir():
        return []
    return [
        (submission.student, submission.lesson.slug) for submission in find_submissions(folder, exercise).submissions
    ]
