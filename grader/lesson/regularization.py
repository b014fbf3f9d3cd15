"""The pictures of lesson 7."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from grader.lesson.drawing import BLUE, CYCLE, DARK, GRAY, ORANGE, SIGNED, image, panels

History = Mapping[str, Sequence[float]]


def mark(axes: Axes, x: float, y: float, words: str, beside: tuple[float, float], ha: str = "center") -> None:
    """Put a ring around a point of a curve and words beside it, so many points to the right and above."""
    axes.plot(x, y, "o", color=ORANGE, markersize=8, markerfacecolor="white", markeredgewidth=2)
    axes.annotate(words, (x, y), beside, textcoords="offset points", ha=ha, color=DARK)


def memorizing(history: History) -> Figure:
    """Loss and accuracy on both kinds of digits, with the lowest validation loss and what follows it."""
    figure, (left, right) = panels(2, height=3.5)
    epochs = np.arange(1, len(history["loss"]) + 1)
    for axes, name in ((left, "loss"), (right, "accuracy")):
        axes.plot(epochs, history[name], color=BLUE, linewidth=2, label="training digits")
        axes.plot(epochs, history[f"val_{name}"], color=ORANGE, linewidth=2, label="validation digits")
        axes.set(xlabel="epoch", ylabel=name)
    losses = np.array(history["val_loss"])
    lowest = int(losses.argmin())
    left.axvspan(epochs[lowest], epochs[-1], color=GRAY, alpha=0.13, linewidth=0)
    left.text(epochs[-1] - 1, 0.06, "overfitting", ha="right", va="bottom", color=DARK, style="italic")
    mark(left, epochs[lowest], losses[lowest], f"lowest: {losses[lowest]:.2f}", (14, -19), "left")
    mark(left, epochs[-1], losses[-1], f"{losses[-1]:.2f}", (-4, 10), "right")
    left.set(ylim=(0, 1.2))
    left.legend(frameon=False, loc="upper right")
    right.set(ylim=(0, 1.05))
    right.yaxis.set_major_formatter("{x:.0%}")
    return figure


def with_dropout(plain: History, dropped: History) -> Figure:
    """The validation curves of two networks, without dropout and with it, on axes that show small differences."""
    figure, (left, right) = panels(2, height=3.2)
    for history, name, color, marker in ((plain, "no dropout", ORANGE, "s"), (dropped, "dropout", BLUE, "o")):
        epochs = np.arange(1, len(history["val_loss"]) + 1)
        for axes, figures in ((left, history["val_loss"]), (right, history["val_accuracy"])):
            axes.plot(epochs, figures, marker=marker, color=color, markersize=4, markevery=10, label=name)
    left.set(xlabel="epoch", ylabel="validation loss", ylim=(0.5, 1.0))
    right.set(xlabel="epoch", ylabel="validation accuracy", ylim=(0.7, 0.86))
    right.yaxis.set_major_formatter("{x:.0%}")
    left.legend(frameon=False)
    return figure


def activations(values: np.ndarray, draws: Sequence[np.ndarray]) -> Figure:
    """Activations (digits, units) and two draws of dropout; a cross where an active unit was dropped."""
    figure, axes = panels(3, height=2.7, sharey=True)
    titles = "at inference", "in training", "in training, again"
    for panel, shown, title in zip(axes, (values, *draws), titles, strict=True):
        image(panel, shown, title, vmin=0, vmax=1.4 * values.max(), aspect="auto")
        rows, columns = np.nonzero((shown == 0) & (values > 0))
        panel.plot(columns, rows, "x", color=ORANGE, markersize=3.5, markeredgewidth=0.9)
        panel.set_xlabel(f"{values.shape[1]} hidden units")
    axes[0].set_ylabel(f"{len(values)} digits")
    return figure


def sums(unscaled: np.ndarray, scaled: np.ndarray, at_inference: float) -> Figure:
    """Histograms of what a unit receives: survivors as they were, survivors made larger, and no dropout."""
    figure, axes = panels(height=3.0, width=7)
    for values, step, color, words, x in (
        (unscaled, 1, ORANGE, "survivors\nas they were", 70),
        (scaled, 1.25, BLUE, "survivors\ndivided by 0.8", 115),
    ):
        edges = np.arange(values.min() - step / 2, values.max() + step, step)
        axes.hist(values, edges, weights=np.full(len(values), 1 / len(values) / step), color=color, alpha=0.8)
        axes.text(x, 0.06, words, ha="center", va="bottom", color=DARK)
    axes.axvline(at_inference, color=DARK, linewidth=2)
    axes.text(at_inference + 0.8, 0.112, f"at inference: {at_inference:.0f}", color=DARK, va="top")
    axes.set(xlabel="sum of 100 activations of 1, each dropped with probability 0.2", ylabel="frequency", yticks=())
    axes.spines["left"].set_visible(False)
    return figure


def doubtful(digit: np.ndarray, label: int, gambled: np.ndarray, asked: np.ndarray) -> Figure:
    """A digit, the probabilities (n, 10) of many answers with dropout as dots, and the one answer without as bars."""
    figure, (picture, axes) = panels(2, height=3.0, width_ratios=(1, 3))
    image(picture, digit, f"a validation digit: {label}")
    scatter = np.random.default_rng(0).uniform(-0.3, 0.3, gambled.shape)
    places = np.arange(10) + scatter
    axes.plot(places.ravel(), gambled.ravel(), "o", color=BLUE, markersize=2.4, alpha=0.5, markeredgewidth=0)
    axes.hlines(asked, np.arange(10) - 0.4, np.arange(10) + 0.4, color=ORANGE, linewidth=2.5)
    axes.set(xticks=range(10), xlabel="class", ylabel="probability", ylim=(-0.03, 1.03))
    axes.set_title(f"{len(gambled)} answers with dropout (dots), the one without (bars)", fontsize=10)
    return figure


def weights(kernels: Mapping[str, np.ndarray], units: Sequence[int], limit: float = 0.12) -> Figure:
    """The weights (784, units) of the same hidden units in several networks, a row for each, beside their scale."""
    figure, rows = panels(len(units), len(kernels), height=1.22 * len(kernels), squeeze=False)
    for row, (name, kernel) in zip(rows, kernels.items(), strict=True):
        for panel, unit in zip(row, units, strict=True):
            drawn = image(panel, kernel[:, unit].reshape(28, 28), cmap=SIGNED, vmin=-limit, vmax=limit)
        row[0].set_ylabel(name)
    scale = figure.colorbar(drawn, ax=rows, shrink=0.9, ticks=[-limit, 0, limit])
    scale.ax.set_yticklabels([f"{-limit:g}", "0", f"{limit:g}"])
    return figure


def decay(paths: Mapping[str, Mapping[str, np.ndarray]], legend: tuple[int, str]) -> Figure:
    """How weights change over the steps: a panel for each method, a curve for each case, all from the same start.

    Args:
        legend: the number of the panel that names the curves, and where in it.
    """
    figure, axes = panels(len(paths), height=3.2, sharey=True)
    styles = "-", "--", ":"
    for panel, (title, curves) in zip(axes, paths.items(), strict=True):
        for (name, path), color, style in zip(curves.items(), CYCLE, styles, strict=False):
            panel.plot(path, style, color=color, linewidth=2.2, label=name)
        panel.axhline(0, color=GRAY, linewidth=0.8)
        panel.set(title=title, xlabel="step")
    axes[0].set_ylabel("weight")
    axes[legend[0]].legend(frameon=False, loc=legend[1])
    return figure


def stopping(losses: Sequence[float], accuracies: Sequence[float], best: int, stop: int) -> Figure:
    """Validation loss and accuracy, the patience after the best epoch, and the way back. Epochs count from 0."""
    figure, (left, right) = panels(2, height=3.5)
    epochs = np.arange(1, len(losses) + 1)
    for axes, curve, name in ((left, losses, "validation loss"), (right, accuracies, "validation accuracy")):
        axes.axvspan(best + 1, stop + 1, color=GRAY, alpha=0.22, linewidth=0)
        axes.plot(epochs[: stop + 1], curve[: stop + 1], color=ORANGE, linewidth=2.2)
        axes.plot(epochs[stop:], curve[stop:], color=ORANGE, linewidth=1.4, linestyle=":")
        axes.plot(best + 1, curve[best], "o", color=BLUE, markersize=8)
        axes.set(xlabel="epoch", ylabel=name)
    low = losses[best] - 0.02
    left.annotate("", (best + 1, low), (stop + 1.5, low), arrowprops={"arrowstyle": "->", "color": BLUE})
    left.text(stop + 2.5, low, "the best weights come back", color=BLUE, va="center")
    left.text((best + stop) / 2 + 1, 0.985, "patience", ha="center", va="top", color=DARK)
    left.text(epochs[-1], losses[-1] + 0.025, "without early stopping", ha="right", va="bottom", color=DARK)
    left.set(ylim=(0.5, 1.0))
    right.set(ylim=(0.7, 0.86))
    right.yaxis.set_major_formatter("{x:.0%}")
    return figure


def runs(axes: Axes, results: Mapping[str, np.ndarray], places: Sequence[float] | None = None) -> None:
    """A row for each remedy: a dot for each run and a line for their mean."""
    for row, (values, place) in enumerate(zip(results.values(), places or range(len(results)), strict=True)):
        color = ORANGE if row == 0 else BLUE
        axes.plot(values, np.full(len(values), place), "o", color=color, alpha=0.65, markeredgewidth=0)
        axes.plot([values.mean()] * 2, [place - 0.27, place + 0.27], color=color, linewidth=2.5)
        axes.axhline(place, color="0.85", linewidth=0.7, zorder=0)
    axes.set(yticks=places or range(len(results)), yticklabels=list(results))
    axes.set_ylim(len(results) - 0.5, -0.5)
    axes.margins(x=0.12)


def comparison(losses: Mapping[str, np.ndarray], accuracies: Mapping[str, np.ndarray]) -> Figure:
    """Cross-entropy and accuracy of several remedies, a dot for each run."""
    figure, (left, right) = panels(2, height=0.5 * len(losses) + 1.1, sharey=True)
    runs(left, losses)
    runs(right, accuracies)
    left.set_xlabel("cross-entropy (left is better)")
    right.set_xlabel("accuracy (right is better)")
    right.xaxis.set_major_formatter("{x:.1%}")
    for axes in (left, right):
        axes.locator_params(axis="x", nbins=5)
    return figure


def more_digits(groups: Mapping[str, Mapping[str, np.ndarray]]) -> Figure:
    """Accuracies with few digits and with many, a panel for each, all on scales of the same width."""
    figure, axes = panels(len(groups), height=2.1, sharey=True)
    span = max(np.ptp(np.concatenate(list(results.values()))) for results in groups.values())
    for panel, (title, results) in zip(axes, groups.items(), strict=True):
        runs(panel, results)
        together = np.concatenate(list(results.values()))
        middle = (together.min() + together.max()) / 2
        panel.set(title=title, xlabel="accuracy", xlim=(middle - 0.65 * span, middle + 0.65 * span))
        panel.xaxis.set_major_formatter("{x:.1%}")
        panel.locator_params(axis="x", nbins=5)
    return figure


def yours(history: History, left_with: float) -> Figure:
    """The curves of the learner's network until it was stopped, and the loss of the weights that it is left with."""
    figure, axes = panels(height=3.2, width=7)
    epochs = np.arange(1, len(history["loss"]) + 1)
    axes.plot(epochs, history["loss"], color=BLUE, linewidth=2, label="training")
    axes.plot(epochs, history["val_loss"], color=ORANGE, linewidth=2, label="validation")
    best = int(np.argmin(history["val_loss"]))
    axes.plot(epochs[best], history["val_loss"][best], "o", color=ORANGE, markersize=8)
    words = "validation, with the weights that you are left with"
    axes.axhline(left_with, color=GRAY, linestyle="--", linewidth=1, label=words)
    axes.set(xlabel="epoch", ylabel="loss", ylim=(0, 0.8), title="your network and your callback")
    axes.legend(frameon=False)
    return figure
