"""Checks of exercise 3: softmax regression from scratch."""

import numpy as np
from scipy.special import softmax

from grader.api import (
    SubmissionError,
    check,
    describe,
    expect,
    expect_accuracy,
    expect_array,
    expect_close,
    expect_input_unchanged,
    mistake,
    mistakes_of_form,
    symptom,
)

NUM_CLASSES = 10
TRAINING_IMAGES, TRAINING_EPOCHS = 10_000, 5
GRADIENTS = ("the gradient of the weights", "the gradient of the bias")
PARAMETERS = ("the weights", "the bias")


@symptom("one-result-missing", question="How many arrays does your function compute, and how many does it return?")
def one_result_missing(value, *arguments):
    """Only one array came back, but two are needed."""
    return isinstance(value, np.ndarray)


def expect_two_arrays(value, names, shapes, mistakes=()):
    """Fail unless a value is a pair of finite arrays of the given shapes."""
    is_pair = isinstance(value, (tuple, list)) and len(value) == 2
    known = mistakes_of_form(value) if value is None else [one_result_missing]
    expect(is_pair, value, f"returned {describe(value)}", f"a tuple of two arrays, {' and '.join(names)}", known)
    for name, part, shape in zip(names, value, shapes, strict=True):
        is_array = isinstance(part, np.ndarray) and part.dtype.kind in "iuf" and part.shape == shape
        expected = f"an array of real numbers of shape {shape}"
        known = [*mistakes, *mistakes_of_form(part, shape, "iuf")]
        is_float = isinstance(part, np.ndarray) and part.dtype.kind == "f"
        with np.errstate(all="ignore"):
            shown = np.where(np.abs(part) < 1e-12, 0, part) if is_float else part  # 0, not -1e-17
        expect(is_array, value, f"returned {describe(shown)} as {name}", expected, known)
        is_finite = bool(np.isfinite(part).all())
        expect(is_finite, value, f"returned infinite numbers or NaN in {name}", "finite numbers", mistakes)


def expect_two_close(value, names, expected, mistakes, explained=None, why=""):
    """Fail unless a value is, up to rounding, the expected pair of arrays; mistakes are tried on ``explained``."""
    expect_two_arrays(value, names, [part.shape for part in expected], mistakes if explained is None else ())
    for name, part, wanted in zip(names, value, expected, strict=True):
        for place in np.argwhere(~np.isclose(part, wanted, rtol=1e-3, atol=1e-5))[:1].tolist():
            returned = f"returned {describe(part[tuple(place)])} at {place} of {name}"
            there = f"{describe(wanted[tuple(place)])} there{why}"
            expect(False, value if explained is None else explained, returned, there, mistakes)


def same(found, other):
    """True when two arrays are equal up to rounding, shapes included."""
    return np.shape(found) == np.shape(other) and np.allclose(found, other, rtol=1e-3, atol=1e-5)


def is_numeric(value):
    return np.asarray(value).dtype.kind in "iuf"


def raised(error):
    return f"raised {error.type}" + (f" ({error.text})" if error.text else "")


# softmax


@mistake("softmax-along-batch", question="Whose numbers should add up to 1: those of an image, or those of a class?")
def along_batch(logits):
    """The columns sum to 1 instead of the rows: the images of the batch compete for each class."""
    return softmax(logits, axis=0)


@mistake("softmax-over-everything", question="How many rows are there, and what should each of them sum to?")
def over_everything(logits):
    """The whole array sums to 1 instead of each row: all images share one total."""
    return softmax(logits)


@mistake("missing-keepdims", question="What shape do the row sums have, and which axis does NumPy match them with?")
def sum_without_keepdims(logits):
    """The row sums, an array (n,), were matched with the columns, so column c was divided by the sum of row c."""
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1)


@mistake("missing-keepdims", question="What shape do the row maxima have, and which axis does NumPy match them with?")
def shift_without_keepdims(logits):
    """The row maxima, an array (n,), were matched with the columns, so column c was shifted by the maximum of row c."""
    return softmax(logits - logits.max(axis=1), axis=1)


@mistake("missing-keepdims", question="What shape do the row sums have, and which axis does NumPy match them with?")
def plain_sum_without_keepdims(logits):
    """The row sums, an array (n,), were matched with the columns, so column c was divided by the sum of row c."""
    exponentials = np.exp(logits)
    return exponentials / exponentials.sum(axis=1)


@mistake("missing-keepdims", question="What shape do the row maxima have, and which axis does NumPy match them with?")
def nothing_with_keepdims(logits):
    """The row maxima and row sums, arrays (n,), were matched with the columns, so rows and columns got mixed up."""
    exponentials = np.exp(logits - logits.max(axis=1))
    return exponentials / exponentials.sum(axis=1)


@mistake("shift-per-class", question="Which numbers may you shift together without changing the probabilities?")
def shift_per_class(logits):
    """Each column was shifted by its own maximum. That changes the probabilities within a row."""
    return softmax(logits - logits.max(axis=0), axis=1)


@mistake("sigmoid-for-softmax", question="Do the classes compete, or can an image be three digits at once?")
def sigmoid(logits):
    """Each score was squashed on its own (a sigmoid), so nothing makes a row sum to 1."""
    return 1 / (1 + np.exp(-logits))


@mistake("no-exponential", question="What happens to a negative score?")
def no_exponential(logits):
    """The scores were divided by their sum without an exponential, so probabilities can be negative."""
    return logits / logits.sum(axis=1, keepdims=True)


@mistake("not-normalized", question="What does each row sum to?")
def not_normalized(logits):
    """The exponentials were never divided by their sum."""
    return np.exp(logits)


