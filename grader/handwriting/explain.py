"""Draws how pictures became digits: every stage, what the network saw, and what it made of it."""

import io
import os
import warnings
from pathlib import Path

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
    "20 pixels\nlong",
    "balanced\nin 28 x 28",
)
BLUE, ORANGE = "#0072B2", "#D55E00"


def check_target(target: Path, count: int) -> None:
    """Refuse, before any work is done, what could not be drawn or would destroy a file of somebody's.

    Raises:
        CourseError: the target is no .png, has no folder, or is a file that was not drawn here; or too many pictures.
    """
    shown = safe_for_display(target)
    if count > MOST:
        raise CourseError(f"--explain draws up to {MOST} pictures at once, and these are {count}.")
    if target.suffix.lower() != ".png":
        raise CourseError(f"--explain draws a PNG: let the name end in .png instead of {shown}.")
    if not target.parent.is_dir():
        raise CourseError(f"There is no folder to draw {shown} in.")
    if os.path.lexists(target) and not is_ours(target):
        raise CourseError(f"{shown} is there already, and it is no drawing of this command: choose another name.")


def is_ours(path: Path) -> bool:
    """Whether a file is a drawing that this module made, so that a newer one may take its place."""
    try:
        with Image.open(path, formats=["PNG"]) as image:
            return path.is_file() and not path.is_symlink() and image.info.get("Software") == SIGNATURE
    except Exception:  # no picture, or a damaged one: certainly somebody else's
        return False


def draw(predictions: list[Prediction], target: Path) -> None:
    """Draw a row for every picture that was read, in place of an older drawing if there is one.

    Args:
        predictions: prepared with every stage.

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
        for panel, image in zip(row, prediction.prepared.stages.values(), strict=False):
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


def draw_stage(panel, image: np.ndarray) -> None:
    if image.ndim == 3 and image.shape[2] == 4:  # transparent parts show the paper that the network is told of
        opacity = image[..., 3:] / 255
        image = (image[..., :3] * opacity + 255 * (1 - opacity)).round().astype(np.uint8)
    panel.imshow(
        image, cmap="gray", vmin=0, vmax=255, interpolation="nearest" if max(image.shape) <= 64 else "antialiased"
    )
    panel.set_xticks([])
    panel.set_yticks([])
    panel.set_xlabel(f"{image.shape[1]} x {image.shape[0]}", fontsize=7)


def draw_probabilities(panel, prediction: Prediction) -> None:
    colors = [ORANGE if digit == prediction.digit else BLUE for digit in range(10)]
    panel.barh(range(10), 100 * prediction.probabilities, color=colors)
    for digit in (prediction.digit, prediction.runner_up):
        panel.text(
            100 * prediction.probabilities[digit] + 2,
            digit,
            percent(prediction.probabilities[digit]),
            va="center",
            fontsize=8,
        )
    panel.set_yticks(range(10))
    panel.tick_params(labelsize=7)
    panel.set(xlim=(0, 125), xticks=(0, 50, 100))
    panel.invert_yaxis()
    panel.spines[["top", "right"]].set_visible(False)
