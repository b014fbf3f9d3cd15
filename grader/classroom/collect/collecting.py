"""Puts the uploads of an LMS into `submitted/`. Only a newer upload replaces a submission; the older one is kept."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from grader.classroom.attempts import numbers_of_replaced, replaced_path
from grader.classroom.collect.notes import Note, hash_of, note_path, read_note, write_note
from grader.classroom.collect.submissions import TIMESTAMP, NothingToGrade, listing, read_plain
from grader.classroom.collect.uploads import MAX_TOTAL, Upload, open_archive, read_upload, read_uploads
from grader.classroom.folder import INCOMING, CourseFolder
from grader.classroom.identity import read_identities, write_identities
from grader.classroom.students import safe_for_display
from grader.course import Lesson, lessons
from grader.engine.judge.source import most_bytes


@dataclass
class Collected:
    """What was done with whose uploads.

    Attributes:
        left: a sentence about each file or student that was left in the archives.
        notes: a sentence about each student whose name needs one.
    """

    new: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def collect(folder: CourseFolder, lesson: Lesson, archives: list[Path], times: bool = False) -> Collected:
    """Put each student's uploads into ``submitted/STUDENT/EXERCISE``; the caller holds the folder's lock.

    Args:
        times: take the archive's time of each upload for its time of submission.

    Raises:
        CourseError: one of the archives is not a readable ZIP file, or what is remembered of students is damaged.
    """
    with ExitStack() as stack:
        uploads = read_uploads([stack.enter_context(open_archive(path)) for path in archives])
        done, identities, room = Collected(left=uploads.left), read_identities(folder), MAX_TOTAL
        folder.submitted.mkdir(exist_ok=True)
        for (lms, number), files in sorted(uploads.by_student.items()):
            other = _other_exercise(files, lesson)
            if other:
                file, named = other
                done.left.append(f"{files[0].name}, {file}: this looks like {named.slug}, not {lesson.slug}.")
                continue
            taken = {entry.name for entry in listing(folder.submitted)}
            is_shared = uploads.share_their_name(files[0])
            student = identities.folder_for(lms, lesson.slug, number, files[0].name, is_shared, taken)
            done.notes += _note_on_name(student, files[0], is_shared)
            contents = _renamed(dict(_unpack(files, done.left, room)), lesson)
            room -= sum(map(len, contents.values()))
            if contents:
                date = max(upload.date for upload in files)
                note = Note(date, any(upload.is_late for upload in files), files[0].place, hash_of(contents))
                _put(folder, student, lesson, contents, note, times, done)
        write_identities(folder, identities)
    return done


def _note_on_name(student: str, upload: Upload, is_shared: bool) -> Iterator[str]:
    """What to say if a student's folder is not called what the LMS calls them."""
    name, folder = safe_for_display(upload.name), f"submitted/{safe_for_display(student)}"
    if is_shared:
        yield f"{name}: two students have this name; the one with the number {upload.number} is {folder}."
    elif student != upload.name:
        yield f"{name}, number {upload.number}, is {folder}."


def _other_exercise(files: list[Upload], lesson: Lesson) -> tuple[str, Lesson] | None:
    """The file that is named after another exercise, and that exercise, unless one is named after this."""
    exercises = {name: each for each in lessons() for name in (each.slug, each.stem)}
    named = [(each.file, exercises.get(Path(each.file).stem.casefold())) for each in files]
    others = [(file, each) for file, each in named if each]
    return None if not others or lesson in [each for _, each in others] else others[0]


def _renamed(contents: dict[str, bytes], lesson: Lesson) -> dict[str, bytes]:
    """A lone notebook under the name that nbgrader looks for, whatever a browser has made of it."""
    notebooks = [name for name in contents if name.lower().endswith(".ipynb")]
    if len(notebooks) != 1 or any(name.lower().endswith(".py") for name in contents):
        return contents
    return {f"{lesson.slug}.ipynb" if name in notebooks else name: raw for name, raw in contents.items()}


def _unpack(files: list[Upload], left: list[str], room: int) -> Iterator[tuple[str, bytes]]:
    """The names and bytes of one student's files, and a sentence about each that cannot be unpacked."""
    for upload in files:
        try:
            if upload.member.file_size > room:
                raise ValueError("the archives unpack to more than a class could have written")
            yield upload.file, read_upload(upload)
        except ValueError as error:
            left.append(f"{upload.name}, {upload.file}: {error}.")


def _put(
    folder: CourseFolder,
    student: str,
    lesson: Lesson,
    contents: dict[str, bytes],
    note: Note,
    times: bool,
    done: Collected,
) -> None:
    """Make a student's files one submission, all of them or none, and keep the one that was there."""
    places = [folder.submitted / student / name for name in (lesson.slug, lesson.stem)]
    target = next((place for place in places if os.path.lexists(place)), places[0])
    is_there = os.path.lexists(target)
    if is_there and _is_same(target, contents):
        write_note(folder, lesson, student, note)
        done.unchanged.append(student)
        if times and not os.path.lexists(target / TIMESTAMP):  # it was collected without its time before
            (target / TIMESTAMP).write_text(_in_utc(note), "utf-8")
        return
    if is_there and _newest(folder, lesson, student, target) > note.date:
        done.left.append(f"{student}: the submission in submitted/{student}/{target.name} is newer.")
        return
    target.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=INCOMING, dir=folder.private) as draft:
        for name, raw in contents.items():
            path = Path(draft, "submission", name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(raw)
            os.utime(path, (note.date, note.date))
        if times:
            Path(draft, "submission", TIMESTAMP).write_text(_in_utc(note), "utf-8")
        if is_there:
            _set_aside(folder, target, student, lesson)
        os.rename(Path(draft, "submission"), target)
    write_note(folder, lesson, student, note)
    (done.replaced if is_there else done.new).append(student)


def _in_utc(note: Note) -> str:
    """A time of submission as nbgrader writes it."""
    return f"{datetime.fromtimestamp(note.date, UTC):%Y-%m-%d %H:%M:%S} UTC\n"


def _set_aside(folder: CourseFolder, target: Path, student: str, lesson: Lesson) -> None:
    """Keep an older submission: .digits/replaced/dense/STUDENT/1, 2, … and, as 1.json, the note on it."""
    kept = replaced_path(folder, lesson, student)
    kept.mkdir(parents=True, exist_ok=True)
    number = 1 + max(numbers_of_replaced(folder, lesson, student), default=0)
    os.rename(target, kept / str(number))
    with suppress(FileNotFoundError):
        os.rename(note_path(folder, lesson, student), kept / f"{number}.json")


def _is_same(target: Path, contents: dict[str, bytes]) -> bool:
    """True if a folder has exactly these files."""
    return _files_in(target) == contents


def _files_in(target: Path) -> dict[str, bytes]:
    """The files of a submission, without its time; none if they cannot be read."""
    try:
        names = {entry.name for entry in listing(target)} - {TIMESTAMP}
        return {name: read_plain(target / name, most_bytes(name) + 1) for name in names}
    except (NothingToGrade, OSError):
        return {}


def _newest(folder: CourseFolder, lesson: Lesson, student: str, target: Path) -> float:
    """When a submission was last changed, in seconds since the epoch: as the archive said, if it is unchanged since."""
    note = read_note(folder, lesson, student)
    if note and note.files == hash_of(_files_in(target)):
        return note.date
    times = [path.lstat().st_mtime for path in (target.iterdir() if target.is_dir() else ())]
    return max(times, default=0.0)
