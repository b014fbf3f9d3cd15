"""Checks of exercise 7: dropout, L2 and early stopping."""

import re
from typing import Any

import numpy as np

from grader.api import (
    SubmissionError,
    check,
    expect,
    expect_accuracy,
    expect_array,
    expect_close,
    expect_input_unchanged,
    expect_model,
    mistake,
    symptom,
)
from grader.checks.support.networks import expect_compiled, expect_probabilities, outputs_of

SIGMAS = 7  # how far a right share of random numbers may lie from its mean: beyond this in 1 of 10**11 cases
TRAINING_IMAGES, TRAINING_EPOCHS, BATCH_SIZE = 10_000, 3, 64

# dropout


def activations_of(probe: Any, *shape: int, dtype: str = "float64") -> np.ndarray:
    """Activations of both signs, none of them near 0, so that a 0 in the result was dropped."""
    signs = probe.rng.choice([-1.0, 1.0], shape)
    return (signs * (0.1 + np.abs(probe.normal(*shape)))).astype(dtype)


def near(share: float, expected: float, count: int) -> bool:
    """True when a share of ``count`` random entries is what it is expected to be, chance aside."""
    return abs(share - expected) < SIGMAS * np.sqrt(expected * (1 - expected) / count)


def factors(dropped: np.ndarray, activations: np.ndarray) -> np.ndarray:
    """By how much the entries that survived were multiplied."""
    survived = dropped != 0
    return dropped[survived] / activations[survived]


def all_are(values: np.ndarray, expected: float) -> bool:
    return len(values) > 0 and np.allclose(values, expected, rtol=1e-3)


@symptom("nothing-dropped", question="Does your function drop entries when training is True, or when it is False?")
def nothing_dropped(dropped, activations, rate, rng):
    """In training the activations came back as they went in: not one of them was dropped."""
    return np.allclose(dropped, activations)


@symptom("returns-the-mask", question="What happened to the activations themselves?")
def returns_the_mask(dropped, activations, rate, rng):
    """What came back is the mask: it says which entries survive, but it was not multiplied by the activations."""
    return np.any(dropped == 0) and np.ptp(dropped[dropped != 0].astype(float)) < 1e-6


@symptom("drops-the-small-ones", question="Where in your function does chance come in?")
def drops_the_small_ones(dropped, activations, rate, rng):
    """The activations themselves were compared with the rate, so the same small ones are dropped every time."""
    return any(
        np.array_equal(dropped == 0, loser)
        for limit in (rate, 1 - rate)
        for size in (activations, np.abs(activations))
        for loser in (size <= limit, size >= limit)
    )


@symptom("one-mask-for-all", question="Compare two rows of the result: were the same entries dropped in both?")
def one_mask_for_all(dropped, activations, rate, rng):
    """Too few random numbers were drawn: one mask serves many rows (or columns), so entries are dropped together."""
    fell = dropped == 0
    return 0 < fell.mean() < 1 and any(repeats(fell, axis) for axis in range(fell.ndim))


def repeats(fell: np.ndarray, axis: int) -> bool:
    """True when two slices along an axis are the same, which chance does not bring about in a hundred entries."""
    slices = np.moveaxis(fell, axis, 0).reshape(fell.shape[axis], -1)
    return slices.shape[1] >= 100 and len(np.unique(slices, axis=0)) < len(slices)


@symptom("keep-rate-confused", question="With a rate of 0.8, how many of ten activations should be left?")
def share_of_the_others(dropped, activations, rate, rng):
    """The rate was taken for the fraction that is kept; it is the fraction that is dropped."""
    return near(np.mean(dropped == 0), 1 - rate, dropped.size)


@symptom("keep-rate-confused", question="What fraction of the sum is left after dropping, and what makes up for it?")
def divided_by_the_rate(dropped, activations, rate, rng):
    """The survivors were divided by the fraction that is dropped, instead of the fraction that is kept."""
    return all_are(factors(dropped, activations), 1 / rate)


@symptom("rate-ignored", question="Where in your function does the argument rate go?")
def rate_ignored(dropped, activations, rate, rng):
    """Half of the entries are dropped, whatever the rate."""
    return near(np.mean(dropped == 0), 0.5, dropped.size)


@symptom("dropout-not-rescaled", question="What is the sum of the activations, before dropping and after?")
def not_rescaled(dropped, activations, rate, rng):
    """The survivors are as large as before, so the next layer gets less in training than at inference."""
    return all_are(factors(dropped, activations), 1)


