"""Checks of exercise 6: learning curves and validation."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import expit

from grader.api import (
    SubmissionError,
    check,
    describe,
    expect,
    expect_accuracy,
    expect_array,
    expect_equal,
    expect_input_unchanged,
    expect_model,
    expect_untrained,
    mistake,
    observed_fits,
    symptom,
)
from grader.checks.support.curves import (
    FIGURES,
    OVERFITTING,
    UNDERFITTING,
    VERDICTS,
    Diagnoses,
    canned_history,
    clear_cases,
    diagnosis,
    told,
)
from grader.checks.support.dense_network import SIZES, Answers, probabilities, relu, unchanged
from grader.checks.support.networks import (
    cross_entropy,
    expect_compiled,
    expect_new_weights,
    expect_probabilities,
    expect_scaled_inside,
    history_not_returned,
    outputs_of,
)
from grader.checks.support.splits import Split, arrays_in, is_pair, numbered, rows_of, uneven_labels

NUM_PARAMETERS = sum((before + 1) * after for before, after in pairwise(SIZES))
TRAINING_IMAGES, VALIDATION_IMAGES, EPOCHS = 12_000, 3_000, 20


# stratified_split


@symptom("not-in-pairs", question="Which two arrays have the same number of rows, and how are they passed to fit?")
def not_in_pairs(value, x, *arguments):
    """The four arrays did not come back as the two pairs ((x, y), (x_val, y_val))."""
    return sorted(array.ndim for array in arrays_in(value)) == [1, 1, x.ndim, x.ndim]


@symptom("shuffled-apart", question="Does row 7 still match its label?")
def shuffled_apart(part, *arguments):
    """x and its labels were put into different orders, so rows now have other rows' labels."""
    return True


@symptom("overlapping-split", question="Would you trust an exam whose questions were in the homework?")
def overlapping_split(part, *arguments):
    """Some rows are in both parts: the network will be validated on digits that it has trained on."""
    return True


@symptom("drawn-with-replacement", question="Can your draw pick the same row twice?")
def drawn_with_replacement(part, *arguments):
    """Some rows appear more than once within a part: they were drawn with replacement."""
    return True


@symptom("rows-lost", question="How many rows do the two parts have together?")
def rows_lost(part, *arguments):
    """Some rows are in neither part. Two sizes that are rounded separately may not add up to the whole."""
    return True


@symptom("class-numbers-assumed", question="Which labels does your loop go through, and which labels are there?")
def class_numbers_assumed(split, *arguments):
    """Only the classes with small numbers, such as 0 to 9, were divided; the labels say which classes there are."""
    classes = np.unique(split.labels)
    divided = classes[split.counts(split.validation_rows) > 0]
    is_missing = len(divided) < len(classes)
    return is_missing and any(np.array_equal(divided, classes[classes < limit]) for limit in (10, len(classes)))


def expect_split(value, x, labels, fraction=0.2):
    """Fail unless two pairs came back that share out the rows of x, each with its label; returns them as a Split."""
    expected = "((x_train, y_train), (x_validation, y_validation))"
    is_pairs = is_pair(value) and all(is_pair(part) and len(arrays_in(part)) == 2 for part in value)
    expect(is_pairs, value, f"returned {describe(value)}", expected, [not_in_pairs])
    axes = [getattr(array, "ndim", None) for array in arrays_in(value)]
    mixed_up = axes != [x.ndim, 1] * 2 and None not in axes
    returned = f"returned two pairs of arrays with {', '.join(map(str, axes))} axes"
    expect(not mixed_up, value, returned, f"{expected}, with {x.ndim}, 1, {x.ndim} and 1", [not_in_pairs])
    found = []
    for (inputs, targets), name in zip(value, ("training", "validation"), strict=True):
        expect_array(targets, kinds="iu")
        expect_array(inputs)
        returned = f"returned {describe(inputs)} and {describe(targets)} as its {name} pair"
        wanted = f"images (m, {', '.join(map(str, x.shape[1:]))}) and their m labels"
        in_pairs = targets.ndim == 1 and inputs.shape == (len(targets), *x.shape[1:])
        expect(in_pairs, value, returned, wanted)
        expect(len(inputs) > 0, inputs, f"returned no {name} rows", "two parts with rows in both")
        rows = rows_of(inputs, x)
        known = bool((rows >= 0).all())
        expect(known, inputs, f"returned {name} rows that are not in x", "rows of x with their values unchanged")
        is_same = inputs.dtype == x.dtype
        expect(is_same, inputs, f"returned {name} rows of dtype {inputs.dtype}", f"the dtype of x, {x.dtype}")
        wrong = int((targets != labels[rows]).sum())
        returned = f"gave {wrong} of {len(rows)} {name} rows the label of another row"
        expect(not wrong, inputs, returned, "every row with its own label", [shuffled_apart])
        found.append(rows)
    split = Split(labels, fraction, *found)
    expect_shared_out(split)
    return split


