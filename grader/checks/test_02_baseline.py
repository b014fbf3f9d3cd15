"""Checks of exercise 2: the nearest mean."""

import numpy as np

from grader.api import (
    check,
    expect,
    expect_array,
    expect_close,
    expect_equal,
    expect_input_unchanged,
    measure,
    mistake,
    symptom,
)

MARGIN = 0.002  # by which the nearest mean of a probe is nearer than the next one: float32 is exact enough for that
TRAINING_IMAGES, TEST_IMAGES = 1000, 500
TOLERATED = 0.01  # fraction of real digits so close to two means that rounding may decide

# Oracles: right answers, computed independently


def sums_of(x, labels, num_classes=10):
    return np.stack([x[labels == c].sum(axis=0, dtype=float) for c in range(num_classes)])


def counts_of(labels, num_classes=10):
    return np.bincount(labels, minlength=num_classes)[:, np.newaxis]


def means_of(x, labels, num_classes=10):
    return sums_of(x, labels, num_classes) / counts_of(labels, num_classes)


def squared_distances(x, means):
    """(n, k): from every row to every mean."""
    return np.stack([((x.astype(float) - mean) ** 2).sum(axis=1) for mean in means], axis=1)


def nearest(x, means):
    return squared_distances(x, means).argmin(axis=1)


def same(value, other):
    return np.shape(value) == np.shape(other) and np.allclose(value, other, rtol=1e-4, atol=1e-6)


# Probes


def draw_means(probe, num_classes, num_features):
    """Means (k, d) in 0..1, some values exactly 0 or 1. A rule that goes by the least ink, the most ink or the
    shortest vector always answers 2, 3 or 4, unlike any constant that a learner is likely to return."""
    means = np.clip(probe.rng.uniform(-0.3, 1.3, (num_classes, num_features)), 0, 1)
    means[2] = probe.rng.permutation(np.arange(num_features) < num_features / 6)
    means[3] = probe.rng.uniform(0.75, 0.85, num_features)
    means[4] = probe.rng.uniform(0.2, 0.3, num_features)
    return means


def draw_rows(probe, means, count):
    """The means and noisy copies of them (count, d), gray levels in 0..1. Some copies are nearer to another mean."""
    copies = means[probe.labels(3 * count, len(means))]
    copies = copies + probe.rng.uniform(0.1, 1, (len(copies), 1)) * probe.normal(*copies.shape)
    rows = np.rint(255 * np.clip(np.concatenate([means, copies]), 0, 1)) / 255
    first, second = np.sort(squared_distances(rows, means), axis=1)[:, :2].T
    return probe.rng.permutation(rows[second - first > MARGIN * second][:count])


def as_bytes(rows):
    return np.rint(255 * rows).astype(np.uint8)


# class_means


MEAN_OVER_WRONG_AXIS = (
    "mean-over-wrong-axis",
    "How many numbers should the mean of one class have, and which axis disappears?",
)


@mistake(*MEAN_OVER_WRONG_AXIS)
def mean_of_each_image(x, labels, num_classes=10):
    """Each image was averaged over its own pixels: the pixel axis disappeared instead of the image axis."""
    return np.stack([x[labels == c].mean(axis=1) for c in range(num_classes)])


@mistake(*MEAN_OVER_WRONG_AXIS)
def mean_of_every_image(x, labels, num_classes=10):
    """Each image was averaged over its own pixels, so there is one number per image instead of one per pixel."""
    return x.mean(axis=1)


@mistake(*MEAN_OVER_WRONG_AXIS)
def one_number_per_class(x, labels, num_classes=10):
    """The mean was taken over both images and pixels, so each class became a single gray level."""
    return np.array([x[labels == c].mean() for c in range(num_classes)])


@mistake(*MEAN_OVER_WRONG_AXIS)
def one_number_per_row(x, labels, num_classes=10):
    """The mean was taken over both images and pixels, so each row is filled with a single gray level."""
    return np.stack([np.full(x.shape[1], x[labels == c].mean()) for c in range(num_classes)])


