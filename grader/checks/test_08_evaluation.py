"""Checks of exercise 8: evaluation."""

import numpy as np

from grader.api import (
    SubmissionError,
    agree,
    check,
    describe,
    expect,
    expect_close,
    expect_equal,
    expect_input_unchanged,
    mistake,
    symptom,
    told_apart,
)

SCORES = ("precision", "recall", "F1")

# confusion_matrix


# Oracle
def counted(y_true, y_pred, num_classes):
    """The right matrix."""
    cells = y_true.astype(np.int64) * num_classes + y_pred.astype(np.int64)
    return np.bincount(cells, minlength=num_classes**2).reshape(num_classes, num_classes)


@mistake("rows-columns-swapped", question="Do the totals of your rows match the counts of the labels?")
def rows_columns_swapped(y_true, y_pred, num_classes=10):
    """The rows stand for the predictions and the columns for the truth: the matrix is transposed."""
    return counted(y_true, y_pred, num_classes).T


@mistake(
    "repeats-counted-once", question="If the same pair occurs a hundred times, how many times must its cell go up by 1?"
)
def repeats_counted_once(y_true, y_pred, num_classes=10):
    """Every cell ended at 0 or 1, however often its pair occurs. matrix[rows, columns] += 1 reads all cells before it
    writes any of them, so repeats overwrite one another."""
    return counted(y_true, y_pred, num_classes) > 0


@mistake("hits-left-out", question="Where in the matrix would the answers of a perfect classifier be counted?")
def hits_left_out(y_true, y_pred, num_classes=10):
    """Only the errors were counted: the diagonal, where the right answers belong, is empty."""
    matrix = counted(y_true, y_pred, num_classes)
    return matrix - np.diag(np.diag(matrix))


@symptom("always-ten-classes", question="How many rows should a matrix of four classes have?")
def always_ten_rows(matrix, y_true, y_pred, num_classes=10):
    """The matrix has ten rows and ten columns, although a different number of classes was asked for."""
    return matrix.shape == (10, 10) and num_classes != 10


@symptom("counts-only-present-labels", question="Where would you count a class that happens not to occur this time?")
def only_present_labels(matrix, y_true, y_pred, num_classes=10):
    """There are fewer rows or columns than classes: a class that does not occur here has lost its place."""
    rows, columns = np.unique(y_true), np.unique(y_pred)
    both = np.union1d(rows, columns)
    too_few = {(len(both), len(both)), (both[-1] + 1, both[-1] + 1), (len(rows), len(columns)), (len(rows), len(rows))}
    return matrix.shape in too_few - {(num_classes, num_classes)}


@symptom("fractions-not-counts", question="What should all cells of the matrix add up to?")
def fractions_not_counts(matrix, y_true, y_pred, num_classes=10):
    """The cells hold fractions where counts were asked for: the matrix was divided by its totals."""
    right = counted(y_true, y_pred, num_classes)
    shares = np.nan_to_num(matrix)
    return shares.shape == right.shape and ((shares > 0) == (right > 0)).all() and not (shares % 1 == 0).all()


@mistake("counted-in-bytes", question="What is the largest number that the dtype of your matrix can hold?")
def counted_in_bytes(y_true, y_pred, num_classes=10):
    """The counts wrapped around: the matrix holds bytes, and they begin again at 0 after 255."""
    return counted(y_true, y_pred, num_classes).astype(np.uint8)


@mistake("uint8-wraparound", question="What is 19 * 20 + 19, and does it fit into the dtype of the labels?")
def uint8_wraparound(y_true, y_pred, num_classes=10):
    """Row and column were joined into one number in the dtype of the labels, uint8, which cannot hold a number above
    255: the larger ones wrapped around and were counted in wrong cells."""
    cells = y_true.astype(np.uint8) * np.uint8(num_classes) + y_pred.astype(np.uint8)
    return np.bincount(cells, minlength=num_classes**2).reshape(num_classes, num_classes)


@symptom("float-counts", question="Which dtype does np.zeros use unless you name one?")
def float_counts(matrix, y_true, y_pred, num_classes=10):
    """The counts are right, but they are floats; integers were asked for."""
    return matrix.dtype.kind == "f" and np.array_equal(matrix, counted(y_true, y_pred, num_classes))


@symptom("returned-in-the-loop", question="How many pairs has your loop seen when it reaches the return?")
def first_pair_only(matrix, y_true, y_pred, num_classes=10):
    """Only the first pair was counted: the return is inside the loop and ends it on the first pass."""
    return len(y_true) > 1 and np.array_equal(matrix, counted(y_true[:1], y_pred[:1], num_classes))


@mistake("first-left-out", question="Which index does the first pair have?")
def first_pair_left_out(y_true, y_pred, num_classes=10):
    """The first pair was not counted: one cell is 1 too small."""
    return counted(y_true[1:], y_pred[1:], num_classes)


@symptom("shared-rows", question="How many different rows does [row] * 4 make?")
def shared_rows(matrix, y_true, y_pred, num_classes=10):
    """All rows are alike: they are one and the same list, so what is counted in one of them shows in all. That is what
    [[0] * k] * k makes."""
    same_rows = np.broadcast_to(np.bincount(y_pred, minlength=num_classes), (num_classes, num_classes))
    return len(np.unique(y_true)) > 1 and np.array_equal(matrix, same_rows)


@mistake("whole-rows-counted", question="Is your index [rows, columns], a list, or (rows, columns), a tuple?")
def whole_rows_counted(y_true, y_pred, num_classes=10):
    """Every pair was counted in two whole rows. To NumPy a list of two arrays is a list of rows; only a tuple (rows,
    columns) names cells."""
    touched = counted(y_true, y_pred, num_classes)
    return np.repeat(touched.sum(axis=1) + touched.sum(axis=0), num_classes).reshape(num_classes, num_classes)