def expect_shared_out(split):
    """Fail unless every row number is in exactly one of two parts, once."""
    parts, count = (split.training_rows, split.validation_rows), len(split.labels)
    training, validation = map(set, parts)
    common = len(training & validation)
    expect(not common, split, f"put {common} rows into both parts", "parts with no row in common", [overlapping_split])
    twice = sum(len(rows) for rows in parts) - len(training) - len(validation)
    expect(not twice, split, f"repeated rows within a part ({twice} in all)", "each row once", [drawn_with_replacement])
    lost = count - len(training) - len(validation)
    mistakes = [class_numbers_assumed, rows_lost]
    expect(not lost, split, f"left out {lost} of {count} rows", "every row in one of the parts", mistakes)


@check(
    points=1,
    title="every row is in exactly one part, with its own label",
    hints=(
        "Number the rows of x and follow row 7: which part does it end up in, and with which label?",
        "Draw row numbers, not rows. The same numbers then select from x and from labels, and all the other numbers "
        "make up the second part.",
        "Make a boolean mask over the rows; return (x[~mask], labels[~mask]), (x[mask], labels[mask]).",
    ),
)
def test_split_rows(submission, probe):
    cases = (
        ((40, 23, 31), (5, 3), np.float32),
        ((30,) * 10, (28, 28), np.uint8),
        ((17, 26, 9, 33), (784,), np.float64),
        ((21, 34), (4,), np.int32),
    )
    for sizes, shape, dtype in cases:
        labels = uneven_labels(probe, sizes).astype(np.uint8 if dtype == np.uint8 else np.int64)
        x = numbered(probe, len(labels), shape, dtype)
        parts = submission.stratified_split(x, labels)
        expect_split(parts, x, labels)
        expect_input_unchanged(parts)


@symptom("fraction-ignored", question="Where in your function does validation_fraction go?")
def fraction_ignored(split, *arguments):
    """The validation part is 20% of the rows, the default, whatever was asked for."""
    share = len(split.validation_rows) / len(split.labels)
    return abs(split.fraction - 0.2) > 0.05 and abs(share - 0.2) < 0.02


@symptom("parts-swapped", question="Which of the two parts should be the large one?")
def parts_swapped(split, *arguments):
    """The training part is as large as the validation part should be, and the other way around."""
    share = len(split.training_rows) / len(split.labels)
    return abs(split.fraction - 0.5) > 0.05 and abs(share - split.fraction) < 0.02


@symptom(
    "balanced-not-stratified",
    question="If class 3 has three times as many rows as class 0, how should their validation rows compare?",
)
def balanced(split, *arguments):
    """Every class got the same number of validation rows, though the classes are of different sizes."""
    counts = split.counts(split.validation_rows)
    return counts.max() - counts.min() <= 1


@symptom(
    "unstratified-split",
    question="How many rows of each class does your validation part hold, and how many should it hold?",
)
def unstratified(split, *arguments):
    """The fraction of validation rows is right overall, but not within each class."""
    return abs(len(split.validation_rows) - split.fraction * len(split.labels)) <= len(np.unique(split.labels))


@check(
    points=1,
    title="each class gives the requested fraction of its rows to validation",
    after=[test_split_rows],
    hints=(
        "Count the validation rows of each class. What fraction of the class is that?",
        "A draw from all rows gets each class only roughly right. To get it exactly right, draw within one class at a "
        "time, the same fraction of each.",
        "For each label in np.unique(labels): shuffle np.flatnonzero(labels == label), and take the first "
        "round(validation_fraction * len(rows)) of them.",
    ),
)
def test_split_shares(submission, probe):
    cases = (
        (range(4), (50, 200, 20, 120), 0.2),
        (range(3), (30, 90, 150), 0.3),
        (range(5), (64, 12, 28, 40, 16), 0.4),
        (range(10), tuple(probe.rng.integers(20, 90, 10)), 0.1),
        ((0, 5, 17, 42), (40, 75, 60, 110), 0.2),
    )
    for classes, sizes, fraction in cases:
        labels = uneven_labels(probe, sizes, classes)
        if len(sizes) == 3:
            labels = np.sort(labels)
        x = numbered(probe, len(labels), (4, 3), np.float32)
        parts = submission.stratified_split(x, labels, validation_fraction=fraction)
        split = expect_split(parts, x, labels, fraction)
        found, wanted = split.counts(split.validation_rows), fraction * np.array(sizes)
        worst = int(np.argmax(np.abs(found - wanted)))
        returned = f"put {found[worst]} of the {sizes[worst]} rows of class {classes[worst]} into the validation part"
        expected = f"about {wanted[worst]:.0f}, a fraction of {fraction:g}"
        mistakes = [class_numbers_assumed, parts_swapped, fraction_ignored, balanced, unstratified]
        expect(abs(found[worst] - wanted[worst]) < 1 + 1e-6, split, returned, expected, mistakes)


