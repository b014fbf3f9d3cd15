"""Reads what Canvas and Moodle export: one ZIP file with the uploads of a class, the student's name in every path.

Nothing is ever written to a path from an archive. The LMS writes the beginning of each path, up to the first part that
names a student and their number; all that follows is the student's own and decides nothing but the name of the file. A
path without such a part is skipped, and the instructor is told.
"""

import re
import stat
import time
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grader.classroom.collect.submissions import TIMESTAMP
from grader.classroom.identity import Lms
from grader.classroom.students import canonical_name, is_usable, safe_for_display
from grader.course import CourseError
from grader.engine.judge.source import most_bytes

# Canvas: lovelaceada_LATE_12345_67890_pixels.py. Moodle: Ada Lovelace_12345_assignsubmission_file_/pixels.py, with or
# without the slash. A name that is not greedy ends at the first number, and so at the one that the LMS has written.
CANVAS = re.compile(r"(?P<student>[^/_]+)_(?P<late>LATE_)?(?P<id>\d{1,20})_(?P<attempt>\d{1,20})_(?P<file>[^/]+)")
MOODLE = re.compile(r"(?P<student>[^/]+?)_(?P<id>\d{1,20})_assignsubmission_(?P<kind>file|onlinetext)_?(?P<file>[^/]*)")
AGAIN = re.compile(r"-\d{1,6}(?=\.\w+$)")  # which Canvas adds to the name of a second attempt: pixels-1.py
ONLINE_TEXT = "onlinetext.html"  # what Moodle calls a text that was typed in the browser
MAX_TOTAL = 1024 * 1024 * 1024  # bytes that one command unpacks
IGNORED = re.compile(r"(?:.*/)?(?:\.[^/]*|__MACOSX/.*)")  # which operating systems add


@dataclass(frozen=True)
class Upload:
    """One file of one student in an archive."""

    lms: Lms
    name: str  # of the student, as the LMS writes it
    number: str  # of the student in Canvas, or of the participant in Moodle
    place: str  # the part of the path that the LMS has written
    is_late: bool  # according to Canvas
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
    """What the archives have for each student, by LMS and number, and a sentence about each file that was left."""

    by_student: dict[tuple[Lms, str], list[Upload]] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)

    def share_their_name(self, upload: Upload) -> bool:
        """True if another student in the archives has the same name."""
        same = {
            number
            for (lms, number), (first, *_) in self.by_student.items()
            if lms == upload.lms and canonical_name(first.name) == canonical_name(upload.name)
        }
        return len(same) > 1


def read_uploads(archives: list[zipfile.ZipFile]) -> Uploads:
    """Read the archives' tables of contents and choose the newest attempt at each file of each student."""
    found = Uploads()
    newest: dict[tuple[Lms, str, str], Upload] = {}
    for archive in archives:
        for upload in _uploads_in(archive, found.left):
            key = upload.lms, upload.number, upload.file
            newest[key] = max(newest.get(key, upload), upload, key=lambda attempt: attempt.rank)
    for (lms, number, _), upload in newest.items():
        found.by_student.setdefault((lms, number), []).append(upload)
    return found


def _uploads_in(archive: zipfile.ZipFile, left: list[str]) -> Iterator[Upload]:
    """The uploads in one archive that can be trusted; a sentence about each other file."""
    members = [(member, member.filename.replace("\\", "/")) for member in archive.infolist() if not member.is_dir()]
    members = [(member, path) for member, path in members if not IGNORED.fullmatch(path)]
    top = _common_folder([path for _, path in members])
    for member, path in members:
        upload = _upload(member, archive, path.removeprefix(top))
        problem = _problem(member, path, upload)
        if problem or not upload:
            left.append(f"{safe_for_display(path)[:100]}: {problem}")
        else:
            yield upload


def _common_folder(paths: list[str]) -> str:
    """The folder around everything in an archive that somebody has packed again; else empty."""
    tops = {path.partition("/")[0] for path in paths}
    return f"{tops.pop()}/" if len(tops) == 1 and not any(map(MOODLE.fullmatch, tops)) else ""


def _upload(member: zipfile.ZipInfo, archive: zipfile.ZipFile, path: str) -> Upload | None:
    """What a path says. Only its first part is the LMS's; in Canvas there is no other."""
    first, is_folder, rest = path.partition("/")
    moodle, canvas = MOODLE.fullmatch(first), CANVAS.fullmatch(path)
    if moodle and bool(moodle["file"]) != bool(is_folder):
        name, number, place = moodle["student"].strip(), moodle["id"], first[: moodle.start("file")]
        file = rest.rpartition("/")[2] if is_folder else moodle["file"]
        rank: tuple[object, ...] = (member.date_time,)
        return Upload("moodle", name, number, place, False, file, member, archive, rank)
    if canvas:
        again = AGAIN.search(canvas["file"])
        name, number, place = canvas["student"].strip(), canvas["id"], path[: canvas.start("file")]
        rank = member.date_time, int(canvas["attempt"]), int(again[0][1:]) if again else 0
        file = AGAIN.sub("", canvas["file"])
        return Upload("canvas", name, number, place, bool(canvas["late"]), file, member, archive, rank)
    return None


def _problem(member: zipfile.ZipInfo, path: str, upload: Upload | None) -> str:
    """Why a file in an archive must not be unpacked; empty if it can be."""
    if path.startswith("/") or ".." in path.split("/"):
        return "its path leads out of the archive."
    if not upload:
        return "this is not how Canvas or Moodle names files."
    if any(map(MOODLE.fullmatch, path.partition(upload.place)[2].split("/"))):
        return "the student has given it a name like those that Moodle gives, perhaps somebody else's."
    if not is_usable(upload.name) or not is_usable(upload.file):
        return "its name is too long or has invisible characters."
    if upload.file == TIMESTAMP:
        return "students cannot set their own time of submission."
    if upload.file == ONLINE_TEXT:
        return "this was typed into Moodle's text box; there is no file to grade."
    if stat.S_IFMT(member.external_attr >> 16) not in {0, stat.S_IFREG}:
        return "it is a link or another special file."
    if member.flag_bits & 1:
        return "it is encrypted."
    if member.file_size > most_bytes(upload.file):
        return f"it is larger than {most_bytes(upload.file) // 1024 // 1024} MiB."
    return ""


def read_upload(upload: Upload) -> bytes:
    """Unpack one file into memory.

    Raises:
        ValueError: it cannot be unpacked, or is larger than the archive says.
    """
    try:
        with upload.archive.open(upload.member) as packed:
            raw = packed.read(most_bytes(upload.file) + 1)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise ValueError(f"it cannot be unpacked ({safe_for_display(str(error))})") from None
    if len(raw) > most_bytes(upload.file):
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
