"""The pictures of lesson 8."""

from collections.abc import Callable, Mapping, Sequence
from math import comb
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from grader.lesson.drawing import BLUE, DARK, GRAY, ORANGE, SIGNED, image, moving, panels

DIGITS = range(10)
BIRDS = "robin", "finch", "sparrow"
PER_CENT = "{x:.0%}"
Interval = Callable[[int, int], tuple[float, float]]


def hidden(answers: Mapping[str, np.ndarray], labels: np.ndarray) -> Figure:
    """For each digit the part of it that several classifiers get right, by their names."""
    figure, axes = panels(height=3.4)
    looks = (BLUE, "o", -0.16), (ORANGE, "s", 0), (GRAY, "D", 0.16)
    for (name, given), (color, marker, shift) in zip(answers.items(), looks, strict=True):
        found = [(given[labels == digit] == digit).mean() for digit in DIGITS]
        label = f"{name}: {(given == labels).mean():.1%}"
        axes.plot(np.arange(10) + shift, found, marker, color=color, label=label, markersize=6)
    axes.set(xlabel="digit", ylabel="answered right", xticks=DIGITS, ylim=(-0.05, 1.05))
    axes.yaxis.set_major_formatter(PER_CENT)
    axes.grid(axis="x", color="0.93")
    axes.legend(frameon=False, loc="center right", title="accuracy", alignment="left")
    return figure


def table(axes: Axes, visits: np.ndarray, frame: tuple[float, float, float, float], color: str) -> None:
    """The table of the birds (3, 3), with a frame (x, y, width, height) around some of its cells."""
    axes.imshow(np.eye(3), cmap="gray_r", vmin=0, vmax=6, interpolation="nearest")
    for (row, column), count in np.ndenumerate(visits):
        axes.text(column, row, str(count), ha="center", va="center", fontsize=13)
    x, y, width, height = frame
    axes.add_patch(plt.Rectangle((x, y), width, height, fill=False, edgecolor=color, linewidth=3))
    axes.set_xticks(range(3), BIRDS)
    axes.set_yticks(range(3), BIRDS)
    axes.set(xlabel="what the camera said", ylabel="what it was")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def birds(visits: np.ndarray) -> Figure:
    """The table twice: with the row of the finch framed, and with its column."""
    figure, (left, right) = panels(2, height=4.0)
    table(left, visits, (-0.46, 0.54, 2.92, 0.92), BLUE)
    left.set_title("recall of finch: along its row\n24 / (1 + 24 + 5) = 0.80", color=BLUE)
    table(right, visits, (0.54, -0.46, 0.92, 2.92), ORANGE)
    right.set_title("precision of finch: down its column\n24 / (2 + 24 + 14) = 0.60", color=ORANGE)
    return figure


def matrices(matrix: np.ndarray, errors: np.ndarray) -> Figure:
    """A confusion matrix (10, 10) as it is, and its errors alone, the frequent ones with their counts."""
    figure, (badly, well) = panels(2, height=4.4)
    badly.imshow(matrix, cmap=SIGNED, vmin=-matrix.max(), vmax=matrix.max(), interpolation="nearest")
    badly.set_title("badly: the hits drown everything")
    well.imshow(-errors, cmap=SIGNED, vmin=-errors.max(), vmax=errors.max(), interpolation="nearest")
    well.set_title("well: errors only, frequent ones counted")
    for digit in DIGITS:
        well.add_patch(plt.Rectangle((digit - 0.5, digit - 0.5), 1, 1, facecolor="0.88"))
    for row, column in np.argwhere(errors >= 10):
        count = errors[row, column]
        shade = "white" if count > 0.8 * errors.max() else "black"
        well.text(column, row, str(count), ha="center", va="center", fontsize=9, color=shade)
    for axes in (badly, well):
        axes.set(xlabel="prediction", ylabel="truth", xticks=DIGITS, yticks=DIGITS)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
    return figure


