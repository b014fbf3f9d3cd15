"""Finds the submissions of a class and opens them. If a file could belong to two students, it is set aside."""

import os
import re
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path

from grader.classroom.folder import CourseFolder, no_course
from grader.classroom.students import canonical_name, is_usable, safe_for_display
from grader.course import CourseError, Lesson, closest, manifest, ready_lessons
from grader.engine.judge.source import most_bytes, read_file
from grader.verdict import Outcome

TIMESTAMP = "timestamp.txt"
SUFFIXES = (".py", ".ipynb")
ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")
TIME = re.compile(r"[\w:.,+\- ]{6,60}(?:/\w+){0,2}")  # may end in Europe/Berlin, but in no path: dateutil would open it
WHERE_TO_PUT = (
    "Put each submission into submitted/STUDENT/EXERCISE, or let `digits class collect` unpack an export from Canvas "
    "or Moodle."
)
LEFTOVERS = {"__MACOSX", "Thumbs.db", "desktop.ini"}  # which operating systems leave in folders


@dataclass(frozen=True)
class Submission:
    """What a student has submitted for an exercise: a folder, or something else under its name.

    Attributes:
        number: of an attempt that was replaced, from 1; 0 for the newest.
        earlier: the attempts before it that count, too, the first one first.
    """

    student: str
    lesson: Lesson
    path: Path
    number: int = 0
    earlier: tuple["Submission", ...] = ()


@dataclass
class Found:
    """All submissions of a class, by exercise and student, and a sentence about each that was set aside."""

    submissions: list[Submission] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)
    not_ours: defaultdict[str, list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )  # folders that are not exercises of this course, and the students who have one


def find_submissions(folder: CourseFolder, exercise: Lesson | None = None) -> Found:
    """Look through ``submitted/``.

    Raises:
        CourseError: there is no such folder, or no course.
    """
    if not folder.submitted.is_dir():
        if not folder.is_begun:
            raise CourseError(no_course(folder.root))
        raise CourseError(f"There is no folder {safe_for_display(str(folder.submitted))}. {WHERE_TO_PUT}")
    found = Found()
    students: defaultdict[str, list[str]] = defaultdict(list)
    for entry in listing(folder.submitted):
        if not is_usable(entry.name):
            found.set_aside.append(
                f"submitted/{safe_for_display(entry.name)[:60]}: this name is too long or has invisible "
                "characters. Rename the folder."
            )
        elif entry.is_dir(follow_symlinks=False):
            students[canonical_name(entry.name)].append(entry.name)
        else:
            what = "is a link, and links are not followed" if entry.is_symlink() else "is not a student's folder"
            found.set_aside.append(f"submitted/{entry.name} {what}. Put submissions into submitted/STUDENT/EXERCISE.")
    for names in students.values():
        if len(names) > 1:
            found.set_aside.append(
                f"submitted/: {and_list(names)} look like one student. Make them one folder, or rename one of them."
            )
        else:
            _look_at(folder.submitted / names[0], exercise, found)
    found.submissions.sort(key=lambda submission: (submission.lesson.number, submission.student))
    return found


def submitted_places(folder: CourseFolder, exercise: Lesson | None = None) -> set[tuple[str, str]] | None:
    """Where something is submitted, by student and slug; None if the class has no folder for submissions."""
    if not folder.submitted.is_dir():
        return None
    return {(each.student, each.lesson.slug) for each in find_submissions(folder, exercise).submissions}


