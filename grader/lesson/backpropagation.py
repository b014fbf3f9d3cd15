"""The pictures of lesson 4."""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from grader.lesson.drawing import BLUE, DARK, GRAY, GREEN, ORANGE, panels

Score = Callable[[np.ndarray, np.ndarray], np.ndarray]

PINK = "#CC79A7"
UNIT_COLORS = GREEN, PINK, DARK  # of the lines at which three units begin
PALE = "#DCEBF5", "#FBE4D6"  # where a model says island, and where it says ring
IMAGE_COLORS = "#7A3E8E", "#00795A"  # of the two images of a batch
EDGE = 2.4  # how far the plane of the points reaches, in each direction


# The plane of the island and the ring


def plane(
    points: np.ndarray,
    is_ring: np.ndarray,
    scores: Mapping[str, Score],
    units: Sequence[np.ndarray | None] = (None, None),
    widths: Sequence[Sequence[float]] = ((2, 2, 2), (2, 2, 2)),
) -> Figure:
    """The points (n, 2) and what models say about each place, a panel for each model.

    Args:
        scores: by title, a model's score at given x and y. Above 0 it says ring.
        units: for each panel, the hidden units (3, 4) whose lines are drawn; None for no lines.
        widths: for each panel, how wide these lines are.
    """
    figure, axes = panels(len(scores), height=4.2)
    grid = np.linspace(-EDGE, EDGE, 121)
    x, y = np.meshgrid(grid, grid)
    for panel, (title, score), lines, wide in zip(axes, scores.items(), units, widths, strict=True):
        heights = score(x.ravel(), y.ravel()).reshape(x.shape)
        panel.contourf(x, y, heights, levels=[-np.inf, 0, np.inf], colors=PALE)
        for is_it, name, color, marker in ((False, "island", BLUE, "o"), (True, "ring", ORANGE, "^")):
            panel.plot(*points[is_ring == is_it].T, marker, color=color, markersize=3.5, label=name)
        if lines is not None:
            draw_lines(panel, lines, wide)
        panel.set(title=title, xticks=[-2, 0, 2], yticks=[-2, 0, 2], xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE))
        panel.set_aspect("equal")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False)
    return figure


def draw_lines(axes: Axes, units: np.ndarray, widths: Sequence[float]) -> None:
    """The line at which each unit (a, b, c, …) begins, and a short tick toward the side on which it is active."""
    for (a, b, c, *_), color, width in zip(units, UNIT_COLORS, widths, strict=True):
        length = np.hypot(a, b)
        across, along = np.array([a, b]) / length, np.array([-b, a]) / length
        foot = -across * c / length
        axes.plot(*np.transpose([foot - 9 * along, foot + 9 * along]), color=color, linewidth=width)
        for place in (-0.9, 0.9):
            start = foot + place * along
            axes.annotate(
                "", start + 0.5 * across, start, arrowprops={"arrowstyle": "-|>", "color": color, "shrinkA": 0}
            )


def cut(units: np.ndarray, offset: float) -> Figure:
    """What three units (a, b, c, out) add to the score along a straight path through the middle, and the score."""
    figure, axes = panels(height=3.4, width=7)
    x = np.linspace(-EDGE, EDGE, 481)
    parts = [out * np.maximum(a * x + c, 0) for a, _, c, out in units]
    axes.axhline(0, color=GRAY, linewidth=0.8)
    for part, color, number in zip(parts, UNIT_COLORS, (1, 2, 3), strict=True):
        axes.plot(x, part, color=color, linewidth=1.6, label=f"unit {number}")
    axes.axhline(offset, color=GRAY, linestyle=":", linewidth=1.4, label="offset")
    total = offset + np.sum(parts, axis=0)
    for is_it, color, name in ((total > 0, ORANGE, "their sum: ring"), (total <= 0, BLUE, "their sum: island")):
        axes.plot(x, np.where(is_it, total, np.nan), color=color, linewidth=3.2, label=name)
    axes.set(xlabel="x, from left to right through the middle (y = 0)", ylabel="score", xlim=(-EDGE, EDGE))
    axes.legend(frameon=False, ncols=2, loc="upper center", fontsize=9)
    axes.set_ylim(top=total.max() * 1.25)
    return figure


