"""The pictures of lesson 14."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from grader.lesson.drawing import BLUE, DARK, GRAY, GREEN, ORANGE, WIDTH, image, panels

Layer = tuple[str, int, int, float]  # name, parameters, multiply–accumulates, milliseconds
BUDGETS = "parameters", "multiply–accumulates\nfor one image", "milliseconds\nfor 200 images"
COLORS = ORANGE, GREEN, BLUE
LOOKS = {  # of the four training runs
    "constant 0.001": (GRAY, "--"),
    "constant 0.05": (ORANGE, "-"),
    "one cycle to 0.05": (BLUE, "-"),
    "one cycle, no normalization": (GREEN, ":"),
}
WINDOW = 20  # batches that are averaged in a curve
COSTS = {
    "parameters": "parameters",
    "training": "time to train\n(reference: 1)",
    "reading": "time to read 1,000 images\n(reference: 1)",
}


def where_time_goes(profiles: Mapping[str, Sequence[Layer]]) -> Figure:
    """The layers of some networks, each with its share of three budgets."""
    figure, axes = panels(3, len(profiles), height=4.8, sharex="col", height_ratios=[len(p) for p in profiles.values()])
    for line, (name, layers) in zip(axes, profiles.items(), strict=True):
        places = np.arange(len(layers))
        budgets: tuple[list[float], ...] = (
            [p for _, p, _, _ in layers],
            [m for _, _, m, _ in layers],
            [t for *_, t in layers],
        )
        for column, (axis, values) in enumerate(zip(line, budgets, strict=True)):
            axis.barh(places, values, color=COLORS[column])
            for place, value in zip(places, values, strict=True):
                axis.annotate(short(value), (value, place), (3, 0), textcoords="offset points", va="center", fontsize=8)
            axis.invert_yaxis()
            axis.margins(x=0.28)
            axis.set(yticks=places, yticklabels=[layer[0] for layer in layers] if column == 0 else [])
            axis.xaxis.set_major_locator(MaxNLocator(3))
            axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
        line[0].set_title(name, fontsize=10, loc="left")
    for axis, label in zip(axes[-1], BUDGETS, strict=True):
        axis.set_xlabel(label)
    return figure


def short(value: float) -> str:
    """A number in as few characters as tell it apart from others: 2.2M, 205k, 320, 0.4."""
    if value >= 1_000_000:
        return f"{value / 1_000_000:.1f}M"
    if value >= 10_000:
        return f"{value / 1000:.0f}k"
    return f"{value:.1f}" if 0 < value < 1 else f"{value:,.0f}"


def normalized(stages: Mapping[str, np.ndarray]) -> Figure:
    """Where the responses (..., channels) of each channel lie at several stages: mean and standard deviation."""
    figure, axes = panels(len(stages), height=2.8, sharey=True)
    for number, (panel, (title, responses)) in enumerate(zip(axes, stages.items(), strict=True)):
        channels = responses.reshape(-1, responses.shape[-1])
        places = np.arange(channels.shape[1])
        panel.axvline(0, color="0.8", linewidth=1, zorder=0)
        mean, spread = channels.mean(axis=0), channels.std(axis=0)
        panel.hlines(places, mean - spread, mean + spread, color=BLUE, alpha=0.4, linewidth=5)
        panel.plot(mean, places, "o", color=BLUE)
        panel.set_title(title, fontsize=10)
        limit = 0.6 if number == 0 else 2.8
        panel.set(xlim=(-limit, limit), yticks=places, xlabel="response")
    axes[0].invert_yaxis()
    axes[0].set_ylabel("channel")
    return figure


def one_cycle(rates: Mapping[str, Sequence[float]], losses: Mapping[str, Sequence[float]]) -> Figure:
    """Learning rates over the batches of a training, and below them the losses, smoothed."""
    figure, (above, below) = panels(1, 2, height=4.8, sharex=True, height_ratios=[1, 2])
    for name, (color, style) in LOOKS.items():
        if name != "one cycle, no normalization":  # its rates are those of the other cycle
            above.plot(rates[name], style, color=color)
        smooth = np.convolve(losses[name], np.ones(WINDOW) / WINDOW, "valid")
        below.plot(np.arange(len(smooth)) + WINDOW, smooth, style, color=color, label=name)
    above.set_ylabel("learning rate")
    below.set(xlabel="batch", ylabel=f"loss, mean of {WINDOW} batches", yscale="log")
    below.set_yticks([0.1, 0.2, 0.5, 1, 2], ["0.1", "0.2", "0.5", "1", "2"])
    below.yaxis.set_minor_formatter(NullFormatter())
    below.legend(frameon=False)
    return figure


def smoothing(share: float = 0.1, classes: int = 10) -> Figure:
    """The loss over the probability of the right class, the others being equal, without and with label smoothing."""
    figure, axes = panels(height=3.4, width=6.6)
    p = np.concatenate([np.linspace(0.05, 0.99, 300), 1 - np.geomspace(0.01, 1e-6, 200)])
    target = 1 - share + share / classes
    others = share * (classes - 1) / classes
    smoothed = -target * np.log(p) - others * np.log((1 - p) / (classes - 1))
    lowest = float(smoothed.min())
    axes.plot(p, -np.log(p), color=BLUE, linewidth=2)
    axes.plot(p, smoothed, color=ORANGE, linewidth=2)
    axes.plot(target, lowest, "o", color=ORANGE)
    axes.annotate(
        f"lowest: {lowest:.2f}\nat p = {target:.2f}", (target, lowest), (0.73, 0.95), color=ORANGE, ha="center"
    )
    axes.text(0.13, 1.3, "hard label\n1, 0, 0, …", color=BLUE, va="top")
    axes.text(0.2, 2.05, "smoothed label\n0.91, 0.01, 0.01, …", color=ORANGE, va="top")
    axes.set(xlabel="probability p of the right class", ylabel="loss", xlim=(0, 1.02), ylim=(0, 2.3))
    return figure


def chosen_on_test(accuracies: np.ndarray, true: float) -> Figure:
    """The accuracies of networks that are equally good, with the one that all have and the largest that was seen."""
    figure, axes = panels(height=3.0, width=7)
    bins = np.arange(0.98655, 0.9936, 0.0003)
    heights, _, _ = axes.hist(accuracies, bins, color=GRAY, alpha=0.6)
    top = 1.25 * max(heights)
    axes.set(xlabel="accuracy on the test set", ylabel="networks", ylim=(0, top))
    for value, color, words, side in (
        (true, BLUE, "what each is worth", "right"),
        (accuracies.max(), ORANGE, "what is reported", "center"),
    ):
        axes.axvline(value, 0, 0.86, color=color, linewidth=2)
        axes.text(value, 0.89 * top, f"{words}: {value:.2%}", color=color, ha=side)
    axes.xaxis.set_major_formatter("{x:.1%}")
    return figure


def skew(accuracies: Mapping[str, float], confidences: Mapping[str, float]) -> Figure:
    """For some ways to show the same digits: the accuracy as a dot, and the mean confidence as a bar."""
    figure, axes = panels(height=2.7)
    for place, name in enumerate(accuracies):
        ends = 100 * accuracies[name], 100 * confidences[name]
        axes.plot(ends, [place] * 2, color="0.8", linewidth=3, zorder=1)
        axes.plot(ends[0], place, "o", color=BLUE, markersize=9, label="" if place else "accuracy")
        axes.plot(
            ends[1],
            place,
            "|",
            color=ORANGE,
            markersize=18,
            markeredgewidth=3,
            label="" if place else "mean confidence",
        )
    axes.set(yticks=range(len(accuracies)), yticklabels=list(accuracies), xlim=(0, 102))
    axes.xaxis.set_major_formatter("{x:.0f}%")
    axes.invert_yaxis()
    axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    return figure


def ladder(names: Sequence[str], seconds: Sequence[Sequence[float]]) -> Figure:
    """How long a series of trainings took, one below the other, and how many times as fast as the first each was.

    Args:
        names: what each is called.
        seconds: of each, one for every seed. The dot is their median; the line goes from the smallest to the largest.
    """
    figure, axes = panels(height=0.34 * len(names) + 0.6)
    for place, each in enumerate(seconds):
        color, median = (BLUE if place else GRAY), float(np.median(each))
        words = f"{median:.2g} s"
        if place:
            words += f", {np.median(np.divide(seconds[0], each)):.2g} times as fast"
        axes.hlines(place, min(each), max(each), color=color, linewidth=3, alpha=0.5)
        axes.plot(median, place, "o", color=color, markersize=8)
        axes.annotate(words, (max(each), place), (8, 0), textcoords="offset points", va="center", fontsize=9)
    axes.set(xscale="log", yticks=range(len(names)), yticklabels=names)
    axes.set_xlabel("seconds of training until 99% are right")
    axes.set_xlim(1.5, 1.7 * max(map(max, seconds)))
    axes.set_xticks([2, 5, 10, 20, 50, 100])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.grid(axis="x", alpha=0.3)
    axes.invert_yaxis()
    return figure


def errors(images: np.ndarray, titles: Sequence[str], is_doubtful: Sequence[bool]) -> Figure:
    """Digits in rows of ten; those with a doubtful label are framed in orange."""
    rows = -(-len(images) // 10)
    figure, axes = panels(10, rows, height=rows * (WIDTH / 10 + 0.2), squeeze=False)
    for number, axis in enumerate(axes.flat):
        if number >= len(images):
            axis.set_axis_off()
            continue
        image(axis, images[number], titles[number])
        axis.title.set_fontsize(8)
        if is_doubtful[number]:
            axis.spines[:].set(edgecolor=ORANGE, linewidth=2.5)
    return figure


class Network(Protocol):
    """A row of the board: a name, what the network gets wrong, and what it costs."""

    name: str
    parameters: int
    errors: float  # of the test digits, 0 to 1
    training: float
    reading: float


def board(rows: Sequence[Network], own: Network) -> Figure:
    """The test errors of some networks over their parameters and over two times, each with its Pareto front.

    Args:
        own: the learner's network. It is drawn as an open star around whatever stands there.
    """
    figure, axes = panels(3, height=4.6, sharey=True)
    for axis, (key, label) in zip(axes, COSTS.items(), strict=True):
        front(axis, [*rows, own], key)
        for number, row in enumerate(rows, 1):
            spot = getattr(row, key), 100 * row.errors
            axis.plot(*spot, "o", color=BLUE, markersize=10, zorder=3)
            axis.annotate(str(number), spot, ha="center", va="center_baseline", fontsize=7.5, color="white", zorder=5)
        spot = getattr(own, key), 100 * own.errors
        axis.plot(*spot, "*", color=ORANGE, markersize=24, fillstyle="none", markeredgewidth=1.6, zorder=4)
        axis.annotate("yours", spot, (-12, -6), textcoords="offset points", ha="right", fontsize=10, color=ORANGE)
        axis.axhline(1, color=GREEN, linewidth=1, linestyle="--", zorder=0)
        axis.set(xscale="log", yscale="log", xlabel=label)
        axis.margins(x=0.16, y=0.16)
        axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
    better(axes[0])
    axes[0].set_yticks([0.5, 1, 2, 5, 10, 20], ["0.5%", "1%", "2%", "5%", "10%", "20%"])
    axes[0].yaxis.set_minor_formatter(NullFormatter())
    axes[0].set_ylabel("test digits wrong")
    axes[0].text(0.02, 1.05, "goal: 99% right", color=GREEN, fontsize=9, transform=axes[0].get_yaxis_transform())
    names = {f"{number}  {row.name}": Line2D([], [], linestyle="none") for number, row in enumerate(rows, 1)}
    style = {"ncols": 3, "handlelength": 0, "handletextpad": 0, "columnspacing": 3, "fontsize": 9, "frameon": False}
    figure.legend(names.values(), names.keys(), loc="outside lower center", **style)
    return figure


def front(axes: Axes, rows: Sequence[Network], key: str) -> None:
    """Join the networks that no other one dominates: none has both fewer errors and less of the budget ``key``."""
    lowest, spots = np.inf, []
    for row in sorted(rows, key=lambda row: (getattr(row, key), row.errors)):
        if row.errors < lowest:
            lowest = row.errors
            spots.append((getattr(row, key), 100 * lowest))
    axes.step(*zip(*spots, strict=True), where="post", color=BLUE, alpha=0.35, linewidth=1.5, zorder=1)


def better(axes: Axes) -> None:
    """Say in the lower left corner that this is where to be."""
    arrow = {"arrowstyle": "-|>", "color": DARK, "linewidth": 1.5}
    axes.annotate("", (0.03, 0.03), (0.1, 0.12), xycoords="axes fraction", arrowprops=arrow)
    axes.text(0.09, 0.05, "better", transform=axes.transAxes, color=DARK, fontsize=10, va="center")
