"""The pictures of lesson 15."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, PercentFormatter

from grader.lesson.drawing import BLUE, DARK, GRAY, GREEN, ORANGE, panels

BITS_SHOWN = 8, 4, 2
COLORS = {8: BLUE, 4: GREEN, 2: ORANGE}


def costs(milliseconds: Mapping[str, float], megabytes: Mapping[str, float]) -> Figure:
    """What one prediction takes in several programs, and what each needs on the disk."""
    figure, axes = panels(2, height=0.42 * len(milliseconds) + 1.0, width_ratios=[3, 2])
    places = np.arange(len(milliseconds))
    for axis, values, color, label in zip(
        axes,
        (milliseconds, megabytes),
        (BLUE, ORANGE),
        ("milliseconds for one image", "megabytes to install"),
        strict=True,
    ):
        shown = [values.get(name, 0) for name in milliseconds]
        axis.barh(places, shown, color=color)
        for place, value in zip(places, shown, strict=True):
            if value:
                axis.annotate(short(value), (value, place), (3, 0), textcoords="offset points", va="center", fontsize=9)
        axis.set_xscale("log")
        axis.set(yticks=places, yticklabels=[], xlabel=label)
        axis.set_xlim(right=axis.get_xlim()[1] * 3)
        axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.xaxis.set_minor_formatter(NullFormatter())
        axis.invert_yaxis()
    axes[0].set_yticklabels(list(milliseconds))
    return figure


def short(value: float) -> str:
    """A number with two digits that count."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def levels(weights: np.ndarray, rounded: Mapping[int, np.ndarray]) -> Figure:
    """The weights of a layer, and on which levels they end up with several numbers of bits."""
    figure, axes = panels(len(rounded), height=2.7, sharex=True)
    largest = float(np.abs(weights).max())
    for axis, (bits, values) in zip(axes, rounded.items(), strict=True):
        axis.hist(weights.ravel(), np.linspace(-largest, largest, 60), color=GRAY, alpha=0.35, density=True)
        places, counts = np.unique(np.round(values, 6), return_counts=True)
        step = largest / (2 ** (bits - 1) - 1)
        heights = counts / counts.sum() / step
        axis.vlines(places, 0, heights, color=COLORS[bits], linewidth=max(1.0, min(4.0, 400 * step / largest / 30)))
        axis.set(title=f"{bits} bits", yticks=[], xlabel="weight", ylim=(0, None))
        zero = np.mean(values == 0)
        axis.text(
            0.98, 0.95, f"{zero:.0%} become 0", transform=axis.transAxes, ha="right", va="top", color=COLORS[bits]
        )
    return figure


def bits(accuracies: Mapping[str, Mapping[int, float]], whole: float) -> Figure:
    """The accuracy over the number of bits, for one scale and for many."""
    figure, axes = panels(height=3.2, width=6.6)
    for (name, curve), color, marker in zip(accuracies.items(), (ORANGE, BLUE), "so", strict=True):
        axes.plot(list(curve), [100 * value for value in curve.values()], f"{marker}-", color=color, label=name)
    axes.axhline(100 * whole, color=GRAY, linestyle="--", linewidth=1)
    axes.text(8, 100 * whole - 3, "as float32", color=GRAY, va="top", ha="left", fontsize=9)
    axes.set(xlabel="bits for each weight", ylabel="test digits read correctly", xlim=(8.3, 1.7), ylim=(0, 104))
    axes.yaxis.set_major_formatter(PercentFormatter(decimals=0))
    axes.legend(frameon=False, loc="lower left")
    return figure


def margins(margin: np.ndarray, changes: Mapping[int, np.ndarray]) -> Figure:
    """How far the largest logit is ahead of the second one, and how far rounding moves this lead, over many digits."""
    figure, axes = panels(height=3.2, width=7)
    edges = np.geomspace(0.001, 60, 46)

    def outline(values: np.ndarray) -> np.ndarray:
        return np.histogram(np.clip(values, edges[0], edges[-1]), edges)[0] / len(values)

    axes.stairs(outline(margin), edges, fill=True, color=GRAY, alpha=0.35)
    axes.text(16, 0.8 * max(outline(margin)), "the lead", color=DARK)
    for number, change in changes.items():
        heights = outline(change)
        axes.stairs(heights, edges, color=COLORS[number], linewidth=1.8)
        top = int(heights.argmax())
        axes.annotate(
            f"{number} bits",
            (edges[top], heights[top]),
            (0, 4),
            textcoords="offset points",
            color=COLORS[number],
            ha="center",
        )
    axes.set_xscale("log")
    axes.set(xlabel="difference of two logits", ylabel="share of digits")
    axes.margins(y=0.12)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    return figure