# Numbers on graphs


def signed_text(number: float, digits: int = 2) -> str:
    """A number with its sign and a real minus."""
    return "0" if number == 0 else f"{number:+.{digits}f}".replace("-", "\u2212")


def plain_text(number: float) -> str:
    """A number in three digits with a real minus."""
    return f"{number:.3g}".replace("-", "\u2212")


def blank(width: float, height: float, xlim: tuple[float, float], ylim: tuple[float, float]) -> tuple[Figure, Axes]:
    """A figure with nothing but a plane in which a unit has the same length in both directions."""
    figure = plt.figure(figsize=(width, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=xlim, ylim=ylim, aspect="equal")
    axes.axis("off")
    return figure, axes


def arrow(axes: Axes, start: Any, end: Any, gap: float = 0.0, **options: Any) -> Artist:
    """An arrow between two places that stops short of both by a gap, in data units."""
    start, end = np.array(start, dtype=float), np.array(end, dtype=float)
    step = gap * (end - start) / np.hypot(*(end - start))
    style = {"arrowstyle": "-|>", "color": "0.6", "linewidth": 1.1, "shrinkA": 0, "shrinkB": 0} | options
    return axes.annotate("", end - step, start + step, arrowprops=style, zorder=1)


def chain(names: Sequence[str], values: Sequence[float], steps: Sequence[str], factors: Sequence[float]) -> Figure:
    """A chain of numbers, each computed from the one before: forward above, and the slopes that come back below.

    Args:
        steps: what is done between one number and the next.
        factors: how much faster each number changes than the one before it.
    """
    figure, axes = blank(8, 2.75, (-0.7, 9.7), (-1.95, 1.62))
    slopes = np.cumprod([1, *factors[::-1]])[::-1]
    places = 3.0 * np.arange(len(names))
    for place, name, value, slope in zip(places, names, values, slopes, strict=True):
        axes.add_patch(Circle((place, 0), 0.5, facecolor="white", edgecolor="0.3", zorder=3))
        axes.text(place, 0.0, plain_text(value), ha="center", va="center", color=BLUE, fontsize=13, zorder=4)
        axes.text(place, 0.6, name, ha="center", va="bottom", fontsize=10)
        axes.text(place, -1.3, plain_text(slope), ha="center", va="center", color=ORANGE, fontsize=13)
    for place, step, factor in zip(places, steps, factors, strict=False):
        arrow(axes, (place + 0.5, 0), (place + 2.5, 0), color=BLUE, linewidth=1.6)
        axes.text(place + 1.5, 0.12, step, ha="center", va="bottom", color=BLUE)
        axes.text(place + 1.5, -0.14, f"factor {plain_text(factor)}", ha="center", va="top", color=DARK)
        arrow(axes, (place + 2.55, -1.3), (place + 0.5, -1.3), color=ORANGE, linewidth=1.6)
        axes.text(place + 1.5, -1.22, f"\u00d7 {plain_text(factor)}", ha="center", va="bottom", color=ORANGE)
    axes.text(places[0] - 0.5, 1.3, "forward: values", color=BLUE)
    axes.text(places[-1] + 0.5, -1.75, "backward: slopes of the loss", color=ORANGE, ha="right")
    return figure


class Network:
    """The pencil network with all its values and slopes, computed from its weights.

    Args:
        x: the two inputs.
        first: W1 (2, 2), one column per hidden unit.
        second: W2 (2, 2), one column per class. The first class is the true one.
    """

    def __init__(self, x: Sequence[float], first: Any, second: Any) -> None:
        self.x, self.first, self.second = np.array(x, float), np.array(first, float), np.array(second, float)
        self.sums = self.x @ self.first
        self.out = np.maximum(self.sums, 0)
        self.logits = self.out @ self.second
        self.p = np.exp(self.logits) / np.exp(self.logits).sum()
        self.loss = -np.log(self.p[0])
        self.d_logits = self.p - [1, 0]
        self.d_second = np.outer(self.out, self.d_logits)
        self.d_out = self.second @ self.d_logits
        self.d_sums = self.d_out * (self.sums > 0)
        self.d_first = np.outer(self.x, self.d_sums)


INPUT_X, SUM_X, OUT_X, LOGIT_X, P_X, LOSS_X = 0.0, 3.3, 5.2, 8.5, 10.1, 11.4
TOP, LOW, RADIUS = 3.4, 0.9, 0.5
HEIGHTS = TOP, LOW
STAGES = 5  # forward: inputs, sums, outputs, logits, loss; and as many backward


def graph(x: Sequence[float], first: Any, second: Any) -> Figure:
    """The pencil network: every value in blue, the slope of the loss with respect to it in orange."""
    figure, axes = blank(8.6, 4.64, (-0.75, 12.05), (-1.95, 4.95))
    NetworkDrawing(axes, Network(x, first, second))
    return figure


def motion(x: Sequence[float], first: Any, second: Any, seconds: float = 14.0) -> str:
    """The same graph as an animation for `show_svg`: the values appear from left to right, then the slopes from right
    to left. People who have asked their system for less motion see all of them."""
    figure = graph(x, first, second)
    file = io.StringIO()
    with plt.rc_context({"svg.hashsalt": "backward"}):
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    plt.close(figure)
    rules = []
    names = [*(f"forward{stage}" for stage in range(STAGES)), *(f"backward{stage}" for stage in range(STAGES))]
    for number, name in enumerate(names):
        begin = 4 + 80 * number / len(names)  # percent of the whole; it rests at the end
        rules.append(
            f"@keyframes {name} {{ 0%, {begin:.0f}% {{ opacity: 0; }} {begin + 5:.0f}%, 98% {{ opacity: 1; }} "
            f"100% {{ opacity: 0; }} }} [id^='{name}-'] {{ animation: {name} {seconds:g}s linear infinite; }}"
        )
    still = "@media (prefers-reduced-motion: reduce) { g { animation: none !important; } }"
    return file.getvalue().replace("</svg>", f"<style>{' '.join(rules)} {still}</style></svg>")


class NetworkDrawing:
    """Draws the pencil network. What appears at a stage of the animation has the stage in its id."""

    def __init__(self, axes: Axes, net: Network) -> None:
        self.axes, self.net, self.count = axes, net, 0
        for i in range(2):
            for j in range(2):
                at = 0.5 if i == j else 0.31
                self.weight((INPUT_X, i), (SUM_X, j), (net.first[i, j], net.d_first[i, j]), at, "backward4")
                self.weight((OUT_X, i), (LOGIT_X, j), (net.second[i, j], net.d_second[i, j]), at, "backward1")
        for i in range(2):
            self.names(i)
            self.hidden_unit(i)
            self.node(INPUT_X, HEIGHTS[i], net.x[i], None, ("forward0", ""))
            self.node(LOGIT_X, HEIGHTS[i], net.logits[i], net.d_logits[i], ("forward3", "backward0"))
            self.probability(i)
        self.loss()
        self.directions()

    def mark(self, artist: Artist, stage: str) -> None:
        artist.set_gid(f"{stage}-{self.count}")
        self.count += 1

    def words(self, x: float, y: float, text: str, stage: str = "", **options: Any) -> None:
        style: dict[str, Any] = {"ha": "center", "va": "center", "zorder": 4} | options
        written = self.axes.text(x, y, text, **style)
        if stage:
            self.mark(written, stage)

    def node(
        self, x: float, y: float, value: float, slope: float | None, stages: tuple[str, str], face: str = "white"
    ) -> None:
        """A circle with a value, and below it a slope, if there is one."""
        self.axes.add_patch(Circle((x, y), RADIUS, facecolor=face, edgecolor="0.3", zorder=3))
        self.words(x, y if slope is None else y + 0.17, plain_text(value), stages[0], color=BLUE)
        if slope is not None:
            self.words(x, y - 0.2, signed_text(slope), stages[1], color=ORANGE)

    def weight(
        self, start: tuple[float, int], end: tuple[float, int], numbers: tuple[float, float], at: float, stage: str
    ) -> None:
        """An arrow between two rows, with a weight and its slope on it."""
        (x, y), (x_end, y_end) = (start[0], HEIGHTS[start[1]]), (end[0], HEIGHTS[end[1]])
        arrow(self.axes, (x, y), (x_end, y_end), gap=RADIUS + 0.04)
        x, y = x + at * (x_end - x), y + at * (y_end - y)
        box = Rectangle((x - 0.38, y - 0.33), 0.76, 0.66, facecolor="white", edgecolor="none", zorder=2)
        self.axes.add_patch(box)
        self.words(x, y + 0.16, plain_text(numbers[0]), color=BLUE, fontsize=9.5)
        self.words(x, y - 0.17, signed_text(numbers[1]), stage, color=ORANGE, fontsize=9.5)

    def names(self, i: int) -> None:
        """What each number of a row is called."""
        side = 1 if i == 0 else -1
        y, va = HEIGHTS[i] + side * (RADIUS + 0.1), "bottom" if side > 0 else "top"
        logit = "logit, true class" if i == 0 else "logit, other class"
        for x, name in ((INPUT_X, f"input {i + 1}"), (SUM_X, "sum"), (OUT_X, "output"), (LOGIT_X, logit)):
            self.words(x, y, name, fontsize=9.5, va=va)
        state = "active" if self.net.sums[i] > 0 else "inactive"
        name = f"hidden unit {'AB'[i]}, {state}"
        self.words((SUM_X + OUT_X) / 2, y + side * 0.42, name, fontsize=9.5, va=va, fontweight="bold")

    def hidden_unit(self, i: int) -> None:
        """The sum and the output of a hidden unit, with the ReLU between them."""
        net, y, middle = self.net, HEIGHTS[i], (SUM_X + OUT_X) / 2
        is_active = net.sums[i] > 0
        face = "white" if is_active else "0.9"
        self.node(SUM_X, y, net.sums[i], net.d_sums[i], ("forward1", "backward3"), face)
        self.node(OUT_X, y, net.out[i], net.d_out[i], ("forward2", "backward2"), face)
        arrow(self.axes, (SUM_X, y), (OUT_X, y), gap=RADIUS + 0.04)
        self.words(middle, y + 0.22, "ReLU", fontsize=9)
        self.words(middle, y - 0.27, f"\u00d7 {int(is_active)}", "backward3", color=ORANGE)
        if not is_active:  # what reached the output and does not get through
            height = y - 0.66
            self.words(middle, height, signed_text(net.d_out[i]), "backward3", color=ORANGE, fontsize=9.5)
            ends = [middle - 0.42, middle + 0.42], [height - 0.14, height + 0.14]
            (line,) = self.axes.plot(*ends, color=DARK, linewidth=0.9, zorder=3)  # below the number
            self.mark(line, "backward3")

    def probability(self, i: int) -> None:
        side, y = (1, -1)[i], HEIGHTS[i]
        inner = y - side * 0.52
        for logit, end in ((y, inner), (HEIGHTS[1 - i], inner + side * 0.15)):  # it depends on both logits
            arrow(self.axes, (LOGIT_X, logit), (P_X + 0.12, end), gap=RADIUS + 0.04)
        box = Rectangle((P_X - 0.42, inner - 0.26), 0.84, 0.52, facecolor="white", edgecolor="0.3", zorder=3)
        self.axes.add_patch(box)
        self.words(P_X, inner, f"{self.net.p[i]:.2f}", "forward4", color=BLUE)
        self.words(P_X, inner + side * 0.45, f"truth: {1 - i}", "backward0", fontsize=9.5)

    def loss(self) -> None:
        middle = (TOP + LOW) / 2
        self.words(P_X, TOP + 0.3, "probability", fontsize=9.5)
        arrow(self.axes, (P_X + 0.45, TOP - 0.52), (LOSS_X - 0.12, middle + RADIUS + 0.02))
        self.axes.add_patch(Circle((LOSS_X, middle), RADIUS, facecolor="white", edgecolor="0.3", zorder=3))
        self.words(LOSS_X, middle, f"{self.net.loss:.2f}", "forward4", color=BLUE)
        self.words(LOSS_X, middle - RADIUS - 0.1, "loss", fontsize=9.5, va="top")

    def directions(self) -> None:
        for y, start, end, color, text in (
            (-1.0, INPUT_X, LOSS_X, BLUE, "forward: values"),
            (-1.62, LOSS_X, INPUT_X, ORANGE, "backward: slopes of the loss"),
        ):
            arrow(self.axes, (start, y), (end, y), color=color, linewidth=1.5)
            self.words((INPUT_X + LOSS_X) / 2, y + 0.06, text, color=color, va="bottom")


# Masks, batches, scales, checks, training


def mask(active: np.ndarray, labels: np.ndarray) -> Figure:
    """Left: ReLU and its slope. Right: which units (columns) are active for which digits (rows)."""
    figure, (left, right) = panels(2, height=3.3, width_ratios=(1, 2.1))
    sums = np.array([-2, 0, 2])
    left.plot(sums, np.maximum(sums, 0), color=BLUE, linewidth=2)
    for ends, height in (((-2, 0), 0), ((0, 2), 1)):
        left.plot(ends, [height] * 2, color=ORANGE, linewidth=2, linestyle="--")
    left.text(1.0, 1.6, "ReLU", color=BLUE, ha="right")
    left.text(-1.9, 0.1, "its slope", color=ORANGE)
    left.set(xlabel="sum", ylim=(-0.15, 2.1), xticks=range(-2, 3), yticks=range(3))
    right.imshow(active, cmap=ListedColormap(["white", BLUE]), interpolation="nearest", aspect="auto")
    right.set_yticks(range(len(labels)), [f"a {label}" for label in labels])
    right.set_xticks(np.arange(0.5, active.shape[1] - 1), minor=True)
    right.set_yticks(np.arange(0.5, len(labels) - 1), minor=True)
    right.grid(which="minor", color="0.85", linewidth=0.5)
    right.tick_params(which="minor", length=0)
    right.spines[:].set(visible=True, linewidth=0.6, color="0.75")
    right.set(xlabel="hidden unit", title="active (blue) for which digit")
    return figure


def batch(hidden: np.ndarray, errors: np.ndarray) -> Figure:
    """The gradient of W2 for a batch of two: one outer product per image, their sum, and the same as one product.

    Args:
        hidden: (2, 2), one row per image.
        errors: (2, 2), the slopes at the logits, one row per image.
    """
    figure, axes = blank(8, 4.2, (0, 16), (-0.2, 8.2))
    width, height = 1.15, 0.9

    def matrix(x: float, y: float, numbers: np.ndarray, colors: Sequence[str], by_row: bool = True) -> None:
        """Numbers in cells, from x on and around the height y, with a color for each row or for each column."""
        for (i, j), number in np.ndenumerate(numbers):
            left, bottom = x + width * j, y + height * (len(numbers) / 2 - i - 1)
            color = colors[i if by_row else j]
            axes.add_patch(Rectangle((left, bottom), width, height, facecolor="white", edgecolor=color, linewidth=1.2))
            text = plain_text(round(float(number), 2) + 0.0)
            middle = left + width / 2, bottom + height / 2 - 0.02
            axes.text(*middle, text, ha="center", va="center", color=color, fontsize=10)

    def say(x: float, y: float, text: str, **options: Any) -> None:
        style: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 10} | options
        axes.text(x, y, text, **style)

    gray = DARK, DARK
    for number, (y, color) in enumerate(zip((6.6, 4.2), IMAGE_COLORS, strict=True)):
        both = color, color
        say(0.1, y, f"image {number + 1}", ha="left", color=color, fontweight="bold")
        matrix(2.3, y, hidden[[number]].T, both)
        say(4.05, y, "times")
        matrix(4.65, y, errors[[number]], both)
        say(7.35, y, "=")
        matrix(7.75, y, np.outer(hidden[number], errors[number]), both)
    say(2.3 + width / 2, 7.85, "outputs of A and B", fontsize=9)
    say(4.65 + width, 7.85, "slopes at the logits", fontsize=9)
    axes.plot([10.35, 10.55, 10.55, 10.35], [7.5, 7.5, 3.3, 3.3], color=GRAY, linewidth=1)
    say(11.5, 5.4, "added:")
    matrix(12.4, 5.4, hidden.T @ errors, gray)
    axes.plot([0, 16], [2.75, 2.75], color="0.8", linewidth=0.8)
    say(0.1, 1.15, "both in one\nproduct", ha="left", fontweight="bold")
    matrix(2.3, 1.15, hidden.T, IMAGE_COLORS, by_row=False)
    say(5.05, 1.15, "@", fontsize=12)
    matrix(5.5, 1.15, errors, IMAGE_COLORS)
    say(8.3, 1.15, "=")
    matrix(8.8, 1.15, hidden.T @ errors, gray)
    for x, text in ((2.3, "hidden.T"), (5.5, "d_logits"), (8.8, "gradient of W2")):
        say(x + width, 2.35, text, fontsize=9)
    for x, text in ((2.3, "a column per image"), (5.5, "a row per image"), (8.8, "no image left")):
        say(x + width, -0.05, text, fontsize=9)
    return figure


