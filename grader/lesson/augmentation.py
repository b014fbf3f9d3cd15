"""The pictures of lesson 11."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from grader.lesson.drawing import BLUE, DARK, GRAY, ORANGE, image, panels

MARKS = (BLUE, "o"), (ORANGE, "^")
BASELINE = "nearest mean"  # gray in every picture


def answered(images: np.ndarray, above: Sequence[str], probabilities: np.ndarray, label: int) -> Figure:
    """Images (n, 28, 28), each with the answer of a network and its probability below; blue where it is right."""
    figure, axes = panels(len(images), height=1.6)
    for each, picture, words, row in zip(axes, images, above, probabilities, strict=True):
        image(each, picture, words, vmin=0, vmax=255)
        said = row.argmax()
        each.set_xlabel(f"{said}\n{100 * row[said]:.0f}%", color=BLUE if said == label else ORANGE)
    return figure


def against(
    changes: Sequence[float],
    curves: Mapping[str, Sequence[float]],
    xlabel: str,
    trained: float | None = None,
) -> Figure:
    """Accuracies 0..1 against a change of the digits, by the classifier's name.

    Args:
        trained: how far the change went in training; drawn as a gray band.
    """
    figure, axes = panels(height=3.4, width=7)
    if trained is not None:
        axes.axvspan(-trained, trained, color="0.93")
    marks = iter(MARKS)
    for name, curve in curves.items():
        color, marker = (GRAY, "s") if name == BASELINE else next(marks)
        axes.plot(changes, 100 * np.array(curve), color=color, marker=marker, label=name)
    axes.axhline(11.35, color=DARK, linewidth=0.8, linestyle="--")
    axes.annotate('always "1"', (1, 11.35), (-2, -3), ("axes fraction", "data"), "offset points", ha="right", va="top")
    axes.set(xlabel=xlabel, ylabel="accuracy in %", ylim=(0, 104))
    axes.legend(frameon=False, ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1))
    return figure


def table(rows: Mapping[str, np.ndarray]) -> Figure:
    """Images in rows, each row with its name at the left; images that are floats are in 0..1."""
    columns = max(len(images) for images in rows.values())
    figure, axes = panels(columns, len(rows), height=0.92 * len(rows), width=min(8.0, 0.95 * columns + 1.6))
    for line, (name, images) in zip(axes, rows.items(), strict=True):
        for each, picture in zip(line, images, strict=True):
            image(each, picture, vmin=0, vmax=255 if picture.dtype == np.uint8 else 1)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center")
    return figure


def filled(images: Mapping[str, np.ndarray]) -> Figure:
    """Images side by side, each below its name."""
    figure, axes = panels(len(images), height=1.9)
    for each, (name, picture) in zip(axes, images.items(), strict=True):
        image(each, picture, name, vmin=0, vmax=255)
    return figure


def flicker(digit: np.ndarray, label: int, tables: Mapping[str, np.ndarray]) -> Figure:
    """A digit beside the probabilities (times, 10) that a network gave it when it was asked again and again."""
    figure, axes = panels(1 + len(tables), height=2.6, width_ratios=[1, *(2 for _ in tables)])
    image(axes[0], digit, f"label: {label}", vmin=0, vmax=255)
    for each, (name, answers) in zip(axes[1:], tables.items(), strict=True):
        times = len(answers)
        each.imshow(answers.T, cmap="Blues", vmin=0, vmax=1, interpolation="nearest", aspect="auto")
        each.set(yticks=range(10), xlabel="times asked", xticks=[0, times // 2 - 1, times - 1], title=name)
        each.set_xticklabels([1, times // 2, times])
        each.tick_params(labelsize=8)
    axes[1].set_ylabel("digit")
    return figure