@symptom("unseeded-split", question="What is your generator seeded with, and does that happen on every call?")
def unseeded_split(value, *arguments):
    """Two calls with the same seed gave different parts, so no result could be repeated."""
    return True


@symptom("seed-ignored", question="Where in your function does the argument seed go?")
def seed_ignored(value, *arguments):
    """Two seeds gave the very same parts: the seed never reached the generator, or nothing is random."""
    return True


@check(
    points=1,
    title="the seed decides which rows are held out",
    after=[test_split_rows],
    hints=(
        "Call your function twice with seed 1 and once with seed 2. Which of the three splits should be the same?",
        "A generator that is seeded on every call draws the same rows again; one that is created only once, or without "
        "a seed, does not.",
        "rng = np.random.default_rng(seed) inside the function, and every draw from rng.",
    ),
)
def test_split_seed(submission, probe):
    labels = uneven_labels(probe, (60, 45, 80))
    x = numbered(probe, len(labels), (6,), np.float32)
    one, another = (int(number) for number in probe.rng.choice(1000, 2, replace=False))
    drawn = []
    for seed in (one, one, another):
        parts = submission.stratified_split(x, labels, seed=seed)
        drawn.append(set(expect_split(parts, x, labels).validation_rows))
    again = "drew different validation rows when it was called twice with the same seed"
    expect(drawn[0] == drawn[1], parts, again, "the same rows for the same seed", [unseeded_split])
    same = f"drew the same validation rows with seed={one} and seed={another}"
    expect(drawn[0] != drawn[2], parts, same, "different rows for a different seed", [seed_ignored])


# build_model


@symptom("compile-returns-none", question="What does model.compile return, and what does your function?")
def compile_returns_none(value):
    """model.compile changes the model and returns None; your function passed that None on."""
    return value is None


@symptom("no-flatten", question="What is the output shape of each layer, and which axis does Dense work on?")
def no_flatten(outputs):
    """The images were never flattened: Dense worked on each of their 28 rows separately."""
    return outputs.ndim == 3


@symptom("one-output-unit", question="How many numbers does it take to say how likely each of ten digits is?")
def one_output_unit(outputs):
    """The last layer has a single unit, so it cannot weigh ten digits against each other."""
    return outputs.shape[1:] == (1,)


@symptom("wrong-width", question="Count on paper: how many weights and biases does each of your layers have?")
def wrong_width(model, *arguments):
    """The widths of the dense layers are not 256, 128 and 10, in this order."""
    return [layer.settings.get("units") for layer in model.layers if layer.type == "Dense"] != list(SIZES[1:])


@symptom("no-hidden-activation", question="What do you get if you apply two linear maps one after the other?")
def no_hidden_activation(answers, *arguments):
    """A hidden layer has no activation, so it and the next layer together are one linear map."""
    pairs = (unchanged, unchanged), (relu, unchanged), (unchanged, relu)
    return any(answers.come_from(*pair) for pair in pairs)


@symptom("scaled-twice", question="What is the largest input your first Dense layer sees?")
def rescales_inside(answers, *arguments):
    """The model divides by 255 itself, but it is given images that are already scaled."""
    return Answers(answers.images / 255, answers.weights, answers.outputs).come_from(relu, relu)


@symptom(
    "another-activation",
    question="Which activation does the task ask for in the hidden layers, and which one does your code name?",
)
def another_activation(answers, *arguments):
    """The widths are right, but a hidden layer uses an activation other than ReLU."""
    choices = relu, np.tanh, expit, probabilities
    return any(answers.come_from(first, second) for first in choices for second in choices)


def weights_of(model):
    """The weights of a model; fail unless they have the shapes of 784-256-128-10."""
    weights = model.weights()
    shapes = sorted(weight.shape for weight in weights)
    wanted = sorted([*pairwise(SIZES), *((size,) for size in SIZES[1:])])
    returned = f"has {model.count_params():,} parameters"
    expected = f"{NUM_PARAMETERS:,}: 784 x 256 + 256 + 256 x 128 + 128 + 128 x 10 + 10"
    expect(shapes == wanted, model, returned, expected, [wrong_width])
    return weights


def built(submission):
    """What build_model returns; fail unless it is a model."""
    return expect_model(submission.build_model(), [compile_returns_none])


