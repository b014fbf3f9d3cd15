"""The pictures of lesson 12. A map lies under the outline of the digit that it belongs to."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from grader.lesson.drawing import BLUE, CYCLE, DARK, GRAY, INK, ORANGE, SIGNED, WIDTH, image, panels

HEAT = LinearSegmentedColormap.from_list("heat", ["white", BLUE])  # 0 is paper, the largest value is blue
PIXELS = -0.5, 27.5, 27.5, -0.5  # left, right, bottom and top of a map that covers the digit
ALIKE_IN_COLOR = (0, 7), (1, 5), (2, 4), (3, 9), (6, 8)  # digits that are hardly ever taken for each other
SHAPES = 3.5, 23.5, 23.5, 3.5  # those of a 10 x 10 map whose numbers lie 2 pixels apart, from pixel 4.5 on


def overlay(axes: Axes, digit: np.ndarray, values: np.ndarray, title: str = "", **options: Any) -> Any:
    """Draw a map under the outline of its digit, (28, 28) or (28, 28, 1). Returns what `imshow` does.

    Args:
        options: passed on to `imshow`; a map that does not cover the digit has an ``extent`` in pixels.
    """
    drawn = image(axes, values, title, **({"cmap": HEAT, "vmin": 0, "extent": PIXELS} | options))
    axes.contour(np.squeeze(digit), [0.4], colors=DARK, linewidths=1.1)
    axes.set(xlim=PIXELS[:2], ylim=PIXELS[2:])
    return drawn


def signed(axes: Axes, values: np.ndarray, limit: float, title: str = "") -> None:
    """Draw numbers of both signs, those of the limit in full color."""
    image(axes, values, title, cmap=SIGNED, vmin=-limit, vmax=limit)


def kernels(weights: np.ndarray, typical: np.ndarray) -> Figure:
    """Kernels (n, 5, 5), and below each the mean (n, 5, 5) of the patches that fit it best."""
    figure, axes = panels(len(weights), 2, height=2.15)
    limit = np.abs(weights).max()
    for number, (above, below) in enumerate(axes.T):
        signed(above, weights[number], limit, f"kernel {number}")
        image(below, typical[number], vmin=0, vmax=1)
    axes[0, 0].set_ylabel("weights")
    axes[1, 0].set_ylabel("fits best")
    return figure


def nudged(
    digits: Sequence[np.ndarray], answers: Sequence[str], moves: Sequence[Sequence[np.ndarray]], names: Sequence[str]
) -> Figure:
    """Digits (28, 28), each beside the maps of how far some numbers move when a pixel gets darker.

    Args:
        answers: what is written above each digit.
        moves: for each digit one map (28, 28) for each of the names. Maps of one name share a scale.
    """
    figure, axes = panels(1 + len(names), len(digits), height=5.2)
    limits = [max(np.abs(maps[kind]).max() for maps in moves) for kind in range(len(names))]
    for row, digit, answer, maps in zip(axes, digits, answers, moves, strict=True):
        image(row[0], digit, answer)
        for panel, values, limit, name in zip(row[1:], maps, limits, names, strict=True):
            title = f"{name} moves by up to {np.abs(values).max():.1g}"
            overlay(panel, digit, values, title, cmap=SIGNED, vmin=-limit, vmax=limit)
    return figure


def saturated() -> Figure:
    """The probability of one of two classes over the lead of its logit, and the slope of that curve."""
    lead = np.linspace(-6, 14, 400)
    probability = 1 / (1 + np.exp(-lead))
    figure, axes = panels(2, height=2.9)
    curves = {"probability of the class": probability, "slope of that curve": probability * (1 - probability)}
    for panel, (title, heights) in zip(axes, curves.items(), strict=True):
        panel.plot(lead, heights, color=BLUE, linewidth=2)
        top = heights.max()
        for at, name, shift in ((0.4, "doubtful", (8, -4)), (10, "sure", (0, 9 if top < 0.5 else -17))):
            height = np.interp(at, lead, heights)
            panel.plot(at, height, "o", color=ORANGE, markersize=7)
            panel.annotate(name, (at, height), shift, textcoords="offset points")
        panel.set(title=title, xlabel="lead of its logit over its only rival", ylim=(-0.03 * top, 1.1 * top))
    return figure


def stripes(digit: np.ndarray, lost: np.ndarray) -> Figure:
    """A digit (28, 28) with a stripe of 0 and of 1, and the fraction of digits (2, 7) that each stripe costs."""
    figure, (blank, inked, bars) = panels(3, height=3.1, width_ratios=(1, 1, 1.6))
    for panel, fill in ((blank, 0), (inked, 1)):
        covered = digit.copy()
        covered[12:16] = fill
        image(panel, covered, f"rows 12 to 15 are {fill}", vmin=0, vmax=1)
    tops = 4 * np.arange(7)
    for fill, color, shift in ((0, BLUE, -0.8), (1, ORANGE, 0.8)):
        bars.barh(tops + 1.5 + shift, 100 * lost[fill], height=1.5, color=color, label=f"covered with {fill}")
    bars.set(ylim=(27.5, -0.5), yticks=tops + 1.5, yticklabels=[f"{top} to {top + 3}" for top in tops], xlim=(0, 100))
    bars.set(ylabel="rows", xlabel="digits lost")
    bars.xaxis.set_major_formatter("{x:.0f}%")
    bars.legend(frameon=False, loc="lower right")
    return figure


def class_activation(digit: np.ndarray, maps: np.ndarray, slopes: np.ndarray) -> Figure:
    """How Grad-CAM comes about: two of the maps, the weighted sum of all, and what a ReLU leaves of it.

    Beside it is what each place of the maps adds to the logit, with the slope of its own.

    Args:
        digit: an image (28, 28).
        maps: its feature maps (10, 10, n).
        slopes: the slope of a logit at each of their numbers.
    """
    worth = slopes.mean(axis=(0, 1))
    shares = worth * maps.mean(axis=(0, 1))
    figure, axes = panels(3, 2, height=5.3)
    image(axes[0, 0], digit, "digit")
    for panel, number in zip(axes[0, 1:], (shares.argmax(), shares.argmin()), strict=True):
        title = f"map {number}, worth {worth[number]:+.3f}".replace("-", "\N{MINUS SIGN}")
        overlay(panel, digit, maps[..., number], title, cmap=INK, extent=SHAPES, alpha=0.85)
    whole, by_place = maps @ worth, (maps * slopes).sum(axis=-1)
    for panel, values, title in (
        (axes[1, 0], whole, f"maps times worth, sum of all {len(worth)}"),
        (axes[1, 1], np.maximum(whole, 0), "Grad-CAM: the positive part"),
        (axes[1, 2], by_place, "maps times slopes, place by place"),
    ):
        limit = np.abs(values).max()
        overlay(panel, digit, values, title, cmap=SIGNED, vmin=-limit, vmax=limit, extent=SHAPES)
    return figure


def apart(places: np.ndarray, gap: float) -> np.ndarray:
    """Places (n, 2), pushed away from each other until no two are nearer than the gap."""
    places = places.copy()
    for _ in range(100):
        for number in range(1, len(places)):
            ways = places[:number] - places[number]
            lengths = np.linalg.norm(ways, axis=1, keepdims=True)
            push = ways / lengths * np.maximum(gap - lengths, 0) / 2
            places[:number] += push
            places[number] -= push.sum(axis=0)
    return places


def plane(places: Mapping[str, np.ndarray], labels: np.ndarray, wrong: np.ndarray) -> Figure:
    """Digits as dots in several planes, with the class of each island beside it.

    Args:
        places: for each panel the dots (n, 2), by its title.
        labels: the classes (n,).
        wrong: which digits (n,) the network gets wrong; they are drawn in black.
    """
    figure, axes = panels(len(places), height=4.3)
    halo = [withStroke(linewidth=4, foreground="white")]
    for panel, (title, dots) in zip(axes, places.items(), strict=True):
        for color, pair in zip(CYCLE, ALIKE_IN_COLOR, strict=True):
            for marker, label in zip("o^", pair, strict=True):
                here = (labels == label) & ~wrong
                panel.plot(*dots[here].T, marker, color=color, markersize=3.2, alpha=0.7, markeredgewidth=0)
        middles = np.array([np.median(dots[labels == label], axis=0) for label in range(10)])
        for label, middle in enumerate(apart(middles, 0.07 * np.ptp(dots, axis=0).max())):
            panel.text(*middle, str(label), fontsize=15, weight="bold", ha="center", va="center", path_effects=halo)
        panel.plot(*dots[wrong].T, "x", color="black", markersize=5, markeredgewidth=1.2)
        panel.spines[:].set(visible=True, color="0.75")
        panel.set(xticks=[], yticks=[], title=title)
        panel.set_rasterization_zorder(2.5)  # thousands of dots as one picture; the texts stay texts
    return figure


def layers(digit: np.ndarray, strokes: np.ndarray, shapes: np.ndarray) -> Figure:
    """A digit (28, 28), its eight maps (h, w, 8) of one layer and its sixteen (h, w, 16) of another."""
    figure = plt.figure(figsize=(WIDTH, 2.75), layout="constrained")
    grid = figure.add_gridspec(3, 11)
    image(figure.add_subplot(grid[:, :3]), digit, "digit")
    for maps, top, name in ((strokes, 0, "strokes"), (shapes, 1, "shapes")):
        row = figure.add_subplot(grid[top, 3:])
        row.set_title(f"{name}: {maps.shape[-1]} maps of {maps.shape[0]} × {maps.shape[1]}", loc="left", fontsize=10)
        row.set_axis_off()
        for number in range(maps.shape[-1]):
            panel = figure.add_subplot(grid[top + number // 8, 3 + number % 8])
            image(panel, maps[..., number], vmin=0, vmax=maps.max())
    return figure


def three_maps(cases: Sequence[Mapping[str, Any]]) -> Figure:
    """Digits with the network's answers and three maps of each: saliency, occlusion and Grad-CAM.

    Args:
        cases: for each digit the image ``digit`` (28, 28), its ``truth``, the class ``said``, the ``confidence`` in it,
            and the maps ``saliency``, ``drops`` and ``cam``.
    """
    figure, axes = panels(4, len(cases), height=2.22 * len(cases))
    for row, case in zip(axes, cases, strict=True):
        truth, said = case["truth"], case["said"]
        image(row[0], case["digit"], f"is {truth}, said {said} ({case['confidence']:.0%})")
        overlay(row[1], case["digit"], case["saliency"], f"saliency of the {said}")
        overlay(row[2], case["digit"], case["drops"], f"occlusion of the {said}", cmap=SIGNED, vmin=-0.6, vmax=0.6)
        overlay(row[3], case["digit"], case["cam"], f"Grad-CAM of the {said}", extent=SHAPES)
    return figure


def sanity(digit: np.ndarray, maps: Mapping[str, np.ndarray]) -> Figure:
    """A digit (28, 28) and several maps of it, by title; a map that is not 28 x 28 is one of Grad-CAM."""
    figure, axes = panels(1 + len(maps), height=2.2)
    image(axes[0], digit, "digit")
    for panel, (title, values) in zip(axes[1:], maps.items(), strict=True):
        overlay(panel, digit, values, title, extent=PIXELS if len(values) == 28 else SHAPES)
    for panel in axes:
        panel.title.set_fontsize(9)
    return figure


def erased(lost: Mapping[str, float]) -> Figure:
    """The part of the digits that each choice of patches costs, as bars; those of a map are blue."""
    figure, axes = panels(height=0.42 * len(lost) + 0.8)
    colors = [GRAY if "map" not in name else BLUE for name in lost]
    drawn = axes.barh(list(lost), [100 * value for value in lost.values()], color=colors, height=0.65)
    axes.bar_label(drawn, fmt="%.0f%%", padding=3)
    axes.invert_yaxis()
    axes.set(xlim=(0, 100), xlabel="digits lost")
    axes.xaxis.set_major_formatter("{x:.0f}%")
    return figure