def _look_at(student: Path, exercise: Lesson | None, found: Found) -> None:
    """Add what one student has submitted."""
    exercises = {name: lesson for lesson in ready_lessons() for name in (lesson.slug, lesson.stem)}
    claims: defaultdict[Lesson, list[str]] = defaultdict(list)
    try:
        entries = list(listing(student))
    except OSError as error:
        found.set_aside.append(f"submitted/{student.name} cannot be read ({error.strerror}).")
        return
    for entry in entries:
        if entry.name in exercises:
            claims[exercises[entry.name]].append(entry.name)
        elif entry.is_dir(follow_symlinks=False):
            _look_at_stranger(student, entry.name, exercise, found)
        else:
            found.set_aside.append(
                f"submitted/{student.name}/{safe_for_display(entry.name)} is outside the exercise "
                "folders. Move it into the right one."
            )
    for lesson, names in claims.items():
        if exercise not in {None, lesson}:
            continue
        if len(names) > 1:
            found.set_aside.append(f"submitted/{student.name}: {and_list(names)} are the same exercise. Keep one.")
        elif not _is_empty(student / names[0]):
            found.submissions.append(Submission(student.name, lesson, student / names[0]))


def _look_at_stranger(student: Path, name: str, exercise: Lesson | None, found: Found) -> None:
    """Tell of a folder that has the name of no exercise here: it may be misspelled, or for another course."""
    is_unchosen = any(name in {lesson.slug, lesson.stem} for lesson in manifest())
    meant = "" if is_unchosen else closest(name)
    if not meant:
        found.not_ours[name].append(student.name)
    elif exercise is None or exercise.slug == meant:
        found.set_aside.append(
            f"submitted/{student.name}/{safe_for_display(name)} is not the name of an exercise. "
            f"Did you mean {meant}? Rename the folder."
        )


def _is_empty(folder: Path) -> bool:
    """True for a folder in which nothing was submitted."""
    try:
        return folder.is_dir() and not folder.is_symlink() and not any(e.name != TIMESTAMP for e in listing(folder))
    except OSError:
        return False  # opening it says what is wrong


def listing(folder: Path) -> Iterator[os.DirEntry]:
    """The entries of a folder by name, without hidden files and what operating systems leave there."""
    with os.scandir(folder) as entries:
        shown = [entry for entry in entries if not entry.name.startswith(".") and entry.name not in LEFTOVERS]
    return iter(sorted(shown, key=lambda entry: os.fsencode(entry.name)))


def and_list(names: Iterable[str]) -> str:
    """Names in quotes, for the middle of a sentence."""
    *others, last = (repr(safe_for_display(name)) for name in names)
    return f"{', '.join(others)} and {last}" if others else last


class NothingToGrade(Exception):
    """There is nothing to grade in the submission. The message is a sentence for student and instructor."""


class Unreadable(NothingToGrade):
    """There is something, but the machine does not let the grader read it, which is no fault of the student's."""

    def __init__(self, name: str, error: OSError) -> None:
        super().__init__(f"{safe_for_display(name)} cannot be read ({error.strerror}).")


@dataclass(frozen=True)
class Contents:
    """What was submitted: a file's name, safe to print, and its bytes; or a sentence that says why there is none.

    Attributes:
        submitted: ISO 8601.
        doubt: a sentence about a time of submission that cannot be read.
        is_unreadable: the problem is the grader's, not the student's.
    """

    file: str
    raw: bytes
    problem: str
    submitted: str | None
    doubt: str = ""
    is_unreadable: bool = False

    @property
    def outcome_of_problem(self) -> Outcome:
        return "grader_error" if self.is_unreadable else "invalid"


def open_submission(submission: Submission) -> Contents:
    """Read the file to grade: at most one byte more than is allowed, so that a larger one is noticed."""
    submitted, doubt = None, ""
    try:
        _expect_folder(submission.path)
        try:
            submitted = _timestamp(submission.path / TIMESTAMP)
        except ValueError as error:
            doubt = f"{TIMESTAMP} says {str(error)!r}, which is not a time. Write it like 2026-03-01 12:00:00 UTC."
        path = _choose(submission)
        return Contents(safe_for_display(path.name), read_plain(path, most_bytes(path.name) + 1), "", submitted, doubt)
    except NothingToGrade as error:
        return Contents("", b"", str(error), submitted, doubt, isinstance(error, Unreadable))