@symptom(
    "multiplied-by-keep-rate", question="Should the survivors become larger or smaller, to make up for the others?"
)
def multiplied_by_keep_rate(dropped, activations, rate, rng):
    """The survivors were multiplied by 1 - rate, which makes them smaller still."""
    return all_are(factors(dropped, activations), 1 - rate)


@symptom("rescaled-by-actual-share", question="Is the fraction that survives a single draw a fixed number?")
def rescaled_by_actual_share(dropped, activations, rate, rng):
    """The survivors were divided by the fraction that happened to survive this time, so the same activation comes out
    different from draw to draw."""
    scale = factors(dropped, activations)
    return np.allclose(scale, 1 / np.mean(dropped != 0), rtol=1e-5) or np.allclose(
        scale, activations.sum() / activations[dropped != 0].sum(), rtol=1e-5
    )


DROPOUT_MISTAKES = [
    nothing_dropped,
    returns_the_mask,
    drops_the_small_ones,
    one_mask_for_all,
    share_of_the_others,
    divided_by_the_rate,
    not_rescaled,
    multiplied_by_keep_rate,
    rescaled_by_actual_share,
    rate_ignored,
]


def expect_dropout(dropped: Any, activations: np.ndarray, rate: float) -> None:
    """Fail unless a share of ``rate`` is 0 and everything else the activation divided by 1 - rate."""
    expect_array(dropped, activations.shape)
    share = np.mean(dropped == 0)
    right_share = near(share, rate, dropped.size) if rate else share == 0
    returned = f"dropped {share:.1%} of {dropped.size:,} entries"
    expect(right_share, dropped, returned, f"about {rate:.1%}", DROPOUT_MISTAKES)
    scale = factors(dropped, activations)
    worst = scale[np.argmax(np.abs(scale * (1 - rate) - 1))]
    returned, expected = f"multiplied a survivor by {worst:.4g}", f"{1 / (1 - rate):.4g} = 1 / (1 - {rate:.3g})"
    expect(abs(worst * (1 - rate) - 1) < 1e-4, dropped, returned, expected, DROPOUT_MISTAKES)
    expect_array(dropped, activations.shape, kinds="f")


@check(
    points=2,
    title="in training, dropout drops entries with probability rate and divides the rest by 1 - rate",
    hints=(
        "With a rate of 0.2, what should the sum of a thousand ones be after dropout, on average?",
        "Draw a random number for every entry and compare it with the rate: that gives a mask of survivors. A fraction "
        "of 1 - rate is left, so dividing by exactly that restores the expected sum.",
        "np.where(rng.random(activations.shape) < rate, 0, activations / (1 - rate))",
    ),
)
def test_dropout(submission, probe):
    for low, high, shape, dtype in ((0.15, 0.35, (200, 150), "float64"), (0.65, 0.85, (120, 250), "float32")):
        activations, rate = activations_of(probe, *shape, dtype=dtype), float(probe.rng.uniform(low, high))
        dropped = submission.dropout(activations, rate, probe.generator())
        expect_dropout(dropped, activations, rate)
        expect_input_unchanged(dropped)
    activations = activations_of(probe, 30, 70)
    expect_dropout(submission.dropout(activations, 0.0, probe.generator(), training=True), activations, 0)


@symptom("global-randomness", question="What other code may draw random numbers between two calls of your function?")
def global_randomness(dropped, *arguments):
    """The same generator, in the same state, gave two different masks: the random numbers came from elsewhere."""
    return True


@symptom("seeded-inside", question="What does a network learn if the same units are dropped in every batch?")
def seeded_inside(dropped, *arguments):
    """Two different generators gave the same mask: the random numbers are the same on every call."""
    return True