@mistake("mean-of-all-classes", question="Whose mean is row 1?")
def all_rows_alike(x, labels, num_classes=10):
    """All rows are the same: each is the mean of all images, whatever their labels."""
    return np.stack([x.mean(axis=0)] * num_classes)


@mistake("mean-of-all-classes", question="Whose mean is that, and where are the means of the other classes?")
def a_single_mean(x, labels, num_classes=10):
    """Only one mean came back: that of all images, whatever their labels."""
    return x.mean(axis=0)


@mistake("transposed-means", question="What should row 0 of the result hold?")
def transposed_means(x, labels, num_classes=10):
    """Rows and columns are swapped: each column holds the mean of a class."""
    return means_of(x, labels, num_classes).T


@symptom("ten-classes-assumed", question="How many classes are there in this call?")
def ten_classes_assumed(means, x, labels, num_classes=10):
    """Ten rows came back, but this call does not have ten classes."""
    return num_classes != 10 and means.shape == (10, x.shape[1])


@mistake("sum-not-mean", question="Should the mean of a class grow if each of its images appeared twice?")
def sum_not_mean(x, labels, num_classes=10):
    """The images of each class were added up but not divided by their number."""
    return sums_of(x, labels, num_classes)


@mistake("divided-by-all-images", question="How many images are in the sum that you divide?")
def divided_by_all_images(x, labels, num_classes=10):
    """The sum over the images of a class was divided by the number of all images, so the means are much too small."""
    return sums_of(x, labels, num_classes) / len(x)


@mistake("assumes-balanced-classes", question="Does every digit occur equally often?")
def assumes_balanced_classes(x, labels, num_classes=10):
    """Every sum was divided by n / k, as if all classes had the same number of images."""
    return sums_of(x, labels, num_classes) / (len(x) / num_classes)


@mistake("uint8-wraparound", question="What is the largest number that this dtype can hold?")
def added_in_bytes(x, labels, num_classes=10):
    """The images were added up in uint8, where 255 + 1 is 0, and then divided."""
    return sums_of(x, labels, num_classes).astype(np.uint8) / counts_of(labels, num_classes)


@mistake("uint8-wraparound", question="What is the largest number that this dtype can hold?")
def added_and_kept_in_bytes(x, labels, num_classes=10):
    """The images were added up in uint8, where 255 + 1 is 0, then divided and truncated to whole numbers."""
    return sums_of(x, labels, num_classes).astype(np.uint8) // counts_of(labels, num_classes)


INTEGER_MEANS = "integer-means", "What is the mean of 1 and 2, and which dtype can hold it?"


@symptom(*INTEGER_MEANS)
def integers_returned(means, x, labels, num_classes=10):
    """The means came back as integers, so their fractions are gone."""
    right = means_of(x, labels, num_classes)
    return means.dtype.kind in "iu" and means.shape == right.shape and np.all(np.abs(means - right) <= 1)


@mistake(*INTEGER_MEANS)
def cut_to_integers(x, labels, num_classes=10):
    """The means were truncated to whole numbers, so their fractions are gone."""
    return np.floor(means_of(x, labels, num_classes))


@mistake(*INTEGER_MEANS)
def rounded_to_integers(x, labels, num_classes=10):
    """The means were rounded to whole numbers, so their fractions are gone."""
    return np.rint(means_of(x, labels, num_classes))


@mistake("scaled-one-side", question="These means will be compared with images. What scale are the images on?")
def means_scaled(x, labels, num_classes=10):
    """The means were divided by 255, but the images were not: the two are now on different scales."""
    return means_of(x, labels, num_classes) / 255


TRUNCATED_FLOATS = "truncated-floats", "What does 0.9 become in an integer dtype?"


@mistake(*TRUNCATED_FLOATS)
def images_truncated(x, labels, num_classes=10):
    """The images were converted to integers, so every value below 1 became 0."""
    return means_of(np.trunc(x), labels, num_classes)


@mistake("divided-by-number-of-classes", question="How many images are in the sum that you divide?")
def divided_by_number_of_classes(x, labels, num_classes=10):
    """The sum over the images of a class was divided by the number of classes, not by the number of its images."""
    return sums_of(x, labels, num_classes) / num_classes


