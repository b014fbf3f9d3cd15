"""The pictures of lesson 10."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from grader.lesson import drawing
from grader.lesson.drawing import BLUE, DARK, GRAY, INK, ORANGE, image, panels

PAPER = "#DCE9F3"  # a feature map
SHEETS = 6  # as many maps of a layer are drawn at most
SHIFT, GAP = 0.035, 0.45  # between the sheets of a layer, and between layers, in sides of the input
NAMES = ("the first convolution", "the first pooling", "the second convolution", "the second pooling")


def scrambled(written: np.ndarray, mixed: np.ndarray, labels: np.ndarray) -> Figure:
    """Digits (n, 28, 28) with their labels, and below each the same digit with its pixels scrambled."""
    figure, axes = panels(len(written), 2, height=2.9)
    for (above, below), first, second, label in zip(axes.T, written, mixed, labels, strict=True):
        image(above, first, str(label))
        image(below, second)
    axes[0, 0].set_ylabel("as written")
    axes[1, 0].set_ylabel("scrambled")
    return figure


def neighbors(accuracies: Mapping[tuple[str, str], Sequence[float]]) -> Figure:
    """The test errors of several seeds, by network and by kind of digits, with their means.

    Args:
        accuracies: a list of 0..1 for each pair of a network's name and "as written" or "scrambled".
    """
    figure, axes = panels(height=2.7)
    looks = {"as written": (BLUE, "o", 0.14), "scrambled": (ORANGE, "s", -0.14)}
    names = list(dict.fromkeys(name for name, _ in accuracies))
    for (name, kind), values in accuracies.items():
        color, marker, up = looks[kind]
        errors = 100 * (1 - np.array(values))
        row = len(names) - 1 - names.index(name) + up
        axes.plot([errors.mean()] * 2, [row - 0.1, row + 0.1], color=color, linewidth=2)
        label = kind if name == names[0] else None
        axes.plot(errors, [row] * len(errors), marker, color=color, alpha=0.75, markersize=6, label=label)
        axes.annotate(
            f"mean {errors.mean():.1f}",
            (errors.max(), row),
            (9, 0),
            textcoords="offset points",
            va="center",
            color=DARK,
        )
    axes.set(yticks=range(len(names)), yticklabels=names[::-1], ylim=(-0.5, len(names) - 0.5), xlim=(0, 13))
    axes.set_xlabel("test digits wrong, of 100")
    axes.legend(frameon=False, loc="center left", title="3 seeds each")
    return figure


def fields(digit: np.ndarray, seen: Sequence[np.ndarray]) -> Figure:
    """A digit (28, 28) in several panels, each with a frame around the pixels that one number depends on.

    Args:
        seen: for each panel which pixels those are, as booleans (28, 28).
    """
    figure, axes = panels(len(seen), height=2.5)
    for panel, field, name in zip(axes, seen, NAMES, strict=True):
        rows, columns = int(field.any(axis=1).sum()), int(field.any(axis=0).sum())
        image(panel, digit, f"after {name}:\n{rows}×{columns} pixels")
        panel.title.set_fontsize(9)
        top, left = int(field.any(axis=1).argmax()), int(field.any(axis=0).argmax())
        frame(panel, left - 0.5, top - 0.5, columns, rows, ORANGE)
    return figure


def frame(axes: Axes, left: float, top: float, width: float, height: float, color: str) -> None:
    """Draw a frame with a tinted inside."""
    axes.add_patch(Rectangle((left, top), width, height, facecolor=color, alpha=0.25, zorder=4))
    axes.add_patch(Rectangle((left, top), width, height, fill=False, edgecolor=color, linewidth=1.8, zorder=5))


def shapes(stages: Sequence[tuple[str, tuple[int, ...], int]], digit: np.ndarray) -> Figure:
    """The layers of a network from the input on, with a kernel and the receptive field of one number.

    Args:
        stages: the name, the shape and the number of parameters of each. The first four images must be an input of
            28 x 28, a convolution of 3 x 3, a pooling of 2 x 2 and a convolution of 3 x 3.
        digit: what is drawn as the input.
    """
    figure, axes = panels(height=3.6)
    left, corners = 0.0, []
    for name, shape, count in stages:
        is_image = len(shape) == 3
        height = shape[0] / 28 if is_image else {1600: 1.2, 128: 0.75, 10: 0.42}[shape[0]]
        width, sheets = (height, min(SHEETS, shape[2])) if is_image else (0.07, 1)
        for sheet in reversed(range(sheets)):
            corner = left + SHIFT * sheet, SHIFT * sheet - height / 2
            axes.add_patch(Rectangle(corner, width, height, facecolor=PAPER, edgecolor=BLUE, linewidth=0.8))
        corners.append((left, height / 2))
        deep = SHIFT * (sheets - 1)
        middle = left + (width + deep) / 2
        written = "×".join(f"{size:,}" for size in shape)
        axes.text(middle, -0.66, f"{name}\n{written}", ha="center", va="top", fontsize=9, color=DARK)
        if count:
            axes.text(middle, 0.8, f"{count:,}", ha="center", fontsize=10, color=DARK)
        left += width + deep + GAP
    axes.text(0, 0.8, "parameters:", fontsize=10, color=DARK)
    axes.imshow(digit, cmap=INK, alpha=0.5, extent=(0, 1, -0.5, 0.5), interpolation="nearest", zorder=2)
    # One number of the second convolution, at row and column 5, and what it depends on further left.
    trace(axes, corners, [(0, 10, 8), (1, 10, 6), (2, 5, 3), (3, 5, 1)], ORANGE)
    trace(axes, corners, [(0, 10, 3), (1, 10, 1)], BLUE)  # the kernel that computes the first of them
    axes.text(0, -1.13, "orange: one number of conv-2 and all that it depends on", fontsize=10, color=ORANGE)
    axes.text(0, -1.31, "blue: a 3×3 kernel of conv-1 and the number that it computes", fontsize=10, color=BLUE)
    axes.set(xlim=(-0.06, left - GAP + 0.12), ylim=(-1.36, 0.95), aspect="equal")
    axes.set_axis_off()
    return figure


def trace(
    axes: Axes, corners: Sequence[tuple[float, float]], squares: Sequence[tuple[int, int, int]], color: str
) -> None:
    """Frame a square in each of several layers and join neighbors by lines.

    Args:
        corners: the upper left corner of each layer.
        squares: the number of the layer, the first row and column, and the side of each square.
    """
    before = None
    for number, first, side in squares:
        left, top = corners[number][0] + first / 28, corners[number][1] - first / 28
        frame(axes, left, top - side / 28, side / 28, side / 28, color)
        if before:
            for start, end in ((before[1], top), (before[2], top - side / 28)):
                axes.plot([before[0], left], [start, end], color=color, linewidth=0.9, zorder=6)
        before = left + side / 28, top, top - side / 28


def one_hot(digit: np.ndarray, label: int, row: np.ndarray, answer: np.ndarray) -> Figure:
    """A digit, its label as a row of ten bars, and the probabilities of a network for it."""
    figure, (left, middle, right) = panels(3, height=2.5, width_ratios=[1, 2, 2])
    image(left, digit, f"label {label}")
    for axes, values, title in ((middle, row, "label, as a row"), (right, answer, "prediction, untrained")):
        axes.bar(range(10), values, color=[ORANGE if number == label else BLUE for number in range(10)])
        axes.set(xticks=range(10), ylim=(0, 1.05), yticks=(0, 0.5, 1), xlabel="class", title=title)
    middle.set_ylabel("probability")
    return figure


def curves(history: Mapping[str, Sequence[float]]) -> Figure:
    """Loss and accuracy after each epoch, of the training digits and of the validation digits."""
    groups = {key: {"training": history[key], "validation": history[f"val_{key}"]} for key in ("loss", "accuracy")}
    epochs = range(1, len(history["loss"]) + 1)
    figure = drawing.curves(epochs, groups, xticks=epochs)
    losses, accuracies = figure.axes
    losses.set_ylim(0)
    accuracies.set(ylim=(0.7, 1), yticks=np.arange(0.7, 1.01, 0.05))
    return figure


def ladder(accuracies: Mapping[str, float]) -> Figure:
    """Test accuracies as bars. The last one is the learner's."""
    figure, axes = panels(height=0.42 * len(accuracies) + 0.8)
    heights: list[Any] = [100 * value for value in accuracies.values()]
    colors = [GRAY] * 2 + [BLUE] * (len(heights) - 3) + [ORANGE]
    drawn = axes.barh(list(accuracies), heights, color=colors, height=0.65)
    axes.bar_label(drawn, fmt="%.1f%%", padding=3)
    axes.set(xlim=(0, 112), xlabel="test accuracy", xticks=range(0, 101, 20))
    axes.xaxis.set_major_formatter("{x:.0f}%")
    return figure
