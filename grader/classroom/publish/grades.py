"""One score for each submission, wherever it is shown: the checks' points, and what the gradebook says on top of them.

A score that a person has set by hand counts instead of a check's; extra credit is added, and the penalty for being late
is taken off, as nbgrader does it. What nbgrader alone has graded counts, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from grader.choices import Choices, read_choices
from grader.classroom.collect.submissions import submitted_places
from grader.classroom.due import extensions_of
from grader.classroom.folder import CourseFolder
from grader.classroom.publish.scores import Book, Booked, Place, read_book, store_penalties
from grader.classroom.records import Record, no_results, points_of, read_records
from grader.classroom.roster import people_of, read_roster
from grader.classroom.students import Person
from grader.course import CourseError, Lesson, find_lesson, lessons
from grader.engine.session import load_checks

NOT_GRADED = "not graded yet"
NOT_SUBMITTED = "not submitted"
BY_NBGRADER = "graded"  # by `nbgrader autograde` alone, so there is no record


@dataclass(frozen=True)
class Change:
    """Points of one check or question that a person has set; ``before`` is what the checks gave, if anything."""

    name: str
    points: float
    before: float | None


@dataclass(frozen=True)
class Grade:
    """A student's result in an exercise. If it was not graded there is no score, which is not a zero.

    Attributes:
        outcome: a verdict's outcome, "not graded yet" or "not submitted".
        score: the points that count, after the penalty.
        penalty: the points that were taken off for being late.
        submitted: ISO 8601 with its offset; empty if it is not known.
        late: None if it is not known.
        extra_credit: points beside those of the checks, which are in the score already.
        seconds_late: how late; 0 if that is not known.
        doubt: why its time or its file may not be what the student meant.
        changes: what a person has set by hand.
        comments: by cell, what a person has written.
        waits: it still needs a person, in the formgrader.
        withheld: why the student may not see yet what was wrong; empty if they may.
        attempts: the best of how many counts.
    """

    outcome: str
    score: float | None = None
    max_score: float = 0.0
    penalty: float = 0.0
    extra_credit: float = 0.0
    submitted: str = ""
    late: bool | None = None
    seconds_late: float = 0.0
    flags: tuple[str, ...] = ()
    message: str = ""
    doubt: str = ""
    changes: tuple[Change, ...] = ()
    comments: tuple[tuple[str, str], ...] = ()
    waits: bool = False
    withheld: str = ""
    attempts: int = 1


@dataclass(frozen=True)
class Grades:
    """All grades of a class."""

    people: dict[str, Person]  # by the name of their folder, in alphabetical order
    exercises: dict[str, float]  # slugs and maximum points
    cells: dict[Place, Grade]
    stale: list[Place] = field(default_factory=list)  # results that were left out, because nothing is submitted there
    columns: dict[str, str] = field(default_factory=dict)  # the headings of exercises in Canvas, where they are known
    weights: Mapping[str, float] = field(default_factory=dict)  # of exercises in the total; 1 where none is given

    def of(self, student: str, exercise: str) -> Grade:
        return self.cells.get((student, exercise)) or Grade(NOT_SUBMITTED, max_score=self.exercises.get(exercise, 0.0))

    def of_student(self, student: str) -> dict[str, Grade]:
        """A student's grades in all exercises of the class, by slug."""
        return {slug: self.of(student, slug) for slug in self.exercises}

    def total(self, student: str) -> float | None:
        """The weighted mean of a student's exercises, 0..100 or more with extra credit; None while nothing counts.

        What was not submitted counts as 0, and what has no score yet does not count.
        """
        shares = [
            (grade.score / grade.max_score if grade.score is not None else 0.0, self.weights.get(slug, 1.0))
            for slug, grade in self.of_student(student).items()
            if grade.max_score and (grade.score is not None or grade.outcome == NOT_SUBMITTED)
        ]
        weight = sum(weight for _, weight in shares)
        return 100 * sum(share * weight for share, weight in shares) / weight if weight else None

    def with_outcome(self, outcome: str) -> list[Place]:
        return [place for place, grade in self.cells.items() if grade.outcome == outcome]

    @property
    def ungraded(self) -> dict[Place, str]:
        """Why submissions have no score, by student and slug."""
        return {place: grade.outcome for place, grade in self.cells.items() if grade.score is None}


def collect_grades(folder: CourseFolder, exercise: Lesson | None = None, keep: bool = False) -> Grades:
    """Read records, roster and gradebook. Penalties in the gradebook are brought up to date.

    Args:
        keep: also results of submissions that are no longer in ``submitted/``.

    Raises:
        CourseError: there are no results, or one of these files cannot be read.
    """
    book = read_book(folder)
    records = {
        (record.student, record.exercise): record
        for record in read_records(folder)
        if exercise is None or record.exercise == exercise.slug
    }
    course = {lesson.slug for lesson in lessons()}
    booked = {
        place: each
        for place, each in book.submissions.items()
        if place[1] in course and (exercise is None or place[1] == exercise.slug) and _is_graded(each)
    }
    submitted = submitted_places(folder, exercise)
    places = {*records, *booked}
    stale = [] if keep or submitted is None else sorted(places - submitted)
    places -= set(stale)
    worth = {slug: _worth(slug, book) for _, slug in places}
    extensions = extensions_of(folder, people_of(folder, {student for student, _ in places}))
    choices = read_choices(folder.root)
    cells = {
        place: _grade(place, records.get(place), booked.get(place), book, worth[place[1]], extensions, choices)
        for place in places
    }
    if not cells:
        raise CourseError(no_results(folder, f" of {exercise.slug}" if exercise else ""))
    columns = read_roster(folder.roster).columns
    _correct_penalties(folder, book, cells)
    for place in submitted or ():
        if place[1] in worth:
            cells.setdefault(place, Grade(NOT_GRADED, max_score=sum(worth[place[1]].values())))
    people, in_order = _people(folder, book, cells), _in_order(worth)
    return Grades(people, in_order, dict(sorted(cells.items())), stale, columns, choices.weights)