@check(
    points=1,
    title="every entry is dropped independently, with random numbers from the given generator",
    after=[test_dropout],
    hints=(
        "How many random numbers does an array of shape (3, 4, 5) need?",
        "A mask is an array of the activations' own shape. Fewer numbers would be broadcast, and whole rows or columns "
        "would be dropped together. All of them come from rng, so that an experiment can be repeated.",
        "rng.random(activations.shape), and no other source of random numbers.",
    ),
)
def test_dropout_is_independent(submission, probe):
    rate = float(probe.rng.uniform(0.3, 0.6))
    for shape in ((150, 200), (30, 15, 20), (12, 10, 9, 8), (5000,), (1, 4000)):
        activations = activations_of(probe, *shape, dtype="float32")
        dropped = submission.dropout(activations, rate, probe.generator())
        expect_dropout(dropped, activations, rate)
        independent = not one_mask_for_all.shows(dropped, activations, rate, None)
        expect(independent, dropped, "dropped entries together", "an independent draw for each", [one_mask_for_all])
    generator, activations = probe.generator(), activations_of(probe, 40, 60)
    first = submission.dropout(activations, rate, generator)
    again = submission.dropout(activations, rate, generator)
    expect_dropout(again, activations, rate)
    returned, expected = "gave a different mask than before", "the same one from a generator in the same state"
    expect(np.array_equal(first, again), again, returned, expected, [global_randomness])
    other = submission.dropout(activations, rate, probe.generator())
    expect_dropout(other, activations, rate)
    returned, expected = "gave the same mask as before", "a different one from a different generator"
    expect(not np.array_equal(first, other), other, returned, expected, [seeded_inside])


@symptom("dropout-at-inference", question="Should the same question get two different answers?")
def dropout_at_inference(result, activations, rate, rng):
    """Entries were dropped although nothing is being trained, so the network answers differently every time."""
    return np.mean(result == 0) > 0


@mistake(
    "rescaled-at-inference", question="What was dropped at inference that the other entries would have to make up for?"
)
def enlarged_at_inference(activations, rate, rng):
    """At inference nothing is dropped, yet everything was divided by 1 - rate."""
    return activations / (1 - rate)


@mistake("rescaled-at-inference", question="What did training already make up for?")
def shrunk_at_inference(activations, rate, rng):
    """Everything was multiplied by 1 - rate at inference, but training already scaled up the survivors."""
    return activations * (1 - rate)


@check(
    points=1,
    title="at inference, dropout returns the activations as they are",
    after=[test_dropout],
    hints=(
        "Should a network that is asked twice about one digit give the same answer?",
        "Training already makes up for what it drops, so inference has nothing to drop and nothing to rescale.",
        "if not training: return activations",
    ),
)
def test_dropout_at_inference(submission, probe):
    for shape in ((40, 25), (6, 5, 4, 3)):
        activations, rate = activations_of(probe, *shape, dtype="float32"), float(probe.rng.uniform(0.25, 0.7))
        result = submission.dropout(activations, rate, probe.generator(), training=False)
        mistakes = [dropout_at_inference, enlarged_at_inference, shrunk_at_inference]
        expect_close(result, activations, mistakes=mistakes)
        expect_input_unchanged(result)


# l2_penalty


@mistake("l2-without-square", question="By how much does the penalty grow when a weight doubles?")
def absolute_values(weights, strength):
    """The absolute values of the weights were summed, not their squares: that is the L1 penalty."""
    return strength * sum(np.abs(array).sum() for array in weights)


@mistake("l2-without-square", question="What do a weight of 3 and one of -3 cost together?")
def plain_sum(weights, strength):
    """The weights were summed as they are, so negative ones cancel positive ones."""
    return strength * sum(array.sum() for array in weights)


@mistake("squared-the-sum", question="What do a weight of 3 and one of -3 cost together?")
def squared_the_sum(weights, strength):
    """The weights were summed first and squared afterward, so positive and negative ones cancel out."""
    return strength * sum(array.sum() for array in weights) ** 2


@mistake("squared-the-sum", question="What do a weight of 3 and one of -3 cost together?")
def squared_the_sums(weights, strength):
    """The weights of each array were summed first and squared afterward, so positive and negative ones cancel out."""
    return strength * sum(array.sum() ** 2 for array in weights)


@mistake("norm-not-squared", question="By how much does the penalty grow when all weights double?")
def norm(weights, strength):
    """A square root was taken: this is the length (norm) of all weights as one vector; the penalty needs its square."""
    return strength * np.sqrt(sum(np.square(array).sum() for array in weights))


@mistake("norm-not-squared", question="By how much does the penalty grow when all weights double?")
def norms(weights, strength):
    """Square roots were taken: these are the lengths (norms) of the arrays, and the penalty needs their squares."""
    return strength * sum(np.sqrt(np.square(array).sum()) for array in weights)