@mistake("median-not-mean", question="What is the mean of 0, 0 and 90, and what is their median?")
def median_not_mean(x, labels, num_classes=10):
    """These are medians: each is the middle value, not the sum divided by the number of values."""
    return np.stack([np.median(x[labels == c], axis=0) for c in range(num_classes)])


ONE_CLASS_AWAY = "shifted-by-one", "Which label belongs to row 0?"


@mistake(*ONE_CLASS_AWAY)
def next_class(x, labels, num_classes=10):
    """Each row holds the mean of the class after its own, and for the last row there is none."""
    return np.pad(means_of(x, labels, num_classes)[1:], [(0, 1), (0, 0)], constant_values=np.nan)


@mistake(*ONE_CLASS_AWAY)
def class_before(x, labels, num_classes=10):
    """Each row holds the mean of the class before its own, and for the first row there is none."""
    return np.pad(means_of(x, labels, num_classes)[:-1], [(1, 0), (0, 0)], constant_values=np.nan)


MEANS_MISTAKES = [
    mean_of_each_image,
    mean_of_every_image,
    one_number_per_class,
    one_number_per_row,
    all_rows_alike,
    a_single_mean,
    transposed_means,
    ten_classes_assumed,
    sum_not_mean,
    divided_by_all_images,
    added_in_bytes,
    added_and_kept_in_bytes,
    integers_returned,
    cut_to_integers,
    rounded_to_integers,
    assumes_balanced_classes,
    means_scaled,
    images_truncated,
    divided_by_number_of_classes,
    median_not_mean,
    next_class,
    class_before,
]


@check(
    points=2,
    title="class_means averages the raw images of each class",
    hints=(
        "Which images go into row 0, and what does each number in that row tell you?",
        "Comparing the labels with a class gives a mask that picks its rows. Take their mean over the images, and keep "
        "it a float.",
        "For each class c, take x[labels == c].mean(axis=0), and make one array of these rows with np.stack.",
    ),
)
def test_class_means_of_bytes(submission, probe):
    # As many images in each class as there are features: a mean over the wrong axis has the right shape here.
    labels = probe.rng.permutation(np.repeat(np.arange(3), 5))
    x = probe.rng.integers(0, 256, (15, 5), np.uint8)
    means = submission.class_means(x, labels, 3)
    expect_close(means, means_of(x, labels, 3), rtol=1e-4, atol=1e-3, mistakes=MEANS_MISTAKES)
    expect_input_unchanged(means)
    sizes = probe.rng.permutation([2, 5, 9, 12])
    labels = probe.rng.permutation(np.repeat(np.arange(4), sizes)).astype(np.uint8)
    x = probe.rng.integers(0, 256, (len(labels), 17), np.uint8)
    means = submission.class_means(x, labels, 4)
    expect_close(means, means_of(x, labels, 4), rtol=1e-4, atol=1e-3, mistakes=MEANS_MISTAKES)
    expect_input_unchanged(means)


@check(
    points=1,
    title="class_means also works for scaled images and any number of classes",
    hints=(
        "Which of your lines relies on bytes, on ten classes or on a certain size?",
        "Scaled images hold fractions between 0 and 1, and an integer dtype cannot hold them.",
        "Let floats stay floats, loop over range(num_classes), and take d from x.shape.",
    ),
    after=[test_class_means_of_bytes],
)
def test_class_means_of_floats(submission, probe):
    labels = probe.labels(70).astype(np.int32)
    x = draw_rows(probe, draw_means(probe, 10, 30), 70)
    means = submission.class_means(x, labels)
    expect_close(means, means_of(x, labels), atol=1e-5, mistakes=MEANS_MISTAKES)
    expect_input_unchanged(means)
    few, labels = x[:25].astype(np.float32), probe.labels(25, 6)
    means = submission.class_means(few, labels, num_classes=6)
    expect_close(means, means_of(few, labels, 6), atol=1e-5, mistakes=MEANS_MISTAKES)
    expect_input_unchanged(means)


# predict_nearest_mean