@mistake("not-normalized", question="What does each row sum to?")
def shifted_but_not_normalized(logits):
    """The exponentials were never divided by their sum: the largest in each row is 1."""
    return np.exp(logits - logits.max(axis=1, keepdims=True))


@check(
    points=1,
    title="softmax turns each row of scores into a row of probabilities",
    hints=(
        "What should each row of your result sum to?",
        "Every score goes through the exponential, and then each row is divided by its own sum. The sums must form a "
        "column, with one number per row.",
        "Sum the exponentials with axis=1, keepdims=True and divide by that.",
    ),
)
def test_softmax(submission, probe):
    mistakes = [
        along_batch,
        over_everything,
        sum_without_keepdims,
        shift_without_keepdims,
        plain_sum_without_keepdims,
        nothing_with_keepdims,
        shift_per_class,
        sigmoid,
        no_exponential,
        not_normalized,
        shifted_but_not_normalized,
    ]
    for shape, dtype in (((5, 5), "float64"), ((7, 4), "float32"), ((2, 9), "float64"), ((1, 6), "float64")):
        logits = (2 * probe.normal(*shape)).astype(dtype)
        probabilities = submission.softmax(logits)
        expect_close(probabilities, softmax(logits.astype(float), axis=1), mistakes=mistakes)
        expect_input_unchanged(probabilities)


@symptom("softmax-overflow", question="What is exp(1000)?")
def softmax_overflow(probabilities, logits):
    """exp of a score near 1000 is too large for any float: it becomes infinity, and infinity / infinity is NaN."""
    return not np.isfinite(probabilities[logits.max(axis=1) > 700]).all()


@symptom("softmax-overflow", question="What is exp(1000)?")
def exponential_raised(nothing, logits):
    """exp of a score near 1000 is too large for any float, so math.exp raises an OverflowError."""
    return True


@symptom("global-maximum-shift", question="Should one row affect another?")
def global_maximum_shift(probabilities, logits):
    """One maximum was subtracted from the whole batch. In rows with far smaller scores, every exponential becomes 0."""
    high, low = logits.max(axis=1) > 700, logits.max(axis=1) < -700
    right_above = np.allclose(probabilities[high], softmax(logits[high], axis=1))
    return right_above and not np.nan_to_num(probabilities[low]).any()


@symptom("global-maximum-shift", question="Should one row affect another?")
def divided_by_nothing(nothing, logits):
    """One maximum was subtracted from the whole batch. In rows with far smaller scores, every exponential becomes 0,
    and so does the sum that it is divided by."""
    return True


@symptom("logits-clipped", question="Which of 1000 and 1002 wins, and what does your function say?")
def logits_clipped(probabilities, logits):
    """Large scores were clipped to one limit, so different scores get the same probability."""
    high = logits.max(axis=1) > 700
    return np.ptp(probabilities[high], axis=1).max() < 1e-6


@check(
    points=1,
    title="softmax stays finite and right for scores of any size",
    after=[test_softmax],
    hints=(
        "What does np.exp(1000.0) give, and what is infinity divided by infinity?",
        "Probabilities do not change when the same number is subtracted from all scores of a row; choose it so that no "
        "exponential can be larger than 1.",
        "Subtract each row's own maximum, logits.max(axis=1, keepdims=True), before np.exp.",
    ),
)
def test_softmax_is_stable(submission, probe):
    steps = probe.rng.permuted(np.tile([0.0, 1.0, 2.0, 4.0], (3, 1)), axis=1)
    logits = steps + np.array([[1000.0], [-1000.0], [0.0]])
    try:
        probabilities = submission.softmax(logits)
    except SubmissionError as error:
        known = {"OverflowError": [exponential_raised], "ZeroDivisionError": [divided_by_nothing]}
        if error.type not in known:
            raise
        expect(False, None, raised(error), "finite probabilities", known[error.type])
    mistakes = [softmax_overflow, global_maximum_shift, logits_clipped]
    expect_close(probabilities, softmax(logits, axis=1), mistakes=mistakes)
    wide = probe.rng.permuted([[-1000.0, 0.0, 300.0, 1000.0, 998.0]], axis=1)
    expect_close(submission.softmax(wide), softmax(wide, axis=1), mistakes=[softmax_overflow])


# cross_entropy


def of_labels(probabilities, labels):
    return probabilities[np.arange(len(labels)), labels]


@mistake("sum-not-mean", question="If the batch held every image twice, should the loss change?")
def summed_costs(probabilities, labels):
    """The costs of the images were added up, so a batch twice as large costs twice as much."""
    return -np.log(of_labels(probabilities, labels)).sum()


@mistake("mean-over-all-entries", question="What did you divide by: the number of images, or images times classes?")
def mean_over_all_entries(probabilities, labels):
    """The mean was taken over classes too, zeros included, so the loss was also divided by the number of classes."""
    return -np.log(of_labels(probabilities, labels)).sum() / probabilities.size


@symptom("not-averaged", question="How many numbers should the loss of a batch be?")
def not_averaged(costs, probabilities, labels):
    """One cost per image came back; the mean of these costs is still missing."""
    return is_numeric(costs) and np.shape(costs) in {(len(labels),), (len(labels), 1)}


@mistake("minus-missing", question="What is the sign of the logarithm of a number below 1?")
def minus_missing(probabilities, labels):
    """The minus sign is missing: the better the prediction, the larger this number, and it is never above 0."""
    return np.log(of_labels(probabilities, labels)).mean()