@mistake("mean-not-sum", question="Should the same weights cost less because there are other weights, too?")
def mean_of_all(weights, strength):
    """The mean of all squares was taken, not their sum."""
    return strength * sum(np.square(array).sum() for array in weights) / sum(array.size for array in weights)


@mistake("mean-not-sum", question="Should a weight cost less because it lies in a large array?")
def mean_of_each(weights, strength):
    """The mean over each array was taken, not the sum."""
    return strength * sum(np.square(array).mean() for array in weights)


@mistake("mean-not-sum", question="Should the same weights cost less because there are more layers?")
def mean_over_arrays(weights, strength):
    """The arrays' sums were averaged, not added."""
    return strength * sum(np.square(array).sum() for array in weights) / len(weights)


@mistake("mean-not-sum", question="Should a weight cost less because it lies in a large array?")
def mean_of_means(weights, strength):
    """The arrays' means were averaged; the penalty is the sum of all squares."""
    return strength * np.mean([np.square(array).mean() for array in weights])


@mistake("factor-one-half", question="What does one weight of 2 cost, at a strength of 1?")
def halved(weights, strength):
    """The penalty is half of what it should be: the factor 1/2 of some textbooks is not used here."""
    return strength / 2 * sum(np.square(array).sum() for array in weights)


@mistake("strength-forgotten", question="What should a strength of 0 give?")
def strength_forgotten(weights, strength):
    """The squares were summed, but the sum was not multiplied by the strength."""
    return sum(np.square(array).sum() for array in weights)


@mistake(
    "strength-squared",
    question="Where in your line are the squares taken, before or after multiplying by the strength?",
)
def strength_squared(weights, strength):
    """The strength was squared along with the weights."""
    return strength**2 * sum(np.square(array).sum() for array in weights)


@mistake("only-one-array", question="How many times does your loop run, and what does it keep from each pass?")
def first_array_only(weights, strength):
    """Only the first array counts; the others are left out."""
    return strength * np.square(weights[0]).sum()


@mistake("only-one-array", question="How many times does your loop run, and what does it keep from each pass?")
def last_array_only(weights, strength):
    """Only the last array counts: each one has replaced what came before."""
    return strength * np.square(weights[-1]).sum()


@symptom("several-numbers", question="How many numbers can be added to one loss?")
def several_numbers(penalty, weights, strength):
    """There are several numbers instead of one: something still has to be summed."""
    return np.size(penalty) > 1 and np.asarray(penalty).dtype.kind in "iuf"


L2_MISTAKES = [
    first_array_only,
    last_array_only,
    absolute_values,
    plain_sum,
    squared_the_sum,
    squared_the_sums,
    norm,
    norms,
    mean_of_all,
    mean_of_each,
    mean_over_arrays,
    mean_of_means,
    halved,
    strength_forgotten,
    strength_squared,
    several_numbers,
]


@check(
    points=1,
    title="l2_penalty is strength times the sum of all squared weights",
    hints=(
        "What should the penalty for a single weight of -3 be, at a strength of 0.1?",
        "Square every weight of every array, add up all of the squares, and multiply by the strength once, at the end.",
        "strength * sum(np.sum(array ** 2) for array in weights)",
    ),
)
def test_l2_penalty(submission, probe):
    for dtype, shapes in (
        ("float32", [(3, 3, 1, 4), (20, 6), (6, 5), (5, 2)]),
        ("float64", [(7, 4), (4, 3)]),
        ("float64", [(2, 9)]),
    ):
        scales = probe.rng.uniform(0.5, 2, len(shapes))
        weights = [
            (0.2 + probe.normal(*shape, scale=scale)).astype(dtype) for shape, scale in zip(shapes, scales, strict=True)
        ]
        strength = float(probe.rng.uniform(0.05, 0.4))
        expected = strength * sum(np.square(array, dtype=np.float64).sum() for array in weights)
        penalty = submission.l2_penalty(weights, strength)
        expect_close(penalty, expected, mistakes=L2_MISTAKES)
        expect_input_unchanged(penalty)
    expect_close(submission.l2_penalty(weights, 0.0), 0.0, mistakes=[strength_forgotten])


# build_regularized_model


@symptom("compile-returns-none", question="What does model.compile return, and what does your function?")
def compile_returns_none(value):
    """model.compile changes the model and returns None; your function passed that None on."""
    return value is None