COUNTING_MISTAKES = [
    first_pair_only,
    first_pair_left_out,
    shared_rows,
    whole_rows_counted,
    rows_columns_swapped,
    repeats_counted_once,
    hits_left_out,
    always_ten_rows,
    only_present_labels,
    counted_in_bytes,
    uint8_wraparound,
    fractions_not_counts,
    float_counts,
]


def answers(rng, labels, num_classes, wrong):
    """Predictions int64 of which about the share ``wrong`` is random, and mostly 0 where it is: no symmetric errors."""
    guesses = np.where(rng.random(len(labels)) < 0.5, 0, rng.integers(0, num_classes, len(labels)))
    return np.where(rng.random(len(labels)) < wrong, guesses, labels).astype(np.int64)


@check(
    points=1,
    title="confusion_matrix counts every pair of truth and prediction, truth in rows",
    hints=(
        "Take one digit that is a 4 and was called a 9: which row and which column does it belong to?",
        "Every digit adds 1 to one cell: its row is the truth, its column the prediction. Cells are hit many times, "
        "and each time has to count.",
        "A loop over zip(y_true, y_pred) will do. Without a loop: np.add.at(matrix, (rows, columns), 1).",
    ),
)
def test_confusion_matrix(submission, probe):
    labels = probe.labels(200).astype(np.uint8)
    predicted = answers(probe.rng, labels, 10, wrong=0.4)
    matrix = submission.confusion_matrix(labels, predicted)
    expect_equal(matrix, counted(labels, predicted, 10), mistakes=COUNTING_MISTAKES)
    expect_input_unchanged(matrix)
    many = probe.labels(2400, num_classes=4).astype(np.int32)
    predicted = answers(probe.rng, many, 4, wrong=0.3)
    matrix = submission.confusion_matrix(many, predicted, 4)
    expect_equal(matrix, counted(many, predicted, 4), mistakes=COUNTING_MISTAKES)


@check(
    points=1,
    title="confusion_matrix keeps a row and a column for every class",
    hints=(
        "If no image is a 9 and none was taken for one, how large is the matrix, and what do its cells add up to?",
        "The shape does not depend on the labels that happen to occur: it is num_classes rows and num_classes columns.",
        "Start from np.zeros((num_classes, num_classes), dtype=int) and count into that.",
    ),
)
def test_confusion_matrix_of_absent_classes(submission, probe):
    labels = np.sort(probe.rng.choice([0, 2, 3, 5, 8], 60))  # neither 9 nor most of the others
    predicted = answers(probe.rng, labels, 3, wrong=0.5)
    matrix = submission.confusion_matrix(labels, predicted)
    expect_equal(matrix, counted(labels, predicted, 10), mistakes=COUNTING_MISTAKES)
    few = probe.labels(90, num_classes=4)
    predicted = answers(probe.rng, few, 4, wrong=0.5)
    matrix = submission.confusion_matrix(few, predicted, 7)
    expect_equal(matrix, counted(few, predicted, 7), mistakes=COUNTING_MISTAKES)
    one = submission.confusion_matrix(np.array([2]), np.array([0]), 4)
    expect_equal(one, counted(np.array([2]), np.array([0]), 4), mistakes=COUNTING_MISTAKES)
    letters = probe.labels(300, num_classes=20).astype(np.uint8)
    predicted = answers(probe.rng, letters, 20, wrong=0.5).astype(np.uint8)
    matrix = submission.confusion_matrix(letters, predicted, 20)
    expect_equal(matrix, counted(letters, predicted, 20), mistakes=COUNTING_MISTAKES)


# precision_recall_f1


def share(part, whole):
    """part / whole, and 0 where the whole is 0."""
    return np.divide(part, whole, out=np.zeros(len(part)), where=np.asarray(whole) > 0)


# Oracle
def scores_of(matrix):
    """The right answer: an array (3, k) of precision, recall and F1."""
    hits = np.diag(matrix)
    precision, recall = share(hits, matrix.sum(0)), share(hits, matrix.sum(1))
    return np.stack([precision, recall, share(2 * precision * recall, precision + recall)])


@mistake(
    "precision-recall-swapped",
    question="Precision is a fraction of which total: everything that was called a 4, or everything that is a 4?",
)
def precision_recall_swapped(matrix):
    """Precision and recall are swapped. Rows hold what is true, columns what was predicted."""
    return scores_of(matrix)[[1, 0, 2]]


@mistake("arithmetic-mean-for-f1", question="What should F1 be when recall is 1 and precision nearly 0?")
def arithmetic_mean(matrix):
    """F1 was computed as the ordinary mean of precision and recall; it should be their harmonic mean."""
    precision, recall, _ = scores_of(matrix)
    return np.stack([precision, recall, (precision + recall) / 2])


@mistake("f1-without-two", question="What should F1 be when precision and recall are both 1?")
def without_two(matrix):
    """F1 is half of what it should be, so even a perfect class would get 0.5: the factor 2 is missing."""
    precision, recall, f1 = scores_of(matrix)
    return np.stack([precision, recall, f1 / 2])


@mistake("averaged-over-classes", question="How many classes are there, and how many numbers came back for each score?")
def averaged_over_classes(matrix):
    """Each score was averaged over the classes into a single number; every class should get its own."""
    return scores_of(matrix).mean(axis=1)


@mistake("divided-by-everything", question="If a class is rare, can its recall still be 1?")
def divided_by_everything(matrix):
    """The hits were divided by the total number of answers, so a rare class can only score low."""
    part = np.diag(matrix) / matrix.sum()
    return np.stack([part, part, part])


