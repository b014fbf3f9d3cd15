"""The pictures of lesson 3."""

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.figure import Figure

from grader.lesson.drawing import BLUE, DARK, GRAY, GREEN, ORANGE, moving, panels

Loss = Callable[[np.ndarray], float]

REMARKS = {0.9: "sure and right", 0.5: "a coin toss", 0.01: "sure and wrong"}


def cost() -> Figure:
    """Minus the logarithm of a probability, with three answers on the curve."""
    p = np.linspace(0.005, 1, 400)
    figure, axes = panels(height=3.6, width=7)
    axes.plot(p, -np.log(p), color=BLUE, linewidth=2)
    for probability, remark in REMARKS.items():
        spot = probability, -np.log(probability)
        axes.plot(*spot, "o", color=ORANGE)
        axes.annotate(f"{remark}: {spot[1]:.2f}", spot, (10, 4), textcoords="offset points")
    axes.set(xlabel="probability given to the right class", ylabel="cost, −log p", xlim=(0, 1.18), ylim=(0, 5.3))
    axes.set_xticks(np.arange(0, 1.1, 0.1))
    return figure


def measurements(measured: np.ndarray, is_nine: np.ndarray, loss: Loss, gradient: Loss) -> Figure:
    """Left: the two measurements (n, 2) of some fours and nines. Right: the loss over the first weight, with slopes."""
    figure, (cloud, line) = panels(2, height=3.5)
    rng = np.random.default_rng(0)
    for is_it, name, color, marker in ((False, "4", BLUE, "s"), (True, "9", ORANGE, "o")):
        some = rng.choice(np.flatnonzero(is_nine == is_it), 250, replace=False)
        cloud.plot(*measured[some].T, marker, color=color, markersize=3, alpha=0.55, label=name, markeredgewidth=0)
    cloud.legend(frameon=False, markerscale=2, loc="upper left")
    cloud.set(xlabel="ink at the top", ylabel="ink at the upper right", title="500 digits, two measurements each")
    ws = np.linspace(-1.2, 4.2, 60)
    line.plot(ws, [loss(np.array([w, 0])) for w in ws], color=BLUE, linewidth=2)
    for w, beside in ((0.0, (8, 10)), (1.0, (8, 10)), (2.8, (4, 20))):
        height, slope = loss(np.array([w, 0])), np.ravel(gradient(np.array([w, 0.0])))[0]
        near = np.array([w - 0.55, w + 0.55])
        line.plot(near, height + slope * (near - w), color=ORANGE, linewidth=2)
        line.plot(w, height, "o", color=ORANGE)
        line.annotate(f"slope {slope:+.2f}".replace("-", "−"), (w, height), beside, textcoords="offset points")
    line.set(xlabel="weight of the first measurement", ylabel="loss", title="one weight, the other 0")
    return figure


def contours(axes, loss: Loss, low: float = -1.5, high: float = 7.0) -> None:  # type: ignore[no-untyped-def]
    """Draw the valley of a loss over two weights, each from low to high."""
    steps = np.linspace(low, high, 61)
    first, second = np.meshgrid(steps, steps)
    heights = np.array([loss(w) for w in np.stack([first.ravel(), second.ravel()], axis=1)]).reshape(first.shape)
    levels = np.geomspace(heights.min() * 1.01, 2.5, 14)
    axes.contour(first, second, heights, levels=levels, colors="0.75", linewidths=0.8)
    axes.set(xlabel="first weight", aspect="equal", xlim=(low, high), ylim=(low, high))


def valley(loss: Loss, paths: Mapping[float, np.ndarray]) -> Figure:
    """The paths (steps, 2) of gradient descent with several learning rates, a panel for each."""
    figure, axes = panels(len(paths), height=3.2, sharey=True)
    for panel, (rate, path) in zip(axes, paths.items(), strict=True):
        contours(panel, loss)
        panel.plot(*path.T, "o-", color=ORANGE, markersize=4.5, linewidth=1.4)
        panel.plot(0, 0, "o", color=BLUE)
        panel.set(title=f"learning rate {rate:g}")
    axes[0].set_ylabel("second weight")
    return figure


def descent(loss: Loss, paths: Mapping[float, np.ndarray]) -> str:
    """The same paths, one color each, with a dot that moves along each: an animation for `show_svg`."""
    figure, axes = panels(height=4.2, width=5.2)
    contours(axes, loss)
    tracks = []
    for (rate, path), color in zip(paths.items(), (BLUE, GREEN, ORANGE), strict=True):
        axes.plot(*path.T, "-", color=color, linewidth=1, alpha=0.6, label=f"learning rate {rate:g}")
        tracks.append((axes, path, color))
    axes.legend(frameon=False, loc="lower right")
    axes.set(ylabel="second weight")
    return moving(figure, tracks, seconds=8)


def batches(loss: Loss, whole: np.ndarray, noisy: np.ndarray) -> Figure:
    """Gradient descent on all digits at once, beside the path of mini-batches; from 0, with the same cost."""
    figure, (left, right) = panels(2, height=3.6, width_ratios=(1, 1.25))
    contours(left, loss, -0.5, 4.5)
    left.plot(*noisy.T, "-", color=ORANGE, linewidth=1)
    left.plot(*whole.T, "o-", color=BLUE, markersize=4)
    left.set(ylabel="second weight")
    passes = np.arange(len(noisy)) / (len(noisy) - 1)
    right.plot(passes, [loss(w) for w in noisy], color=ORANGE, label="mini-batches: 118 steps per epoch")
    right.plot(
        range(len(whole)),
        [loss(w) for w in whole],
        "o-",
        color=BLUE,
        markersize=4,
        label="all digits: 1 step per epoch",
    )
    right.set(xlabel="passes over the digits (epochs)", ylabel="loss of all digits", xticks=range(len(whole)))
    right.legend(frameon=False)
    return figure


def training(
    epochs: np.ndarray, seen: list[float], new: list[float], accuracies: list[float], baseline: float
) -> Figure:
    """Loss and test accuracy after each epoch, with the loss of a blank model and the accuracy of a baseline."""
    figure, (left, right) = panels(2, height=3.2)
    left.plot(epochs, seen, "o-", color=BLUE, markersize=4, label="training digits")
    left.plot(epochs, new, "s-", color=ORANGE, markersize=4, label="test digits")
    left.axhline(np.log(10), color=GRAY, linestyle="--", linewidth=1)
    left.text(10, np.log(10) - 0.06, "no idea: log(10)", ha="right", va="top", color=DARK)
    left.set(xlabel="epoch", ylabel="mean cross-entropy", ylim=(0, 2.5), xticks=epochs[::2])
    left.legend(frameon=False, loc="center right")
    right.plot(epochs, accuracies, "s-", color=ORANGE, markersize=4)
    right.axhline(baseline, color=GRAY, linestyle="--", linewidth=1)
    right.text(10, baseline - 0.015, "nearest mean", ha="right", va="top", color=DARK)
    right.set(xlabel="epoch", ylabel="test accuracy", ylim=(0, 1), xticks=epochs[::2])
    right.yaxis.set_major_formatter("{x:.0%}")
    return figure
