"""The pictures of lesson 2."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from grader.lesson.drawing import BLUE, DARK, GRAY, GREEN, ORANGE, WIDTH, image, panels, tidy

ON_THE_MAP = {0: (BLUE, "o"), 7: (GREEN, "^"), 8: (ORANGE, "s")}  # the color and the marker of each class
DRAWN = 100  # dots per class
EDGE = np.array([-0.02, 1.0])  # of the map
PALE = "0.8"
TRUTH_IS_PALE = LinearSegmentedColormap.from_list("counts", ["white", ORANGE])


class Classifier(Protocol):
    """What answers with a class for each row."""

    def predict(self, rows: np.ndarray) -> np.ndarray: ...


# The map


def digit_map(points: np.ndarray, labels: np.ndarray, stars: np.ndarray, classifier: Classifier) -> Figure:
    """Some digits as points on a map, the mean of each class as a star, and the borders between the answers."""
    figure, axes = panels(width=5.6, height=5.2)
    draw_dots(axes, points, labels)
    draw_borders(axes, classifier)
    for (digit, (color, _)), star in zip(ON_THE_MAP.items(), stars, strict=True):
        axes.plot(*star, marker="*", markersize=20, color=color, markeredgecolor="black")
        frame = {"facecolor": "white", "edgecolor": color, "boxstyle": "round,pad=0.2"}
        axes.annotate(f"mean {digit}", star, (12, 10), textcoords="offset points", bbox=frame)
    axes.set_ylabel("ink on the left")
    return figure


def borders(points: np.ndarray, labels: np.ndarray, classifiers: Mapping[str, Classifier]) -> Figure:
    """The same map once per classifier, with the borders that each of them draws through the points."""
    figure, drawn = panels(len(classifiers), height=3.3, sharey=True)
    for axes, (title, classifier) in zip(drawn, classifiers.items(), strict=True):
        draw_dots(axes, points, labels, size=7)
        draw_borders(axes, classifier, tint=0.3, lines=False)  # lines around every island would be a large file
        axes.set_title(title, fontsize=10)
    drawn[0].set_ylabel("ink on the left")
    return figure


def draw_dots(axes: Axes, points: np.ndarray, labels: np.ndarray, size: float = 16) -> None:
    """Draw the first digits of each class."""
    for digit, (color, marker) in ON_THE_MAP.items():
        places = points[labels == digit][:DRAWN]
        axes.scatter(places[:, 0], places[:, 1], s=size, marker=marker, color=color, linewidth=0, label=str(digit))
    ticks = np.linspace(0, 1, 3)
    axes.set(xlabel="ink in the middle", xlim=EDGE, ylim=EDGE, aspect="equal", xticks=ticks, yticks=ticks)


def draw_borders(axes: Axes, classifier: Classifier, tint: float = 0.15, lines: bool = True, steps: int = 300) -> None:
    """Tint the map by what a classifier answers there, if asked with a line where its answer changes."""
    low, high = EDGE
    grid = np.linspace(low, high, steps)
    across, up = np.meshgrid(grid, grid)
    answers = classifier.predict(np.column_stack([across.ravel(), up.ravel()])).reshape(steps, steps)
    tints = np.array([to_rgba(color, tint) for color, _ in ON_THE_MAP.values()])
    numbers = np.searchsorted(list(ON_THE_MAP), answers)
    axes.imshow(tints[numbers], extent=(*EDGE, *EDGE), origin="lower", interpolation="nearest", zorder=0)
    for number in range(len(ON_THE_MAP) - 1) if lines else ():  # every border belongs to one of these
        axes.contour(across, up, (numbers == number).astype(float), levels=[0.5], colors=DARK, linewidths=0.7)


# Distances


def distances(
    images: np.ndarray, labels: np.ndarray, means: np.ndarray, table: np.ndarray, chosen: Sequence[int]
) -> Figure:
    """Some digits, each beside the mean digits (k, d) and its distance to each of them: its row of the table."""
    figure = plt.figure(figsize=(WIDTH, 2.7 * len(chosen)), layout="constrained")
    blocks: Any = figure.subfigures(len(chosen), 1, squeeze=False)
    for block, index in zip(blocks[:, 0], chosen, strict=True):
        drawn = block.subplot_mosaic(
            [["digit", *range(10)], ["digit"] + ["bars"] * 10], width_ratios=[3] + [1] * 10, height_ratios=[1, 2]
        )
        truth, answer = int(labels[index]), int(table[index].argmin())
        image(drawn["digit"], images[index], f"test digit {index}: a {truth}")
        for digit in range(10):
            drawn[digit].imshow(means[digit].reshape(28, 28), cmap="gray_r", vmin=0, vmax=1)
            drawn[digit].axis("off")
        colors = dict.fromkeys(range(10), PALE) | {truth: ORANGE} | {answer: BLUE}
        heights = drawn["bars"].bar(range(10), table[index], color=colors.values())
        drawn["bars"].bar_label(heights, fmt="%.1f", padding=1)
        drawn["bars"].set(xlim=(-0.5, 9.5), ylim=(0, 12), xticks=range(10), yticks=[0, 5, 10], ylabel="distance")
        tidy(drawn["bars"])
    return figure


def squares() -> Figure:
    """The square of a difference of two pixels, and what is left of it in uint8."""
    difference = np.arange(256)
    figure, axes = panels(height=3.2)
    axes.plot(difference, difference**2, color=BLUE, linewidth=2, label="true square")
    axes.plot(difference, difference**2 % 256, ".", color=ORANGE, markersize=4, label="square in uint8")
    axes.set(xlabel="difference of two pixels", ylabel="its square", xlim=(0, 255), ylim=(0, 1500))
    axes.set_xticks(range(0, 256, 32))
    axes.legend(frameon=False, loc="upper right")
    return figure


def pairs(truth: np.ndarray, guess: np.ndarray) -> Figure:
    """Every label compared with every guess; the comparisons that were meant, those on the diagonal, have a frame."""
    truth, guess = np.ravel(truth), np.ravel(guess)
    equal, count = truth[:, np.newaxis] == guess, len(guess)
    figure, axes = panels(width=4.6, height=4.2)
    axes.imshow(equal, cmap="Blues", vmin=0, vmax=1.6, interpolation="nearest")
    for place in range(count):
        corner = place - 0.5, place - 0.5
        axes.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor=ORANGE, linewidth=4, zorder=3))
    axes.set_xticks(range(count), guess)
    axes.set_yticks(range(count), truth)
    axes.set(xlabel=f"guess, shape ({count},)", ylabel=f"truth, shape ({count}, 1)")
    axes.set_title(f"{equal.size} comparisons, {equal.sum()} of them equal", fontsize=10, pad=10)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set_xticks(np.arange(count - 1) + 0.5, minor=True)
    axes.set_yticks(np.arange(count - 1) + 0.5, minor=True)
    axes.grid(which="minor", color="0.8")
    axes.tick_params(which="both", length=0)
    axes.spines[:].set_visible(True)
    return figure


# Neighbors


def neighbors(
    digits: np.ndarray,
    labels: Sequence[int] | np.ndarray,
    found: np.ndarray,
    found_labels: np.ndarray,
    apart: np.ndarray,
) -> Figure:
    """Digits, a row for each, with their nearest neighbors (rows, k, h, w), the labels and the distances of these."""
    count = found.shape[1]
    figure, axes = panels(
        count + 1,
        len(digits),
        height=len(digits) * (WIDTH / (count + 1) + 0.25),
        squeeze=False,
    )
    for row, digit in enumerate(digits):
        image(axes[row, 0], digit, f"test digit: a {labels[row]}")
        axes[row, 0].spines[:].set(linewidth=2, color=DARK)
        for panel, near, label, far in zip(axes[row, 1:], found[row], found_labels[row], apart[row], strict=True):
            is_right = label == labels[row]
            image(panel, near, f"{label}, {far:.1f} away")
            panel.spines[:].set(linewidth=2.5, color=BLUE if is_right else ORANGE)
    return figure


def price(
    kept: Sequence[int], nearest: Sequence[float], vote: Sequence[float], means_kept: int, means_accuracy: float
) -> Figure:
    """Accuracy against the numbers that are kept, and multiplied for each answer: neighbors beside the nearest mean."""
    figure, axes = panels(height=4)
    axes.plot(means_kept, means_accuracy, "o", color=BLUE, markersize=9)
    axes.annotate("ten means", (means_kept, means_accuracy), (10, -4), textcoords="offset points")
    axes.plot(kept, nearest, "s--", color=GRAY, markersize=5, linewidth=1, label="the nearest digit (k = 1)")
    axes.plot(kept, vote, "s-", color=ORANGE, markersize=5, label="the vote of three (k = 3)")
    for numbers, height in zip(kept, vote, strict=True):
        words = f"{numbers // 784:,} digits"
        axes.annotate(words, (numbers, height), (9, -11), textcoords="offset points", color=DARK)
    axes.annotate(
        "small, quick, accurate:\nthe rest of this course",
        (9e3, 0.985),
        (1.2e5, 0.955),
        ha="center",
        va="center",
        color=DARK,
        arrowprops={"arrowstyle": "->", "color": GRAY},
    )
    axes.set(
        xscale="log",
        xlim=(5e3, 5e8),
        ylim=(0.78, 1),
        yticks=np.arange(0.8, 1.01, 0.05),
        xlabel="numbers kept = multiplications per answer",
        ylabel="test accuracy",
    )
    axes.yaxis.set_major_formatter("{x:.0%}")
    axes.legend(frameon=False, loc="lower right")
    return figure


# Judging


def confused(table: np.ndarray, least: int = 50) -> Figure:
    """The errors of a table (truth, answer), those of at least ``least`` digits written, and the accuracy per digit."""
    errors, per_digit = table - np.diag(table.diagonal()), table.diagonal() / table.sum(axis=1)
    figure, (matrix, bars) = panels(2, height=3.9, width_ratios=[1.35, 1])
    matrix.imshow(errors, cmap=TRUTH_IS_PALE, vmax=150, interpolation="nearest")
    for truth, answer in zip(*np.nonzero(errors >= least), strict=True):
        matrix.text(answer, truth, errors[truth, answer], ha="center", va="center", fontsize=8, color="black")
    matrix.set(xlabel="answer", ylabel="truth", xticks=range(10), yticks=range(10))
    matrix.set_title(f"errors (numbers: {least} or more)", fontsize=10)
    matrix.spines[:].set_visible(True)
    drawn = bars.barh(range(10), per_digit, color=BLUE)
    bars.bar_label(drawn, [f"{share:.0%}" for share in per_digit], label_type="center", color="white")
    bars.axvline(table.trace() / table.sum(), color="black", linewidth=0.8, linestyle="--")
    bars.set(xlabel="accuracy", ylabel="truth", yticks=range(10), xlim=(0, 1), ylim=(9.5, -0.5))
    bars.set_xticks([0, 0.5, 1], ["0%", "50%", "100%"])
    bars.set_title("accuracy by digit (dashed: all digits)", fontsize=10)
    return figure


def how_many(
    sizes: Sequence[int],
    means: Sequence[float],
    neighbor_sizes: Sequence[float],
    vote: Sequence[float],
    floor: float,
) -> Figure:
    """Accuracy of the nearest mean and of neighbors against the training digits per class, above a floor."""
    figure, axes = panels(height=3.6)
    axes.plot(sizes, means, "o-", color=BLUE, label="nearest mean")
    axes.plot(neighbor_sizes, vote, "s-", color=ORANGE, label="three nearest neighbors")
    axes.axhline(floor, color=GRAY, linewidth=1, linestyle="--")
    axes.text(1, floor + 0.02, 'always "1"', color=DARK)
    axes.set(xscale="log", xlabel="training digits per class", ylabel="test accuracy", ylim=(0, 1))
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.minorticks_off()
    axes.yaxis.set_major_formatter("{x:.0%}")
    axes.legend(frameon=False, loc=(0.6, 0.3))
    return figure