def scales(sizes: Mapping[str, Sequence[float]]) -> Figure:
    """The typical size of the activations after each layer, for several ways to draw the weights."""
    figure, axes = panels(height=3.6, width=7)
    for (name, each), color, marker in zip(sizes.items(), (ORANGE, PINK, BLUE, GREEN), "^vos", strict=True):
        axes.semilogy(range(1, len(each) + 1), each, f"{marker}-", color=color, markersize=4)
        axes.annotate(name, (len(each), each[-1]), (8, 0), textcoords="offset points", va="center", color=color)
    axes.set(xlabel="layer", ylabel="typical activation", xlim=(0.7, 13.6), xticks=range(1, 11))
    return figure


def differences(sizes: np.ndarray, errors: Mapping[str, np.ndarray]) -> Figure:
    """The relative error of a measured slope against the size of the change."""
    figure, axes = panels(height=3.6, width=7)
    for (name, error), color, marker in zip(errors.items(), (BLUE, GREEN, ORANGE), "o^s", strict=True):
        axes.loglog(sizes, np.maximum(error, 1e-13), color=color, marker=marker, markersize=4, label=name)
    axes.set(xlabel="how far the weight is moved", ylabel="relative error of the slope", ylim=(5e-14, 20))
    axes.legend(frameon=False, loc="lower left")
    return figure