@mistake("argmax-of-distance", question="Does a large distance mean near, or far?")
def argmax_of_distance(x, means):
    """The class with the largest distance was chosen: the farthest mean."""
    return squared_distances(x, means).argmax(axis=1)


@symptom("float-labels", question="Which dtype does np.zeros give unless you say otherwise?")
def float_labels(predicted, x, means):
    """The classes are right, but they are floats: 3.0 instead of 3."""
    return predicted.dtype.kind == "f" and np.array_equal(predicted, nearest(x, means))


@mistake("one-based-labels", question="What is the label of the first class?")
def one_based_labels(x, means):
    """Every class is one too high: counting began at 1."""
    return nearest(x, means) + 1


@mistake("ten-classes-assumed", question="How many means are there in this call?")
def empty_places_win(x, means):
    """The array had room for ten distances per image. Places without a mean stayed 0, the smallest distance of all."""
    return np.pad(squared_distances(x, means), [(0, 0), (0, max(0, 10 - len(means)))]).argmin(axis=1)


@mistake("argmin-over-wrong-axis", question="Whose distances should compete: those of one image, or those of one mean?")
def nearest_image_of_each_mean(x, means):
    """One number per mean came back: which image is nearest to it, not which mean is nearest to each image."""
    return squared_distances(x, means).argmin(axis=0)


@mistake(
    "argmin-over-wrong-axis", question="How many answers should come back, and along which axis do distances compete?"
)
def smallest_of_all(x, means):
    """One number came back: the position of the smallest distance over all images and means together."""
    return squared_distances(x, means).argmin()


@mistake(
    "argmin-over-wrong-axis", question="How many answers should come back, and along which axis do distances compete?"
)
def smallest_of_all_by_class(x, means):
    """One number came back: the position of the smallest distance over all images and means together."""
    return squared_distances(x, means).T.argmin()


@symptom("distance-not-class", question="Should the answer say how far away the nearest mean is, or which mean it is?")
def distance_not_class(value, x, means):
    """Distances came back, not the number of the class with the smallest one."""
    squared = squared_distances(x, means)
    smallest = squared.min(axis=1)
    return any(same(value, distances) for distances in (squared, squared**0.5, smallest, smallest**0.5))


@symptom("mean-not-class", question="What should the answer hold: the mean of the class, or its number?")
def mean_not_class(value, x, means):
    """The nearest means themselves came back, not their numbers."""
    return same(value, means[nearest(x, means)])


def wrapped_scores(x, means):
    """What becomes of the distances (n, k) when differences are taken in uint8, in the ways that people do it."""
    for whole in (means.astype(np.uint8), np.rint(means).astype(np.uint8)):
        rows, columns = x.astype(np.uint8)[:, np.newaxis], whole[np.newaxis]
        for difference in (rows - columns, columns - rows):
            yield (difference**2).sum(axis=2)
            yield (difference**2).sum(axis=2, dtype=np.uint8)
            yield (difference.astype(float) ** 2).sum(axis=2)
            yield difference.sum(axis=2)
    for signed in (x[:, np.newaxis] - means, means - x[:, np.newaxis]):
        difference = signed.astype(np.int64).astype(np.uint8)
        yield (difference**2).sum(axis=2)
        yield (difference.astype(float) ** 2).sum(axis=2)


@symptom("uint8-wraparound", question="Can this dtype hold a negative number?")
def subtracted_in_bytes(predicted, x, means):
    """The differences were taken in uint8, which starts over after 255: there, 3 - 5 is 254 and 20 squared is 144."""
    if x.dtype != np.uint8 or np.array_equal(predicted, nearest(x, means)):
        return False
    return any(np.array_equal(predicted, scores.argmin(axis=1)) for scores in wrapped_scores(x, means))


SIGNED_DIFFERENCES = "signed-differences", "What do a difference of +9 in one pixel and one of -9 in another add up to?"


@mistake(*SIGNED_DIFFERENCES)
def smallest_sum(x, means):
    """Differences were added up with their signs, so more ink here and less ink there cancel out."""
    return (x[:, np.newaxis] - means).sum(axis=2).argmin(axis=1)