@mistake("percent-not-fraction", question="What is the largest value that precision can have?")
def scores_in_percent(matrix):
    """The values are percentages; fractions between 0 and 1 were asked for."""
    return 100 * scores_of(matrix)


@symptom("integer-division", question="Which numbers can an array of integers hold between 0 and 1?")
def scores_are_integers(scores, matrix):
    """Only whole numbers are left, because of a // or because the fractions were put into an array of integers."""
    return len(scores) == 3 and all(one.dtype.kind in "iu" and one.shape == (len(matrix),) for one in scores[:2])


@symptom("divide-by-zero", question="What is 0 / 0, and what was asked for in its place?")
def not_a_number(scores, matrix):
    """There is nothing to divide by for some class, and 0 / 0 left a NaN."""
    nowhere = ~np.isfinite(np.asarray(scores))
    return nowhere.any() and not scores_of(matrix)[nowhere].any()


@symptom("divide-by-zero", question="How often was that class predicted, and how often is it true?")
def zero_division(error, matrix):
    """The function stopped at a class with nothing to divide by: dividing a plain number by 0 raises an error."""
    return error.type in {"ZeroDivisionError", "FloatingPointError"}


UNDEFINED_AS_ONE = "undefined-as-one", "Would you trust a class that was never predicted?"


@mistake(*UNDEFINED_AS_ONE)
def undefined_as_one(matrix):
    """Where there is nothing to divide by, the value became 1, the best possible score; it should be 0."""
    columns, rows = matrix.sum(0), matrix.sum(1)
    precision, recall, _ = scores_of(matrix)
    precision, recall = np.where(columns == 0, 1, precision), np.where(rows == 0, 1, recall)
    return np.stack([precision, recall, share(2 * precision * recall, precision + recall)])


@mistake(*UNDEFINED_AS_ONE)
def undefined_as_one_everywhere(matrix):
    """Where there is nothing to divide by, the value became 1, the best possible score; it should be 0."""
    precision, recall, f1 = undefined_as_one.reenact(matrix)
    return np.stack([precision, recall, np.where(precision + recall == 0, 1, f1)])


@mistake(*UNDEFINED_AS_ONE)
def undefined_as_one_in_each(matrix):
    """Where there is nothing to divide by, the value became 1, the best possible score; it should be 0."""
    columns, rows = matrix.sum(0), matrix.sum(1)
    precision, recall, f1 = scores_of(matrix)
    return np.stack([np.where(columns == 0, 1, precision), np.where(rows == 0, 1, recall), np.where(f1 == 0, 1, f1)])


@symptom("uninitialized", question="What does np.divide leave where its `where` is False, if it was given no out=?")
def uninitialized(scores, matrix):
    """Where there is nothing to divide by, something arbitrary came back. np.divide writes nothing where `where` is
    False: such a place keeps what the memory held before. With out=np.zeros(…) that is a 0."""
    scores, right = np.asarray(scores), scores_of(matrix)
    empty = np.stack([matrix.sum(0) == 0, matrix.sum(1) == 0])
    divided = np.stack([*~empty, right[2] > 0])
    if not np.isfinite(scores).all() or not agree(scores[divided], right[divided]):
        return False
    fillings = [part[nothing] for part, nothing in zip(scores, empty, strict=False)]  # one number, if it was chosen
    return any(len(filling) and (np.ptp(filling) > 1e-6 or abs(filling[0]) > 1) for filling in fillings)


@mistake("brackets-missing", question="Can F1 exceed 1? What belongs under the fraction bar?")
def f1_without_brackets(matrix):
    """Parentheses are missing in F1. Python divides before it adds, so 2 * p * r / p + r divides by p alone."""
    precision, recall, _ = scores_of(matrix)
    return np.stack([precision, recall, share(2 * precision * recall, precision) + recall])


@symptom("transposed", question="How many arrays should come back, and what should the first of them hold?")
def a_row_for_each_class(scores, matrix):
    """There is a row for every class; a row for every score was asked for: precision, recall, F1."""
    return np.shape(scores) == (len(matrix), 3) != (3, len(matrix))


@symptom("not-the-harmonic-mean", question="What should F1 be for a class whose precision and recall are equal?")
def not_the_harmonic_mean(scores, matrix):
    """Precision and recall are right, but F1 is not their harmonic mean."""
    precision, recall, f1 = (agree(score, right) for score, right in zip(scores, scores_of(matrix), strict=True))
    return precision and recall and not f1


@symptom("list-not-array", question="What turns a list of numbers into an array?")
def scores_in_lists(scores, matrix):
    """The numbers are right, but they came in a list, which has no shape and no dtype; arrays were asked for."""
    return any(isinstance(score, list) for score in scores) and agree(scores, scores_of(matrix))


SCORE_MISTAKES = [
    scores_in_lists,
    a_row_for_each_class,
    f1_without_brackets,
    precision_recall_swapped,
    arithmetic_mean,
    without_two,
    averaged_over_classes,
    divided_by_everything,
    scores_in_percent,
    scores_are_integers,
    undefined_as_one,
    undefined_as_one_everywhere,
    undefined_as_one_in_each,
    not_a_number,
    uninitialized,
    not_the_harmonic_mean,
]


def expect_scores(scores, matrix):
    """Fail unless what came back is precision, recall and F1 of every class."""
    wanted = f"three float arrays of shape ({len(matrix)},): precision, recall, F1"
    rows = isinstance(scores, (tuple, list)) or (isinstance(scores, np.ndarray) and scores.ndim == 2)
    parts = list(scores) if rows and len(scores) == 3 else []
    expect(len(parts) == 3, scores, f"returned {describe(scores)}", wanted, SCORE_MISTAKES)
    for name, part in zip(SCORES, parts, strict=True):
        fits = isinstance(part, np.ndarray) and part.shape == (len(matrix),) and part.dtype.kind in "biuf"
        expect(fits, scores, f"returned {describe(part)} as {name}", wanted, SCORE_MISTAKES)
    for name, part, right in zip(SCORES, parts, scores_of(matrix), strict=True):
        for number in np.flatnonzero(~np.isclose(part, right, rtol=1e-4, atol=1e-6)):
            found, wanted = told_apart(part[number], right[number])
            expect(False, scores, f"returned {found} as {name} of class {number}", wanted, SCORE_MISTAKES)