ALL_CLASSES_CROSS_ENTROPY = "all-classes-cross-entropy", "Which probability does the label select?"


@mistake(*ALL_CLASSES_CROSS_ENTROPY)
def all_classes_summed(probabilities, labels):
    """The wrong classes added costs too, from the logarithm of 1 - p: this is binary cross-entropy, class by class."""
    truth = np.eye(probabilities.shape[1])[labels]
    costs = -truth * np.log(probabilities) - (1 - truth) * np.log(1 - probabilities)
    return costs.sum(axis=1).mean()


@mistake(*ALL_CLASSES_CROSS_ENTROPY)
def all_classes_averaged(probabilities, labels):
    """The wrong classes added costs too, from the logarithm of 1 - p: this is binary cross-entropy, averaged."""
    return all_classes_summed.reenact(probabilities, labels) / probabilities.shape[1]


@mistake(*ALL_CLASSES_CROSS_ENTROPY)
def labels_unused(probabilities, labels):
    """The loss uses the logarithms of all probabilities, whatever the label says."""
    return -np.log(probabilities).sum(axis=1).mean()


@mistake(*ALL_CLASSES_CROSS_ENTROPY)
def labels_unused_averaged(probabilities, labels):
    """The loss uses the logarithms of all probabilities, whatever the label says."""
    return -np.log(probabilities).mean()


@mistake("picks-all-pairs", question="What is the shape of probabilities[:, labels]?")
def picks_all_pairs(probabilities, labels):
    """Every row was indexed with the labels of all images, not only with its own."""
    return -np.log(probabilities[:, labels]).mean()


@mistake("picks-all-pairs", question="What is the shape of probabilities[:, labels]?")
def picks_and_sums_all_pairs(probabilities, labels):
    """Every row was indexed with the labels of all images, not only with its own."""
    return -np.log(probabilities[:, labels]).sum() / len(labels)


@mistake("largest-not-labels", question="What should a confident but wrong answer cost?")
def largest_not_labels(probabilities, labels):
    """The cost comes from each row's largest probability, not from the label's, so being wrong costs nothing extra."""
    return -np.log(probabilities.max(axis=1)).mean()


@mistake("no-logarithm", question="What should a probability of 0.01 cost, compared with 0.1?")
def one_minus(probabilities, labels):
    """The cost is 1 - p: without the logarithm, no answer can ever cost more than 1."""
    return 1 - of_labels(probabilities, labels).mean()


@mistake("no-logarithm", question="What should a probability of 0.01 cost, compared with 0.1?")
def minus_probability(probabilities, labels):
    """The logarithm is missing: this is minus the mean probability of the label."""
    return -of_labels(probabilities, labels).mean()


@mistake("wrong-logarithm", question="For which number is your logarithm 1: e, 2 or 10?")
def base_two(probabilities, labels):
    """The logarithm has base 2; use the natural logarithm."""
    return -np.log2(of_labels(probabilities, labels)).mean()


@mistake("wrong-logarithm", question="For which number is your logarithm 1: e, 2 or 10?")
def base_ten(probabilities, labels):
    """The logarithm has base 10; use the natural logarithm."""
    return -np.log10(of_labels(probabilities, labels)).mean()


@mistake("softmax-twice", question="What do the rows sum to before your function touches them?")
def softmax_twice(probabilities, labels):
    """A softmax was applied to numbers that are already probabilities, which makes them nearly equal."""
    return -np.log(of_labels(softmax(probabilities, axis=1), labels)).mean()


@mistake("log-before-mean", question="Is the logarithm of a mean the mean of the logarithms?")
def log_of_the_mean(probabilities, labels):
    """The mean was taken before the logarithm, so one very wrong image hides among the others."""
    return -np.log(of_labels(probabilities, labels).mean())


LAST_IMAGE_ONLY = "last-image-only", "What is your total after the first image, and what is it after the second?"


@mistake(*LAST_IMAGE_ONLY)
def last_cost_divided(probabilities, labels):
    """Only the last image counts: its cost overwrote the others and was then divided by the number of images."""
    return -np.log(of_labels(probabilities, labels)[-1]) / len(labels)


@mistake(*LAST_IMAGE_ONLY)
def last_cost(probabilities, labels):
    """Only the last image counts: this is its cost, not the mean over all images."""
    return -np.log(of_labels(probabilities, labels)[-1])


@check(
    points=1,
    title="cross_entropy is the mean of minus the log of the label's probability",
    hints=(
        "Work through a batch of two images by hand: which of their probabilities matter, and what do they cost?",
        "From row i, take the entry in column labels[i]. Minus its logarithm is the cost of image i; the loss is the "
        "mean over the images.",
        "Index with two arrays: a range over the rows, and the labels. Then take -np.log(…) and .mean().",
    ),
)
def test_cross_entropy(submission, probe):
    mistakes = [
        not_averaged,
        summed_costs,
        mean_over_all_entries,
        minus_missing,
        all_classes_summed,
        all_classes_averaged,
        labels_unused,
        labels_unused_averaged,
        picks_all_pairs,
        picks_and_sums_all_pairs,
        largest_not_labels,
        one_minus,
        minus_probability,
        base_two,
        base_ten,
        softmax_twice,
        log_of_the_mean,
        last_cost_divided,
        last_cost,
    ]
    for count, classes, dtype, label_dtype in (
        (7, 4, "float64", "int64"),
        (12, 10, "float32", "uint8"),
        (1, 3, "float64", "int32"),
    ):
        probabilities = softmax(probe.normal(count, classes), axis=1).astype(dtype)
        labels = probe.labels(count, classes).astype(label_dtype)
        loss = submission.cross_entropy(probabilities, labels)
        right = -np.log(of_labels(probabilities.astype(float), labels)).mean()
        expect_close(loss, right, rtol=1e-3, atol=1e-4, mistakes=mistakes)
        expect_input_unchanged(loss)


