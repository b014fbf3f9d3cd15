"""Reads what Canvas and Moodle export: one ZIP file with the uploads of a class, the student's name in every path.

Nothing is ever written to a path from an archive. Patterns take three things from it: the student, the number that the
LMS gives them, and the name of the file. A path that matches no pattern is skipped, and the instructor is told.
"""

import re
import stat
import time
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grader.classroom.collect.submissions import TIMESTAMP
from grader.classroom.students import canonical_name, is_usable, safe_for_display
from grader.course import CourseError
from grader.engine.judge.source import MAX_BYTES

# Canvas: lovelaceada_LATE_12345_67890_pixels.py. Moodle: Ada Lovelace_12345_assignsubmission_file_/pixels.py.
CANVAS = re.compile(r"(?:.*/)?(?P<student>[^/_]+)_(?:LATE_)?(?P<id>\d{1,20})_(?P<attempt>\d{1,20})_(?P<file>[^/]+)")
MOODLE = re.compile(r"(?:.*/)?(?P<student>[^/]+)_(?P<id>\d{1,20})_assignsubmission_file_?/?(?:.*/)?(?P<file>[^/]+)")
AGAIN = re.compile(r"-\d{1,6}(?=\.\w+$)")  # which Canvas adds to the name of a second attempt: pixels-1.py
MAX_TOTAL = 1024 * 1024 * 1024  # bytes that one command unpacks
IGNORED = re.compile(r"(?:.*/)?(?:\.[^/]*|__MACOSX/.*)")  # which operating systems add


@dataclass(frozen=True)
class Upload:
    """One file of one student in an archive."""

    student: str
    lms_id: str
    keeps_its_id: bool  # the LMS gives a student the same number in every export
    file: str
    member: zipfile.ZipInfo
    archive: zipfile.ZipFile
    rank: tuple[object, ...]  # the newest attempt has the highest

    @property
    def date(self) -> float:
        """The time of its last change, as the archive gives it, in seconds since the epoch."""
        try:
            return time.mktime((*self.member.date_time, 0, 0, -1))
        except (ValueError, OverflowError):
            return 0.0


@dataclass
class Uploads:
    """What the archives have for each student, and a sentence about each file that was left in them."""

    by_student: dict[str, list[Upload]] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)


def read_uploads(archives: list[zipfile.ZipFile]) -> Uploads:
    """Read the archives' tables of contents and choose the newest attempt at each file of each student."""
    found = Uploads()
    newest: dict[tuple[str, str, str], Upload] = {}
    for archive in archives:
        for upload in _uploads_in(archive, found.left):
            key = canonical_name(upload.student), upload.lms_id, upload.file
            newest[key] = max(newest.get(key, upload), upload, key=lambda attempt: attempt.rank)
    claims: defaultdict[str, dict[str, list[Upload]]] = defaultdict(dict)
    for (name, lms_id, _), upload in newest.items():
        claims[name].setdefault(lms_id, []).append(upload)
    for by_id in claims.values():
        uploads = next(iter(by_id.values()))
        if len(by_id) > 1:
            found.left.append(
                f"{uploads[0].student}: there are uploads with the numbers {', '.join(sorted(by_id))} under this "
                "name. They may be two people: put each into a folder of its own in submitted/."
            )
        else:
            found.by_student[uploads[0].student] = uploads
    return found


def _uploads_in(archive: zipfile.ZipFile, left: list[str]) -> Iterator[Upload]:
    """The uploads in one archive that can be trusted; a sentence about each other file."""
    for member in archive.infolist():
        path = member.filename.replace("\\", "/")
        if member.is_dir() or IGNORED.fullmatch(path):
            continue
        moodle = MOODLE.fullmatch(path)
        match = moodle or CANVAS.fullmatch(path)
        problem = _problem(member, path, match)
        if problem or not match:
            left.append(f"{safe_for_display(path)[:100]}: {problem}")
            continue
        attempt = int(match.groupdict().get("attempt") or 0)
        again = AGAIN.search(match["file"])
        rank = member.date_time, attempt, int(again[0][1:]) if again else 0
        student, file = match["student"].strip(), AGAIN.sub("", match["file"])
        yield Upload(student, match["id"], not moodle, file, member, archive, rank)


def _problem(member: zipfile.ZipInfo, path: str, match: re.Match[str] | None) -> str:
    """Why a file in an archive must not be unpacked; empty if it can be."""
    if path.startswith("/") or ".." in path.split("/"):
        return "its path leads out of the archive."
    if not match:
        return "this is not how Canvas or Moodle names files."
    if not is_usable(match["student"].strip()) or not is_usable(match["file"]):
        return "its name is too long or has invisible characters."
    if match["file"] == TIMESTAMP:
        return "students cannot set their own time of submission."
    if stat.S_IFMT(member.external_attr >> 16) not in {0, stat.S_IFREG}:
        return "it is a link or another special file."
    if member.flag_bits & 1:
        return "it is encrypted."
    if member.file_size > MAX_BYTES:
        return f"it is larger than {MAX_BYTES // 1024 // 1024} MiB."
    return ""


def read_upload(upload: Upload) -> bytes:
    """Unpack one file into memory.

    Raises:
        ValueError: it cannot be unpacked, or is larger than the archive says.
    """
    try:
        with upload.archive.open(upload.member) as packed:
            raw = packed.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise ValueError(f"it cannot be unpacked ({safe_for_display(str(error))})") from None
    if len(raw) > MAX_BYTES:
        raise ValueError("it is larger than the archive says")
    return raw


def open_archive(archive: Path) -> zipfile.ZipFile:
    """Open an archive.

    Raises:
        CourseError: it is not a readable ZIP file.
    """
    try:
        return zipfile.ZipFile(archive)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise CourseError(
            f"{safe_for_display(str(archive))} is not a ZIP file, or only part of one. Download it again."
        ) from None
    except OSError as error:
        raise CourseError(f"{safe_for_display(str(archive))} cannot be read ({error.strerror}).") from None