def classifier_matrix(rng, num_classes):
    """A confusion matrix int64 (k, k) with rare and common classes, so that row and column totals lie far apart."""
    matrix = rng.integers(1, 12, (num_classes, num_classes))
    matrix += np.diag(rng.integers(15, 40, num_classes))
    frequency = rng.permutation(np.linspace(1, 9, num_classes).astype(np.int64))
    return matrix * frequency[:, np.newaxis]


def empty_matrix(rng):
    """A confusion matrix (6, 6), small enough to be shown, its classes shuffled: 0 and 1 are ordinary, 2 is never
    predicted, 3 never occurs, 4 neither, and 5 is never right."""
    matrix = rng.integers(1, 9, (6, 6))
    matrix += np.diag(rng.integers(15, 60, 6))
    matrix[:, 2] = matrix[3] = 0
    matrix[4] = matrix[:, 4] = 0
    matrix[5, 5] = 0
    order = rng.permutation(6)
    return matrix[np.ix_(order, order)]


@check(
    points=2,
    title="precision_recall_f1 gives precision, recall and F1 of every class",
    hints=(
        "Of everything that was called a 4, what fraction is a 4? Which way do you add up the matrix for that?",
        "Both scores divide the diagonal: precision by the totals of the columns (predicted), recall by the totals of "
        "the rows (true). F1 is their harmonic mean.",
        "The totals are matrix.sum(axis=0) and matrix.sum(axis=1); np.diag(matrix) holds the hits.",
    ),
)
def test_precision_recall_f1(submission, probe):
    for num_classes in (5, 3, 10):
        matrix = classifier_matrix(probe.rng, num_classes)
        scores = submission.precision_recall_f1(matrix)
        expect_scores(scores, matrix)
        expect_input_unchanged(scores)


@check(
    points=1,
    title="precision_recall_f1 gives 0 where there is nothing to divide by",
    hints=(
        "What is the precision of a class that was never predicted, and the recall of one that never occurs?",
        "0 / 0 is NaN in NumPy and an error in plain Python; one NaN spoils every mean that it gets into. F1 divides "
        "too, so it needs the same care.",
        "np.divide needs both: out= (start from zeros, in floats) and where= (only where the total is above 0).",
    ),
    after=[test_precision_recall_f1],
)
def test_undefined_scores(submission, probe):
    for _ in range(2):
        matrix = empty_matrix(probe.rng)
        try:
            scores = submission.precision_recall_f1(matrix)
        except SubmissionError as error:
            divided = zero_division.shows(error, matrix)
            expect(not divided, error, f"raised {error.summary} at {error.code}", "0 for that class", [zero_division])
            raise
        expect_scores(scores, matrix)


# macro_f1


@mistake(
    "micro-for-macro", question="Does your number change much when every digit of a rare class is classified wrong?"
)
def micro_for_macro(matrix):
    """This is the accuracy, all hits over all answers, which common classes dominate. Macro means that every class
    counts the same."""
    return np.trace(matrix) / matrix.sum()


@mistake("f1-of-averages", question="Which comes first: the F1 of each class, or the mean over the classes?")
def f1_of_averages(matrix):
    """Precision and recall were averaged first, and F1 was computed from the two means; macro F1 is the mean of the F1
    scores of the classes."""
    precision, recall, _ = scores_of(matrix).mean(axis=1)
    return 2 * precision * recall / (precision + recall)


@mistake("weighted-for-macro", question="How much more should a class count if it occurs ten times as often?")
def weighted_for_macro(matrix):
    """The classes were weighted by how often they occur. In a macro mean, all of them count the same."""
    return np.average(scores_of(matrix)[2], weights=matrix.sum(axis=1))


@mistake("undefined-left-out", question="Should a classifier be able to improve its score by never predicting a class?")
def undefined_left_out(matrix):
    """Classes whose F1 is undefined or 0 were left out of the mean; they count as 0."""
    f1 = scores_of(matrix)[2]
    return f1[f1 > 0].mean()


@mistake("undefined-left-out", question="How many classes do you divide by, and how many are there?")
def never_true_left_out(matrix):
    """Classes that never occur were left out of the mean; they count as 0."""
    return scores_of(matrix)[2][matrix.sum(axis=1) > 0].mean()


@mistake("undefined-left-out", question="How many classes do you divide by, and how many are there?")
def never_met_left_out(matrix):
    """Classes that never occur and are never predicted were left out of the mean; they count as 0."""
    return scores_of(matrix)[2][matrix.sum(axis=0) + matrix.sum(axis=1) > 0].mean()


@mistake(
    "all-scores-averaged",
    question="What does precision_recall_f1 return, and which part of it is macro F1 the mean of?",
)
def all_scores_averaged(matrix):
    """Precision, recall and F1 were all averaged together; macro F1 is the mean of the F1 scores alone."""
    return scores_of(matrix).mean()


@mistake("sum-not-mean", question="Can the mean of numbers below 1 lie above 1?")
def sum_not_mean(matrix):
    """The F1 scores were added up, but the sum was not divided by the number of classes."""
    return scores_of(matrix)[2].sum()


