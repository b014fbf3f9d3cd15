"""Digits that a learner has drawn and kept: a folder of PNG files, each named by its label."""

import io
import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grader.course import CourseError
from grader.files import write_atomically

FOLDER = Path(".digits") / "drawings"  # in the workspace
SIDE = 224  # pixels of a drawing
NAME = re.compile(r"([0-9])_[\w-]{1,60}")
MOST = 5000  # drawings


@dataclass(frozen=True)
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
        found = [(path, NAME.fullmatch(path.stem)) for path in self.folder.glob("*.png")]
        times = [(path.stat().st_mtime, path.stem, int(match[1])) for path, match in found if match]
        return [Drawing(name, label) for _, name, label in sorted(times)[:MOST]]

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
        try:
            return self.path(name).read_bytes() if NAME.fullmatch(name) else None
        except OSError:
            return None

    def remove(self, name: str) -> None:
        """Delete a drawing, if there is one of that name."""
        if NAME.fullmatch(name):
            self.path(name).unlink(missing_ok=True)

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.png"


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
            with Image.open(drawings.path(drawing.id)) as file:
                picture = np.array(file.convert("L"))
        except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
            continue
        if picture.shape == (SIDE, SIDE):
            pictures.append(picture)
            labels.append(drawing.label)
    return np.array(pictures, np.uint8).reshape(-1, SIDE, SIDE), np.array(labels, int)