@symptom("log-of-zero", question="What is the logarithm of 0?")
def log_of_zero(loss, probabilities, labels):
    """The logarithm of probability 0 is minus infinity, and one such entry spoils the whole mean."""
    return not np.isfinite(loss)


@symptom("log-of-zero", question="What is the logarithm of 0?")
def logarithm_raised(nothing, probabilities, labels):
    """The logarithm of probability 0 does not exist, so math.log raises a ValueError."""
    return True


@symptom("wrong-and-free", question="Is a confident wrong answer better than a cautious one?")
def wrong_and_free(loss, probabilities, labels):
    """An image whose label got probability 0 costs next to nothing, although no answer could be worse."""
    others = of_labels(probabilities, labels)
    others = others[others > 0]
    free = -np.log(others)
    return any(np.isclose(loss, mean, rtol=1e-3, atol=1e-4) for mean in (free.mean(), free.sum() / len(labels)))


@symptom("floor-too-high", question="What does a probability of 0 cost in your function, and what does 0.0001 cost?")
def floor_too_high(loss, probabilities, labels):
    """Probability 0 costs less than 0.0001 should: your floor is so high that it hides how wrong an answer was."""
    others = of_labels(probabilities, labels)
    others = others[others > 0]
    charged = float(loss) * len(labels) + np.log(others).sum()
    return 0.5 < charged < -np.log(1e-4)


@check(
    points=1,
    title="cross_entropy is finite even where the label's probability is 0",
    after=[test_cross_entropy],
    hints=(
        "What does np.log(0.0) give, and what happens to a mean that contains it?",
        "Put a floor under the probability before taking the logarithm: a number too tiny to affect any other image.",
        "Inside the logarithm, wrap the probability in np.maximum(…, 1e-7) or np.clip.",
    ),
)
def test_cross_entropy_is_finite(submission, probe):
    count, classes, least = 6, 5, 1e-4
    labels = probe.labels(count, classes)
    perfect = np.eye(classes)[labels]  # zeros where the labels do not look
    wrong = softmax(probe.normal(count, classes), axis=1)
    wrong[2] = np.eye(classes)[(labels[2] + 1) % classes]  # sure, and wrong
    costs = -np.log(np.maximum(of_labels(wrong, labels), least))
    try:
        free = submission.cross_entropy(perfect, labels)
        expect_close(free, 0.0, atol=1e-4, mistakes=[log_of_zero])
        loss = submission.cross_entropy(wrong, labels)
    except SubmissionError as error:
        if error.type != "ValueError" or "math" not in error.text:
            raise
        expect(False, None, raised(error), "a finite loss", [logarithm_raised])
    expect_array(loss, (), mistakes=[log_of_zero])
    enough = float(loss) > costs.mean() - 1e-3
    expected = f"at least {costs.mean():.4g}, the loss with 0.0001 instead of 0"
    expect(enough, loss, f"returned {describe(loss)}", expected, [wrong_and_free, floor_too_high])
    expect_input_unchanged(loss)


# gradients


# Oracle, with from_errors
def errors_of(x, labels, weights, bias):
    """Probability minus truth, one row per image."""
    return softmax(x @ weights + bias, axis=1) - np.eye(len(bias))[labels]


def from_errors(x, errors):
    """The gradients of a mean to which errors (n, k) lead."""
    return x.T @ errors / len(x), errors.sum(axis=0) / len(x)


def explains(found, of_weights, of_bias, *arguments):
    """True when each gradient that came back is either right or what a mistake makes of it, and not both are right."""
    right = from_errors(arguments[0], errors_of(*arguments))
    is_right = [same(part, wanted) for part, wanted in zip(found, right, strict=True)]
    is_wrong = [same(part, wrong) for part, wrong in zip(found, (of_weights, of_bias), strict=True)]
    return not all(is_right) and all(np.logical_or(is_right, is_wrong))


def shape_of_bias(found, shape_of_weights):
    """The shape of the second array that came back, where the first is as it should be and both hold numbers."""
    well_formed = np.shape(found[0]) == shape_of_weights and is_numeric(found[0]) and is_numeric(found[1])
    return np.shape(found[1]) if well_formed else None


@symptom("swapped-results", question="Which of the two comes first?")
def swapped_gradients(found, x, labels, weights, bias):
    """The bias came first and the weights second; the exercise asks for the opposite order."""
    return [np.shape(part) for part in found] == [bias.shape, weights.shape]


@symptom(
    "gradient-sign",
    question="Increase one weight a little and watch the loss: does it rise when your gradient says it should?",
)
def gradient_sign(found, x, labels, weights, bias):
    """The sign is reversed: truth minus prediction instead of prediction minus truth, so each step leads uphill."""
    of_weights, of_bias = from_errors(x, errors_of(x, labels, weights, bias))
    return explains(found, -of_weights, -of_bias, x, labels, weights, bias)


@symptom("sum-not-mean", question="If the batch held every image twice, should the gradient change?")
def summed_gradients(found, x, labels, weights, bias):
    """The gradients of the images were added up, but not divided by the number of images."""
    of_weights, of_bias = from_errors(x, len(x) * errors_of(x, labels, weights, bias))
    return explains(found, of_weights, of_bias, x, labels, weights, bias)