@mistake("always-ten-classes", question="Which number did you divide by, and how many classes does this matrix have?")
def divided_by_ten(matrix):
    """The sum was divided by ten, although this matrix has a different number of classes."""
    return scores_of(matrix)[2].sum() / 10


@mistake("mean-forgotten", question="How many numbers should come back?")
def mean_forgotten(matrix):
    """This is the F1 of every class; their mean, a single number, was asked for."""
    return scores_of(matrix)[2]


@mistake("percent-not-fraction", question="What is the largest value that F1 can have?")
def macro_in_percent(matrix):
    """The value is a percentage; a number between 0 and 1 was asked for."""
    return 100 * scores_of(matrix)[2].mean()


@symptom("divide-by-zero", question="Which class has nothing to divide by here?")
def macro_not_a_number(value, matrix):
    """A single class with nothing to divide by made the mean NaN."""
    return np.isnan(value) and not scores_of(matrix).all()


MACRO_MISTAKES = [
    micro_for_macro,
    f1_of_averages,
    weighted_for_macro,
    all_scores_averaged,
    undefined_left_out,
    never_true_left_out,
    never_met_left_out,
    sum_not_mean,
    divided_by_ten,
    mean_forgotten,
    macro_in_percent,
    macro_not_a_number,
]


def telling_matrix(rng, num_classes):
    """A classifier_matrix on which the different ways to compute one number do not agree by chance."""
    while True:
        matrix = classifier_matrix(rng, num_classes)
        ways = [known.reenact(matrix) for known in MACRO_MISTAKES[:4]]
        if np.diff(np.sort([*ways, scores_of(matrix)[2].mean()])).min() > 0.001:
            return matrix


@check(
    points=1,
    title="macro_f1 is the mean F1 of all classes",
    hints=(
        "If one class of ten is never found, how far should the score drop?",
        "Macro means: first the score of every class by itself, then the plain mean over all k, zeros included.",
        "Take the third array of precision_recall_f1 and return its mean.",
    ),
    after=[test_precision_recall_f1, test_undefined_scores],
)
def test_macro_f1(submission, probe):
    for matrix in (telling_matrix(probe.rng, 4), telling_matrix(probe.rng, 10), empty_matrix(probe.rng)):
        try:
            value = submission.macro_f1(matrix)
        except SubmissionError as error:
            divided = zero_division.shows(error, matrix)
            expect(not divided, error, f"raised {error.summary} at {error.code}", "0 for that class", [zero_division])
            raise
        expect_close(value, scores_of(matrix)[2].mean(), mistakes=MACRO_MISTAKES)
        expect_input_unchanged(value)


# most_confused


def pair(value, kinds):
    """What came back as a list of two numbers of these dtype kinds, or None."""
    is_row = isinstance(value, (tuple, list)) or (isinstance(value, np.ndarray) and value.ndim)
    items = value if is_row and len(value) == 2 else []
    numbers = [np.asarray(item) for item in items if isinstance(item, (int, float, np.generic, np.ndarray))]
    fits = len(items) == len(numbers) == 2 and all(not one.ndim and one.dtype.kind in kinds for one in numbers)
    return [one.item() for one in numbers] if fits else None


def shown(value):
    """What came back, in words; of two things, each of them."""
    if isinstance(value, (tuple, list)) and len(value) == 2:
        return f"({', '.join(' '.join(describe(item).split()) for item in value)})"
    return describe(value)


def off_diagonal(matrix):
    """The matrix without its hits."""
    return np.where(np.eye(len(matrix), dtype=bool), 0, matrix)


# Oracle, on the matrix without its hits
def largest(matrix):
    """Row and column of the largest entry."""
    return np.unravel_index(np.argmax(matrix), matrix.shape)


@mistake("most-confused-diagonal", question="Is a hit a confusion?")
def diagonal_too(matrix):
    """The largest entry of all was taken. It is on the diagonal, where the right answers are counted."""
    return largest(matrix)


@mistake("rows-columns-swapped", question="Which axis of the matrix is the truth?")
def predicted_first(matrix):
    """The cell is the right one, but the prediction came first. The truth is the row, and it comes first."""
    return largest(off_diagonal(matrix))[::-1]


@mistake("always-ten-classes", question="How many cells does a row of this matrix have?")
def split_by_ten(matrix):
    """The number of the cell was divided by 10 to get its row and its column, but the rows of this matrix do not have
    ten cells."""
    return divmod(int(np.argmax(off_diagonal(matrix))), 10)


@mistake("flat-index", question="In which row and in which column of this matrix is the cell with that number?")
def flat_index(matrix):
    """This is the number of the cell, counted through the whole matrix row by row. It still has to be turned
    into row and column."""
    return np.argmax(off_diagonal(matrix))


@mistake("flat-index", question="In which row and in which column of this matrix is the cell with that number?")
def flat_index_of_everything(matrix):
    """This is the number of a cell, counted through the whole matrix row by row, and the cell is on the diagonal."""
    return np.argmax(matrix)


@mistake("count-not-classes", question="Which two classes were confused?")
def count_not_classes(matrix):
    """This is how often the worst confusion happened. The question was which two classes it confuses."""
    return off_diagonal(matrix).max()


@mistake("both-directions-added", question="Is taking a 4 for a 9 the same mistake as taking a 9 for a 4?")
def both_directions_added(matrix):
    """The two directions of a confusion were added up. Each is a cell of its own."""
    return largest(np.triu(matrix + matrix.T, 1))


@mistake("both-directions-added", question="Is taking a 4 for a 9 the same mistake as taking a 9 for a 4?")
def both_directions_added_reversed(matrix):
    """The two directions of a confusion were added up. Each is a cell of its own."""
    return largest(np.tril(matrix + matrix.T, -1))


