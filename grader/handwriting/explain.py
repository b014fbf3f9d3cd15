"""Draws how pictures became predictions: every step, what the network saw, and its probabilities."""

import io
import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from grader.course import CourseError
from grader.files import write_atomically
from grader.handwriting.prepared import STEPS
from grader.handwriting.recognition import Prediction
from grader.handwriting.words import percent, safe_for_display, shortened

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

    figure = Figure(figsize=(11, 1.75 * len(predictions) + 0.55), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    columns = [1] * (len(STEPS) + 1) + [1.7]
    panels = figure.subplots(len(predictions), len(columns), width_ratios=columns, squeeze=False)
    for row, prediction in zip(panels, predictions, strict=True):
        stages = prediction.prepared.stages if prediction.prepared else {}
        for panel, image in zip(row, stages.values(), strict=False):
            draw_stage(panel, image)
        row[0].set_ylabel(shortened(prediction.path.name, 24), fontsize=8, parse_math=False)
        draw_probabilities(row[-1], prediction)
    for panel, title in zip(panels[0], TITLES, strict=False):
        panel.set_title(title, fontsize=9)
    panels[0, -1].set_title("what the network makes of it", fontsize=9)
    drawing = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of letters in a file's name that the font does not have
        figure.savefig(drawing, format="png", metadata={"Software": SIGNATURE})
    try:
        write_atomically(target, drawing.getvalue())
    except OSError as error:
        raise CourseError(f"The drawing could not be written ({error.strerror or error}).") from None


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


def draw_probabilities(panel: Any, prediction: Prediction) -> None:
    colors = [ORANGE if digit == prediction.digit else BLUE for digit in range(10)]
    panel.barh(range(10), 100 * prediction.known, color=colors)
    for digit in (prediction.digit, prediction.runner_up):
        probability = prediction.known[digit]
        panel.text(100 * probability + 2, digit, percent(probability), va="center", fontsize=8)
    panel.set_yticks(range(10))
    panel.tick_params(labelsize=7)
    panel.set(xlim=(0, 125), xticks=(0, 50, 100))
    panel.invert_yaxis()
    panel.spines[["top", "right"]].set_visible(False)
