"""Learning curves whose diagnosis is known: histories as Keras returns them, a dict of four lists."""

from dataclasses import dataclass

import numpy as np

FIGURES = "loss", "accuracy", "val_loss", "val_accuracy"
UNDERFITTING, OVERFITTING, GOOD_FIT = VERDICTS = "underfitting", "overfitting", "good fit"


def canned_history(probe):
    """A history with a different best epoch in each curve; val_loss dips twice, deeper the second time."""
    epochs = int(probe.rng.integers(12, 18))
    first_dip, best, brightest = 3, int(probe.rng.integers(5, 7)), int(probe.rng.integers(9, epochs - 2))
    val_loss = 0.5 + 0.02 * np.abs(np.arange(epochs) - best) + probe.rng.uniform(0, 0.005, epochs)
    val_loss[[0, first_dip, best, best + 2]] = 0.9, 0.5, 0.4, 1.1
    val_accuracy = 0.8 + probe.rng.uniform(0, 0.02, epochs)
    val_accuracy[brightest] = 0.85
    loss = np.sort(probe.rng.uniform(0.05, 0.6, epochs))[::-1].copy()
    accuracy = np.sort(probe.rng.uniform(0.8, 0.95, epochs))
    lowest = epochs - 2  # the training figures are best in the last epoch but one
    loss[[lowest, -1]], accuracy[[lowest, -1]] = loss[[-1, lowest]], accuracy[[-1, lowest]]
    return as_lists(loss, accuracy, val_loss, val_accuracy)


def clear_cases(probe):
    """Histories about which the rule leaves no doubt, each with its right answer.

    No other kind of rule fits them all, wherever it draws its line: among the good fits are wide gaps, a large loss
    with a large rise, an early lowest point and a spike; among the overfitted ones a negative gap, a tiny loss with a
    small rise, and rises that come late or stop early.
    """
    n = int(probe.rng.integers(14, 20))
    shake = float(probe.rng.uniform(0.97, 1.03))

    def history(loss, accuracy, val_loss, val_accuracy, lowest=n - 1):
        shaken = curve(*val_loss, n, lowest) * shake
        return as_lists(np.linspace(*loss, n), np.linspace(*accuracy, n), shaken, np.linspace(*val_accuracy, n))

    slow = history((2.2, 1.1), (0.2, 0.74), (2.2, 1.12, 1.12), (0.2, 0.73))
    restrained = history((1.2, 0.45), (0.6, 0.86), (0.8, 0.25, 0.25), (0.75, 0.93))
    lazy = history((1.6, 0.5), (0.5, 0.87), (1.5, 0.5, 0.5), (0.55, 0.85))
    worse = history((1.5, 0.7), (0.5, 0.8), (1.4, 0.6, 1.0), (0.5, 0.72), 5)
    diverged = history((0.9, 0.8), (0.7, 0.6), (0.9, 0.3, 1.2), (0.7, 0.65), 6)
    diverged["accuracy"][6] = 0.95
    good = history((0.6, 0.06), (0.8, 0.985), (0.4, 0.09, 0.09), (0.85, 0.965))
    gap = history((0.6, 0.004), (0.8, 0.999), (0.4, 0.12, 0.122), (0.85, 0.96), n - 4)
    wobble = history((0.6, 0.09), (0.8, 0.975), (0.4, 0.1, 0.1), (0.85, 0.97))
    wobble["val_loss"][-1] *= 1.03  # a step up that is noise
    wide = history((0.9, 0.02), (0.75, 0.99), (0.7, 0.31, 0.31), (0.8, 0.9))
    large = history((4.1, 2.58), (0.7, 0.97), (4.0, 2.5, 2.62), (0.7, 0.95), n - 3)
    early = history((0.5, 0.19), (0.8, 0.935), (0.4, 0.2, 0.208), (0.85, 0.905), 4)
    small = history((0.3, 0.02), (0.9, 0.995), (0.2, 0.04, 0.0421), (0.9, 0.99), 8)
    spike = history((2.4, 1.1), (0.8, 0.98), (2.5, 1.5, 1.52), (0.9, 0.94), 6)
    spike["val_loss"][8] *= 1.5
    spike["val_accuracy"][7] = 0.975
    short = {name: values[-2:] for name, values in good.items()}
    over = history((0.9, 0.01), (0.7, 0.998), (0.9, 0.4, 0.62), (0.7, 0.87), 5)
    dips = history((0.9, 0.01), (0.7, 0.998), (0.95, 0.4, 0.7), (0.7, 0.94), 6)
    dips["val_loss"][-1] *= 0.93  # a step down that is noise
    steep = history((0.6, 0.001), (0.8, 1.0), (0.5, 0.3, 0.9), (0.85, 0.91), 3)
    tiny = history((0.3, 0.08), (0.85, 0.945), (0.2, 0.05, 0.066), (0.88, 0.955), 6)
    huge = history((4.0, 1.9), (0.7, 0.985), (4.0, 2.0, 2.6), (0.7, 0.97), 5)
    sudden = history((0.6, 0.1), (0.8, 0.965), (0.5, 0.2, 0.25), (0.85, 0.95), n - 2)
    level = history((0.7, 0.09), (0.75, 0.97), (0.6, 0.2, 0.4), (0.8, 0.94), 3)
    level["val_loss"][7:] = [float(loss) for loss in shake * np.linspace(0.3, 0.285, n - 7)]
    gentle = history((0.6, 0.15), (0.8, 0.95), (0.5, 0.3, 0.366), (0.85, 0.9), 6)
    cases = (
        (UNDERFITTING, (slow, restrained, lazy, worse, diverged)),
        (OVERFITTING, (over, dips, steep, tiny, huge, sudden, level, gentle)),
        (GOOD_FIT, (good, gap, wobble, wide, large, early, small, spike, short)),
    )
    return [(history, right) for right, histories in cases for history in histories]