@symptom("no-flatten", question="What is the output shape of each layer, and which axis does Dense work on?")
def no_flatten(outputs):
    """The images were never flattened: Dense worked on each of their 28 rows separately."""
    return outputs.ndim == 3


@check(
    points=1,
    title="the model gives ten probabilities and is compiled for integer labels",
    hints=(
        "Start from the network of lesson 5: which of its parts must stay as they are?",
        "Ten outputs that sum to 1, a loss that takes integer labels and expects probabilities, and the metric "
        "accuracy. Return the compiled model itself.",
        'model.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]), then return model.',
    ),
)
def test_model(submission, probe):
    model = expect_model(submission.build_regularized_model(), [compile_returns_none])
    expect_probabilities(outputs_of(model, probe.images(16) / 255, [no_flatten]))
    expect_compiled(model, one_hot=False, optimizer=None)


@symptom("no-dropout", question="What keeps the network from leaning on a few of its units?")
def no_dropout(model):
    """There is no dropout layer."""
    return not any("Dropout" in layer.type for layer in model.layers)


@symptom("dropout-switched-off", question="What does your dropout layer do during fit?")
def dropout_switched_off(model):
    """There is a dropout layer, but even in training it drops nothing."""
    return all(layer.settings.get("rate") != 1 for layer in model.layers)


@symptom("dropout-at-inference", question="Should the same question get two different answers?")
def drops_at_inference(model):
    """Something is dropped even when the model only predicts, so it answers differently every time."""
    return True


@symptom("dropout-after-output", question="What does it mean to drop one of the ten answers?")
def dropout_after_output(model):
    """The dropout comes after the last layer with weights: it drops outputs instead of hidden units, and
    sometimes the right answer."""
    return True


@check(
    points=1,
    title="dropout is active in training and only in training",
    after=[test_model],
    hints=(
        "Should the model give the same answer twice during fit? And afterward?",
        "A Dropout layer knows by itself whether the model is being trained. It belongs after a hidden layer, whose "
        "activations it drops.",
        "Dense(…), Dropout(0.3), then the last Dense layer, and no training argument anywhere.",
    ),
)
def test_dropout_at_work(submission, probe):
    model = expect_model(submission.build_regularized_model())
    images = probe.images(64) / 255
    asked, asked_again = outputs_of(model, images), outputs_of(model, images)
    agrees = np.allclose(asked, asked_again, atol=1e-5)
    expect(agrees, model, "answers differently when asked twice", "the same answer", [drops_at_inference])
    trained, trained_again = (model.predict(images, training=True) for _ in range(2))
    form = "did not give ten numbers for each image in training"
    expect(trained.shape == trained_again.shape == (64, 10), model, form, "ten probabilities")
    drops = not np.array_equal(trained, trained_again)
    kinds = [layer.type for layer in model.layers]
    layers = any("Dropout" in kind for kind in kinds) or (drops and model.is_self_reported)
    order = f"has the layers {', '.join(kinds)}"
    expect(layers, model, order, "a dropout layer among them", [no_dropout])
    expect(drops, model, "gives the same answers twice in training", "answers that vary", [dropout_switched_off])
    sums = trained.sum(axis=1)
    worst = sums[np.argmax(np.abs(sums - 1))]
    returned, expected = f"gives a row that sums to {worst:.2f} in training", "probabilities in training, too"
    expect(abs(worst - 1) < 1e-3, model, returned, expected, [dropout_after_output])
    last = max((place for place, layer in enumerate(model.layers) if layer.parameters), default=0)
    in_front = model.is_self_reported or not any("Dropout" in kind for kind in kinds[last:])
    expect(in_front, model, order, "dropout before the last layer with weights", [dropout_after_output])


@symptom("rate-too-high", question="How many units of your hidden layer are active at a time?")
def rate_too_high(model):
    """So much is dropped that hardly anything is left to learn with. In Keras the rate is the fraction that is dropped,
    not the fraction that is kept."""
    return any("Dropout" in layer.type and layer.settings.get("rate", 0) >= 0.7 for layer in model.layers)


@symptom("scaled-twice", question="What is the largest input your first Dense layer sees?")
def scaled_twice(model):
    """The model divides by 255 itself, but the images that it gets are already scaled."""
    return any(layer.type == "Rescaling" for layer in model.layers)