@mistake(*SIGNED_DIFFERENCES)
def smallest_sum_the_other_way(x, means):
    """Differences were added up with their signs, so more ink here and less ink there cancel out."""
    return (means - x[:, np.newaxis]).sum(axis=2).argmin(axis=1)


@mistake(*SIGNED_DIFFERENCES)
def nearest_in_total(x, means):
    """Differences were added up before their signs were removed, so only the total amount of ink counts."""
    return np.abs((x[:, np.newaxis] - means).sum(axis=2)).argmin(axis=1)


@mistake("manhattan-distance", question="What does the Euclidean distance do to each difference before adding up?")
def manhattan_distance(x, means):
    """The absolute differences were added up, not their squares: that is the Manhattan distance."""
    return np.abs(x[:, np.newaxis] - means).sum(axis=2).argmin(axis=1)


@mistake("similarity-not-distance", question="Which mean has an advantage in a sum of products: a pale or a dark one?")
def largest_product(x, means):
    """The class with the largest dot product was chosen. Means with a lot of ink win too often that way."""
    return (x @ means.T).argmax(axis=1)


@mistake("similarity-not-distance", question="If one image is a paler copy of another, is the distance between them 0?")
def smallest_angle(x, means):
    """The class with the smallest angle (cosine similarity) was chosen, which ignores how much ink there is."""
    return (x @ (means / np.linalg.norm(means, axis=1, keepdims=True)).T).argmax(axis=1)


@mistake("scaled-one-side", question="What scale are the images on, and what scale are the means on?")
def images_scaled(x, means):
    """The images were divided by 255, but the means were not, so the two are on different scales."""
    return nearest(x / 255, means)


@mistake(*TRUNCATED_FLOATS)
def rows_truncated(x, means):
    """The images were converted to integers, so every value below 1 became 0."""
    return nearest(np.trunc(x), means)


@mistake(*TRUNCATED_FLOATS)
def both_truncated(x, means):
    """Images and means were converted to integers, so every value below 1 became 0."""
    return nearest(np.trunc(x), np.trunc(means))


NEAREST_MISTAKES = [
    argmax_of_distance,
    float_labels,
    one_based_labels,
    empty_places_win,
    nearest_image_of_each_mean,
    smallest_of_all,
    smallest_of_all_by_class,
    distance_not_class,
    mean_not_class,
    manhattan_distance,
    smallest_sum,
    smallest_sum_the_other_way,
    nearest_in_total,
    largest_product,
    smallest_angle,
    images_scaled,
    subtracted_in_bytes,
    rows_truncated,
    both_truncated,
]


@check(
    points=2,
    title="predict_nearest_mean finds the nearest mean of raw images",
    hints=(
        "How many distances are there in this call, and which of them compete for one answer?",
        "Differences can go below zero, so convert to float first, and then subtract. Square, add up over the pixels, "
        "and take the class with the smallest sum.",
        "With x as floats, ((x - mean) ** 2).sum(axis=1) gives the squared distances of all rows to one mean. Make a "
        "list with one such result per mean. The means are now on axis 0, and np.argmin picks the class along it.",
    ),
)
def test_nearest_mean_of_bytes(submission, probe):
    means = draw_means(probe, 6, 20)
    x, means = as_bytes(draw_rows(probe, means, 80)), 255 * means
    predicted = submission.predict_nearest_mean(x, means)
    expect_equal(predicted, nearest(x, means), mistakes=NEAREST_MISTAKES)
    expect_input_unchanged(predicted)
    means = draw_means(probe, 13, 9)
    x, means = as_bytes(draw_rows(probe, means, 30)), (255 * means).astype(np.float32)
    predicted = submission.predict_nearest_mean(x, means)
    expect_equal(predicted, nearest(x, means), mistakes=NEAREST_MISTAKES)
    expect_input_unchanged(predicted)