@mistake("half-the-matrix", question="Which cell counts the 9s that were taken for a 4?")
def upper_half(matrix):
    """Only the cells above the diagonal were looked at, and the worst confusion lies below it."""
    return largest(np.triu(matrix, 1))


@mistake("half-the-matrix", question="Which cell counts the 4s that were taken for a 9?")
def lower_half(matrix):
    """Only the cells below the diagonal were looked at, and the worst confusion lies above it."""
    return largest(np.tril(matrix, -1))


@mistake("returned-in-the-loop", question="Which cells has your loop seen when it reaches the return?")
def first_error(matrix):
    """This is the first error in the matrix: the return is inside the loop and ends it there."""
    return np.argwhere(off_diagonal(matrix))[0]


@mistake("returned-in-the-loop", question="Which rows has your loop seen when it reaches the return?")
def first_row_only(matrix):
    """This is the worst confusion of the first row: the return is inside the loop and ends it there."""
    return largest(off_diagonal(matrix)[:1])


@mistake("one-based-labels", question="Which row of the matrix belongs to class 0?")
def confused_one_based(matrix):
    """Both numbers are 1 too large: classes are counted from 0, like rows and columns."""
    return np.add(largest(off_diagonal(matrix)), 1)


@symptom("one-answer-per-row", question="How many numbers should come back, and how much of the matrix do you search?")
def one_answer_per_row(found, matrix):
    """A number came back for every row or column of the matrix; the row and column of one cell were asked for."""
    return np.shape(found) == (len(matrix),) != (2,)


@mistake("rates-not-counts", question="Does the task ask for the largest count, or for the largest fraction of a row?")
def rates_not_counts(matrix):
    """The largest fraction of a row was taken, so a rare class won; the largest count was asked for."""
    return largest(off_diagonal(matrix) / matrix.sum(axis=1, keepdims=True))


@symptom("float-labels", question="What is a class: a label, or a measurement?")
def confused_floats(found, matrix):
    """The classes are right, but they are floats; two integers were asked for."""
    return agree(found, largest(off_diagonal(matrix))) and np.asarray(found).dtype.kind == "f"


@symptom("not-one-number", question="np.where finds all cells that match: how do you take one number out of its array?")
def confused_arrays(found, matrix):
    """Row and column are arrays, as np.where and np.argwhere return them; two plain integers were asked for."""
    return np.shape(found) in {(2, 1), (1, 2)}


CONFUSION_MISTAKES = [
    split_by_ten,
    confused_floats,
    confused_arrays,
    one_answer_per_row,
    confused_one_based,
    first_error,
    first_row_only,
    diagonal_too,
    predicted_first,
    flat_index,
    flat_index_of_everything,
    count_not_classes,
    upper_half,
    lower_half,
    both_directions_added,
    both_directions_added_reversed,
    rates_not_counts,
]


def confused_matrix(rng, num_classes, below):
    """A confusion matrix (k, k), k >= 6, in which each way to look for the worst confusion finds another cell.

    The most frequent one lies below or above the diagonal, the next beyond it. Another two classes are confused more
    often, both directions together, and the rarest class has the largest share of errors. The first row has errors, but
    none of these.
    """
    worst = int(rng.integers(60, 90))
    matrix = rng.integers(1, 6, (num_classes, num_classes))
    np.fill_diagonal(matrix, rng.integers(300, 400, num_classes))
    a, b, c, d, rare = 1 + rng.permutation(num_classes - 1)[:5]
    a, b = (max(a, b), min(a, b)) if below else (min(a, b), max(a, b))
    matrix[a, b], matrix[c, d], matrix[d, c] = worst, worst - 15, worst - 16
    matrix[min(b, c) if below else max(b, c), max(b, c) if below else min(b, c)] = worst - 8
    matrix[rare, rare], matrix[rare, b] = 10, 40
    return matrix


def telling_confusions(rng, num_classes, below):
    """A confused_matrix on which dividing by ten does not lead to the answer of another mistake by chance."""
    while True:
        matrix = confused_matrix(rng, num_classes, below)
        reenacted = [np.ravel(known.reenact(matrix)) for known in CONFUSION_MISTAKES if known.reenact]
        if num_classes == 10 or not any(agree(reenacted[0], other) for other in reenacted[1:]):
            return matrix


@check(
    points=1,
    title="most_confused finds the most frequent confusion",
    hints=(
        "Which cells of the matrix count confusions, and which two integers say where the largest of them is?",
        "Set the hits aside, in a copy, and look for the largest entry that is left; its row is the truth.",
        "np.argmax numbers the cells of the whole matrix; np.unravel_index(number, matrix.shape) gives row and column.",
    ),
)
def test_most_confused(submission, probe):
    tiny = np.array([[8, 1], [3, 9]]) * probe.rng.integers(1, 9)
    matrices = [telling_confusions(probe.rng, 6, below=True), telling_confusions(probe.rng, 10, below=False)]
    for matrix in (*matrices, tiny):
        found = submission.most_confused(matrix)
        true, predicted = largest(off_diagonal(matrix))
        classes = pair(found, "iu")
        wanted = "(true, predicted), two integers"
        floats = pair(found, "f")
        returned = f"returned {tuple(floats) if floats else shown(found)}"
        expect(classes is not None, found, returned, wanted, CONFUSION_MISTAKES)
        returned = f"returned ({classes[0]}, {classes[1]})"
        expect(classes == [true, predicted], found, returned, f"({true}, {predicted})", CONFUSION_MISTAKES)
        expect_input_unchanged(found)


# accuracy_interval


def normal_quantile(share_below):
    from scipy.special import ndtri  # imported late: lessons that need no quantile should not wait for it

    return ndtri(share_below)


def wilson_with(z, num_correct, num_total):
    p, n = num_correct / num_total, num_total
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (p + z**2 / (2 * n) - half) / (1 + z**2 / n), (p + z**2 / (2 * n) + half) / (1 + z**2 / n)