def _expect_folder(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        raise Unreadable(path.name, error) from None
    if stat.S_ISLNK(mode):
        raise NothingToGrade(f"{path.name} is a link, and links are not followed. Submit the folder itself.")
    if not stat.S_ISDIR(mode):
        raise NothingToGrade(f"{path.name} is not a folder. Put the work into a folder of that name.")


def _is_inner_folder(entry: os.DirEntry) -> bool:
    """True for a folder in a folder, as some archives have it."""
    return entry.is_dir(follow_symlinks=False) and not entry.name.lower().endswith(SUFFIXES)


def _choose(submission: Submission) -> Path:
    """The file to grade: the only one, the only one with the name of the exercise, or the only notebook."""
    folder = submission.path
    try:
        entries = [entry for entry in listing(folder) if entry.name != TIMESTAMP]
        if len(entries) == 1 and _is_inner_folder(entries[0]):
            folder = folder / entries[0].name
            entries = list(listing(folder))
    except OSError as error:
        raise Unreadable(submission.path.name, error) from None
    names = [entry.name for entry in entries]
    candidates = [name for name in names if name.lower().endswith(SUFFIXES)]
    own_names = {submission.lesson.slug, submission.lesson.stem}
    named = [name for name in candidates if re.sub(r"[ -]", "_", Path(name).stem.casefold()) in own_names]
    notebooks = [name for name in candidates if name.lower().endswith(".ipynb")]
    chosen = named or (candidates if len(candidates) == 1 else notebooks)
    if len(chosen) == 1:
        return folder / chosen[0]
    if named:
        raise NothingToGrade(f"{and_list(named)} are both named after the exercise. Keep only one of them.")
    if candidates:
        raise NothingToGrade(
            f"None of {and_list(candidates[:5])} has the name of the exercise. Rename the one to grade to "
            f"{submission.lesson.slug}.py or {submission.lesson.slug}.ipynb."
        )
    if not names:
        raise NothingToGrade("The folder is empty; nothing was submitted.")
    if any(name.lower().endswith(ARCHIVES) for name in names):
        raise NothingToGrade(f"{and_list(names[:5])} must be unpacked. Submit the files that are in it.")
    raise NothingToGrade(f"{and_list(names[:5])}: there is no Python file and no notebook.")


def read_plain(path: Path, size: int) -> bytes:
    """Read the first bytes of an ordinary file.

    Raises:
        NothingToGrade: it is not an ordinary file.
        Unreadable: it cannot be read.
    """
    name = safe_for_display(path.name)
    try:
        if path.is_symlink():
            raise NothingToGrade(f"{name} is a link, and links are not followed. Submit the file itself.")
        if not stat.S_ISREG(path.lstat().st_mode):
            raise NothingToGrade(f"{name} is {'a folder' if path.is_dir() else 'not an ordinary file'}. Submit a file.")
        return read_file(path, size)
    except OSError as error:
        raise Unreadable(path.name, error) from None


def _timestamp(path: Path) -> str | None:
    """The time of submission in nbgrader's file, which is UTC without a zone; None if there is no such file.

    Raises:
        ValueError: it is not a time; the message is what the file says instead.
    """
    if not os.path.lexists(path):
        return None
    try:
        text = read_plain(path, 100).decode().strip()
    except (NothingToGrade, UnicodeDecodeError):
        raise ValueError("") from None
    shown = safe_for_display(text)
    if not TIME.fullmatch(text):
        raise ValueError(shown)
    from dateutil import parser, tz

    moment, _, zone = text.rpartition(" ")
    try:
        if zone[:1].isalpha() and text.count(" ") == 2:
            known = UTC if zone in {"UTC", "GMT", "Z"} else tz.gettz(zone)
            if known is None:  # such as PST, which is not the same time everywhere
                raise ValueError
            time = parser.parse(moment).replace(tzinfo=known)
        else:
            time = parser.parse(text)
        time = time if time.tzinfo else time.replace(tzinfo=UTC)
        time.astimezone(UTC)  # which some times before our era do not survive
        return time.isoformat()
    except (ValueError, OverflowError):
        raise ValueError(shown) from None