@check(
    points=1,
    title="predict_nearest_mean also works for scaled images, and for a single one",
    hints=(
        "Which of your lines relies on bytes, on ten classes or on more than one image?",
        "Scaled images hold fractions between 0 and 1, and an integer dtype cannot hold them. One image is still "
        "a batch: a row in, an array of one class out.",
        "Convert with x.astype(float), which works for both bytes and floats, and do not squeeze the result.",
    ),
    after=[test_nearest_mean_of_bytes],
)
def test_nearest_mean_of_floats(submission, probe):
    means = draw_means(probe, 7, 24)
    x = draw_rows(probe, means, 80)
    predicted = submission.predict_nearest_mean(x, means)
    expect_equal(predicted, nearest(x, means), mistakes=NEAREST_MISTAKES)
    expect_input_unchanged(predicted)
    for count, dtype in ((5, np.float32), (1, np.float64)):
        few = x[:count].astype(dtype)
        predicted = submission.predict_nearest_mean(few, means.astype(dtype))
        expect_equal(predicted, nearest(few, means), mistakes=NEAREST_MISTAKES)
        expect_input_unchanged(predicted)


# accuracy


@symptom("hits-not-averaged", question="Which single number sums up these values of True and False?")
def hits_not_averaged(value, y_true, y_pred):
    """All the comparisons came back, not the fraction of them that are true."""
    return np.array_equal(value, y_true == y_pred)


@symptom("all-or-nothing", question="How good are nine hits out of ten?")
def all_or_nothing(value, y_true, y_pred):
    """The answer says whether all predictions are right, not how many of them are."""
    return isinstance(value, (bool, np.bool_)) and value == np.array_equal(y_true, y_pred)


@mistake("counts-not-fraction", question="Are ten hits a lot? Out of how many predictions?")
def counts_not_fraction(y_true, y_pred):
    """That is the number of hits, not the fraction of hits."""
    return np.sum(y_true == y_pred)


@mistake("percent-not-fraction", question="Between which two numbers should an accuracy lie?")
def percent_not_fraction(y_true, y_pred):
    """That is the accuracy in percent; it should lie between 0 and 1."""
    return 100 * np.mean(y_true == y_pred)


@mistake("error-rate", question="Which should you count, the hits or the misses?")
def error_rate(y_true, y_pred):
    """That is the fraction of the predictions that are wrong."""
    return np.mean(y_true != y_pred)


@mistake("broadcast-accuracy", question="How many comparisons did you make, and how many should there be?")
def all_pairs(y_true, y_pred):
    """Every label was compared with every prediction (n times n comparisons), not only with its own."""
    return np.mean(y_true[:, np.newaxis] == y_pred)


@mistake("broadcast-accuracy", question="How many comparisons did you make, and how many should there be?")
def all_pairs_counted(y_true, y_pred):
    """Every label was compared with every prediction (n times n comparisons), not only with its own."""
    return np.sum(y_true[:, np.newaxis] == y_pred) / len(y_true)


@mistake("broadcast-accuracy", question="Which prediction belongs to the label at position 0?")
def found_anywhere(y_true, y_pred):
    """A label counted as a hit if it occurs anywhere among the predictions, not only at its own position."""
    return np.mean(np.isin(y_true, y_pred))


@mistake("integer-division", question="What is 9 // 10?")
def integer_division(y_true, y_pred):
    """The fraction was truncated to a whole number, so everything short of perfect counts as 0."""
    return np.sum(y_true == y_pred) // len(y_true)


@symptom("rounded-result", question="Which step of your function drops digits?")
def rounded_result(value, y_true, y_pred):
    """The fraction was rounded. Return it with all its digits."""
    share, hits = np.mean(y_true == y_pred), value * len(y_true)
    is_count = abs(hits - round(hits)) < 1e-6  # then it may as well be another fraction
    return not is_count and any(value == np.round(share, digits) for digits in (1, 2, 3))


@mistake("only-first-pair", question="How many pairs did you compare, and how many are there?")
def only_first_pair(y_true, y_pred):
    """Only the first label was compared with its prediction, but all the other pairs count as well."""
    return np.mean(y_true[0] == y_pred[0])


@mistake("returned-in-the-loop", question="How many pairs has your loop seen when it reaches the return?")
def returned_in_the_loop(y_true, y_pred):
    """Only the first pair was counted: the return is inside the loop and ends it after one iteration."""
    return (y_true[0] == y_pred[0]) / len(y_true)