@check(
    points=1,
    title="the network 784-256-128-10 with ReLU, from images to probabilities",
    hints=(
        "Follow one image through your layers: what shape does each of them output, and which values are possible?",
        "First put all pixels on one axis, which takes no weights. Then each hidden layer applies a ReLU, and the last "
        "layer lets ten classes compete.",
        'Input((28, 28)), Flatten(), Dense(256, activation="relu"), another with 128, then Dense(10, "softmax").',
    ),
)
def test_model(submission, probe):
    model = built(submission)
    images = probe.images(12).astype(np.float32) / 255
    outputs = outputs_of(model, images, [no_flatten, one_output_unit])
    expect_probabilities(outputs)
    weights = weights_of(model)
    answers = Answers(images, weights, outputs)
    returned = "gives different outputs than its weights would with two hidden ReLU layers"
    mistakes = [no_hidden_activation, rescales_inside, another_activation]
    expect(
        answers.come_from(relu, relu), answers, returned, "the network of the exercise and nothing else in it", mistakes
    )


@symptom("not-compiled", question="Which method tells a model its loss and its optimizer, before fit?")
def not_compiled(model):
    """The layers are there, but compile was never called: the model has no loss and no optimizer."""
    return model.compiled["loss"] is None


@check(
    points=1,
    title="compiled with Adam, accuracy and a loss that fits integer labels",
    after=[test_model],
    hints=(
        "Your labels are integers and your outputs are probabilities: which loss expects exactly that?",
        "Sparse categorical cross-entropy takes integer labels; from_logits says whether it has to apply softmax.",
        'model.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]), then return model.',
    ),
)
def test_compiled(submission):
    model = built(submission)
    is_compiled = not not_compiled.shows(model)
    expect(is_compiled, model, "returned a model that is not compiled", "a compiled model", [not_compiled])
    expect_compiled(model, one_hot=False)


# fit_with_validation


@dataclass(frozen=True)
class Fit:
    """The last validation loss that was reported, beside what the judge measured on the model that came out."""

    reported: float
    on_training: float
    on_validation: float
    validation_drop: float  # by how much the training lowered the loss on the validation digits


def near(one, other):
    return abs(one - other) < 3e-4 * max(1, abs(other))


@symptom("history-not-unpacked", question="Which attribute of a History holds the numbers?")
def history_not_unpacked(value, *arguments):
    """This is the History object that fit returns; the dictionary is inside it."""
    return hasattr(value, "figures")


@symptom("no-validation", question="Which digits would show you that the network only memorizes?")
def no_validation(value, *arguments):
    """There are no validation figures: the validation pair never reached fit."""
    return "loss" in value and "val_loss" not in value


@symptom("epochs-and-batch-size-swapped", question="In which order does fit take batch_size and epochs?")
def epochs_and_batch_size_swapped(value, model, train, validation, epochs=20, batch_size=2000):
    """There are as many epochs as there should be digits in a batch: the two arguments were swapped on their way to
    fit, which takes batch_size first."""
    return len(value["loss"]) == batch_size


@symptom("stopped-early", question="Who decides how many epochs there are: your function, or its caller?")
def stopped_early(value, model, train, validation, epochs=20, batch_size=2000):
    """fit was told the right number of epochs, but something ended the training early."""
    return len(value["loss"]) < epochs and any(fit.get("epochs") == epochs for fit in observed_fits())


@symptom("validated-on-test", question="Would you trust an exam if you had read the answers beforehand?")
def validated_on_test(value, *arguments):
    """The function loaded MNIST to validate on its test digits; choices based on them spoil the final test."""
    return any(fit.get("loaded_mnist") for fit in observed_fits())


@symptom("train-and-validation-swapped", question="Which of the two pairs comes first in your call to fit?")
def train_and_validation_swapped(fit, *arguments):
    """The network was trained on the validation digits and validated on the training digits."""
    return near(fit.reported, fit.on_training) and fit.validation_drop > 0.3


@symptom("trained-on-validation", question="Which of the validation digits has your network never seen?")
def trained_on_validation(fit, *arguments):
    """The validation digits were trained on as well, so they can no longer tell learning from memorizing."""
    return True


@symptom("validated-on-train", question="Would you trust an exam if you had read the answers beforehand?")
def validated_on_train(fit, *arguments):
    """val_loss was measured on the training digits, so it looks great even if the network has only memorized them."""
    return near(fit.reported, fit.on_training)


@symptom("validation-split-again", question="Who chose the validation digits: your function, its caller, or fit?")
def validation_split_again(fit, *arguments):
    """fit split validation digits off the training digits; the validation pair was never used."""
    return any(fit.get("validation_split") for fit in observed_fits())


