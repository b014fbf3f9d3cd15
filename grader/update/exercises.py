"""What becomes of an exercise or a lesson when the course has a new text for it."""

import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from grader.files import keep_copy, write_atomically
from grader.update.git import OPTIONS
from grader.update.writing import remove_empty_folders

Fate = Literal["same", "replaced", "merged", "apart"]


@dataclass(frozen=True)
class Change:
    """A file that learners write in, after an update.

    Attributes:
        path: its path in the course.
        fate: the same as before; replaced by the course's new text, since it was untouched; the new text merged into
            the learner's work; or the new text put apart, since it contradicts the work.
        content: what the file is to hold; None if there is to be no file.
        new: the course's new text.
        was: what the file holds now.
    """

    path: str
    fate: Fate
    content: bytes | None
    new: bytes | None
    was: bytes | None

    @property
    def beside(self) -> str:
        """Where a new text is put apart."""
        return str(PurePosixPath(".digits/new", *PurePosixPath(self.path).parts[1:]))

    def apply(self, workspace: Path) -> None:
        """Write the file. A copy of the learner's work is made before."""
        path = workspace / self.path
        if self.fate == "merged":
            keep_copy(path, workspace)
        if self.fate == "apart" and self.new is not None:
            beside = workspace / self.beside
            beside.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(beside, self.new)
        if self.content == self.was:
            return
        if self.content is None:
            path.unlink()
            remove_empty_folders(path.parent, workspace)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, self.content, durable=True)


def is_written_in(path: str) -> bool:
    """Whether learners write in a file: an exercise, a lesson or an image of one."""
    return re.fullmatch(r"exercises/[\w.-]+\.py|lessons/.+", path) is not None


def change(path: str, mine: bytes | None, base: bytes | None, new: bytes | None) -> Change:
    """Decide about one file.

    Args:
        path: its path in the course.
        mine: what the learner has; None if there is no such file.
        base: the course's text that the learner started from; None if it is not known, or there was none.
        new: the course's text now; None if the course no longer has it.
    """
    own, start, wanted = (text and text.replace(b"\r\n", b"\n") for text in (mine, base, new))
    if wanted in (own, start) or (own is None and start is not None):
        return Change(path, "same", mine, new, mine)
    if own == start:
        return Change(path, "replaced", as_before(new, mine), new, mine)
    both = combined(path, own, start, wanted) if own is not None and start is not None and wanted is not None else None
    if both is None:
        return Change(path, "apart", mine, new, mine)
    return Change(path, "same" if both == own else "merged", as_before(both, mine), new, mine)


def as_before(text: bytes | None, mine: bytes | None) -> bytes | None:
    """The text with the line ends of the learner's file. What is not text has none."""
    if not text or not mine or b"\0" in text:
        return text
    plain = text.replace(b"\r\n", b"\n")
    return plain.replace(b"\n", b"\r\n") if b"\r\n" in mine else plain


def combined(path: str, mine: bytes, base: bytes, new: bytes) -> bytes | None:
    """The course's changes and the learner's in one text; None if they contradict each other.

    Saving a lesson can change its header and its blank lines. These are nobody's notes, so they contradict nothing.
    """
    if not path.endswith((".py", ".md")):
        return None
    both = merged(mine, base, new)
    if both is not None or not path.endswith(".md"):
        return both
    (_, own), (_, start), (header, wanted) = map(parts, (mine, base, new))
    if written(own) == written(start):
        return new
    both = merged(own, start, wanted)
    return None if both is None else header + both


def parts(lesson: bytes) -> tuple[bytes, bytes]:
    """A lesson's header, in which Jupytext keeps its settings, and the rest."""
    found = re.match(rb"---\n.*?\n---\n", lesson, re.DOTALL)
    end = found.end() if found else 0
    return lesson[:end], lesson[end:]


def written(text: bytes) -> list[bytes]:
    """The lines of a text, without blank ones and spaces at the ends of lines."""
    return [line.rstrip() for line in text.split(b"\n") if line.strip()]


def merged(mine: bytes, base: bytes, new: bytes) -> bytes | None:
    """What git merges of three texts; None if there are conflicts, or there is no git."""
    with tempfile.TemporaryDirectory(prefix="digits-") as folder:
        paths = [Path(folder, name) for name in ("mine", "base", "new")]
        for path, text in zip(paths, (mine, base, new), strict=True):
            path.write_bytes(text)
        command = ["git", *OPTIONS, "merge-file", "--stdout", *map(str, paths)]
        try:
            finished = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, cwd=folder, check=False)
        except OSError:
            return None
    return finished.stdout if finished.returncode == 0 else None
