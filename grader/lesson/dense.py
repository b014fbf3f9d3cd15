"""The pictures of lesson 5."""

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from grader.lesson.drawing import BLUE, DARK, GRAY, ORANGE, WIDTH, image, panels, tidy

CLASSES = range(10)
LAYERS = (0.36, np.linspace(0.06, 0.94, 12), GRAY), (0.62, np.linspace(0.12, 0.88, 9), BLUE)
OUTPUT = 0.88, np.linspace(0.94, 0.06, 10), ORANGE


def network(digit: np.ndarray) -> Figure:
    """The network 784-128-10, with a digit (28, 28) going in and the number of its parameters below."""
    figure, axes = panels(height=3.9)
    stages = (*LAYERS, OUTPUT)
    for (start_x, starts, _), (end_x, ends, _) in itertools.pairwise(stages):
        for start in starts:
            for end in ends:
                axes.plot([start_x, end_x], [start, end], color="0.85", linewidth=0.5, zorder=1)
    for x, ys, color in stages:
        axes.scatter(np.full(len(ys), x), ys, s=70, color=color, zorder=2)
    for label, y in enumerate(OUTPUT[1]):
        axes.text(0.91, y, str(label), va="center")
    image(axes.inset_axes((0.0, 0.24, 0.24, 0.52)), digit)
    axes.annotate("", (0.34, 0.5), (0.25, 0.5), arrowprops={"arrowstyle": "->", "color": "0.3"})
    axes.text(0.295, 0.55, "Flatten", ha="center", fontsize=9)
    above = {
        0.12: "28×28 image",
        0.36: "784 pixels\n(12 drawn)",
        0.62: "128 ReLU units\n(9 drawn)",
        0.88: "10 softmax units\n(all drawn)",
    }
    below = {0.49: "784×128 weights\n+ 128 biases\n= 100,480", 0.75: "128×10 weights\n+ 10 biases\n= 1,290"}
    for x, text in above.items():
        axes.text(x, 1.04, text, ha="center", va="bottom")
    for x, text in below.items():
        axes.text(x, -0.05, text, ha="center", va="top")
    axes.set(xlim=(0, 1), ylim=(-0.28, 1.2))
    axes.axis("off")
    return figure


def of_one_class(axes, heights: np.ndarray, label: int) -> None:  # type: ignore[no-untyped-def]
    """Ten bars, that of one class in blue."""
    axes.bar(CLASSES, heights, color=[BLUE if number == label else "0.6" for number in CLASSES])
    axes.set(xticks=CLASSES)


def squashed(logits: np.ndarray, once: np.ndarray, twice: np.ndarray, label: int) -> Figure:
    """The logits (10,) of one digit, and what one and two softmaxes make of them."""
    figure, charts = panels(3, height=2.7)
    titles = "logits", "softmax once:\nprobabilities", "softmax twice:\nalmost undecided"
    for chart, heights, title in zip(charts, (logits, once, twice), titles, strict=True):
        of_one_class(chart, heights, label)
        chart.axhline(0, color="0.3", linewidth=0.8)
        chart.set(title=title, xlabel="class")
    for chart, heights in zip(charts[1:], (once, twice), strict=True):
        chart.set(ylim=(0, 1.1))
        chart.text(label + 0.6, heights[label], f"{heights[label]:.2f}", va="bottom")
    return figure


def training(
    updates: Sequence[int],
    losses: Sequence[float],
    moments: Sequence[int],
    opinions: Sequence[np.ndarray],
    digit: np.ndarray,
    label: int,
) -> Figure:
    """The loss during three epochs, and the ten probabilities of one digit (28, 28) at some moments."""
    import matplotlib.pyplot as plt

    figure = plt.figure(figsize=(WIDTH, 4.2), layout="constrained")
    halves: Any = figure.subfigures(1, 2, width_ratios=(1.3, 1))
    left, right = halves
    axes = left.subplots()
    axes.plot(updates, losses, color=BLUE)
    axes.axhline(-np.log(0.1), color=GRAY, linestyle="--", linewidth=1)
    axes.text(updates[-1], -np.log(0.1) - 0.05, "no idea: 2.303", ha="right", va="top", color=DARK)
    for epoch in (1, 2, 3):
        end = epoch * updates[-1] / 3
        axes.axvline(end, color="0.85", linewidth=1, zorder=0)
        axes.text(end - 12, 1.4, f"epoch {epoch} ends", rotation=90, ha="right", va="center", fontsize=9)
    axes.set(xlabel="updates of the weights", ylabel="loss on held-out digits", ylim=(0, 2.6))
    rows = right.subplots(len(moments), 1, sharex=True, sharey=True)
    tidy(axes, *rows)
    for row, moment, opinion in zip(rows, moments, opinions, strict=True):
        of_one_class(row, opinion, label)
        row.text(-0.4, 1.6, f"after {moment:,} updates", va="top", fontsize=9)
        row.set(ylim=(0, 1.6), yticks=(0, 1))
    right.supylabel("probability", fontsize=10)
    rows[-1].set_xlabel("class")
    image(rows[0].inset_axes((0.84, 0.1, 0.16, 0.9)), digit)
    return figure


def answers(images: np.ndarray, probabilities: np.ndarray, labels: np.ndarray) -> Figure:
    """Digits (n, 28, 28), each above its ten probabilities (n, 10), the right class in blue."""
    figure, axes = panels(len(images), 2, height=3.3, height_ratios=(1.25, 1), sharey="row")
    for number, (above, below) in enumerate(axes.T):
        said, label = probabilities[number].argmax(), labels[number]
        image(above, images[number], f"says {said}, is {label}")
        of_one_class(below, probabilities[number], label)
        below.set(ylim=(0, 1), yticks=(0, 1))
        below.tick_params(labelsize=8)
    axes[1, 0].set_ylabel("probability")
    return figure
