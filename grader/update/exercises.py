"""What becomes of an exercise when the course has a new text for it."""

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from grader.files import keep_copy, write_atomically
from grader.update.git import OPTIONS

Fate = Literal["same", "replaced", "merged", "apart"]


@dataclass(frozen=True)
class Change:
    """An exercise after an update.

    Attributes:
        name: the name of its file.
        fate: the same as before; replaced by the course's new text, since it was untouched; the new text merged into
            the learner's work; or the new text put apart, since it contradicts the work.
        content: what its file is to hold; None if there is to be no file.
        new: the course's new text.
        was: what its file holds now.
    """

    name: str
    fate: Fate
    content: bytes | None
    new: bytes | None
    was: bytes | None

    def apply(self, workspace: Path) -> None:
        """Write the exercise. A copy of the learner's work is made before."""
        path = workspace / "exercises" / self.name
        if self.fate == "merged":
            keep_copy(path, workspace)
        if self.fate == "apart" and self.new is not None:
            beside = workspace / ".digits" / "new" / self.name
            beside.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(beside, self.new)
        if self.content == self.was:
            return
        if self.content is None:
            path.unlink()
        else:
            path.parent.mkdir(exist_ok=True)
            write_atomically(path, self.content, durable=True)


def change(name: str, mine: bytes | None, base: bytes | None, new: bytes | None) -> Change:
    """Decide about one exercise.

    Args:
        mine: what the learner has; None if there is no such file.
        base: the course's text that the learner started from; None if it is not known, or there was none.
        new: the course's text now; None if the course no longer has it.
    """
    own, start, wanted = (text and text.replace(b"\r\n", b"\n") for text in (mine, base, new))
    if wanted in (own, start) or (own is None and start is not None):
        return Change(name, "same", mine, new, mine)
    if own == start:
        return Change(name, "replaced", as_before(wanted, mine), new, mine)
    both = merged(own, start, wanted) if own is not None and start is not None and wanted is not None else None
    if both is None:
        return Change(name, "apart", mine, new, mine)
    return Change(name, "same" if both == own else "merged", as_before(both, mine), new, mine)


def as_before(text: bytes | None, mine: bytes | None) -> bytes | None:
    """The text with the line ends of the learner's file."""
    return text.replace(b"\n", b"\r\n") if text and mine and b"\r\n" in mine else text


def merged(mine: bytes, base: bytes, new: bytes) -> bytes | None:
    """The course's changes and the learner's in one text; None if they contradict each other, or there is no git."""
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
