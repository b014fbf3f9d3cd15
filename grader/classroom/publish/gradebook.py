"""Fills nbgrader's gradebook from the records of a class; this can be repeated at any time."""

import logging
import os
import time
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from grader.classroom.due import Due, extensions_of, in_utc
from grader.classroom.folder import CourseFolder
from grader.classroom.records import Record
from grader.classroom.roster import by_any_name, people_of
from grader.classroom.settings import Settings, path_with_programs, read_settings
from grader.classroom.students import safe_for_display
from grader.course import CourseError

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

PAUSES = (0.5, 1, 2, 4)  # seconds to wait for another command before each new attempt
TEMPORARY = ("locked", "deadlock", "serialize", "unique")  # words in database errors that another command causes
LOST_NOTHING = "Nothing is lost: fix this and run `digits class gradebook` to enter everything."
NO_URL = (
    "The gradebook's address is not a URL. Write it like sqlite:///gradebook.db or postgresql://user@host/database."
)

Result = TypeVar("Result")


@dataclass
class Entered:
    """How many records were entered, and a sentence about each that needs the instructor."""

    records: int = 0
    problems: list[str] = field(default_factory=list)


def assignments(folder: CourseFolder, url: str | None = None) -> set[str]:
    """The names of the assignments in the gradebook that have been released: one that is only due has no notebook yet.

    Raises:
        CourseError: it cannot be used.
    """
    with opened(read_settings(folder, url)) as book:
        return {assignment.name for assignment in book.assignments if assignment.notebooks}


def is_made(settings: Settings) -> bool:
    """False if the gradebook is a file that does not exist yet."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(settings.url)  # in which a path may be quoted
    except ArgumentError:
        return True  # opening it says what is wrong
    return not url.drivername.startswith("sqlite") or Path(url.database or "").is_file()


def enter_due(
    folder: CourseFolder, slug: str, due: Due | None, changed: Collection[str] = (), url: str | None = None
) -> None:
    """Enter the deadline of an assignment.

    Args:
        due: None if it never is; then nobody has an extension.
        changed: the students whose extensions have changed. Others keep what the gradebook has.

    Raises:
        CourseError: the gradebook cannot be used.
    """
    with opened(read_settings(folder, url)) as book:
        book.update_or_create_assignment(slug, duedate=in_utc(due.end) if due else None)
        for submission in book.assignment_submissions(slug):
            if due is None or submission.student.id in changed:
                submission.extension = (due.extensions.get(submission.student.id) if due else None) or None
        book.db.commit()


def enter_records(folder: CourseFolder, records: Iterable[Record], url: str | None = None) -> Entered:
    """Enter records into the gradebook.

    Args:
        url: of a gradebook other than the one in nbgrader's settings.

    Raises:
        CourseError: the gradebook cannot be used. The records are unchanged.
    """
    from nbgrader.api import InvalidEntry

    from grader.classroom.publish.autograded import write_autograded
    from grader.classroom.publish.entries import enter, enter_person, forget_earlier_names

    settings = read_settings(folder, url)
    chosen = [*records]
    people = people_of(folder, {record.student for record in chosen})
    extensions = extensions_of(folder, people)
    entered = Entered()
    with opened(settings) as book:
        for person in people.values():
            _retry(partial(enter_person, book, person), book.db.rollback)
        _retry(partial(forget_earlier_names, book, by_any_name(people)), book.db.rollback)
        for record in chosen:
            who = f"{safe_for_display(record.student)}, {record.exercise}"
            try:
                extension = extensions.get((record.student, record.exercise))
                _retry(partial(enter, book, record, settings, extension), book.db.rollback)
            except (CourseError, InvalidEntry) as error:
                entered.problems.append(f"{who}: not entered ({safe_for_display(str(error))}).")
                continue
            entered.records += 1
            try:
                write_autograded(folder, record)
            except (OSError, ValueError, AttributeError) as error:
                entered.problems.append(
                    f"{who}: no notebook could be made for nbgrader to show ({safe_for_display(str(error))})."
                )
            if record.verdict.outcome == "grader_error":
                entered.problems.append(
                    f"{who}: the grader failed. Grade it by hand, or run `digits class grade` again."
                )
    return entered


@contextmanager
def opened(settings: Settings) -> Iterator["Gradebook"]:
    """The gradebook; every error becomes a sentence."""
    from nbgrader.api import Gradebook, InvalidEntry
    from sqlalchemy.exc import ArgumentError, SAWarning, SQLAlchemyError

    os.environ["PATH"] = path_with_programs()
    log = logging.getLogger("tornado.application")  # nbgrader logs tracebacks there, even of attempts that are repeated
    was_disabled = log.disabled
    log.disabled = True
    try:
        with warnings.catch_warnings(), _retry(lambda: Gradebook(settings.url, settings.course_id)) as book:
            warnings.simplefilter("ignore", SAWarning)  # about nbgrader's own code
            yield book
    except ModuleNotFoundError as error:
        advice = 'For PostgreSQL: pip install "psycopg[binary]"'
        raise CourseError(f"This gradebook needs the package {error.name}, which is not installed. {advice}") from None
    except ArgumentError:
        raise CourseError(NO_URL) from None
    except (SQLAlchemyError, InvalidEntry) as error:
        raise CourseError(f"{_shown(settings)} cannot be used: {_reason(error)}. {LOST_NOTHING}") from None
    finally:
        log.disabled = was_disabled


def _retry(action: Callable[[], Result], undo: Callable[[], None] = lambda: None) -> Result:
    """Do something with the gradebook; try again while another command is in the way."""
    from nbgrader.api import InvalidEntry
    from sqlalchemy.exc import SQLAlchemyError

    for pause in (*PAUSES, None):
        try:
            return action()
        except (SQLAlchemyError, InvalidEntry) as error:
            undo()
            if pause is None or not any(word in str(error).lower() for word in TEMPORARY):
                raise
            time.sleep(pause)
    raise AssertionError  # the last attempt returns or raises


def _shown(settings: Settings) -> str:
    """The gradebook's address without its password."""
    from sqlalchemy.engine import make_url

    return f"The gradebook {safe_for_display(make_url(settings.url).render_as_string(hide_password=True))}"


def _reason(error: Exception) -> str:
    """What the database says, in one line."""
    lines = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
    return safe_for_display(lines[0]).rstrip(".")