@symptom("divided-twice", question="How many times does a mean over n images divide by n, and how many times did you?")
def divided_by_images_twice(found, x, labels, weights, bias):
    """A gradient was divided by the number of images twice."""
    of_weights, of_bias = from_errors(x, errors_of(x, labels, weights, bias) / len(x))
    return explains(found, of_weights, of_bias, x, labels, weights, bias)


@symptom("mean-over-wrong-axis", question="How many images are there, and what did you divide by?")
def divided_by_another_number(found, x, labels, weights, bias):
    """The sum over the images was divided by the number of classes, inputs or entries, not by the number of images."""
    of_weights, of_bias = from_errors(x, len(x) * errors_of(x, labels, weights, bias))
    divisors = {len(bias), weights.shape[0], len(x) * len(bias), x.size, weights.size}
    arguments = (x, labels, weights, bias)
    return any(explains(found, of_weights / number, of_bias / number, *arguments) for number in divisors)


@symptom("mean-over-wrong-axis", question="Which axis counts the images, and which one should remain?")
def bias_summed_over_classes(found, x, labels, weights, bias):
    """The bias gradient was summed over the classes, so it holds one number per image, each 0 up to rounding."""
    is_sum = shape_of_bias(found, weights.shape) in {(len(x),), (len(x), 1)}
    return is_sum and np.allclose(found[1], 0, atol=1e-6)


@symptom("mean-over-wrong-axis", question="How many biases are there, and how many gradients do they need?")
def bias_summed_over_everything(found, x, labels, weights, bias):
    """The bias gradient was summed over both images and classes, and a single number is left."""
    return shape_of_bias(found, weights.shape) in {(), (1,), (1, 1)}


@symptom("bias-gradient-not-summed", question="How many images does one bias affect?")
def bias_gradient_not_summed(found, x, labels, weights, bias):
    """There is a bias gradient for each image; one bias serves all images, so these have to be summed."""
    return shape_of_bias(found, weights.shape) == (len(x), len(bias))


@symptom("bias-keeps-an-axis", question="What is the shape of the bias that your function was given?")
def bias_keeps_an_axis(found, x, labels, weights, bias):
    """The bias gradient has kept an axis of length 1, which the bias does not have."""
    return shape_of_bias(found, weights.shape) in {(1, len(bias)), (len(bias), 1)}


@symptom(
    "missing-transpose", question="Which shape must the gradient of the weights have, and which axis do you sum over?"
)
def missing_transpose(found, x, labels, weights, bias):
    """x was multiplied without being transposed; the shapes fit only because there are as many images as inputs."""
    errors = errors_of(x, labels, weights, bias)
    return explains(found, x @ errors / len(x), errors.mean(axis=0), x, labels, weights, bias)


@symptom("missing-transpose", question="Which shape must the gradient of the weights have?")
def transposed_result(found, x, labels, weights, bias):
    """The gradient of the weights is transposed: rows are classes and columns are inputs."""
    of_weights, of_bias = from_errors(x, errors_of(x, labels, weights, bias))
    return explains(found, of_weights.T, of_bias, x, labels, weights, bias)


@symptom("label-as-number", question="Is a 4 more than a 2, or just a different class?")
def label_as_number(found, x, labels, weights, bias):
    """The label itself was subtracted from every probability, as if it were an amount; subtract its one-hot row."""
    errors = softmax(x @ weights + bias, axis=1) - labels[:, np.newaxis]
    return explains(found, *from_errors(x, errors), x, labels, weights, bias)


@symptom("picks-all-pairs", question="What is the shape of errors[:, labels]?")
def subtracted_from_all_rows(found, x, labels, weights, bias):
    """The 1 was subtracted in every row for the labels of all images, not only for the row's own label."""
    errors = softmax(x @ weights + bias, axis=1)
    errors[:, labels] -= 1
    return explains(found, *from_errors(x, errors), x, labels, weights, bias)


@symptom("truth-forgotten", question="Where do the labels come in?")
def truth_forgotten(found, x, labels, weights, bias):
    """The labels are not used at all: these are the probabilities themselves, not how far off they are."""
    errors = softmax(x @ weights + bias, axis=1)
    return explains(found, *from_errors(x, errors), x, labels, weights, bias)


@symptom("softmax-forgotten", question="What has to happen to the scores before they are compared with the truth?")
def softmax_forgotten(found, x, labels, weights, bias):
    """The truth was subtracted from the logits; they have to become probabilities first."""
    errors = x @ weights + bias - np.eye(len(bias))[labels]
    return explains(found, *from_errors(x, errors), x, labels, weights, bias)


@symptom("bias-forgotten", question="What are the logits of an image that is all zeros?")
def bias_forgotten(found, x, labels, weights, bias):
    """The bias was left out of the logits, so these are the gradients of a different model."""
    return explains(found, *from_errors(x, errors_of(x, labels, weights, 0 * bias)), x, labels, weights, bias)


@symptom(
    "squared-error-gradient", question="What is left when the logarithm's 1 / p is multiplied by the slope of softmax?"
)
def squared_error_gradient(found, x, labels, weights, bias):
    """The errors were multiplied by p (1 - p) as well. That factor belongs to other losses; here it cancels."""
    probabilities = softmax(x @ weights + bias, axis=1)
    errors = errors_of(x, labels, weights, bias) * probabilities * (1 - probabilities)
    return explains(found, *from_errors(x, errors), x, labels, weights, bias)