def in_ink(images: np.ndarray, labels: np.ndarray, predicted: np.ndarray, digit: int) -> Figure:
    """Two samples of 24 images: of those that were called a digit, and of those that are one. Errors are framed."""
    rng = np.random.default_rng(8)
    figure, axes = panels(12, 4, height=3.7)
    blocks = (f"called {digit}", predicted == digit, "is {}"), (f"is {digit}", labels == digit, "called {}")
    for rows, (name, chosen, words) in zip((axes[:2], axes[2:]), blocks, strict=True):
        pool = np.flatnonzero(chosen)
        wrong = predicted[pool] != labels[pool]
        count = round(rows.size * wrong.mean())
        some = [*rng.choice(pool[wrong], count, replace=False)]
        some += [*rng.choice(pool[~wrong], rows.size - count, replace=False)]
        for panel, one in zip(rows.flat, rng.permutation(some), strict=True):
            image(panel, images[one], vmin=0, vmax=255)
            if predicted[one] != labels[one]:
                panel.spines[:].set(edgecolor=ORANGE, linewidth=3)
                other = labels[one] if name.startswith("called") else predicted[one]
                panel.set_title(words.format(other), fontsize=9, pad=3, color=ORANGE)
        rows[0, 0].set_ylabel(name, loc="top")
    return figure


def plane(precision: np.ndarray, recall: np.ndarray) -> Figure:
    """The ten digits by precision and recall, with two lines of equal F1."""
    figure, axes = panels(height=5.2, width=5.6)
    steps = np.linspace(0.8, 1, 100)
    across, up = np.meshgrid(steps, steps)
    lines = axes.contour(steps, steps, 2 * across * up / (across + up), levels=[0.9, 0.95], colors="0.45", linewidths=1)
    axes.clabel(lines, fmt=lambda level: f"F1 = {level:g}", fontsize=9, manual=[(0.87, 0.932), (0.98, 0.922)])
    axes.plot([0, 1], [0, 1], color="0.85", linewidth=1, zorder=0)
    axes.plot(precision, recall, "o", color=BLUE, markersize=17)
    for digit in DIGITS:
        at = precision[digit], recall[digit]
        axes.text(*at, str(digit), ha="center", va="center", color="white", fontweight="bold")
    axes.text(0.853, 0.985, "named too often", color=DARK)
    axes.text(0.955, 0.872, "named too rarely", color=DARK)
    axes.set(xlabel="precision: called so, and is", ylabel="recall: is so, and is found")
    axes.set(xlim=(0.84, 1), ylim=(0.84, 1), aspect="equal")
    return figure


# Thresholds


def rejecting(confidences: np.ndarray, hits: np.ndarray, marked: Sequence[float]) -> Figure:
    """Left: how sure right and wrong answers are. Right: accuracy against the part that is answered."""
    figure, (left, right) = panels(2, height=3.5)
    bins = np.linspace(0.1, 1, 19)
    for chosen, name, color in ((hits, "right answers", BLUE), (~hits, "wrong answers", ORANGE)):
        weights = np.full(chosen.sum(), 1 / chosen.sum())
        left.hist(confidences[chosen], bins, weights=weights, color=color, alpha=0.6, label=name)
    left.set(xlabel="probability of the answer", ylabel="part of these answers", xlim=(0.1, 1))
    left.yaxis.set_major_formatter(PER_CENT)
    left.legend(frameon=False, loc="upper left")
    order = np.argsort(-confidences)
    counts = np.arange(1, len(order) + 1)
    accuracy = hits[order].cumsum() / counts
    right.plot(counts[500::20] / len(order), accuracy[500::20], color=BLUE, linewidth=2)
    for threshold in marked:
        kept = (confidences >= threshold).sum()
        spot = kept / len(order), accuracy[kept - 1]
        right.plot(*spot, "o", color=ORANGE)
        right.annotate(f"threshold {threshold:g}", spot, (-8, -4), textcoords="offset points", ha="right", va="top")
    right.set(xlabel="answered, of all digits", ylabel="right, of those answered", xlim=(0, 1.02), ylim=(0.915, 1.002))
    right.xaxis.set_major_formatter(PER_CENT)
    right.yaxis.set_major_formatter(PER_CENT)
    return figure


