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
    """Histories about which the rule leaves no doubt: for each what it is called, the curves, the right answer."""
    n = int(probe.rng.integers(14, 20))
    shake = float(probe.rng.uniform(0.97, 1.03))

    def history(loss, accuracy, val_loss, val_accuracy):
        shaken = curve(*val_loss) * shake
        return as_lists(np.linspace(*loss, n), np.linspace(*accuracy, n), shaken, np.linspace(*val_accuracy, n))

    slow = history((2.2, 1.1), (0.2, 0.74), (2.2, 1.12, 1.12, n, n - 1), (0.2, 0.73))
    good = history((0.6, 0.06), (0.8, 0.985), (0.4, 0.09, 0.09, n, n - 1), (0.85, 0.965))
    gap = history((0.6, 0.004), (0.8, 0.999), (0.4, 0.12, 0.122, n, n - 4), (0.85, 0.96))
    wobble = history((0.6, 0.09), (0.8, 0.975), (0.4, 0.1, 0.1, n, n - 1), (0.85, 0.97))
    wobble["val_loss"][-1] *= 1.03  # a step up that is noise
    over = history((0.9, 0.01), (0.7, 0.998), (0.9, 0.4, 0.62, n, 5), (0.7, 0.87))
    dips = history((0.9, 0.01), (0.7, 0.998), (0.95, 0.4, 0.7, n, 6), (0.7, 0.94))
    dips["val_loss"][-1] *= 0.93  # a step down that is noise
    steep = history((0.6, 0.001), (0.8, 1.0), (0.5, 0.3, 0.9, n, 3), (0.85, 0.91))
    return [
        (slow, UNDERFITTING, "74% right on the training digits"),
        (over, OVERFITTING, "a val_loss that has risen from 0.4 to 0.6"),
        (good, GOOD_FIT, "98% right on the training digits and a val_loss that is at its lowest"),
        (gap, GOOD_FIT, "a loss far below its val_loss, which is within 2% of its lowest"),
        (wobble, GOOD_FIT, "a val_loss that rose by 3% in the last epoch"),
        (dips, OVERFITTING, "a val_loss 60% above its lowest, which fell a little in the last epoch"),
        (steep, OVERFITTING, "a val_loss of three times its lowest"),
    ]


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
    """All histories that diagnose was asked about, and what it said of each."""

    histories: list
    answers: list

    def follow(self, rule):
        """True when the answers are those of a rule."""
        return self.answers == [rule(history) for history in self.histories]


# Oracles: right answers, computed independently


def diagnosis(history, low="accuracy", bar=0.9, against=min, factor=1.1):
    """The rule of the exercise, or with other arguments than its own a wrong one."""
    if history[low][-1] < bar:
        return UNDERFITTING
    values = history["val_loss"]
    return OVERFITTING if values[-1] > factor * against(values) else GOOD_FIT