def expect_figures(value, epochs):
    """Fail unless a dictionary came back with four lists of one number per epoch."""
    expected = f"a dictionary with the lists {', '.join(FIGURES)}"
    is_lost = value is None or hasattr(value, "count_params")
    mistakes = [history_not_returned] if is_lost else [history_not_unpacked]
    expect(isinstance(value, dict), value, f"returned {describe(value)}", expected, mistakes)
    missing = [name for name in FIGURES if name not in value]
    returned = f"returned a dictionary without {', '.join(missing)}"
    expect(not missing, value, returned, expected, [no_validation])
    wanted = "a list of one number per epoch"
    for name in FIGURES:
        values = value[name]
        is_list = isinstance(values, (list, tuple)) or (isinstance(values, np.ndarray) and values.ndim == 1)
        expect(is_list, value, f"returned {describe(values)} as {name}", wanted)
        strange = [describe(number) for number in values if not is_finite(number)]
        expect(not strange, value, f"returned a list with {''.join(strange[:1])} in it as {name}", wanted)
    for name in FIGURES:
        found, mistakes = len(value[name]), [epochs_and_batch_size_swapped, stopped_early, epochs_not_passed_on]
        returned = f"returned {name} for {found} epochs"
        expect(found == epochs, value, returned, f"the {epochs} epochs that were asked for", mistakes)


def is_finite(number):
    return isinstance(number, (int, float, np.integer, np.floating)) and bool(np.isfinite(number))


@symptom("epochs-ignored", question="Where in your function does the argument epochs go?")
def epochs_not_passed_on(value, model, train, validation, epochs=20, batch_size=2000):
    """The number of epochs that was asked for did not reach fit."""
    return all(fit.get("epochs") != epochs for fit in observed_fits())


def noise(probe, count):
    """Images of noise with random labels, as fit_with_validation takes them: they can be memorized, not understood."""
    return probe.images(count).astype(np.float32) / 255, probe.labels(count)


def predictions(model, part):
    outputs = model.predict(part[0])
    expect_array(outputs, (len(part[0]), 10))
    return outputs


def expect_given_digits(value):
    """Fail if the latest call loaded MNIST on its own."""
    loaded = validated_on_test.shows(value)
    expect(not loaded, value, "loaded MNIST on its own", "only the given digits to be used", [validated_on_test])


def expect_measured_figures(history, train, validation, before, after):
    """Fail unless the training digits were learned, the validation digits were not, and the last validation figures are
    those of the model that came out.

    Args:
        before: the model's predictions for both parts.
        after: the same after its training.
    """
    parts = train[1], validation[1]
    losses = [[cross_entropy(*pair) for pair in zip(outputs, parts, strict=True)] for outputs in (before, after)]
    drop, validation_drop = np.subtract(*losses)
    fit = Fit(float(history["val_loss"][-1]), *losses[1], validation_drop)
    returned = f"changed the loss on the training digits by {-drop:+.2f}"
    expect(drop > 0.3, fit, returned, "a model that has learned them", [train_and_validation_swapped])
    returned = f"lowered the loss on the validation digits by {validation_drop:.2f}, though their labels are random"
    expect(validation_drop < drop / 2, fit, returned, "a model that has never seen them", [trained_on_validation])
    returned = f"returned {fit.reported:.4g} as its last val_loss"
    expected = f"{fit.on_validation:.4g}, the loss of the trained model on the validation digits"
    mistakes = [validated_on_train, validation_split_again]
    expect(near(fit.reported, fit.on_validation), fit, returned, expected, mistakes)
    hits, last = float((after[1].argmax(axis=1) == parts[1]).mean()), float(history["val_accuracy"][-1])
    expect(abs(last - hits) < 1e-3, fit, f"returned {last:.3f} as its last val_accuracy", f"{hits:.3f}", mistakes)


@check(
    points=1,
    title="fit_with_validation trains on one part and validates on the other",
    after=[test_compiled],
    trains=True,
    hints=(
        "Which digits does your call to fit train on, and which digits is val_loss measured on?",
        "fit takes the whole validation pair as validation_data, and the object that it returns holds the numbers in "
        "its attribute history.",
        "return model.fit(x, y, validation_data=validation, epochs=epochs, batch_size=batch_size).history",
    ),
)
def test_fit(submission, probe):
    model = built(submission)
    train, validation = noise(probe, 60), noise(probe, 35)
    before = [predictions(model, part) for part in (train, validation)]
    try:
        history = submission.fit_with_validation(model, train, validation, 6, 12)
    except SubmissionError as error:
        expect_given_digits(error)
        raise
    expect_given_digits(history)
    after = [predictions(model, part) for part in (train, validation)]
    expect_new_weights(history, before[0], after[0])
    expect_figures(history, epochs=6)
    expect_scaled_inside(history)
    expect_measured_figures(history, train, validation, before, after)
    expect_input_unchanged(history)