# Oracle
def wilson(num_correct, num_total, confidence=0.95):
    """The right answer."""
    return wilson_with(normal_quantile((1 + confidence) / 2), num_correct, num_total)


@mistake("bounds-swapped", question="Which of the two is smaller, and what sign does your z have?")
def bounds_swapped(num_correct, num_total, confidence=0.95):
    """The two bounds are swapped: the larger one came first."""
    return wilson(num_correct, num_total, confidence)[::-1]


@mistake(
    "normal-approximation-interval", question="Can an accuracy exceed 1, and are 5 hits out of 5 proof of perfection?"
)
def normal_approximation(num_correct, num_total, confidence=0.95):
    """This is share ± z * sqrt(share * (1 - share) / n), the normal approximation. It can leave 0..1, and
    shrinks to a point when all answers are right."""
    p, z = num_correct / num_total, normal_quantile((1 + confidence) / 2)
    half = z * np.sqrt(p * (1 - p) / num_total)
    return p - half, p + half


@mistake("normal-approximation-interval", question="Are 5 hits out of 5 proof of perfection?")
def clipped_normal_approximation(num_correct, num_total, confidence=0.95):
    """This is the normal approximation, cut off at 0 and 1. It still shrinks to a point when all answers are right."""
    return np.clip(normal_approximation.reenact(num_correct, num_total, confidence), 0, 1)


@mistake("one-sided-z", question="How much of the normal distribution lies above your z, and how much below -z?")
def one_sided_z(num_correct, num_total, confidence=0.95):
    """z leaves all of the remaining probability above it, and as much again below -z. That probability has to be
    split between the two tails: for 95%, z is 1.96, not 1.645."""
    return wilson_with(normal_quantile(confidence), num_correct, num_total)


@mistake("confidence-for-alpha", question="Should more confidence make the interval wider or narrower?")
def confidence_for_alpha(num_correct, num_total, confidence=0.95):
    """The confidence was used as the probability to leave outside the interval, so 95% made the interval narrow."""
    return wilson_with(normal_quantile(1 - confidence / 2), num_correct, num_total)


@mistake("confidence-ignored", question="To be more confident, do you need a wider interval or a narrower one?")
def confidence_ignored(num_correct, num_total, confidence=0.95):
    """The interval is the one for 95%, whatever confidence was asked for."""
    return wilson(num_correct, num_total, 0.95)


@mistake("continuity-correction", question="Which of Wilson's two intervals was asked for?")
def continuity_correction(num_correct, num_total, confidence=0.95):
    """This is Wilson's interval with continuity correction, which is wider; the one without was asked for."""
    p, n, z = num_correct / num_total, num_total, normal_quantile((1 + confidence) / 2)
    below = z * np.sqrt(z**2 - 1 / n + 4 * n * p * (1 - p) + (4 * p - 2)) + 1
    above = z * np.sqrt(z**2 - 1 / n + 4 * n * p * (1 - p) - (4 * p - 2)) + 1
    low = 0 if num_correct == 0 else (2 * n * p + z**2 - below) / (2 * (n + z**2))
    high = 1 if num_correct == n else (2 * n * p + z**2 + above) / (2 * (n + z**2))
    return low, high


@mistake("clopper-pearson-interval", question="Which method does the function that you called use unless you name one?")
def clopper_pearson(num_correct, num_total, confidence=0.95):
    """This is the Clopper-Pearson interval, often called exact; Wilson's interval, a narrower one, was asked for."""
    from scipy.special import betaincinv

    tail, misses = (1 - confidence) / 2, num_total - num_correct
    low = betaincinv(num_correct, misses + 1, tail) if num_correct else 0.0
    high = betaincinv(num_correct + 1, misses, 1 - tail) if misses else 1.0
    return low, high


@mistake(
    "agresti-coull-interval",
    question="What is under the root in Wilson's formula: the share of right answers, or the center?",
)
def agresti_coull(num_correct, num_total, confidence=0.95):
    """The center is Wilson's, but the width is that of Agresti and Coull, who treat the center as if it were
    the observed accuracy."""
    z = normal_quantile((1 + confidence) / 2)
    center = (num_correct + z**2 / 2) / (num_total + z**2)
    half = z * np.sqrt(center * (1 - center) / (num_total + z**2))
    return center - half, center + half


@mistake(
    "agresti-coull-interval",
    question="What is under the root in Wilson's formula: the share of right answers, or the center?",
)
def clipped_agresti_coull(num_correct, num_total, confidence=0.95):
    """This is the interval of Agresti and Coull, cut off at 0 and 1; Wilson's never leaves 0..1 in the first place."""
    return np.clip(agresti_coull.reenact(num_correct, num_total, confidence), 0, 1)


def without_denominator(num_correct, num_total, confidence, of_center, of_half):
    """Wilson's formula with center or half not divided by 1 + z**2 / n."""
    low, high = wilson(num_correct, num_total, confidence)
    shrink = 1 + normal_quantile((1 + confidence) / 2) ** 2 / num_total
    center, half = (low + high) / 2 * (shrink if of_center else 1), (high - low) / 2 * (shrink if of_half else 1)
    return center - half, center + half


DENOMINATOR_MISSING = "denominator-missing", "Which parts of the formula are divided by 1 + z**2 / n?"


@mistake(*DENOMINATOR_MISSING)
def no_denominator(num_correct, num_total, confidence=0.95):
    """Neither the center nor the half width was divided by 1 + z**2 / n."""
    return without_denominator(num_correct, num_total, confidence, of_center=True, of_half=True)