def one_loud(largest: np.ndarray, step: float, steps: np.ndarray) -> Figure:
    """The largest weight of each filter on a logarithmic scale, above half a step: what is below becomes 0."""
    figure, axes = panels(2, height=2.9, sharey=True)
    places = np.arange(len(largest))
    for axis, title, halves in zip(
        axes,
        ("one scale for all", "a scale for each filter"),
        (np.full(len(largest), step / 2), steps / 2),
        strict=True,
    ):
        axis.bar(places, largest, color=[ORANGE if value == largest.max() else BLUE for value in largest])
        axis.hlines(halves, places - 0.45, places + 0.45, color=DARK, linewidth=2)
        axis.set_yscale("log")
        axis.set(title=title, xlabel="filter", xticks=places[::3], ylim=(0.0005, 900))
        axis.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.yaxis.set_minor_formatter(NullFormatter())
    axes[0].set_ylabel("largest absolute weight")
    axes[0].annotate("half a step", (15.4, step / 2), (0, 5), textcoords="offset points", ha="right", fontsize=9)
    return figure


def confidences(groups: Mapping[str, np.ndarray], accuracies: Mapping[str, float]) -> Figure:
    """How sure a network is of the digits that several clients send, and how many of them it reads correctly."""
    figure, axes = panels(len(groups), height=2.6, sharey=True)
    for axis, (name, values) in zip(axes, groups.items(), strict=True):
        heights, edges = np.histogram(values, np.linspace(0, 1, 11))
        axis.bar(edges[:-1], heights / len(values), width=0.1, align="edge", color=BLUE, edgecolor="white")
        axis.set(xlabel="confidence", xticks=[0, 0.5, 1], xlim=(0, 1))
        axis.set_title(f"{name}\n{accuracies[name]:.1%} correct", fontsize=10)
    axes[0].set_ylabel("share of requests")
    axes[0].yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    return figure


def batches(sizes: Sequence[int], waits: Mapping[str, Sequence[float]]) -> Figure:
    """How many images a second some programs read, and how many milliseconds a batch takes, over its size."""
    figure, axes = panels(2, height=3.0)
    for (name, milliseconds), color, marker in zip(waits.items(), (BLUE, ORANGE), "os", strict=True):
        per_second = [1000 * size / wait for size, wait in zip(sizes, milliseconds, strict=True)]
        for axis, values in zip(axes, (per_second, milliseconds), strict=True):
            axis.plot(sizes, values, f"{marker}-", color=color, markersize=4, label=name)
    for axis, label in zip(axes, ("images per second", "milliseconds until the answer"), strict=True):
        axis.set_xscale("log", base=2)
        axis.set_yscale("log")
        axis.set(xlabel="images in a batch", ylabel=label, xticks=sizes)
        for each in (axis.xaxis, axis.yaxis):
            each.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
            each.set_minor_formatter(NullFormatter())
    axes[0].legend(frameon=False, loc="lower right")
    return figure


def load(rates: Sequence[float], halves: Sequence[float], slowest: Sequence[float], most: float) -> Figure:
    """How long requests take at several rates: the median, and the slowest of a hundred.

    Args:
        rates: requests per second.
        halves, slowest: milliseconds.
        most: requests per second that the server can answer.
    """
    figure, axes = panels(height=3.1, width=7)
    axes.plot(rates, slowest, "s-", color=ORANGE, markersize=4, label="99th percentile")
    axes.plot(rates, halves, "o-", color=BLUE, markersize=4, label="median")
    axes.axvline(most, color=GRAY, linestyle="--", linewidth=1)
    axes.set_yscale("log")
    axes.set_ylim(bottom=1)
    axes.annotate("capacity", (most, 1.2), (-4, 0), textcoords="offset points", color=GRAY, ha="right")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.set(xlabel="requests per second", ylabel="milliseconds until the answer", xlim=(0, None))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.legend(frameon=False, loc="upper left")
    return figure