@symptom("batch-size-ignored", question="Where in your function does the argument batch_size go?")
def batch_size_ignored(value, model, train, validation, epochs=20, batch_size=2000):
    """The batch size that was asked for did not reach fit, which uses 32 by default."""
    return all(fit.get("batch_size") != batch_size for fit in observed_fits())


def last_layer_moved(before, after):
    """How far the weights of the last layer have moved: the median, and whether nearly all moved by that much, as they
    do in Adam's first update and in no later one."""
    moved = next(np.abs(new - old) for new, old in zip(after, before, strict=True) if old.shape == SIZES[-2:])
    moved = moved[moved > 0]
    length = float(np.median(moved)) if len(moved) else 0.0
    return length, bool(len(moved) and np.mean(np.abs(moved - length) < 0.05 * length) > 0.9)


@check(
    points=1,
    title="the weights are updated once for every batch_size digits",
    after=[test_fit],
    trains=True,
    hints=(
        "60 digits in one batch of 60: how many updates is that per epoch? And in batches of 12?",
        "fit splits the digits into batches and updates the weights once per batch; the size is one of its arguments.",
        "Pass batch_size=batch_size to fit, by name.",
    ),
)
def test_updates(submission, probe):
    train, validation = noise(probe, 60), noise(probe, 20)
    model = built(submission)
    before = weights_of(model)
    history = submission.fit_with_validation(model, train, validation, 1, 60)
    expect_figures(history, epochs=1)
    length, all_alike = last_layer_moved(before, weights_of(model))
    returned = "did not make exactly one update in an epoch of 60 digits with batch_size=60"
    expect(all_alike, history, returned, "one update by Adam", [batch_size_ignored])
    model = built(submission)
    before = weights_of(model)
    history = submission.fit_with_validation(model, train, validation, 2, 6)
    expect_figures(history, epochs=2)
    farthest = max(float(np.abs(new - old).max()) for new, old in zip(weights_of(model), before, strict=True))
    returned = "made fewer than 20 updates in 2 epochs of 60 digits with batch_size=6"
    expect(farthest > 4 * length, history, returned, "20 updates", [batch_size_ignored])


# best_epoch


@mistake("best-of-accuracy-not-loss", question="Which of the four curves does the task name?")
def best_of_accuracy(history):
    """This is the epoch with the highest validation accuracy, not the one with the lowest validation loss."""
    return int(np.argmax(history["val_accuracy"]))


@mistake("best-of-training", question="Which of the four curves keeps falling even when the network only memorizes?")
def best_of_training_loss(history):
    """This is the epoch that was best on the training digits, which the network has memorized by the end."""
    return int(np.argmin(history["loss"]))


@mistake("one-based-epoch", question="Does your function count epochs from 0 or from 1?")
def one_based_epoch(history):
    """This is the epoch as fit prints it, counted from 1; as an index into the lists, it points to the next epoch."""
    return int(np.argmin(history["val_loss"])) + 1


@mistake("last-epoch", question="What has happened to the validation loss since its lowest point?")
def last_epoch(history):
    """This is the last epoch, whatever the curve did before."""
    return len(history["val_loss"]) - 1


@mistake("last-epoch", question="What has happened to the validation loss since its lowest point?")
def last_epoch_from_one(history):
    """This is the number of epochs: the last one, counted from 1, whatever the curve did before."""
    return len(history["val_loss"])


@mistake("highest-loss", question="Is a large loss good news?")
def highest_loss(history):
    """This is the epoch with the highest validation loss, the worst of all."""
    return int(np.argmax(history["val_loss"]))


@mistake("first-dip", question="Can a curve that has gone up come down again?")
def first_dip(history):
    """This is the epoch before the validation loss rose for the first time; later it fell even lower."""
    rises = np.diff(history["val_loss"]) > 0
    return int(np.argmax(rises))


@mistake("loss-for-index", question="Does your function say how low the loss was, or when?")
def loss_for_index(history):
    """This is the lowest validation loss itself; its index in the list was asked for."""
    return float(min(history["val_loss"]))