def told(history):
    """The figures of a history that its diagnosis depends on, in words."""
    accuracy, losses = history["accuracy"][-1], history["val_loss"]
    rise = losses[-1] / min(losses) - 1
    return f"accuracy ends at {accuracy:.3g} and val_loss at {losses[-1]:.3g}, {rise:.0%} above its lowest value"


def curve(start, low, end, epochs, lowest):
    """A smooth curve from start down to low at one epoch, then to end."""
    falling = np.linspace(0, 1, lowest + 1)
    first = low + (start - low) * (1 - falling) ** 2
    rest = low + (end - low) * np.linspace(0, 1, epochs - lowest)[1:]
    return np.concatenate([first, rest])


def as_lists(loss, accuracy, val_loss, val_accuracy):
    """Four curves as the history of a training."""
    figures = zip(FIGURES, (loss, accuracy, val_loss, val_accuracy), strict=True)
    return {name: [float(value) for value in values] for name, values in figures}


@dataclass(frozen=True)
class Diagnoses:
    """All histories that diagnose was asked about, and what it said about each."""

    histories: list
    answers: list

    def follow(self, rule):
        """True when the answers are those of a rule."""
        return self.answers == [rule(history) for history in self.histories]

    def go_by(self, measure, bar=0.9):
        """True when the answers put a line somewhere through a measure, with overfitting above it and good fits below.

        This covers only networks whose training accuracy reaches the bar; the others must all have been called
        underfitting.
        """
        measured = {OVERFITTING: [], GOOD_FIT: []}
        for history, answer in zip(self.histories, self.answers, strict=True):
            is_low = history["accuracy"][-1] < bar
            if not isinstance(answer, str) or answer not in VERDICTS or is_low != (answer == UNDERFITTING):
                return False
            if not is_low:
                measured[answer].append(measure(history))
        above, below = measured.values()
        return bool(above and below) and min(above) > max(below)


# Oracles: right answers, computed independently


def diagnosis(history, bar=0.9, against=min, factor=1.1):
    """The rule of the exercise; with arguments other than the defaults, a wrong rule."""
    if history["accuracy"][-1] < bar:
        return UNDERFITTING
    values = history["val_loss"]
    return OVERFITTING if values[-1] > factor * against(values) else GOOD_FIT