@check(
    points=1,
    title="trained on 10,000 digits, your design recognizes unseen ones",
    after=[test_dropout_at_work],
    trains=True,
    hints=(
        "The network of lesson 5 learns more than enough in this time. What is different in yours: its width, a "
        "penalty?",
        "Regularization makes learning harder. Too high a rate or too few units leave too little to learn with, and an "
        "L2 strength of 0.01, which suits 300 digits, is too much for 10,000.",
        "A hidden layer of 128 or more ReLU units with a Dropout of 0.2 to 0.5 after it.",
    ),
)
def test_accuracy(submission, digits):
    split = digits.split(num_train=TRAINING_IMAGES, view="permuted")
    model = expect_model(submission.build_regularized_model())
    accuracy = model.accuracy_by_design(split, TRAINING_EPOCHS, BATCH_SIZE)
    expect_accuracy(model, accuracy, [scaled_twice, rate_too_high])


# early_stopping

LEAST_PATIENCE, MOST_PATIENCE = 3, 10


class Simulation:
    """A simulated training with invented figures, its best epoch ``best``, and how a callback ended it.

    Epochs are counted from 1. The validation loss rises once in epoch 2, its largest value, and in 4 and 5, and never
    again before the best epoch. All other figures have their best epochs much later.
    """

    num_epochs = 60

    def __init__(self, probe: Any) -> None:
        self.best = int(probe.rng.integers(8, 15))
        later = {"val_accuracy": 13, "loss": 16, "accuracy": 20}
        self.tops = {"val_loss": self.best} | {name: self.best + epochs for name, epochs in later.items()}
        self.figures = {}
        for name, top in self.tops.items():
            distance = np.abs(np.arange(1, self.num_epochs + 1) - top)
            steps = 0.03 * distance + probe.rng.uniform(0, 0.01, self.num_epochs) * (distance > 0)
            self.figures[name] = (0.1 + steps if "loss" in name else 0.98 - 0.4 * steps).tolist()
        figures = self.figures["val_loss"]
        figures[1] = figures[0] + 3
        figures[3], figures[4] = figures[2] + 0.05, figures[2] + 0.03
        self.ran = self.left = 0
        self.refused = ""  # the figure whose best the callback cannot tell, if it says so

    def run(self, callback: Any, num_epochs: int = num_epochs) -> None:
        """Simulate: ``ran`` epochs happen, and the model is ``left`` with the weights of one of them."""
        figures = {name: values[:num_epochs] for name, values in self.figures.items()}
        try:
            self.ran, self.left = callback.simulate_training(figures)
        except SubmissionError as error:  # Keras asks whether a large value of an unknown figure is good
            self.refused = next(iter(re.findall(r"monitor=(\w+),", error.text)), "")
            returned, mistakes = f"gave a callback that watches {self.refused}", [unknown_name, *MONITORS.values()]
            expect(self.refused in {"", "val_loss"}, self, returned, "one that watches val_loss", mistakes)
            raise

    def stopped_for(self, figure: str) -> bool:
        """True when the training ended as it should, only for the sake of another figure."""
        top = self.tops[figure]
        return (
            self.refused == figure
            or self.left == top
            or (self.left == self.ran and 0 < self.ran - top <= MOST_PATIENCE)
        )


@symptom("monitors-training-loss", question="Does the training loss rise when the network starts to overfit?")
def monitors_training_loss(simulation):
    """The callback watched the loss on the training digits, which keeps falling while the network memorizes them."""
    return simulation.stopped_for("loss")


@symptom("monitors-training-accuracy", question="Does the training accuracy fall when the network starts to overfit?")
def monitors_training_accuracy(simulation):
    """The callback watched the accuracy on the training digits, which keeps rising while the network memorizes them."""
    return simulation.stopped_for("accuracy")


@symptom(
    "monitors-validation-accuracy", question="Which curve turns first: the validation loss or the validation accuracy?"
)
def monitors_validation_accuracy(simulation):
    """The callback watched the validation accuracy, which often keeps rising long after the validation loss has turned
    upward."""
    return simulation.stopped_for("val_accuracy")


MONITORS = {  # by the name of what is watched
    "loss": monitors_training_loss,
    "accuracy": monitors_training_accuracy,
    "val_accuracy": monitors_validation_accuracy,
}


@symptom("waits-for-a-maximum", question="Is a large loss good or bad?")
def waits_for_a_maximum(simulation):
    """The callback takes the largest validation loss as the best, as if the loss were an accuracy."""
    return simulation.left == 2 < simulation.ran


