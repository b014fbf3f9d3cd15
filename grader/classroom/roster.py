"""Reads ``roster.csv``, if a course folder has one: the names that an LMS knows the students by."""

import csv
import io
from dataclasses import dataclass

from grader.classroom.folder import CourseFolder
from grader.classroom.students import safe_for_display
from grader.course import CourseError

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
        """Last name first, as gradebooks list people."""
        return ", ".join(filter(None, (self.last_name, self.first_name))) or self.student


def read_roster(folder: CourseFolder) -> dict[str, Person]:
    """The people of ``roster.csv`` by the name of their folder; none, if there is no such file.

    Raises:
        CourseError: the file cannot be read, lacks the column ``student``, or names somebody twice.
    """
    shown = safe_for_display(str(folder.roster))
    try:
        text = folder.roster.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise CourseError(f"{shown} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise CourseError(f"{shown} is not UTF-8 text; save it again as CSV UTF-8.") from None
    header = text.partition("\n")[0]
    rows = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=";" if header.count(";") > header.count(",") else ","
    )
    people: dict[str, Person] = {}
    try:
        if "student" not in (rows.fieldnames or ()):
            raise CourseError(f"{shown} has no column student. Its first line should be: {','.join(COLUMNS)}")
        for row in rows:
            person = Person(**{name: (row.get(name) or "").strip() for name in COLUMNS})
            if person.student in people:
                raise CourseError(
                    f"{shown}, line {rows.line_num}: {safe_for_display(person.student)} stands there twice."
                )
            if person.student:
                people[person.student] = person
    except csv.Error as error:
        raise CourseError(f"{shown}, line {rows.line_num}: {error}.") from None
    return people
