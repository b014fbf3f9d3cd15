"""The pictures of lesson 6."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np
from matplotlib.figure import Figure

from grader.lesson.drawing import BLUE, DARK, GRAY, GREEN, ORANGE, moving, panels

History = Mapping[str, Sequence[float]]

PARTS = (
    (0, 48, BLUE, "training\n48,000", "every update\nof the weights"),
    (48, 12, ORANGE, "validation\n12,000", "after every epoch:\nyour decisions"),
    (64, 11, GREEN, "test\n10,000", "once, at the end:\nyour report"),
)


class Watched(Protocol):
    """What was recorded while a network learned: a validation loss after some of its updates."""

    updates: list[int]
    seconds: list[float]
    losses: list[float]


def parts() -> Figure:
    """The digits of MNIST divided into three parts, and what each is for."""
    figure, axes = panels(height=2.5)
    for left, width, color, name, job in PARTS:
        axes.barh(1, width - 0.4, left=left, height=0.5, color=color)
        axes.text(left + width / 2, 1, name, ha="center", va="center", fontsize=9.5, color="white", weight="bold")
        axes.text(left + width / 2, 0.64, job, ha="center", va="top")
    axes.annotate("", (0, 1.36), (59.6, 1.36), arrowprops={"arrowstyle": "<->", "color": "0.4"})
    axes.text(30, 1.42, "the training files of MNIST: 60,000 digits", ha="center", va="bottom")
    axes.text(69.5, 1.42, "the test files", ha="center", va="bottom")
    axes.set(xlim=(-1, 77), ylim=(0.05, 1.75))
    axes.axis("off")
    return figure


def stratified(blocks: Sequence[tuple[int, int]], labels: str, draws: Mapping[str, np.ndarray]) -> Figure:
    """The rows of a small collection, sorted by class, with those marked that each draw has held out.

    Args:
        blocks: where each class begins and ends.
        labels: the name of each class, a letter each.
        draws: the row numbers that are held out, by the name of the draw.
    """
    figure, axes = panels(1, len(draws), height=3.3, sharex=True)
    for panel, (title, chosen) in zip(axes, draws.items(), strict=True):
        for (start, end), label in zip(blocks, labels, strict=True):
            places = np.arange(start, end)
            is_chosen = np.isin(places, chosen)
            panel.bar(places, 1, width=0.86, color=[ORANGE if each else "0.85" for each in is_chosen])
            words = f"{end - start} of class {label}:\n{is_chosen.sum()} held out"
            panel.text((start + end - 1) / 2, -0.16, words, ha="center", va="top")
            if end < blocks[-1][1]:
                panel.plot([end - 0.5] * 2, [-0.1, 1.1], color="0.3", linewidth=0.8)
        panel.set(ylim=(-1.1, 1.1), yticks=[], xticks=[], xlim=(-0.6, blocks[-1][1] - 0.4))
        panel.set_title(title, loc="left", fontsize=10.5)
        panel.spines[:].set_visible(False)
    return figure


def fits(runs: Mapping[str, History], turning_point: int) -> Figure:
    """Loss and accuracy of several training runs, a column for each; in the last the epoch where it should have ended.

    Args:
        runs: the histories by their titles.
        turning_point: that epoch, from 1 on.
    """
    figure, axes = panels(len(runs), 2, height=4.8, sharex="col")
    for (upper, lower), (title, history) in zip(axes.T, runs.items(), strict=True):
        epochs = np.arange(1, len(history["loss"]) + 1)
        for panel, name in ((upper, "loss"), (lower, "accuracy")):
            panel.plot(epochs, history[name], color=BLUE, label="training", linewidth=1.8)
            panel.plot(epochs, history[f"val_{name}"], color=ORANGE, label="validation", linewidth=1.8)
        upper.set_title(title, fontsize=10)
        upper.set_ylim(0, 2.4)
        lower.set(xlabel="epoch", ylim=(0, 1.04))
        lower.yaxis.set_major_formatter("{x:.0%}")
    axes[0, 0].set_ylabel("loss")
    axes[1, 0].set_ylabel("accuracy")
    axes[0, 1].legend(frameon=False)
    axes[0, -1].set_ylim(0, 1)  # its own scale: the rise is what there is to see
    for panel in axes[:, -1]:
        panel.axvline(turning_point, color=GRAY, linewidth=1, linestyle="--")
    words = f"epoch {turning_point}:\nlowest validation loss"
    axes[0, -1].text(turning_point + 1, 0.85, words, color=DARK, va="center")
    return figure


def more_digits(sizes: Sequence[int], curves: Mapping[int, tuple[np.ndarray, np.ndarray]]) -> Figure:
    """Accuracies over the number of training digits, a panel for each size of the images.

    Args:
        curves: accuracies (sizes, folds) on the training digits and on held-out ones, by the side of the images. The
            lines are means over the folds, the bands reach from the lowest to the highest.
    """
    figure, axes = panels(len(curves), height=3.4, sharey=True)
    for panel, (side, pair) in zip(axes, curves.items(), strict=True):
        names = "training digits", "held-out digits"
        for accuracies, color, marker, name in zip(pair, (BLUE, ORANGE), "os", names, strict=True):
            panel.fill_between(
                sizes, accuracies.min(axis=1), accuracies.max(axis=1), color=color, alpha=0.2, linewidth=0
            )
            panel.plot(sizes, accuracies.mean(axis=1), f"{marker}-", color=color, markersize=5, label=name)
        title = f"{side}×{side}: {10 * side**2 + 10:,} weights and biases"
        panel.set(xscale="log", xticks=sizes, ylim=(0.6, 1.02), xlabel="number of training digits", title=title)
        panel.set_xticks([], minor=True)
        panel.set_xticklabels([f"{size:,}" for size in sizes])
    axes[0].set_ylabel("accuracy")
    axes[0].yaxis.set_major_formatter("{x:.0%}")
    axes[0].legend(frameon=False, loc="lower right")
    return figure


def folds(accuracies: Sequence[float] | np.ndarray) -> Figure:
    """Cross-validation: each part of the data is held out once, with the accuracy that it gave."""
    count = len(accuracies)
    figure, axes = panels(height=0.4 * count + 0.5, width=6.6)
    for row, accuracy in enumerate(accuracies):
        for part in range(count):
            is_held_out = part == row
            axes.barh(-row, 0.96, left=part, height=0.8, color=ORANGE if is_held_out else BLUE)
            word = "validation" if is_held_out else "training"
            axes.text(part + 0.48, -row, word, ha="center", va="center", color="white", fontsize=9.5)
        axes.text(count + 0.1, -row, f"accuracy {accuracy:.0%}", va="center")
    axes.set(xlim=(0, count + 1.1), ylim=(0.5 - count, 0.5))
    axes.axis("off")
    return figure


def batch_sizes(runs: Mapping[int, Watched], num_digits: int, guess: int) -> Figure:
    """The validation loss of training runs with several batch sizes, against epochs, updates and seconds.

    Args:
        runs: what was recorded, by the size of the batch.
        num_digits: how many digits an epoch has.
        guess: the number of epochs that the lesson asks about.
    """
    figure, axes = panels(3, height=3.2, sharey=True)
    for (size, run), color, marker in zip(runs.items(), (BLUE, ORANGE), "os", strict=True):
        updates = np.array(run.updates)
        places = updates / np.ceil(num_digits / size), updates, run.seconds
        for panel, x in zip(axes, places, strict=True):
            panel.plot(x, run.losses, f"{marker}-", markersize=3.5, color=color, label=f"batches of {size:,}")
    axes[0].axvline(guess, color=GRAY, linewidth=1, linestyle="--")
    axes[0].set(xlabel="epochs", ylabel="validation loss", ylim=(0, 2.45), xlim=(-0.3, 12))
    axes[1].set(xlabel="updates", xscale="log")
    axes[2].set(xlabel="seconds of processor time,\non our machine")
    axes[2].legend(frameon=False)
    return figure


def learning_rates(runs: Mapping[str, History]) -> Figure:
    """The validation loss of training runs with three learning rates, with that of a blank model."""
    figure, axes = panels(height=3.4, width=7)
    for (name, history), color, marker in zip(runs.items(), (GRAY, BLUE, ORANGE), "Dos", strict=True):
        losses = history["val_loss"]
        axes.plot(range(1, len(losses) + 1), losses, f"{marker}-", markersize=4, color=color)
        axes.text(len(losses) + 0.2, losses[-1], name, va="center")
    axes.plot([1, len(losses)], [np.log(10)] * 2, color=GRAY, linestyle="--", linewidth=1)
    axes.text(len(losses) + 0.2, np.log(10), "no idea: 2.303", va="center", color=DARK)
    axes.set(xlabel="epoch", ylabel="validation loss", ylim=(0, 2.5), xlim=(0.8, len(losses) + 2.4))
    axes.set_xticks(range(1, len(losses) + 1))
    return figure


def walks(loss: Callable[[np.ndarray], float], paths: Mapping[str, np.ndarray], bottom: np.ndarray) -> str:
    """Paths (steps, 2) through a long and narrow valley, one above the other, with moving dots. For `show_svg`."""
    figure, axes = panels(1, len(paths), height=6.6, sharex=True)
    tracks = []
    first, second = np.meshgrid(np.linspace(-0.2, 5.4, 71), np.linspace(-0.7, 0.95, 41))
    heights = np.array([loss(np.array(place)) for place in zip(first.ravel(), second.ravel(), strict=True)])
    levels = np.geomspace(heights.min() * 1.005, 2.5, 16)
    for panel, (title, path), color in zip(axes, paths.items(), (ORANGE, GREEN, BLUE), strict=True):
        panel.contour(first, second, heights.reshape(first.shape), levels=levels, colors="0.75", linewidths=0.8)
        panel.plot(*path.T, "o-", color=color, markersize=3, linewidth=1)
        panel.plot(*bottom, "x", color=DARK, markersize=8, markeredgewidth=2)
        panel.set(xlim=(-0.2, 5.4), ylim=(-0.7, 0.95), aspect="equal", ylabel="second weight")
        panel.set_title(title, loc="left", fontsize=10.5)
        tracks.append((panel, path, color))
    axes[-1].set_xlabel("first weight")
    return moving(figure, tracks, seconds=8)


def training(history: History, best: int) -> Figure:
    """Loss and accuracy of a training, epochs counted from 0, with the epoch of the lowest validation loss."""
    figure, axes = panels(2, height=3.2)
    for panel, name in zip(axes, ("loss", "accuracy"), strict=True):
        panel.plot(history[name], "o-", color=BLUE, markersize=3, label="training")
        panel.plot(history[f"val_{name}"], "s-", color=ORANGE, markersize=3, label="validation")
        panel.axvline(best, color=GRAY, linewidth=1, linestyle="--")
        panel.set(xlabel="epoch, from 0", ylabel=name, xticks=range(0, len(history[name]), 5))
    axes[0].legend(frameon=False)
    axes[0].text(best - 0.3, axes[0].get_ylim()[1] * 0.55, "best_epoch", rotation=90, ha="right", va="center")
    axes[1].set(ylim=(0.5, 1.01))
    axes[1].yaxis.set_major_formatter("{x:.0%}")
    return figure
