"""Turns MNIST digits into photographs of handwriting, the reverse of ``prepare_image``.

The steps follow a real photograph: ink on paper or chalk on a board, uneven light, dust, the noise of the camera, and
the artifacts of the file format. All random choices come from one seed, so the same digit and seed always give the same
picture.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image
from scipy import ndimage

from grader.course import PACKAGE

FOLDER = PACKAGE / "data" / "photographs"
LABELS = "labels.csv"
NUM_KEPT = 36
EXIF_ORIENTATION = 0x0112
TURNS_BACK = {1: 0, 3: 2, 6: 1, 8: 3}  # EXIF orientation: quarter turns, counter-clockwise, of the stored pixels

Surface = Literal["paper", "board", "transparent"]
PAPERS = ((246, 244, 238), (250, 250, 250), (240, 231, 208), (228, 236, 242))  # reflected color in full light
BOARDS = ((34, 58, 48), (38, 40, 44), (24, 42, 66))
PENS = ((24, 28, 36), (28, 48, 128), (30, 82, 60), (150, 30, 34), (92, 92, 98))  # the last one is a pencil
CHALKS = ((236, 236, 230), (238, 222, 150), (226, 190, 200))


@dataclass(frozen=True)
class Photograph:
    """A picture of one digit, as it would be stored on a disk.

    Attributes:
        pixels: uint8 (h, w, 3), or (h, w, 4) for a drawing on a transparent background; upright.
        suffix: ".jpg" or ".png".
        orientation: the EXIF orientation written by the camera; 1 means that the pixels are stored upright.
    """

    pixels: np.ndarray
    suffix: str
    orientation: int = 1

    def to_bytes(self) -> bytes:
        """The file's content."""
        stored = Image.fromarray(np.ascontiguousarray(np.rot90(self.pixels, TURNS_BACK[self.orientation])))
        file = io.BytesIO()
        if self.suffix == ".png":
            stored.save(file, "PNG", optimize=True)
        else:
            exif = Image.Exif()
            exif[EXIF_ORIENTATION] = self.orientation
            stored.save(file, "JPEG", quality=80, optimize=True, exif=exif)
        return file.getvalue()


def photograph(digit: np.ndarray, seed: int, surface: Surface | None = None) -> Photograph:
    """Photograph one digit.

    Args:
        digit: uint8 (28, 28), bright ink on black, as in MNIST.
        seed: decides everything else.
        surface: pen on "paper", chalk on a "board", or a drawing on a "transparent" background. By default, the seed
            decides.
    """
    rng = np.random.default_rng(seed)
    drawn: Surface = rng.choice(["paper", "board", "transparent"], p=[0.65, 0.2, 0.15])
    surface = surface or drawn
    height, width = rng.integers(280, 401, 2)
    ink = place(strokes(digit, rng), height, width, rng)
    if surface == "transparent":
        return Photograph(drawing(ink, rng), ".png")
    colors = (BOARDS, CHALKS) if surface == "board" else (PAPERS, PENS)
    grounds, pens = map(np.array, colors)
    ground, pen = grounds[rng.integers(len(grounds))], pens[rng.integers(len(pens))]
    ink = np.maximum(ink, specks(ink, rng))[..., np.newaxis]
    reflected = (1 - ink) * ground + ink * pen
    seen = reflected * light(height, width, rng)[..., np.newaxis]
    noise = ndimage.gaussian_filter(rng.normal(0, rng.uniform(2, 6), (height, width)), 0.7)
    pixels = np.clip(seen + noise[..., np.newaxis], 0, 255).round().astype(np.uint8)
    return Photograph(pixels, ".jpg", int(rng.choice(list(TURNS_BACK), p=[0.55, 0.15, 0.15, 0.15])))