@check(
    points=2,
    title="gradients returns the gradients of the mean cross-entropy",
    after=[test_softmax],
    hints=(
        "If one weight grows by 0.001, how does the loss change, and what does your gradient say about it?",
        "With respect to the logits, the gradient of one image is p - y, where y is the one-hot row of its label. For "
        "a weight, multiply that by the weight's input; for a bias, leave it as it is. Then take the mean over the "
        "batch.",
        "With errors = (p - y) / n: x.T @ errors for the weights, errors.sum(axis=0) for the bias.",
    ),
)
def test_gradients(submission, probe):
    mistakes = [
        swapped_gradients,
        bias_gradient_not_summed,
        bias_keeps_an_axis,
        bias_summed_over_classes,
        bias_summed_over_everything,
        gradient_sign,
        summed_gradients,
        divided_by_images_twice,
        missing_transpose,
        transposed_result,
        label_as_number,
        subtracted_from_all_rows,
        truth_forgotten,
        softmax_forgotten,
        bias_forgotten,
        squared_error_gradient,
        divided_by_another_number,
    ]

    def judge(count, inputs, classes, dtype, label_dtype):
        x = probe.rng.random((count, inputs)).astype(dtype)
        labels = probe.labels(count, classes).astype(label_dtype)
        weights, bias = probe.normal(inputs, classes).astype(dtype), probe.normal(classes).astype(dtype)
        found = submission.gradients(x, labels, weights, bias)
        right = from_errors(x, errors_of(x.astype(float), labels, weights, bias))
        expect_two_close(found, GRADIENTS, right, mistakes)
        expect_input_unchanged(found)

    square = 6, 6, 4, "float64", "int64"  # as many images as inputs: a missing transpose goes through
    try:
        judge(7, 5, 3, "float64", "int64")
    except SubmissionError as error:
        if error.type == "ValueError":
            judge(*square)
        raise
    judge(*square)
    judge(9, 5, 3, "float32", "uint8")
    judge(4, 7, 10, "float64", "int32")
    judge(1, 8, 5, "float64", "int64")


# train


class Training:
    """A call of train: what it was given, what it began with and what it returned, each as (weights, bias)."""

    def __init__(self, x, labels, batch_size, learning_rate, start, end, moves_without_epochs=False):
        self.x, self.labels = x, labels
        self.moves_without_epochs = moves_without_epochs
        self.batch_size, self.learning_rate = batch_size, learning_rate
        self.start, self.end = start, end

    def after(self, steps=1, rate=None, x=None):
        """Weights and bias after some steps on the whole of the data; ``x`` replaces the images."""
        (weights, bias), x = self.start, self.x if x is None else x
        rate = self.learning_rate if rate is None else rate
        for _ in range(steps):
            of_weights, of_bias = from_errors(x, errors_of(x, self.labels, weights, bias))
            weights, bias = weights - rate * of_weights, bias - rate * of_bias
        return weights, bias

    def ended_at(self, weights, bias):
        return same(self.end[0], weights) and same(self.end[1], bias)

    def explains(self, weights, bias):
        """True when the weights, the bias or both ended there instead of one right step from the start."""
        is_right = [same(part, wanted) for part, wanted in zip(self.end, self.after(), strict=True)]
        is_wrong = [same(part, wrong) for part, wrong in zip(self.end, (weights, bias), strict=True)]
        return not all(is_right) and all(np.logical_or(is_right, is_wrong))

    def moves(self):
        """How the weights of each image's own input moved, one row per image (see `signed_images`)."""
        return (self.end[0] - self.start[0])[: len(self.x)]

    def uses(self):
        """How often each image was used, as far as its own weights tell: 1 is one step of its batch."""
        errors = errors_of(self.x, self.labels, *self.start) * np.diag(self.x)[:, np.newaxis]
        one_step = -self.learning_rate / self.batch_size * errors
        return (self.moves() * one_step).sum(axis=1) / (one_step**2).sum(axis=1)

    def batch_by_batch(self):
        """Weights and bias after one epoch. The batches are found along the way: the next batch holds the images whose
        own weights have moved as far as their errors ask for now."""
        (weights, bias), left = self.start, np.arange(len(self.x))
        while len(left):
            errors = errors_of(self.x, self.labels, weights, bias) * np.diag(self.x)[:, np.newaxis]
            missed = np.abs(self.moves() + self.learning_rate / self.batch_size * errors).max(axis=1)
            batch = left[np.argsort(missed[left])[: self.batch_size]]
            x, labels = self.x[batch], self.labels[batch]
            of_weights, of_bias = from_errors(x, errors_of(x, labels, weights, bias))
            weights, bias = weights - self.learning_rate * of_weights, bias - self.learning_rate * of_bias
            left = np.setdiff1d(left, batch)
        return weights, bias


def signed_images(probe, count, shared):
    """Images (count, count + shared) of which each has one input that is 0 in all others: its signature, by which the
    weights tell later who was used, how often and with which label."""
    x = np.zeros((count, count + shared))
    x[np.arange(count), np.arange(count)] = probe.rng.uniform(0.6, 1, count)
    x[:, count:] = probe.rng.random((count, shared))
    return x


@symptom("swapped-results", question="Which of the two comes first?")
def swapped_parameters(found, x, labels):
    """The bias came first and the weights second; the exercise asks for the opposite order."""
    return [np.shape(part) for part in found] == [(NUM_CLASSES,), (x.shape[1], NUM_CLASSES)]


@symptom(
    "bias-keeps-an-axis", question="How many numbers does a bias for ten classes hold, and how many axes do they need?"
)
def bias_parameter_keeps_an_axis(found, x, labels):
    """The bias has one axis too many."""
    return shape_of_bias(found, (x.shape[1], NUM_CLASSES)) in {(1, NUM_CLASSES), (NUM_CLASSES, 1)}


