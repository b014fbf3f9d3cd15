"""Who is in the class: ``roster.csv``, which may be our own table, Canvas's gradebook or Moodle's grading worksheet."""

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.classroom.folder import CourseFolder
from grader.classroom.identity import Identities, read_identities
from grader.classroom.students import Person, canonical_name, safe_for_display
from grader.course import CourseError, lessons

COLUMNS = ("student", "first_name", "last_name", "email", "lms_id")
CANVAS = {"student", "id", "section"}  # columns that only Canvas's own gradebook has together
MOODLE = {"identifier", "full name"}  # and only Moodle's grading worksheet
ASSIGNMENT = re.compile(r"(?P<title>.+?) \(\d+\)")  # how Canvas heads a column: pixels (4711)
POINTS_POSSIBLE = "Points Possible"
TEST_STUDENT = "Student, Test"  # whom Canvas adds to every course, for the instructor to try it out
KINDS = (
    f"Make its first line: {','.join(COLUMNS)}. Canvas's own gradebook (Export) and Moodle's grading worksheet are "
    "read as they are, too."
)


@dataclass(frozen=True)
class Entry:
    """One line of a roster."""

    person: Person  # whose ``student`` may be empty
    participant: str = ""  # of Moodle's assignment


@dataclass(frozen=True)
class Roster:
    """What roster.csv says. ``columns`` are the headings of assignments in Canvas, by slug."""

    entries: list[Entry] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)


def people_of(folder: CourseFolder, students: Collection[str]) -> dict[str, Person]:
    """Everybody in the roster, and these students, by the name of their folder in ``submitted/``.

    Args:
        students: names of folders.

    Raises:
        CourseError: the roster, or what is remembered of students, cannot be read.
    """
    identities, people = read_identities(folder), dict[str, Person]()
    entries = read_roster(folder.roster).entries
    shared = Counter(canonical_name(entry.person.full_name) for entry in entries)
    for entry in entries:
        student = folder_of(entry, students, identities)
        if entry.participant and shared[canonical_name(entry.person.full_name)] > 1 and student in people:
            student = f"{student}-{entry.participant}"  # as their folder will be called
        if student in people:
            shown = safe_for_display(str(folder.roster))
            raise CourseError(f"{shown} has {safe_for_display(student)} twice. Delete one of the lines.")
        people[student] = replace(entry.person, student=student)
    people = {student: Person(student) for student in students} | people
    return {student: _completed(person, identities) for student, person in people.items()}


def _completed(person: Person, identities: Identities) -> Person:
    """A person with what is known from the archives of Canvas and Moodle."""
    number = person.lms_id or identities.canvas_id(person.student)
    is_of_moodle = any(person.student in known.values() for known in identities.moodle.values())
    if is_of_moodle and not person.is_named:
        first, _, last = person.student.rpartition(" ")
        person = replace(person, first_name=first, last_name=last)
    is_login = not (is_of_moodle or identities.canvas_id(person.student))
    return replace(person, lms_id=number, login=person.login or (person.student if is_login else ""))


def folder_of(entry: Entry, folders: Collection[str], identities: Identities) -> str:
    """The folder of somebody in the roster: by number, by login, by name as Canvas or Moodle write it in a path."""
    person = entry.person
    if person.lms_id in identities.canvas:
        return identities.canvas[person.lms_id]
    for known in identities.moodle.values():
        if entry.participant in known:
            return known[entry.participant]
    by_name = {canonical_name(folder): folder for folder in folders}
    names = (person.student, f"{person.first_name} {person.last_name}", canvas_form(person))
    for name in filter(str.strip, names):
        if canonical_name(name) in by_name:
            return by_name[canonical_name(name)]
    return next(filter(str.strip, names))


def canvas_form(person: Person) -> str:
    """How Canvas begins the names of a student's files: lovelaceada for Lovelace, Ada."""
    return "".join(character for character in f"{person.last_name}{person.first_name}".lower() if character.isalnum())


def by_any_name(people: Mapping[str, Person]) -> dict[str, str]:
    """Everybody's folder, by each name that means nobody else: of the folder, login, number, e-mail address, full name.

    Until a student's first submission is collected, the roster alone names them, and not always as the folder will.
    """
    meant = defaultdict[str, set[str]](set)
    for student, person in people.items():
        for name in (person.login, person.email, person.lms_id, person.full_name, canvas_form(person)):
            meant[canonical_name(name)].add(student)
    certain = {name: students.pop() for name, students in meant.items() if name and len(students) == 1}
    return certain | {canonical_name(student): student for student in people}


def read_roster(path: Path) -> Roster:
    """Read ``roster.csv``; an empty roster if there is no such file.

    Raises:
        CourseError: the file cannot be read, or is no roster.
    """
    shown = safe_for_display(str(path))
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return Roster()
    except OSError as error:
        raise CourseError(f"{shown} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise CourseError(f"{shown} is not UTF-8 text. Save it again as CSV UTF-8.") from None
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        headings = [heading.strip() for heading in next(rows, [])]
        names = [heading.casefold() for heading in headings]
        read = _canvas if set(names) >= CANVAS else _moodle if set(names) >= MOODLE else _own
        if read is _own and "student" not in names:
            raise CourseError(f"{shown} has no column student. {KINDS}")
        entries: list[Entry] = []
        for row in rows:
            entry = read(dict(zip(names, map(str.strip, row), strict=False)))
            if entry and entry.person.student and any(entry.person.student == e.person.student for e in entries):
                raise CourseError(
                    f"{shown}, line {rows.line_num}: {safe_for_display(entry.person.student)} is in the file twice. "
                    "Delete one of the lines."
                )
            entries += [entry] if entry else []
    except csv.Error as error:
        raise CourseError(f"{shown}, line {rows.line_num}: {error}.") from None
    return Roster(entries, dict(_assignments(headings)) if read is _canvas else {})


def _own(row: dict[str, str]) -> Entry | None:
    fields = {name: row.get(name, "") for name in COLUMNS}
    return Entry(Person(**fields)) if fields["student"] else None


def _canvas(row: dict[str, str]) -> Entry | None:
    """A line of Canvas's gradebook. Two lines below its header are about the columns."""
    name, number = row.get("student", ""), row.get("id", "")
    if not number or name in {POINTS_POSSIBLE, TEST_STUDENT}:
        return None
    last, _, first = map(str.strip, name.partition(","))
    login = row.get("sis login id", "")
    return Entry(Person(login, first, last, "", number, row.get("sis user id", ""), login))


def _moodle(row: dict[str, str]) -> Entry | None:
    """A line of Moodle's grading worksheet, whose identifier is "Participant 12345"."""
    first, _, last = row.get("full name", "").rpartition(" ")
    participant = row.get("identifier", "").rpartition(" ")[2]
    person = Person("", first, last, row.get("email address", ""), row.get("id number", ""))
    return Entry(person, participant) if row.get("full name") else None


def _assignments(headings: list[str]) -> Iterator[tuple[str, str]]:
    """The headings of Canvas's columns that are exercises of this course, by slug."""
    for heading in headings:
        found = ASSIGNMENT.fullmatch(heading)
        for lesson in lessons():
            if found and plain_title(found["title"]) in map(plain_title, (lesson.slug, lesson.stem, lesson.title)):
                yield lesson.slug, heading


def plain_title(title: str) -> str:
    """A title without what people write one way or another: case, hyphens, underscores, spaces."""
    return canonical_name(re.sub(r"[\W_]+", " ", title))