def training(
    epochs: Sequence[int], seen: Sequence[float], new: Sequence[float], accuracies: Sequence[float], softmax: float
) -> Figure:
    """Loss and test accuracy after some numbers of epochs, with the accuracy of softmax regression."""
    figure, (left, right) = panels(2, height=3.3)
    left.plot(epochs, seen, "o-", color=BLUE, markersize=4, label="training digits")
    left.plot(epochs, new, "s-", color=ORANGE, markersize=4, label="test digits")
    left.set(xlabel="epoch", ylabel="mean cross-entropy", yscale="log", xticks=range(max(epochs) + 1))
    left.set_yticks([2, 1, 0.5, 0.2, 0.1, 0.05], ["2", "1", "0.5", "0.2", "0.1", "0.05"])
    left.minorticks_off()
    left.legend(frameon=False)
    right.plot(epochs[1:], accuracies[1:], "s-", color=ORANGE, markersize=4)
    right.axhline(softmax, color=GRAY, linestyle="--", linewidth=1)
    right.text(max(epochs), softmax - 0.002, "softmax regression, lesson 3", ha="right", va="top", color=DARK)
    right.set(xlabel="epoch", ylabel="test accuracy", ylim=(0.9, 1), xlim=(0, max(epochs) + 0.2))
    right.set_xticks(range(max(epochs) + 1))
    right.yaxis.set_major_formatter("{x:.0%}")
    return figure


def inactive(rates: Sequence[float], dead: Sequence[int], accuracies: Sequence[float]) -> Figure:
    """How many of a hundred units died, and the accuracy that was left, at several learning rates."""
    figure, (left, right) = panels(2, height=2.8)
    names = [f"{rate:g}" for rate in rates]
    left.bar_label(left.bar(names, dead, color=ORANGE), padding=2)
    left.set(xlabel="learning rate", ylabel="units that died, of 100", ylim=(0, 112))
    right.bar_label(right.bar(names, accuracies, color=BLUE), fmt="{:.0%}", padding=2)
    right.set(xlabel="learning rate", ylabel="test accuracy", ylim=(0, 1.12))
    right.yaxis.set_major_formatter("{x:.0%}")
    right.set_yticks([0, 0.5, 1])
    return figure