@symptom("number-of-inputs-fixed", question="How does your function find out how many inputs an image has?")
def number_of_inputs_fixed(found, x, labels):
    """The weights have 784 rows, but the images in this call have a different number of inputs."""
    return np.shape(found[0]) == (784, NUM_CLASSES) and x.shape[1] != 784


FORM_MISTAKES = [swapped_parameters, bias_parameter_keeps_an_axis, number_of_inputs_fixed]


@symptom("seed-ignored", question="Which of your random numbers come from the seed?")
def seed_ignored(found, x, labels):
    """Two calls with the same seed returned different numbers."""
    return True


@symptom("images-left-out", question="Which rows are in the second batch, and which are in the last?")
def images_left_out(training, x, labels):
    """Some images were never used: batches were skipped, repeated, or drawn independently for every step."""
    return True


@symptom(
    "epochs-ignored", question="How often should your loop over the epochs run when epochs is 0, and when it is 3?"
)
def arguments_ignored(training, x, labels):
    """The result is the same with epochs=0 and with epochs=1, although training does change the weights: your code
    ignores epochs, batch_size and learning_rate."""
    return training.moves_without_epochs and training.ended_at(*training.start)


@symptom("weights-never-updated", question="Which line changes the weights that your function returns?")
def weights_never_updated(training, x, labels):
    """After an epoch, weights and bias are still what they were at the start."""
    return training.ended_at(*training.start)


@symptom("weights-never-updated", question="How many arrays does one step have to move?")
def only_the_bias_moved(training, x, labels):
    """The bias moved as it should, but the weights stayed where they were."""
    return training.ended_at(training.start[0], training.after()[1])


@symptom("bias-never-updated", question="How many arrays does one step have to move?")
def bias_never_updated(training, x, labels):
    """The weights moved as they should, but the bias stayed where it was."""
    return training.ended_at(training.after()[0], training.start[1])


@symptom("gradient-sign", question="The gradient points uphill: which way do you want to go?")
def walked_uphill(training, x, labels):
    """The step went the wrong way: the gradient was added instead of subtracted."""
    return training.explains(*training.after(rate=-training.learning_rate))


@symptom("sum-not-mean", question="Should a batch twice as large make a step twice as long?")
def summed_step(training, x, labels):
    """The step is too long by a factor of n, the number of images: the gradients were added up, not averaged."""
    return training.explains(*training.after(rate=training.learning_rate * len(training.x)))


@symptom("learning-rate-divided-twice", question="The gradient is already a mean: what else did you divide by?")
def divided_twice(training, x, labels):
    """The step is too short by a factor of n, the number of images: the mean was divided by the batch size again."""
    return training.explains(*training.after(rate=training.learning_rate / len(training.x)))


@symptom("learning-rate-ignored", question="Where does your function use the argument learning_rate?")
def learning_rate_ignored(training, x, labels):
    """The step has a fixed length, whatever the learning rate is."""
    return any(training.ended_at(*training.after(rate=rate)) for rate in (1, 0.5, 0.1, 0.05, 0.01, 0.001))


@symptom("scaled-twice", question="What is the largest value in x when your function gets it?")
def scaled_twice(training, x, labels):
    """The inputs were divided by 255 again, although they were already between 0 and 1."""
    weights, bias = training.after(x=training.x / 255)
    return training.ended_at(weights, bias)


@symptom("shuffled-apart", question="Does row 7 still match its label?")
def shuffled_apart(training, x, labels):
    """Images and labels were shuffled in different orders, so images were paired with the labels of other images."""
    taught = training.moves().argmax(axis=1)  # only the class of its label gains
    same_labels = np.array_equal(np.sort(taught), np.sort(training.labels))
    return same_labels and not np.array_equal(taught, training.labels)


@symptom("batch-size-ignored", question="After how many images should the weights move for the first time?")
def batch_size_ignored(training, x, labels):
    """The batches did not have the size batch_size: every image moved the weights, but by the wrong amount."""
    uses = training.uses()
    return uses.min() > 0 and np.ptp(uses) < 0.2 * uses.mean()