ACCURACY_MISTAKES = [
    hits_not_averaged,
    all_or_nothing,
    counts_not_fraction,
    percent_not_fraction,
    error_rate,
    all_pairs,
    all_pairs_counted,
    found_anywhere,
    rounded_result,
]


def draw_predictions(probe, labels, num_classes, more_errors):
    """Predictions in which the class of the first label never occurs; on top of these errors there are some more."""
    never = labels[0]
    others = probe.rng.permutation(np.flatnonzero(labels != never))
    predicted = labels.copy()
    for place in [*np.flatnonzero(labels == never), *others[:more_errors]]:
        predicted[place] = probe.rng.choice(np.setdiff1d(np.arange(num_classes), [never, labels[place]]))
    return predicted


def is_number(value, number):
    """True if what came back is this number."""
    return isinstance(value, (int, float, np.generic)) and same(value, number)


@check(
    points=2,
    title="accuracy is the fraction of predictions that are right",
    hints=(
        "With three hits in four predictions, what should come back?",
        "Compare position by position: n comparisons for n labels. True counts as 1 and False as 0.",
        "The mean of y_true == y_pred is the fraction of values that are True.",
    ),
)
def test_accuracy(submission, probe):
    labels = probe.labels(40)
    predicted = draw_predictions(probe, labels, 10, more_errors=7)
    for_perfect = submission.accuracy(labels, labels.copy())
    for_first_hit = submission.accuracy(labels, np.append(labels[:1], (labels[1:] + 1) % 10))
    share = submission.accuracy(labels, predicted)
    mistakes = ACCURACY_MISTAKES
    if is_number(for_perfect, 1):
        mistakes = [only_first_pair, *mistakes] if is_number(for_first_hit, 1) else [*mistakes, integer_division]
    elif is_number(for_perfect, 1 / len(labels)):
        mistakes = [returned_in_the_loop, *mistakes]
    expect_close(share, np.mean(labels == predicted), mistakes=mistakes)
    expect_input_unchanged(share)
    expect_close(for_perfect, 1.0, mistakes=mistakes)
    few = probe.labels(7, 3)
    for labels, predicted in (
        (few.astype(np.uint8), draw_predictions(probe, few, 3, more_errors=1)),
        (few, ((few + 1) % 3).astype(np.uint8)),
        (few[:1], few[:1].astype(np.int32)),
    ):
        share = submission.accuracy(labels, predicted)
        expect_close(share, np.mean(labels == predicted), mistakes=mistakes)
        expect_input_unchanged(share)


# All three


@check(
    points=2,
    title="together, the three functions recognize real digits as well as the nearest mean can",
    hints=(
        "Each of the three functions is right by itself. What is different with 1,000 real images of 784 pixels?",
        "Larger arrays need more memory and more precise sums. And the result of one function goes straight into the "
        "next one.",
        "Return means as floats of at least 32 bits, and compare with one mean at a time.",
    ),
    after=[test_class_means_of_floats, test_nearest_mean_of_floats, test_accuracy],
)
def test_real_digits(submission, digits, probe):
    split = digits.split(TRAINING_IMAGES, TEST_IMAGES)
    x_train, x_test = split.x_train.reshape(TRAINING_IMAGES, -1), split.x_test.reshape(TEST_IMAGES, -1)
    means = submission.class_means(x_train, split.y_train)
    expect_close(means, means_of(x_train, split.y_train), rtol=1e-3, atol=1e-2)
    predicted = submission.predict_nearest_mean(x_test, means)
    expect_array(predicted, (TEST_IMAGES,), kinds="iu")
    right_answer = nearest(x_test, means)
    reached, possible = np.mean(predicted == split.y_test), np.mean(right_answer == split.y_test)
    measure("accuracy", reached)
    agrees = np.mean(predicted != right_answer) <= TOLERATED
    expect(agrees, predicted, f"got {reached:.1%} of {TEST_IMAGES} unseen digits right", f"{possible:.1%}")
    others = probe.labels(TEST_IMAGES)  # the split's own labels stay with the judge
    expect_close(submission.accuracy(others, predicted), np.mean(others == predicted))