@check(
    points=1,
    title="best_epoch finds the lowest validation loss",
    hints=(
        "Draw a validation loss that falls, rises and falls again. Where on your paper is the answer?",
        "The answer is the index of the smallest number in one of the four lists; Python counts from 0.",
        'np.argmin(history["val_loss"])',
    ),
)
def test_best_epoch(submission, probe):
    mistakes = [best_of_accuracy, best_of_training_loss, one_based_epoch, last_epoch, last_epoch_from_one]
    mistakes += [highest_loss, first_dip, loss_for_index]
    for _ in range(3):
        history = canned_history(probe)
        best = submission.best_epoch(history)
        expect_equal(best, int(np.argmin(history["val_loss"])), mistakes=mistakes)
    only = {name: values[:1] for name, values in canned_history(probe).items()}
    expect_equal(submission.best_epoch(only), 0, mistakes=[one_based_epoch])


# diagnose


@symptom("another-word", question="Which three strings does the task allow, and how are they spelled?")
def another_word(diagnoses, *arguments):
    """This is not one of the three strings of the task: "underfitting", "overfitting", "good fit"."""
    return any(isinstance(answer, str) and answer not in VERDICTS for answer in diagnoses.answers)


@symptom(
    "gap-for-overfitting",
    question="Did the validation loss of this network get worse, or did its training loss get better?",
)
def gap_for_overfitting(diagnoses, *arguments):
    """A gap between the training and the validation curve was called overfitting. Every trained network knows its
    training digits best; the question is whether the validation loss has risen."""
    measures = (
        lambda history: history["val_loss"][-1] / history["loss"][-1],
        lambda history: history["val_loss"][-1] - history["loss"][-1],
        lambda history: history["accuracy"][-1] - history["val_accuracy"][-1],
        lambda history: history["accuracy"][-1] / history["val_accuracy"][-1],
    )
    return any(map(diagnoses.go_by, measures))


@symptom("absolute-not-relative", question="Is a rise of 0.1 a lot for a loss of 0.05? And for a loss of 2.5?")
def absolute_not_relative(diagnoses, *arguments):
    """The validation loss, or its rise, was compared with a fixed number; the rule compares the rise with 10% of
    the lowest value, which works for small losses and large ones."""
    rises = diagnoses.go_by(lambda history: history["val_loss"][-1] - min(history["val_loss"]))
    return rises or diagnoses.go_by(lambda history: history["val_loss"][-1])


@symptom("last-two-epochs", question="Is one step up a trend?")
def last_two_epochs(diagnoses, *arguments):
    """The last loss was compared with one from shortly before; the rule compares it with the lowest of all epochs."""

    for back in range(2, 7):
        ratio, difference = diagnoses.go_by(over_earlier(back)), diagnoses.go_by(above_earlier(back))
        if ratio or difference:
            return True
    return False


def over_earlier(back):
    """The last validation loss, divided by the one that many places from the end."""
    return lambda history: history["val_loss"][-1] / history["val_loss"][-back:][0]


def above_earlier(back):
    """The last validation loss, less the one that many places from the end."""
    return lambda history: history["val_loss"][-1] - history["val_loss"][-back:][0]


@symptom("compared-with-the-first-epoch", question="When was this network at its best?")
def compared_with_first(diagnoses, *arguments):
    """The last validation loss was compared with that of the first epoch, when the network knew almost nothing."""
    return any(
        diagnoses.follow(lambda history, factor=factor: diagnosis(history, against=first_value, factor=factor))
        for factor in (1, 1.1)
    )


def first_value(values):
    return values[0]


@symptom("any-rise-is-overfitting", question="How far is the validation loss above its lowest value: 3%, or 30%?")
def any_rise(diagnoses, *arguments):
    """Every rise above the lowest validation loss was called overfitting; the rule allows a rise of 10%, which
    may be chance."""
    return diagnoses.follow(lambda history: diagnosis(history, factor=1))


@symptom(
    "epochs-since-the-best", question="How much worse has the validation loss become, no matter when it was lowest?"
)
def epochs_since_best(diagnoses, *arguments):
    """The epochs since the lowest validation loss were counted; the rule asks how far the loss has risen since."""
    by_count = diagnoses.go_by(epochs_since)
    return by_count or diagnoses.go_by(lambda history: epochs_since(history) / len(history["val_loss"]))


def epochs_since(history):
    """How many epochs have passed since the lowest validation loss."""
    return len(history["val_loss"]) - 1 - int(np.argmin(history["val_loss"]))


@symptom(
    "overfitting-by-accuracy", question="Which curve turns first when a network becomes more confident in its errors?"
)
def overfitting_by_accuracy(diagnoses, *arguments):
    """Overfitting was judged by the validation accuracy; the rule uses the validation loss."""
    falls = diagnoses.go_by(lambda history: max(history["val_accuracy"]) - history["val_accuracy"][-1])
    return falls or diagnoses.go_by(lambda history: -history["val_accuracy"][-1])


