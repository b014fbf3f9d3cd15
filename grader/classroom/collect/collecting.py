"""Puts the uploads of an LMS into `submitted/`. Only a newer upload replaces a submission; the older one is kept."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from grader.classroom.collect.submissions import TIMESTAMP, NothingToGrade, listing, read_plain
from grader.classroom.collect.uploads import MAX_TOTAL, Upload, open_archive, read_upload, read_uploads
from grader.classroom.folder import INCOMING, CourseFolder
from grader.classroom.students import canonical_name, safe_for_display
from grader.course import Lesson
from grader.engine.judge.source import MAX_BYTES


@dataclass
class Collected:
    """What was done with whose uploads, and a sentence about each that was left in the archives."""

    new: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def collect(folder: CourseFolder, lesson: Lesson, archives: list[Path]) -> Collected:
    """Put each student's uploads into ``submitted/STUDENT/EXERCISE``; the caller holds the folder's lock.

    Raises:
        CourseError: one of the archives is not a readable ZIP file.
    """
    with ExitStack() as stack:
        uploads = read_uploads([stack.enter_context(open_archive(path)) for path in archives])
        done = Collected(left=uploads.left)
        room = MAX_TOTAL
        folder.submitted.mkdir(exist_ok=True)
        known = {canonical_name(entry.name): entry.name for entry in listing(folder.submitted)}
        for student, files in uploads.by_student.items():
            doubt = _doubt(folder, student, files[0], known.get(canonical_name(student), student))
            if doubt:
                done.left.append(f"{student}: {doubt}")
                continue
            contents = dict(_unpack(files, done.left, room))
            room -= sum(map(len, contents.values()))
            if contents:
                _put(folder, student, lesson, contents, max(upload.date for upload in files), done)
    return done


def _doubt(folder: CourseFolder, student: str, upload: Upload, known_as: str) -> str:
    """Why it is not clear whose upload this is; empty if it is."""
    if known_as != student:
        return f"submitted/{safe_for_display(known_as)} looks like the same student. Rename one of them."
    if not upload.keeps_its_id:
        return ""
    note = folder.private / "canvas" / student
    known_id = note.read_text("utf-8") if note.is_file() else ""
    if known_id and known_id != upload.lms_id:
        return (
            f"an earlier upload under this name had the number {known_id}, this one has {upload.lms_id}. They may be "
            "two people: put each into a folder of its own in submitted/."
        )
    note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    note.write_text(upload.lms_id, "utf-8")
    return ""


def _unpack(files: list[Upload], left: list[str], room: int) -> Iterator[tuple[str, bytes]]:
    """The names and bytes of one student's files, and a sentence about each that cannot be unpacked."""
    for upload in files:
        try:
            if upload.member.file_size > room:
                raise ValueError("the archives unpack to more than a class could have written")
            yield upload.file, read_upload(upload)
        except ValueError as error:
            left.append(f"{upload.student}, {upload.file}: {error}.")


def _put(
    folder: CourseFolder, student: str, lesson: Lesson, contents: dict[str, bytes], date: float, done: Collected
) -> None:
    """Make a student's files one submission, all of them or none, and keep the one that was there."""
    places = [folder.submitted / student / name for name in (lesson.slug, lesson.stem)]
    target = next((place for place in places if os.path.lexists(place)), places[0])
    is_there = os.path.lexists(target)
    if is_there and _is_same(target, contents):
        done.unchanged.append(student)
        return
    if is_there and _newest(target) > date:
        done.left.append(f"{student}: the submission in submitted/{student}/{target.name} is newer.")
        return
    target.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=INCOMING, dir=folder.private) as draft:
        for name, raw in contents.items():
            path = Path(draft, "submission", name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(raw)
            os.utime(path, (date, date))
        if is_there:
            _set_aside(folder, target, student, lesson)
        os.rename(Path(draft, "submission"), target)
    (done.replaced if is_there else done.new).append(student)


def _set_aside(folder: CourseFolder, target: Path, student: str, lesson: Lesson) -> None:
    """Keep an older submission: .digits/replaced/dense/STUDENT/1, 2, …"""
    kept = folder.private / "replaced" / lesson.slug / student
    kept.mkdir(parents=True, exist_ok=True)
    number = 1 + max((int(path.name) for path in kept.iterdir() if path.name.isdecimal()), default=0)
    os.rename(target, kept / str(number))


def _is_same(target: Path, contents: dict[str, bytes]) -> bool:
    """True if a folder has exactly these files."""
    try:
        names = {entry.name for entry in listing(target)} - {TIMESTAMP}
        return names == set(contents) and all(
            read_plain(target / name, MAX_BYTES + 1) == raw for name, raw in contents.items()
        )
    except (NothingToGrade, OSError):
        return False


def _newest(target: Path) -> float:
    """The time of the last change to a submission, in seconds since the epoch."""
    times = [path.lstat().st_mtime for path in (target.iterdir() if target.is_dir() else ())]
    return max(times, default=0.0)
