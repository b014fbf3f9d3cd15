"""Draws how pictures became predictions: every step, what the network saw, and its probabilities."""

import io
import math
import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from grader.course import CourseError
from grader.files import write_atomically
from grader.handwriting.prepared import STEPS
from grader.handwriting.recognition import Prediction, Reading
from grader.handwriting.words import percent, safe_for_display, share, shortened

MOST = 8  # rows in one drawing
SIGNATURE = "digits predict"
TITLES = (
    "picture",
    "one gray level\nper pixel",
    "bright ink,\ndark paper",
    "the ink alone",
    "longest side\n20 pixels",
    "centered\nin 28×28",
)
BLUE, ORANGE = "#0072B2", "#D55E00"


def check_target(target: Path, count: int) -> None:
    """Check, before any work is done, that the drawing can be made and overwrites no other file.

    Raises:
        CourseError: the target does not end in .png, has no folder, or exists and was not drawn here; or there are too
            many pictures.
    """
    shown = safe_for_display(target)
    if count > MOST:
        raise CourseError(f"--explain draws at most {MOST} pictures, but you named {count}. Name fewer.")
    if target.suffix.lower() != ".png":
        raise CourseError(f"--explain writes a PNG file, so {shown} must end in .png. Choose another name.")
    if not target.parent.is_dir():
        raise CourseError(f"The folder of {shown} does not exist. Create it, or choose another place for the drawing.")
    if os.path.lexists(target) and not is_ours(target):
        raise CourseError(f"{shown} already exists and is not a drawing of this command. Choose another name.")


def is_ours(path: Path) -> bool:
    """Whether a file is a drawing made by this module, which a newer one may replace."""
    try:
        if path.is_symlink() or not path.is_file():  # a pipe would be waited for
            return False
        with Image.open(path, formats=["PNG"]) as image:
            return image.info.get("Software") == SIGNATURE
    except Exception:  # not a picture, or a damaged one: not ours
        return False


def draw(predictions: list[Prediction], target: Path) -> None:
    """Draw a row for every picture that was read, and replace an older drawing if there is one.

    Args:
        predictions: recognized, and prepared with every step kept.

    Raises:
        CourseError: the file cannot be written.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    heights = [row_height(prediction) for prediction in predictions]
    figure = Figure(figsize=(11, sum(heights) + 0.55), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    columns = [1] * (len(STEPS) + 1) + [1.7]
    grid = figure.add_gridspec(len(predictions), len(columns), width_ratios=columns, height_ratios=heights)
    is_first = True
    for row, prediction in enumerate(predictions):
        if prediction.is_page:
            draw_page(figure.add_subplot(grid[row, :4]), figure.add_subplot(grid[row, 4:]), prediction)
        else:
            panels = [figure.add_subplot(grid[row, column]) for column in range(len(columns))]
            draw_steps(panels, prediction, with_titles=is_first)
            is_first = False
    drawing = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of letters in a file's name that the font does not have
        figure.savefig(drawing, format="png", metadata={"Software": SIGNATURE})
    try:
        write_atomically(target, drawing.getvalue())
    except OSError as error:
        raise CourseError(f"The drawing could not be written ({error.strerror or error}).") from None


def row_height(prediction: Prediction) -> float:
    """In inches. A page gets room for its digits."""
    return 1.75 if not prediction.is_page else 3.2


def draw_steps(panels: list[Any], prediction: Prediction, with_titles: bool) -> None:
    """A picture with one digit: every step, and the probabilities."""
    stages = prediction.prepared.stages if prediction.prepared else {}
    for panel, image in zip(panels, stages.values(), strict=False):
        draw_stage(panel, image)
    panels[0].set_ylabel(shortened(prediction.path.name, 24), fontsize=8, parse_math=False)
    draw_probabilities(panels[-1], prediction.readings[0])
    if with_titles:
        for panel, title in zip(panels, (*TITLES, "what the network predicts"), strict=True):
            panel.set_title(title, fontsize=9)


def draw_page(place: Any, table: Any, prediction: Prediction) -> None:
    """A picture with several digits: a box around each, and beside it what the network saw of each."""
    assert prediction.prepared
    draw_stage(place, prediction.prepared.stages["picture"])
    place.set_ylabel(shortened(prediction.path.name, 24), fontsize=8, parse_math=False)
    place.set_title("the digits that were found", fontsize=9)
    height, width = prediction.prepared.size
    for reading in prediction.readings:
        left, top, right, bottom = reading.box or (0, 0, 1, 1)
        color = ORANGE if reading.is_unsure else BLUE
        corner, size = (left * width, top * height), ((right - left) * width, (bottom - top) * height)
        place.add_patch(rectangle(corner, *size, color))
        place.annotate(str(reading.digit), corner, color=color, fontsize=9, fontweight="bold", va="bottom")
    draw_digits(table, prediction)


def rectangle(corner: tuple[float, float], width: float, height: float, color: str) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle(corner, width, height, fill=False, edgecolor=color, linewidth=1.2)


def draw_digits(panel: Any, prediction: Prediction) -> None:
    """The prepared digits of a page in rows, each with its answer below it."""
    assert prediction.prepared
    count = len(prediction.readings)
    columns = max(4, math.ceil(math.sqrt(2 * count)))
    for index, (digit, reading) in enumerate(zip(prediction.prepared.digits, prediction.readings, strict=True)):
        left, top = 34 * (index % columns), 44 * (index // columns)
        panel.imshow(digit, cmap="gray", vmin=0, vmax=255, extent=(left, left + 28, top + 28, top))
        color = ORANGE if reading.is_unsure else "black"
        size = 8 if columns <= 8 else 5
        panel.text(
            left + 14,
            top + 30,
            f"{reading.digit}  {share(reading.confidence)}",
            ha="center",
            va="top",
            fontsize=size,
            color=color,
        )
    panel.set(xlim=(-3, 34 * columns), ylim=(44 * math.ceil(count / columns), -3))
    panel.set_title("what the network saw and predicts", fontsize=9)
    panel.axis("off")


def draw_stage(panel: Any, image: np.ndarray) -> None:
    if image.ndim == 3 and image.shape[2] == 4:  # transparent parts show white paper, as in the preparation
        opacity = image[..., 3:] / 255
        image = (image[..., :3] * opacity + 255 * (1 - opacity)).round().astype(np.uint8)
    panel.imshow(
        image, cmap="gray", vmin=0, vmax=255, interpolation="nearest" if max(image.shape) <= 64 else "antialiased"
    )
    panel.set_xticks([])
    panel.set_yticks([])
    panel.set_xlabel(f"{image.shape[1]}×{image.shape[0]}", fontsize=7)


def draw_probabilities(panel: Any, reading: Reading) -> None:
    colors = [ORANGE if digit == reading.digit else BLUE for digit in range(10)]
    panel.barh(range(10), 100 * reading.probabilities, color=colors)
    for digit in (reading.digit, reading.runner_up):
        probability = reading.probabilities[digit]
        panel.text(100 * probability + 2, digit, percent(probability), va="center", fontsize=8)
    panel.set_yticks(range(10))
    panel.tick_params(labelsize=7)
    panel.set(xlim=(0, 125), xticks=(0, 50, 100))
    panel.invert_yaxis()
    panel.spines[["top", "right"]].set_visible(False)
    if reading.doubt:
        panel.set_xlabel("probably not a digit", fontsize=8, color=ORANGE)