@symptom(
    "overfitting-by-training", question="Can a network memorize its training digits and still recognize new ones well?"
)
def overfitting_by_training(diagnoses, *arguments):
    """Overfitting was judged by the training figures alone; the rule uses the validation loss."""
    by_accuracy = diagnoses.go_by(lambda history: history["accuracy"][-1])
    return by_accuracy or diagnoses.go_by(lambda history: -history["loss"][-1])


@symptom("overfitting-asked-first", question="Which question does the rule ask first?")
def overfitting_asked_first(diagnoses, *arguments):
    """A network that does not know its training digits was said to overfit; the rule asks about underfitting first."""
    right = [diagnosis(history) for history in diagnoses.histories]
    risen = [diagnosis(history, bar=0) for history in diagnoses.histories]
    return diagnoses.answers == [
        first if first == OVERFITTING else then for first, then in zip(risen, right, strict=True)
    ]


@symptom(
    "underfitting-by-validation",
    question="Which digits must a network get wrong before you say that it has not even learned?",
)
def underfitting_by_validation(diagnoses, *arguments):
    """Underfitting was judged by the validation accuracy; the rule uses the accuracy on the training digits."""

    def by(choose):
        return lambda history: diagnosis(history | {"accuracy": [choose(last_accuracies(history))]})

    return any(diagnoses.follow(by(choose)) for choose in (min, max, lambda pair: pair[1]))


def last_accuracies(history):
    """The accuracies of the last epoch, on the training and on the validation digits."""
    return history["accuracy"][-1], history["val_accuracy"][-1]


@symptom("another-threshold", question="Which two numbers does the rule name, and which ones does your code use?")
def another_threshold(diagnoses, *arguments):
    """The right figures were compared, but not with the rule's thresholds: 0.9 for the training accuracy, and 10% above
    the lowest validation loss."""
    bars = [history["accuracy"][-1] for history in diagnoses.histories]
    is_always = diagnoses.follow(lambda history: diagnosis(history, factor=0))
    return is_always or any(diagnoses.go_by(relative_rise, bar) for bar in [*bars, 0.9])


def relative_rise(history):
    return history["val_loss"][-1] / min(history["val_loss"])


@symptom("per-cent-for-fraction", question="Between which two numbers does an accuracy lie in these lists?")
def per_cent_for_fraction(diagnoses, *arguments):
    """Everything is below the threshold, because the accuracies are fractions up to 1 and were compared with 90."""
    return diagnoses.follow(lambda history: UNDERFITTING)


@check(
    points=1,
    title="diagnose tells underfitting, overfitting and a good fit apart",
    hints=(
        "Which curve shows that a network does not know its training digits, and which one shows that it is getting "
        "worse on new digits?",
        "First look at the last training accuracy; then compare the last validation loss with the lowest one.",
        'history["accuracy"][-1] < 0.9 first, then history["val_loss"][-1] > 1.1 * min(history["val_loss"]).',
    ),
)
def test_diagnose(submission, probe):
    cases = clear_cases(probe)
    answers = [submission.diagnose(history) for history, _ in cases]
    diagnoses = Diagnoses([history for history, _ in cases], answers)
    mistakes = [another_word, per_cent_for_fraction, any_rise, underfitting_by_validation, overfitting_asked_first]
    mistakes += [compared_with_first, another_threshold, overfitting_by_training, gap_for_overfitting]
    mistakes += [absolute_not_relative, last_two_epochs, overfitting_by_accuracy, epochs_since_best]
    for answer, (history, right) in zip(answers, cases, strict=True):
        is_right = isinstance(answer, str) and answer == right
        expect(is_right, diagnoses, f"returned {describe(answer)}", f'"{right}": {told(history)}', mistakes)


# training


@check(
    points=1,
    title="after training, the model recognizes unseen digits",
    after=[test_updates],
    trains=True,
    hints=(
        "Is the training loss still falling in the last epoch, and how low has it gotten?",
        "12,000 digits in batches of 2,000 make 6 updates per epoch. The network needs all 20 epochs, and a learning "
        "rate that is neither too small nor too large.",
        'Adam at its default rate, 0.001: optimizer="adam".',
    ),
)
def test_accuracy(submission, digits):
    split = digits.split(num_train=TRAINING_IMAGES + VALIDATION_IMAGES, view="permuted")
    x, y = split.inputs(split.x_train), split.y_train
    model = built(submission)
    expect_untrained(model, split)
    train, validation = (x[VALIDATION_IMAGES:], y[VALIDATION_IMAGES:]), (x[:VALIDATION_IMAGES], y[:VALIDATION_IMAGES])
    history = submission.fit_with_validation(model, train, validation)
    expect_figures(history, epochs=EPOCHS)
    expect_accuracy(history, model.accuracy(split))
