"""Students: their names, which are data and never trusted, and what ``roster.csv`` says about them."""

import csv
import io
import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from grader.course import CourseError

MAX_NAME_BYTES = 200  # of a student's name, which becomes part of longer file names


def safe_for_display(name: str) -> str:
    """A name on one line: invisible characters, line ends and direction marks become question marks."""
    return "".join(character if character.isprintable() else "?" for character in name)


def canonical_name(name: str) -> str:
    """The same text for all names that look alike to people: they differ in case, Unicode form or spaces only."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def is_usable(name: str) -> bool:
    """True for a name under which a student's results can be saved and shown."""
    return name.isprintable() and 0 < len(os.fsencode(name)) <= MAX_NAME_BYTES and not name.startswith(".")


COLUMNS = ("student", "first_name", "last_name", "email", "lms_id")


@dataclass(frozen=True)
class Person:
    """A student. Only ``student``, the name of their folder in ``submitted/``, is always known."""

    student: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_id: str = ""

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, (self.first_name, self.last_name))) or self.student

    @property
    def sortable_name(self) -> str:
        """Last name first, the way gradebooks list people."""
        return ", ".join(filter(None, (self.last_name, self.first_name))) or self.student

    @property
    def sorting_key(self) -> tuple[str, ...]:
        """People in the order of a class list: by last name, then by first name, whatever the case."""
        return (*map(canonical_name, (self.last_name or self.student, self.first_name)), self.student)


def read_roster(path: Path) -> dict[str, Person]:
    """The students in ``roster.csv`` by the name of their folder; none if there is no such file.

    Raises:
        CourseError: the file cannot be read, has no column ``student``, or has a student twice.
    """
    shown = safe_for_display(str(path))
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise CourseError(f"{shown} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise CourseError(f"{shown} is not UTF-8 text. Save it again as CSV UTF-8.") from None
    header = text.partition("\n")[0]
    rows = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=";" if header.count(";") > header.count(",") else ","
    )
    people: dict[str, Person] = {}
    try:
        if "student" not in (rows.fieldnames or ()):
            raise CourseError(f"{shown} has no column student. Make its first line: {','.join(COLUMNS)}")
        for row in rows:
            person = Person(**{name: (row.get(name) or "").strip() for name in COLUMNS})
            if person.student in people:
                raise CourseError(
                    f"{shown}, line {rows.line_num}: {safe_for_display(person.student)} is in the file twice. "
                    "Delete one of the lines."
                )
            if person.student:
                people[person.student] = person
    except csv.Error as error:
        raise CourseError(f"{shown}, line {rows.line_num}: {error}.") from None
    return people