@mistake(*DENOMINATOR_MISSING)
def no_denominator_of_half(num_correct, num_total, confidence=0.95):
    """The center was divided by 1 + z**2 / n, but the half width was not."""
    return without_denominator(num_correct, num_total, confidence, of_center=False, of_half=True)


@mistake(*DENOMINATOR_MISSING)
def no_denominator_of_center(num_correct, num_total, confidence=0.95):
    """The half width was divided by 1 + z**2 / n, but the center was not."""
    return without_denominator(num_correct, num_total, confidence, of_center=True, of_half=False)


@mistake("center-and-half", question="Where does the interval begin, and where does it end?")
def center_and_half(num_correct, num_total, confidence=0.95):
    """These are the center and the half width of the interval; its two ends were asked for."""
    low, high = wilson(num_correct, num_total, confidence)
    return (low + high) / 2, (high - low) / 2


@mistake("percent-not-fraction", question="What is the largest possible accuracy?")
def interval_in_percent(num_correct, num_total, confidence=0.95):
    """The bounds are percentages; accuracies between 0 and 1 were asked for."""
    return 100 * np.array(wilson(num_correct, num_total, confidence))


BRACKETS_MISSING = "brackets-missing", "In 1 + 4 / 2 * 3, what does Python compute first, and what next?"


@symptom(*BRACKETS_MISSING)
def brackets_missing(interval, num_correct, num_total, confidence=0.95):
    """Parentheses are missing in the formula. Python multiplies and divides, from left to right, before it adds."""
    p, n, z = num_correct / num_total, num_total, normal_quantile((1 + confidence) / 2)
    below, plus = 1 + z**2 / n, z**2 / (2 * n)
    spread, more = p * (1 - p) / n, z**2 / (4 * n**2)
    centers = [(p + plus) / below, p + plus / below, (p + z**2 / 2 * n) / below, (p + plus) / 1 + z**2 / n]
    halves = [z * np.sqrt(spread + more) / below, z * np.sqrt(spread + z**2 / 4 * n**2) / below]
    halves.append(z * np.sqrt(spread + more) / 1 + z**2 / n)
    right, *others = [(center - half, center + half) for center in centers for half in halves]
    return not agree(interval, right) and any(agree(interval, other) for other in others)


@mistake("square-root-missing", question="Which part of the half width is under a root?")
def square_root_missing(num_correct, num_total, confidence=0.95):
    """The square root in the half width is missing."""
    p, n, z = num_correct / num_total, num_total, normal_quantile((1 + confidence) / 2)
    low, high = wilson(num_correct, num_total, confidence)
    half = z * (p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return (low + high) / 2 - half, (low + high) / 2 + half


@mistake("integer-division", question="What is 9 // 10?")
def share_is_an_integer(num_correct, num_total, confidence=0.95):
    """The fraction of right answers was rounded down to a whole number, so everything short of perfect counts as 0."""
    return wilson(num_correct // num_total * num_total, num_total, confidence)


INTERVAL_MISTAKES = [
    bounds_swapped,
    normal_approximation,
    clipped_normal_approximation,
    one_sided_z,
    confidence_for_alpha,
    confidence_ignored,
    continuity_correction,
    clopper_pearson,
    agresti_coull,
    clipped_agresti_coull,
    no_denominator,
    no_denominator_of_half,
    no_denominator_of_center,
    center_and_half,
    interval_in_percent,
    share_is_an_integer,
    square_root_missing,
    brackets_missing,
]


def expect_interval(interval, *arguments):
    """Fail unless what came back is Wilson's interval for the arguments of the call."""
    low, high = wilson(*arguments)
    bounds = pair(interval, "iuf")
    wanted = "two numbers, (low, high)"
    expect(bounds is not None, interval, f"returned {shown(interval)}", wanted, INTERVAL_MISTAKES)
    right = np.isclose(bounds, [low, high], rtol=1e-4, atol=1e-6).all()
    returned = f"returned ({bounds[0]:.5g}, {bounds[1]:.5g})"
    expect(right, interval, returned, f"({low:.5g}, {high:.5g})", INTERVAL_MISTAKES)


@check(
    points=2,
    title="accuracy_interval gives the two ends of Wilson's interval",
    hints=(
        "Compute the center and the half width by hand for one call: which of the two is not what your code computes?",
        "Compute z first: the probability 1 - confidence is left outside, half of it above z and half below -z. Then "
        "compute center and half width, both divided by 1 + z**2 / n.",
        "z = NormalDist().inv_cdf((1 + confidence) / 2); then follow the formula in the exercise term by term.",
    ),
)
def test_accuracy_interval(submission, probe):
    few, many = int(probe.rng.integers(15, 40)), int(probe.rng.integers(8_000, 12_000))
    some = int(few * probe.rng.uniform(0.6, 0.85))
    for hits, total in ((some, few), (few, few), (0, few), (1, 1), (many - some, many)):
        interval = submission.accuracy_interval(hits, total)
        expect_interval(interval, hits, total)


@check(
    points=1,
    title="accuracy_interval gets wider when more confidence is asked for",
    hints=(
        "To be right more often, would you give a wider interval or a narrower one?",
        "z depends on the confidence: the more probability -z..z has to cover, the larger z is. 1.96 is for 95% only.",
        "Use NormalDist().inv_cdf((1 + confidence) / 2), and do not write 1.96 anywhere.",
    ),
    after=[test_accuracy_interval],
)
def test_confidence(submission, probe):
    total = int(probe.rng.integers(15, 60))
    hits = int(total * probe.rng.uniform(0.6, 0.85))
    for confidence in (round(probe.rng.uniform(0.55, 0.85), 3), round(probe.rng.uniform(0.97, 0.998), 3)):
        interval = submission.accuracy_interval(hits, total, confidence)
        expect_interval(interval, hits, total, confidence)
