"""Digits that a learner has drawn and kept: a folder of PNG files, each named by its label."""

import io
import os
import re
import secrets
import stat
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grader.course import CourseError
from grader.files import write_atomically

FOLDER = Path(".digits") / "drawings"  # in the workspace
SIDE = 224  # pixels of a drawing
NAME = re.compile(r"([0-9])_[\w-]{1,60}")
MOST = 5000  # drawings
MOST_BYTES = 200_000  # of a file: more than any picture of this size has
# A link is not followed, and a pipe is not waited for.
REGULAR_ALONE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, order=True)
class Drawing:
    """A kept drawing: the name of its file without .png, and which digit it is."""

    id: str
    label: int


class Drawings:
    """The drawings of one workspace."""

    def __init__(self, workspace: Path) -> None:
        self.folder = workspace / FOLDER

    def all(self) -> list[Drawing]:
        """What was kept, oldest first."""
        found = list[tuple[float, Drawing]]()
        for path in self.folder.glob("*.png"):
            match = NAME.fullmatch(path.stem)
            with suppress(OSError):  # it may have been deleted meanwhile
                about = path.lstat()
                if match and is_drawing(about):
                    found.append((about.st_mtime, Drawing(path.stem, int(match[1]))))
        return [drawing for _, drawing in sorted(found)[:MOST]]

    def keep(self, gray: np.ndarray, label: int) -> Drawing:
        """Keep a drawing: uint8 (224, 224), dark ink on bright paper.

        Raises:
            CourseError: the folder is full or cannot be written.
        """
        if len(self.all()) >= MOST:
            raise CourseError(f"You have kept {MOST:,} drawings, which is the limit. Delete some of them in {FOLDER}.")
        name = f"{label}_{time.strftime('%Y%m%d-%H%M%S')}_{secrets.token_hex(2)}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_atomically(self.path(name), png_of(gray))
        except OSError as error:
            problem = f"The drawing could not be saved in {FOLDER} ({error.strerror})."
            raise CourseError(f"{problem} Check the folder's permissions and free space.") from None
        return Drawing(name, label)

    def read(self, name: str) -> bytes | None:
        """The PNG file of a drawing; None if there is none of that name."""
        if not NAME.fullmatch(name):
            return None
        try:
            number = os.open(self.path(name), os.O_RDONLY | REGULAR_ALONE)
            with open(number, "rb") as file:
                return file.read() if is_drawing(os.fstat(number)) else None
        except OSError:
            return None

    def remove(self, name: str) -> None:
        """Delete a drawing, if there is one of that name.

        Raises:
            CourseError: it cannot be deleted.
        """
        try:
            if NAME.fullmatch(name) and is_drawing(self.path(name).lstat()):
                self.path(name).unlink()
        except FileNotFoundError:
            pass
        except OSError as error:
            raise CourseError(f"The drawing could not be deleted ({error.strerror}). Check {FOLDER}.") from None

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.png"


def is_drawing(about: os.stat_result) -> bool:
    """Whether a file can be a drawing: a regular one, of no more bytes than any drawing has."""
    return stat.S_ISREG(about.st_mode) and about.st_size <= MOST_BYTES


def png_of(gray: np.ndarray) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(gray).save(file, "png")
    return file.getvalue()


def load_drawings(workspace: Path) -> tuple[np.ndarray, np.ndarray]:
    """All drawings that were kept in ``digits draw`` or ``draw()``, oldest first.

    Returns:
        The pictures, uint8 (n, 224, 224), dark ink on bright paper, and the digits that they show, integers (n,).
        Files that are no such drawing are left out.
    """
    from PIL import Image, UnidentifiedImageError

    drawings, pictures, labels = Drawings(workspace), list[np.ndarray](), list[int]()
    for drawing in drawings.all():
        try:
            with Image.open(io.BytesIO(drawings.read(drawing.id) or b"")) as file:
                picture = np.array(file.convert("L"))
        except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
            continue
        if picture.shape == (SIDE, SIDE):
            pictures.append(picture)
            labels.append(drawing.label)
    return np.array(pictures, np.uint8).reshape(-1, SIDE, SIDE), np.array(labels, int)