def rates(is_it: np.ndarray, scores: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """Precision, recall and false positive rate (n, 3) of calling everything a digit that reaches a threshold."""
    called = scores >= thresholds[:, np.newaxis]
    hits = (called & is_it).sum(axis=1)
    return np.stack(
        [hits / np.maximum(called.sum(axis=1), 1), hits / is_it.sum(), (called & ~is_it).sum(axis=1) / (~is_it).sum()],
        axis=1,
    )


def thresholds(is_it: np.ndarray, scores: np.ndarray, area: float, marked: Sequence[float]) -> str:
    """Precision and recall against the threshold, and the ROC curve, with dots that move: for `show_svg`."""
    figure, (left, right) = panels(2, height=3.9, width_ratios=(1.15, 1))
    steps = np.linspace(0.005, 0.995, 199)
    precision, recall, false_alarms = rates(is_it, scores, steps).T
    for heights, name, color in ((precision, "precision", ORANGE), (recall, "recall", BLUE)):
        left.plot(steps, heights, color=color, linewidth=2)
        left.text(0.79, heights[160] - 0.04, name, ha="right", va="top", color=color)
    left.set(xlabel="threshold: call it an 8 from this probability on", xlim=(0, 1), ylim=(0, 1.03))
    order = np.argsort(-scores)
    up, across = is_it[order].cumsum() / is_it.sum(), (~is_it)[order].cumsum() / (~is_it).sum()
    some = np.unique(np.geomspace(1, len(order), 300).astype(int)) - 1
    right.fill_between(across[some], up[some], color=BLUE, alpha=0.12, linewidth=0)
    right.plot([0, *across[some]], [0, *up[some]], color=BLUE, linewidth=2)
    right.plot([0, 1], [0, 1], color=GRAY, linestyle="--", linewidth=1)
    right.text(0.62, 0.57, "a coin", ha="left", va="top", color=DARK)
    right.text(0.5, 0.28, f"area {area:.3f}", ha="center", color=DARK)
    for threshold, (_, height, place) in zip(marked, rates(is_it, scores, np.array(marked)), strict=True):
        right.plot(place, height, "o", markerfacecolor="white", markeredgecolor=BLUE)
        beside: Any = {"textcoords": "offset points", "va": "top"}
        right.annotate(f"threshold {threshold:g}", (place, height), (8, -3), **beside)
        left.axvline(threshold, color="0.9", linewidth=1, zorder=0)
    right.set(xlabel="false positive rate", ylabel="recall (true positive rate)", xlim=(-0.02, 1), ylim=(0, 1.03))
    moments = np.concatenate([np.linspace(0.02, 0.98, 49), np.linspace(0.96, 0.5, 24)])
    precision, recall, false_alarms = rates(is_it, scores, moments).T
    tracks = [
        (left, np.stack([moments, precision], axis=1), ORANGE),
        (left, np.stack([moments, recall], axis=1), BLUE),
        (right, np.stack([false_alarms, recall], axis=1), BLUE),
    ]
    return moving(figure, tracks, seconds=10)


# Calibration


def diagram(axes: Axes, groups: np.ndarray, title: str) -> None:
    """A reliability diagram. Groups are rows (how sure, how often right, how many); a gap is drawn to the diagonal."""
    axes.plot([0, 1], [0, 1], color=GRAY, linestyle="--", linewidth=1)
    for sure, right, count in groups:
        color = ORANGE if right < sure else BLUE
        axes.plot([sure, sure], [sure, right], color=color, linewidth=2.5, solid_capstyle="butt")
        axes.plot(sure, right, "o", color=color, markersize=3 + 11 * np.sqrt(count / groups[:, 2].sum()))
        if count == groups[:, 2].max():
            words = f"{count / groups[:, 2].sum():.0%} of the digits"
            options: Any = {"textcoords": "offset points", "ha": "right", "va": "center", "fontsize": 9}
            axes.annotate(words, (sure, right), (-11, -1), **options)
    axes.set(xlabel="how sure it is, on average", ylabel="how often it is right", title=title)
    axes.set(xlim=(0.2, 1.03), ylim=(0.2, 1.03), aspect="equal")
    axes.xaxis.set_major_formatter(PER_CENT)
    axes.yaxis.set_major_formatter(PER_CENT)


def reliability(groups: Mapping[str, np.ndarray]) -> Figure:
    """Reliability diagrams side by side, by their titles."""
    figure, axes = panels(len(groups), height=4.2, sharey=True)
    for panel, (title, rows) in zip(axes, groups.items(), strict=True):
        diagram(panel, rows, title)
    axes[0].text(0.24, 0.86, "not sure enough", color=BLUE)
    axes[0].text(0.99, 0.27, "too sure", color=ORANGE, ha="right")
    axes[1].set_ylabel("")
    return figure


def temperature(temperatures: np.ndarray, losses: Sequence[float], best: float, groups: np.ndarray) -> Figure:
    """Left: the loss of held-out digits against the temperature. Right: the reliability diagram with the best one."""
    figure, (left, right) = panels(2, height=4.2)
    left.plot(temperatures, losses, color=BLUE, linewidth=2)
    for place, words, beside in ((1.0, "as trained", (9, 4)), (best, f"lowest at {best:.2f}", (0, -9))):
        spot = place, np.interp(place, temperatures, losses)
        left.plot(*spot, "o", color=ORANGE)
        options: Any = {"ha": "center", "va": "top"} if beside[1] < 0 else {}
        left.annotate(f"{words}: {spot[1]:.2f}", spot, beside, textcoords="offset points", **options)
    left.set(xlabel="temperature", ylabel="cross-entropy of held-out digits", ylim=(0, 1.05 * max(losses)))
    diagram(right, groups, f"the network at temperature {best:.2f}")
    return figure


# Luck


def luck(worse: np.ndarray, better: np.ndarray) -> Figure:
    """The accuracies that two classifiers reach on many test sets of 10,000 digits."""
    figure, axes = panels(height=3.0, width=7)
    bins = np.arange(0.98195, 0.9941, 0.0003)
    for scores, name, color in ((worse, "truly 98.7%", ORANGE), (better, "truly 98.9%", BLUE)):
        axes.hist(scores, bins=bins, color=color, alpha=0.6, label=name)
    axes.set(xlabel="accuracy on 10,000 new digits", ylabel="test sets", yticks=[])
    axes.xaxis.set_major_formatter("{x:.1%}")
    axes.spines["left"].set_visible(False)
    axes.legend(frameon=False)
    return figure


def wilson(candidates: np.ndarray, scatter: np.ndarray, seen: float, ends: tuple[float, float]) -> Figure:
    """The accuracies that each candidate easily leads to, as a band, and the candidates that fit what was seen."""
    figure, axes = panels(height=4.4, width=7)
    some = slice(None, None, 10)
    low, high = np.clip([candidates - scatter, candidates + scatter], 0, 1)[:, some]
    axes.fill_between(candidates[some], low, high, color="0.88", linewidth=0)
    axes.plot([0, 1], [0, 1], color="0.6", linewidth=1)
    axes.axhline(seen, color="0.2", linewidth=1, linestyle="--")
    axes.plot(ends, [seen, seen], color=BLUE, linewidth=4, solid_capstyle="butt")
    for end, side in zip(ends, ("right", "left"), strict=True):
        axes.plot([end, end], [0.4, seen], color=BLUE, linewidth=1, linestyle=":")
        axes.text(end + (-0.008 if side == "right" else 0.008), 0.415, f"{end:.2f}", ha=side, color=BLUE)
    axes.text(0.36, seen + 0.015, "seen: 18 of 20", va="bottom")
    axes.text(0.41, 0.555, "where 95% of\nall tests end", rotation=27, color=DARK, va="bottom")
    axes.set(xlabel="true accuracy (a candidate)", ylabel="accuracy in a test of 20")
    axes.set(xlim=(0.35, 1.03), ylim=(0.4, 1.02))
    return figure


def mcnemar(counts: np.ndarray, names: tuple[str, str]) -> Figure:
    """Left: how often two classifiers are both right, one right, both wrong (2, 2). Right: what a fair coin does.

    Args:
        counts: the row says whether the first is right (0) or wrong (1), the column whether the second is.
        names: of the two classifiers.
    """
    figure, (left, right) = panels(2, height=3.6, width_ratios=(1, 1.45))
    wins, losses = int(counts[0, 1]), int(counts[1, 0])
    colors = ("0.93", BLUE), (ORANGE, "0.93")
    for (row, column), count in np.ndenumerate(counts):
        color = colors[row][column]
        left.add_patch(plt.Rectangle((column - 0.47, row - 0.47), 0.94, 0.94, facecolor=color))
        shade = "black" if color.startswith("0") else "white"
        left.text(column, row, f"{count:,}", ha="center", va="center", fontsize=13, color=shade)
    left.set(xlim=(-0.5, 1.5), ylim=(1.5, -0.5), aspect="equal", xlabel=names[1], ylabel=names[0])
    left.set_xticks(range(2), ["right", "wrong"])
    left.set_yticks(range(2), ["right", "wrong"])
    left.tick_params(length=0)
    left.spines[:].set_visible(False)
    tosses = wins + losses
    near = np.arange(tosses // 2 - 40, tosses // 2 + 41)
    chances = np.array([comb(tosses, int(k)) / 2**tosses for k in near])
    far = np.abs(near - tosses / 2) >= abs(wins - tosses / 2)
    right.bar(near[~far], chances[~far], width=1, color="0.8")
    right.bar(near[far], chances[far], width=1, color=DARK)
    top = chances.max()
    for seen, color in ((wins, BLUE), (losses, ORANGE)):
        right.plot([seen, seen], [0, 0.32 * top], color=color, linewidth=2)
        right.text(seen, 0.34 * top, str(seen), color=color, ha="center", va="bottom")
    right.set(
        xlabel=f"heads in {tosses} tosses of a fair coin", yticks=[], ylabel="how often", xlim=(near[0], near[-1])
    )
    right.spines["left"].set_visible(False)
    return figure


# With the learner's functions


def worst(
    images: np.ndarray,
    labels: np.ndarray,
    probabilities: np.ndarray,
    confusions: Sequence[tuple[int, int, int]],
) -> Figure:
    """For each confusion (true, predicted, count) the ten images with the largest probability of the wrong answer."""
    figure, axes = panels(10, len(confusions), height=0.86 * len(confusions))
    for row, (true, taken_for, count) in zip(axes, confusions, strict=True):
        confused = np.flatnonzero((labels == true) & (probabilities.argmax(axis=1) == taken_for))
        surest_first = confused[np.argsort(-probabilities[confused, taken_for])]
        for panel, one in zip(row, surest_first, strict=False):
            image(panel, images[one], vmin=0, vmax=255)
        words = f"{true} as {taken_for}\n{count} times"
        row[0].set_ylabel(words, rotation=0, ha="right", va="center")
    return figure


def intervals(of: Interval) -> Figure:
    """The intervals of 98.7% and 98.9% for test sets of several sizes."""
    figure, axes = panels(height=3.4, width=7)
    sizes = 1_000, 3_000, 10_000, 30_000, 100_000
    for per_mille, color, shift in ((987, ORANGE, -0.08), (989, BLUE, 0.08)):
        ends = np.array([of(size * per_mille // 1000, size) for size in sizes])
        label = f"{per_mille / 10}% right"
        axes.vlines(np.arange(5) + shift, ends[:, 0], ends[:, 1], color=color, linewidth=5, label=label)
        axes.plot(np.arange(5) + shift, np.full(5, per_mille / 1000), "_", color="black", markersize=12)
    axes.set_xticks(range(5), [f"{size:,}" for size in sizes])
    axes.set(xlabel="test digits", ylabel="95% interval")
    axes.yaxis.set_major_formatter("{x:.1%}")
    axes.legend(frameon=False)
    return figure