def _grade(
    place: Place,
    record: Record | None,
    booked: Booked | None,
    book: Book,
    worth: dict[str, float],
    extensions: dict[Place, timedelta],
    choices: Choices,
) -> Grade:
    """One grade. Points of the record count rather than the gradebook's copy of them, which may be older."""
    student, slug = place
    cells = booked.cells if booked else {}
    points: dict[str, float | None] = {name: cell.automatic for name, cell in cells.items()}
    if record:
        points |= points_of(record.verdict, load_checks(find_lesson(slug).checks_path))
    changes = tuple(
        Change(name, cell.by_hand, points.get(name)) for name, cell in sorted(cells.items()) if cell.by_hand is not None
    )
    points |= {change.name: change.points for change in changes}
    extra = sum(cell.extra_credit for cell in cells.values())
    open_cells = [name for name, earned in points.items() if earned is None]
    raw = sum(earned or 0.0 for earned in points.values()) + extra
    submitted = _moment(record.submitted if record else None) or (booked.submitted if booked else None)
    due = booked.due if booked else book.due.get(slug)
    if due and not (booked and booked.is_extended):
        due += extensions.get(place, timedelta())
    seconds = (submitted - due).total_seconds() if submitted and due else 0.0
    marked = record is not None and record.marked_late and not (submitted and due)
    penalty = book.penalty(student, raw, seconds)
    failed = record is not None and record.verdict.outcome == "grader_error" and bool(open_cells)
    return Grade(
        outcome=record.verdict.outcome if record else BY_NBGRADER,
        score=None if failed else raw - penalty,
        max_score=sum(worth.values()),
        penalty=penalty,
        extra_credit=extra,
        submitted=(record.submitted if record else None) or (submitted.isoformat() if submitted else ""),
        late=seconds > 0 if submitted and due else marked or None,
        seconds_late=max(0.0, seconds),
        flags=tuple(record.verdict.flags) if record else (),
        message=record.verdict.message if record else "",
        doubt=record.doubt if record else "",
        changes=changes,
        comments=booked.comments if booked else (),
        waits=not failed and (bool(open_cells) or any(cell.needs_manual_grade for cell in cells.values())),
        withheld=_withheld(due) if choices.feedback == "after-deadline" else "",
        attempts=record.attempts if record else 1,
    )


def _withheld(due: datetime | None) -> str:
    """Why there is no feedback yet; without a due date there is none at all, since nobody has said when it may come."""
    if due is None:
        return "What was right and wrong is shown after the deadline, which is not set yet."
    return f"Feedback follows after {due.astimezone():%Y-%m-%d %H:%M}." if datetime.now(UTC) < due else ""


def _is_graded(booked: Booked) -> bool:
    """False for what is in the gradebook only because nbgrader keeps an extension there."""
    return any(cell.automatic is not None or cell.by_hand is not None for cell in booked.cells.values())


def _worth(slug: str, book: Book) -> dict[str, float]:
    """The maximum points of each check, and of each question that the instructor has added to the assignment."""
    checks = {check.name: check.points for check in load_checks(find_lesson(slug).checks_path)}
    return book.worth.get(slug, {}) | checks


def _correct_penalties(folder: CourseFolder, book: Book, cells: dict[Place, Grade]) -> None:
    """nbgrader works penalties out while it grades; a score, a due date or an extension may have changed since."""
    outdated = {
        place: grade.penalty
        for place, grade in cells.items()
        if place in book.submissions and book.submissions[place].penalty != grade.penalty
    }
    if outdated:
        store_penalties(folder, outdated)


def _people(folder: CourseFolder, book: Book, cells: dict[Place, Grade]) -> dict[str, Person]:
    """All students: of the roster or, without one, of the gradebook, and who has submitted; in the order of a list."""
    students = {student for student, _ in cells}
    if not folder.roster.exists():
        students |= set(book.people)
    found = people_of(folder, students)
    people = {student: _named(person, book.people.get(student)) for student, person in found.items()}
    return dict(sorted(people.items(), key=lambda item: item[1].sorting_key))


def _named(person: Person, known: Person | None) -> Person:
    """A person under the name that the gradebook has, if the roster has none."""
    if person.is_named or known is None:
        return person
    return replace(person, first_name=known.first_name, last_name=known.last_name, email=person.email or known.email)


def _in_order(worth: dict[str, dict[str, float]]) -> dict[str, float]:
    """The exercises in the order of the course, with their maximum points."""
    return {lesson.slug: sum(worth[lesson.slug].values()) for lesson in lessons() if lesson.slug in worth}


def _moment(text: str | None) -> datetime | None:
    """A time of submission; one without a zone is UTC, as for nbgrader."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