@symptom("no-patience", question="Could one or two worse epochs in a row be chance?")
def no_patience(simulation):
    """The callback ended training after one or two worse epochs; the validation loss would soon have fallen further."""
    return (simulation.ran, simulation.left) in {(2, 1), (2, 2), (5, 3)}


@symptom("too-patient", question="How many epochs without improvement would you allow?")
def too_patient(simulation):
    """The callback kept the best weights, but let training go on for many epochs after the best one."""
    return simulation.left == simulation.best and simulation.ran > simulation.best + MOST_PATIENCE


@symptom("never-stops", question="What name does fit give to the loss on the validation digits?")
def never_stops(simulation):
    """Training ran to its end and the model kept its last weights: the callback did not react to anything."""
    return simulation.ran == simulation.left == simulation.num_epochs


@symptom("never-stops", question="What name does fit give to the loss on the validation digits?")
def unknown_name(simulation):
    """The callback watches a name that fit does not report, so nothing that happens could end the training."""
    return simulation.refused not in simulation.figures


@symptom("best-weights-not-restored", question="Which epoch's weights do you keep?")
def best_weights_not_restored(simulation):
    """Training ended in time, but the model kept the weights of the last epoch, several epochs past the best."""
    return simulation.left == simulation.ran


@symptom("not-a-callback", question="What does fit expect in its list of callbacks: a function, a list, an object?")
def not_a_callback(value):
    """A class or a list came back; one callback object was asked for."""
    return isinstance(value, (list, tuple)) or value.description == "an object of type type"


STOPPING_MISTAKES = [
    no_patience,
    waits_for_a_maximum,
    never_stops,
    too_patient,
    *MONITORS.values(),
]


def expect_callback(value: Any) -> None:
    returned = "None" if value is None else getattr(value, "description", f"something of type {type(value).__name__}")
    expect(hasattr(value, "simulate_training"), value, f"returned {returned}", "a Keras callback", [not_a_callback])


@check(
    points=1,
    title="the callback ends training 3 to 10 epochs after the smallest val_loss",
    hints=(
        "Which of the curves tells you that overfitting has begun?",
        "The loss on the validation digits turns upward. It wobbles, so allow a few worse epochs.",
        'EarlyStopping(monitor="val_loss", patience=5, …)',
    ),
)
def test_stops(submission, probe):
    callback = submission.early_stopping()
    expect_callback(callback)
    simulation = Simulation(probe)
    simulation.run(callback)
    late = simulation.ran - simulation.best
    returned = f"gave a callback that ran {simulation.ran} epochs when epoch {simulation.best} was the best"
    in_time = LEAST_PATIENCE <= late <= MOST_PATIENCE + 1
    earliest, latest = simulation.best + LEAST_PATIENCE, simulation.best + MOST_PATIENCE
    expect(in_time, simulation, returned, f"{earliest} to {latest} epochs", STOPPING_MISTAKES)
    callback = submission.early_stopping()
    expect_callback(callback)
    simulation.run(callback, simulation.best)
    returned = f"gave a callback that ended training after {simulation.ran} epochs while val_loss was still falling"
    expect(simulation.ran == simulation.best, simulation, returned, f"all {simulation.best} epochs")


@symptom("best-weights-not-restored", question="What if training reaches its last epoch before the patience runs out?")
def restored_only_if_stopped(simulation):
    """The best weights come back only if the callback ended training, not if the last epoch came first."""
    return simulation.left == simulation.ran


@check(
    points=1,
    title="the model is left with the weights of its best epoch",
    after=[test_stops],
    hints=(
        "When training ends five epochs after the best one, which weights does the model have?",
        "The best weights must be copied and put back when training ends. By default they are not.",
        "EarlyStopping(…, restore_best_weights=True)",
    ),
)
def test_restores(submission, probe):
    simulation = Simulation(probe)
    trainings = (simulation.num_epochs, best_weights_not_restored), (simulation.best + 2, restored_only_if_stopped)
    for num_epochs, known in trainings:
        callback = submission.early_stopping()
        expect_callback(callback)
        simulation.run(callback, num_epochs)
        returned = f"gave a callback that left the model with the weights of epoch {simulation.left}"
        expect(simulation.left == simulation.best, simulation, returned, f"those of epoch {simulation.best}", [known])
