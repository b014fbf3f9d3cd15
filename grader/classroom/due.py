"""When assignments are due: the date, a grace period, and extensions for single students.

nbgrader's gradebook has the date and the extensions, too, and its commands go by them. It cannot keep the extension of
a student who has not submitted yet, and knows no grace period, so all that the instructor has said is also in
.digits/due.json. The date in the gradebook is the end of the grace period.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from grader.classroom.folder import CourseFolder, unwritable
from grader.classroom.roster import by_any_name
from grader.classroom.students import Person, canonical_name, safe_for_display
from grader.course import CourseError
from grader.files import write_atomically

DURATION = re.compile(r"(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?")
WHEN = "Write it like 2026-03-01T23:59, or 2026-03-01T23:59+01:00."
HOW_LONG = "Write it like 3d, 12h, 30m or 1d12h."


@dataclass(frozen=True)
class Due:
    """The deadline of one assignment."""

    moment: datetime  # with its time zone
    grace: timedelta = timedelta()
    extensions: Mapping[str, timedelta] = field(default_factory=dict)  # by student

    @property
    def end(self) -> datetime:
        """When a submission starts to be late."""
        return self.moment + self.grace


def read_due(folder: CourseFolder) -> dict[str, Due]:
    """What `digits class due` has been told, by slug.

    Raises:
        CourseError: the file cannot be read.
    """
    path = folder.private / "due.json"
    try:
        entries = json.loads(path.read_text("utf-8"))
        return {slug: _due(entry) for slug, entry in entries.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise CourseError(
            f"{safe_for_display(str(path))} cannot be read ({error}). Restore it from a copy, or delete it and set the "
            "due dates again."
        ) from None


def extensions_of(folder: CourseFolder, people: Mapping[str, Person]) -> dict[tuple[str, str], timedelta]:
    """All extensions, by student and slug. An extension that was given under another of somebody's names is theirs."""
    meant = by_any_name(people)
    return {
        (meant.get(canonical_name(student), student), slug): extension
        for slug, due in read_due(folder).items()
        for student, extension in due.extensions.items()
    }


def write_due(folder: CourseFolder, all_due: Mapping[str, Due]) -> None:
    """Save what `digits class due` has been told.

    Raises:
        EngineError: it cannot be written.
    """
    entries = {
        slug: {
            "due": due.moment.isoformat(),
            "grace": due.grace.total_seconds(),
            "extensions": {student: each.total_seconds() for student, each in due.extensions.items()},
        }
        for slug, due in all_due.items()
    }
    try:
        folder.private.mkdir(mode=0o700, exist_ok=True)
        write_atomically(folder.private / "due.json", json.dumps(entries, indent=1), mode=0o600, durable=True)
    except OSError as error:
        raise unwritable(folder.private / "due.json", error) from None


def parse_moment(text: str) -> datetime:
    """A date and time as an instructor writes it. Without a time zone it is this computer's; a day ends at 23:59.

    Raises:
        CourseError: it is none.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise CourseError(f"{safe_for_display(text)!r} is not a date and time. {WHEN}") from None
    if re.fullmatch(r"[\d-]+", text.strip()):
        moment = datetime.combine(moment.date(), time(23, 59))
    return moment if moment.tzinfo else moment.astimezone()


def parse_duration(text: str) -> timedelta:
    """A duration such as 3d, 12h, 30m or 1d12h; 0 is none.

    Raises:
        CourseError: it is none of these.
    """
    found = DURATION.fullmatch(text.strip().lstrip("+"))
    if text.strip() == "0":
        return timedelta()
    if not found or not found[0]:
        raise CourseError(f"{safe_for_display(text)!r} is not a duration. {HOW_LONG}")
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def in_utc(moment: datetime) -> datetime:
    """A time as nbgrader stores it: in UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def _due(entry: dict[str, object]) -> Due:
    moment = datetime.fromisoformat(str(entry["due"]))
    if not moment.tzinfo:
        raise ValueError("a due date has no time zone")
    extensions = entry["extensions"]
    if not isinstance(extensions, dict):
        raise TypeError("the extensions are no table")
    return Due(
        moment,
        timedelta(seconds=float(str(entry["grace"]))),
        {student: timedelta(seconds=float(seconds)) for student, seconds in extensions.items()},
    )