def strokes(digit: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The digit as ink 0..1 with smooth edges, enlarged and rotated slightly."""
    scale = rng.uniform(6, 11)
    enlarged = ndimage.zoom(np.pad(digit, 4) / 255, scale, order=3)
    enlarged = ndimage.gaussian_filter(enlarged, 0.35 * scale)  # smooths out the old pixels
    rotated = ndimage.rotate(enlarged, rng.uniform(-7, 7), reshape=False, order=1)
    return 1 / (1 + np.exp(-12 * (rotated - 0.5)))  # sharpens the blurred edges to those of a pen


def place(ink: np.ndarray, height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """Put ink somewhere on a sheet of the given size, off its center but wholly on it."""
    rows, columns = (np.flatnonzero((ink > 0.02).any(axis=axis)) for axis in (1, 0))
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    margin = 12
    top = int(rng.integers(margin, height - len(ink) - margin))
    left = int(rng.integers(margin, width - ink.shape[1] - margin))
    sheet = np.zeros((height, width))
    sheet[top : top + len(ink), left : left + ink.shape[1]] = ink
    return sheet


def specks(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A few specks of dust anywhere on the sheet, as ink 0..1, each far smaller than the digit."""
    dust = np.zeros_like(ink)
    rows, columns = np.ogrid[: len(ink), : ink.shape[1]]
    for _ in range(rng.integers(0, 5)):
        row, column = rng.uniform(3, len(ink) - 3), rng.uniform(3, ink.shape[1] - 3)
        radius = rng.uniform(0.5, 1.8)
        dust = np.maximum(dust, np.clip(radius + 0.5 - np.hypot(rows - row, columns - column), 0, 1))
    return dust * rng.uniform(0.5, 1)


def light(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """The brightness of the light at each pixel, 0..1: a gradient across the sheet, often with a soft shadow."""
    rows, columns = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    angle = rng.uniform(0, 2 * np.pi)
    across = (rows * np.sin(angle) + columns * np.cos(angle)) / np.sqrt(2)
    slope = 0.9 + 0.08 * across
    if rng.random() < 0.4:
        return slope
    angle = rng.uniform(0, 2 * np.pi)
    across = rows * np.sin(angle) + columns * np.cos(angle)
    edge, softness, depth = rng.uniform(0.35, 0.7), rng.uniform(0.12, 0.25), rng.uniform(0.15, 0.4)
    return slope * (1 - depth / (1 + np.exp(-(across - edge) / softness)))


def drawing(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """RGBA pixels as a drawing program saves them: colored ink, and transparent black elsewhere."""
    pixels = np.zeros((*ink.shape, 4), np.uint8)
    alpha = (ink * 255).round().astype(np.uint8)
    pixels[..., :3] = np.where(alpha[..., np.newaxis] > 0, PENS[rng.integers(len(PENS) - 1)], 0)
    pixels[..., 3] = alpha
    return pixels


def kept_photographs(images: np.ndarray, labels: np.ndarray, seed: int = 13) -> Iterator[tuple[str, int, Photograph]]:
    """The photographs that ship with the course: (file name, digit, photograph), every digit about equally often.

    Args:
        images: uint8 (n, 28, 28), the test digits of MNIST.
        labels: integers (n,).
        seed: selects the digits and how each one is photographed.
    """
    rng = np.random.default_rng(seed)
    for number in range(NUM_KEPT):
        digit = number % 10
        row = rng.choice(np.flatnonzero(labels == digit))
        taken = photograph(images[row], int(rng.integers(2**32)))
        yield f"{number:02d}_digit{digit}{taken.suffix}", digit, taken


def write_photographs(images: np.ndarray, labels: np.ndarray, folder: Path = FOLDER) -> list[Path]:
    """Replace the photographs and ``labels.csv`` in a folder; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*_digit*.*"):
        old.unlink()
    written, rows = [], []
    for name, digit, taken in kept_photographs(images, labels):
        (folder / name).write_bytes(taken.to_bytes())
        written.append(folder / name)
        rows.append((name, digit))
    with (folder / LABELS).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([("file", "digit"), *rows])
    return [*written, folder / LABELS]


def read_labels(folder: Path = FOLDER) -> dict[str, int]:
    """The digit on each photograph of a folder, by file name."""
    with (folder / LABELS).open(newline="", encoding="utf-8") as file:
        return {row["file"]: int(row["digit"]) for row in csv.DictReader(file)}
