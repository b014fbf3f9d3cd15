"""Fills nbgrader's gradebook from the records of a class, and can do so again at any time."""

import logging
import os
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from grader.classroom.folder import CourseFolder
from grader.classroom.records import Record, read_records
from grader.classroom.settings import Settings, path_with_programs, read_settings
from grader.classroom.students import safe_for_display
from grader.course import CourseError

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

PAUSES = (0.5, 1, 2, 4)  # seconds before what another command was in the way of is tried again
PASSING = ("locked", "deadlock", "serialize", "unique")  # in what a database says of such things
LOST_NOTHING = "Nothing is lost: when that is mended, digits class gradebook enters everything."
NO_URL = "The gradebook's address is no URL like sqlite:///gradebook.db or postgresql://user@host/database."

Result = TypeVar("Result")


@dataclass
class Entered:
    """How many records the gradebook has now, and sentences about those that need somebody."""

    records: int = 0
    problems: list[str] = field(default_factory=list)


def assignments(folder: CourseFolder, url: str | None = None) -> set[str]:
    """The names of the assignments in the gradebook.

    Raises:
        CourseError: it cannot be used.
    """
    with _opened(read_settings(folder, url)) as book:
        return {assignment.name for assignment in book.assignments}


def due_dates(folder: CourseFolder, url: str | None = None) -> dict[str, datetime]:
    """Until when each assignment was to be handed in, where the gradebook knows that; it is not made to find out.

    Raises:
        CourseError: it cannot be used.
    """
    settings = read_settings(folder, url)
    file = settings.url.removeprefix("sqlite:///").partition("?")[0]
    if settings.url.startswith("sqlite") and not Path(file).is_file():
        return {}
    with _opened(settings) as book:  # which keeps UTC
        return {one.name: one.duedate.replace(tzinfo=UTC) for one in book.assignments if one.duedate}


def enter_records(folder: CourseFolder, url: str | None = None, records: Iterable[Record] | None = None) -> Entered:
    """Enter records, or all that a class has, into the gradebook.

    Args:
        url: of another gradebook than nbgrader's settings name.

    Raises:
        CourseError: the gradebook cannot be used. The records are where they were.
    """
    from nbgrader.api import InvalidEntry

    from grader.classroom.publish.autograded import show
    from grader.classroom.publish.entries import enter

    settings, entered = read_settings(folder, url), Entered()
    with _opened(settings) as book:
        for record in read_records(folder) if records is None else records:
            who = f"{safe_for_display(record.student)}, {record.exercise}"
            try:
                _retry_once(lambda record=record: enter(book, record, settings), book.db.rollback)
            except (CourseError, InvalidEntry) as error:
                entered.problems.append(f"{who}: not entered ({safe_for_display(str(error))}).")
                continue
            entered.records += 1
            try:
                show(folder, record)
            except (OSError, ValueError, AttributeError) as error:
                entered.problems.append(
                    f"{who}: nbgrader has no notebook of it to show ({safe_for_display(str(error))})."
                )
            if record.verdict.outcome == "grader_error":
                entered.problems.append(f"{who}: the grader failed. It needs a manual grade, or grading once more.")
    return entered


@contextmanager
def _opened(settings: Settings) -> Iterator["Gradebook"]:
    """The gradebook; whatever is wrong with it becomes a sentence."""
    from nbgrader.api import Gradebook, InvalidEntry
    from sqlalchemy.exc import ArgumentError, SAWarning, SQLAlchemyError

    os.environ["PATH"] = path_with_programs()
    log = logging.getLogger("tornado.application")  # nbgrader writes tracebacks of what is tried again there
    log.disabled, was_disabled = True, log.disabled
    try:
        with warnings.catch_warnings(), _retry_once(lambda: Gradebook(settings.url, settings.course_id)) as book:
            warnings.simplefilter("ignore", SAWarning)  # of nbgrader's own ways
            yield book
    except ModuleNotFoundError as error:
        advice = 'For PostgreSQL: pip install "psycopg[binary]"'
        raise CourseError(f"This gradebook needs a package that is not installed, {error.name}. {advice}") from None
    except ArgumentError:
        raise CourseError(NO_URL) from None
    except (SQLAlchemyError, InvalidEntry) as error:
        raise CourseError(f"{_shown(settings)} cannot be used: {_reason(error)}. {LOST_NOTHING}") from None
    finally:
        log.disabled = was_disabled


def _retry_once(action: Callable[[], Result], undo: Callable[[], None] = lambda: None) -> Result:
    """Do something with the gradebook; once more where another command was in the way."""
    from nbgrader.api import InvalidEntry
    from sqlalchemy.exc import SQLAlchemyError

    for pause in (*PAUSES, None):
        try:
            return action()
        except (SQLAlchemyError, InvalidEntry) as error:
            undo()
            if pause is None or not any(word in str(error).lower() for word in PASSING):
                raise
            time.sleep(pause)
    raise AssertionError  # the last round returns or raises


def _shown(settings: Settings) -> str:
    """The gradebook's address without its password."""
    from sqlalchemy.engine import make_url

    return f"The gradebook {safe_for_display(make_url(settings.url).render_as_string(hide_password=True))}"


def _reason(error: Exception) -> str:
    """What the database says, in one line."""
    lines = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
    return safe_for_display(lines[0]).rstrip(".")