@symptom("batch-size-ignored", question="Which images do the gradients of one step come from?")
def all_images_in_every_step(training, x, labels):
    """Every step used all images instead of its own batch."""
    return training.ended_at(*training.after(steps=len(x) // training.batch_size))


@symptom("stale-weights", question="Which weights do you use to compute the gradients of the second batch?")
def stale_weights(training, x, labels):
    """The gradients of all batches were computed with the weights that the epoch began with."""
    return training.ended_at(*training.after(rate=training.learning_rate * (len(x) // training.batch_size)))


@symptom("epochs-ignored", question="How often should your loop over the epochs run when epochs is 0?")
def moves_without_epochs(found, x, labels):
    """With epochs=0, no step should be taken, but the result depends on the batch size or the learning rate."""
    return True


@symptom("epochs-ignored", question="What is left of the first epoch when the second begins?")
def epochs_ignored(training, x, labels):
    """This is the result of a single epoch: only one was run, or each of them began again from the start."""
    return training.ended_at(*training.after(steps=1))


STEP_MISTAKES = [
    arguments_ignored,
    weights_never_updated,
    only_the_bias_moved,
    bias_never_updated,
    walked_uphill,
    summed_step,
    divided_twice,
    learning_rate_ignored,
    scaled_twice,
    shuffled_apart,
]


@check(
    points=2,
    title="train goes through all images once per epoch, with one step downhill per batch",
    after=[test_gradients],
    hints=(
        "Work through one epoch by hand: how many steps are there, which images does each use, and how far does it go?",
        "You need two loops: one over the epochs and, inside it, one over the batches. For every batch, compute the "
        "gradients with the current weights, then move both arrays.",
        "for start in range(0, len(x), batch_size): take these rows of x and of labels, call gradients, subtract "
        "learning_rate times each of the two.",
    ),
)
def test_steps(submission, probe):
    count, batch_size, shared = 24, 4, 6
    x, labels = signed_images(probe, count, shared), probe.labels(count)
    shapes, seed = [(count + shared, NUM_CLASSES), (NUM_CLASSES,)], int(probe.rng.integers(1, 1000))

    def train(epochs, batch_size, learning_rate):
        end = submission.train(x, labels, epochs=epochs, batch_size=batch_size, learning_rate=learning_rate, seed=seed)
        expect_two_arrays(end, PARAMETERS, shapes, FORM_MISTAKES)
        return end

    def as_before(first, second):
        same_again = all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
        expect(same_again, second, "returned different numbers", "the same ones for the same seed", [seed_ignored])

    start = train(0, batch_size, 0.2)
    as_before(start, train(0, batch_size, 0.2))
    unmoved = train(0, count, 0.3)
    at_start = all(np.array_equal(a, b) for a, b in zip(start, unmoved, strict=True))
    returned = f"returned different numbers than with batch_size={batch_size} and learning_rate=0.2"
    expect(at_start, unmoved, returned, "the weights and the bias before any step", [moves_without_epochs])
    relabeled = submission.train(x, (labels + 1) % NUM_CLASSES, epochs=0, seed=seed)
    expect_two_arrays(relabeled, PARAMETERS, shapes, FORM_MISTAKES)
    has_moved = not all(np.array_equal(a, b) for a, b in zip(start, relabeled, strict=True))  # it has used the labels

    slow = 0.01  # so small that the weights of an image hardly move before its turn comes
    in_batches = Training(x, labels, batch_size, slow, start, train(1, batch_size, slow))
    used = np.abs(in_batches.moves()).max(axis=1) > 1e-7
    returned = f"used {used.sum()} of {count} images in one epoch"
    expect(used.all() or not used.any(), in_batches, returned, f"all {count}", [images_left_out])

    rate = float(probe.rng.choice([0.21, 0.27, 0.34]))
    end = train(1, count, rate)
    one_step = Training(x, labels, count, rate, start, end, has_moved)
    why = ", one step downhill from what epochs=0 returns"
    with np.errstate(all="ignore"):
        expect_two_close(end, PARAMETERS, one_step.after(), STEP_MISTAKES, one_step, why)
        in_batches = Training(x, labels, batch_size, slow, start, train(1, batch_size, slow))
        uses = in_batches.uses()
        worst = uses[np.argmax(np.abs(uses - 1))]
        returned = f"moved the weights by {worst:.3g} times the right amount for one image"
        expect(abs(worst - 1) < 0.1, in_batches, returned, f"steps of {batch_size} images", [batch_size_ignored])
        fast = 1.5  # so large that every step changes what the next one asks for
        in_batches = Training(x, labels, batch_size, fast, start, train(1, batch_size, fast))
        why = f", one epoch in steps of {batch_size} images each"
        mistakes = [all_images_in_every_step, stale_weights]
        expect_two_close(in_batches.end, PARAMETERS, in_batches.batch_by_batch(), mistakes, in_batches, why)
        end = train(3, count, rate)
        three = Training(x, labels, count, rate, start, end)
        why = ", three steps downhill from what epochs=0 returns"
        expect_two_close(end, PARAMETERS, three.after(steps=3), [epochs_ignored], three, why)
    uneven = train(2, 7, rate)  # 24 = 3 x 7 + 3: the last batch is smaller, or is left out
    expect_input_unchanged(uneven)
    as_before(uneven, train(2, 7, rate))


@symptom("initialized-too-large", question="How sure is your model of its answers before it has seen a single digit?")
def initialized_too_large(training, x, labels):
    """Training starts with large random weights, so the model is confident before it has seen a digit, and training
    must first undo that."""
    return training.start[0].std() > 0.3


@check(
    points=2,
    title="after training, the model recognizes unseen digits",
    after=[test_steps],
    trains=True,
    hints=(
        "What loss does your model have before training, after one epoch, after five?",
        "The loss should start near 2.3 and fall from the first batches on. If it does not, look at where you start "
        "and how large your steps are.",
        "Start with np.zeros((x.shape[1], 10)) and np.zeros(10).",
    ),
)
def test_accuracy(submission, digits):
    split = digits.split(num_train=TRAINING_IMAGES, view="permuted")
    x, x_test = (split.inputs(images).reshape(len(images), -1) for images in (split.x_train, split.x_test))
    shapes = [(x.shape[1], NUM_CLASSES), (NUM_CLASSES,)]
    start = submission.train(x[:100], split.y_train[:100], epochs=0)
    expect_two_arrays(start, PARAMETERS, shapes, FORM_MISTAKES)
    end = submission.train(x, split.y_train, epochs=TRAINING_EPOCHS)
    expect_two_arrays(end, PARAMETERS, shapes, FORM_MISTAKES)
    with np.errstate(all="ignore"):
        accuracy = float(np.mean((x_test @ end[0] + end[1]).argmax(axis=1) == split.y_test))
    training = Training(x, split.y_train, 100, 0.5, start, end)
    # The nearest mistake that gets this far, standard normal weights at the start, ends near 84%.
    expect_accuracy(training, accuracy, [initialized_too_large])
