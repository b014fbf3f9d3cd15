"""The solution of lesson 8 gives what scikit-learn and SciPy give, on ordinary and on degenerate input."""

import runpy
import warnings

import numpy as np
import pytest
from conftest import solution
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from grader.checks import test_08_evaluation as checks
from grader.course import find_lesson

unhurried = settings(deadline=None)  # the first example waits for an import
SOLUTION = runpy.run_path(str(solution(find_lesson("evaluation"))))


@st.composite
def answers(draw) -> tuple[np.ndarray, np.ndarray, int]:
    """Labels, predictions and the number of classes; often some classes never occur or are never predicted."""
    num_classes = draw(st.integers(2, 20))
    classes = st.lists(st.integers(0, num_classes - 1), min_size=1, max_size=5)
    used = st.sampled_from(draw(classes)), st.sampled_from(draw(classes))
    pairs = draw(st.lists(st.tuples(*used), min_size=1, max_size=60))
    dtypes = st.sampled_from([np.uint8, np.int32, np.int64])
    y_true, y_pred = zip(*pairs, strict=True)
    return np.array(y_true, draw(dtypes)), np.array(y_pred, draw(dtypes)), num_classes


matrices = st.integers(2, 8).flatmap(
    lambda k: arrays(np.int64, (k, k), elements=st.integers(0, 30), fill=st.just(0)).filter(np.any)
)
trials = st.integers(1, 20_000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))
confidences = st.floats(0.05, 0.999)


def unrolled(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Labels and predictions that have this confusion matrix."""
    y_true, y_pred = np.indices(matrix.shape)
    return y_true.repeat(matrix.ravel()), y_pred.repeat(matrix.ravel())


@unhurried
@given(answers())
def test_confusion_matrix_is_that_of_scikit_learn(given_answers):
    from sklearn import metrics

    y_true, y_pred, num_classes = given_answers
    matrix = SOLUTION["confusion_matrix"](y_true, y_pred, num_classes)
    expected = metrics.confusion_matrix(y_true, y_pred, labels=range(num_classes))
    assert matrix.dtype.kind == "i"
    assert np.array_equal(matrix, expected)
    assert np.array_equal(checks.counted(y_true, y_pred, num_classes), expected)


@unhurried
@given(matrices)
def test_scores_are_those_of_scikit_learn(matrix):
    from sklearn import metrics

    y_true, y_pred = unrolled(matrix)
    classes = range(len(matrix))
    expected = metrics.precision_recall_fscore_support(y_true, y_pred, labels=classes, zero_division=0)[:3]
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # no division by 0, not even a silenced one
        scores = SOLUTION["precision_recall_f1"](matrix)
    assert np.allclose(scores, expected, rtol=1e-12, atol=0)
    assert np.allclose(checks.scores_of(matrix), expected, rtol=1e-12, atol=0)
    macro = metrics.f1_score(y_true, y_pred, labels=classes, average="macro", zero_division=0)
    assert SOLUTION["macro_f1"](matrix) == pytest.approx(macro, rel=1e-12)


@unhurried
@given(trials, confidences)
def test_interval_is_wilsons_in_scipy(trial, confidence):
    from scipy.stats import binomtest

    expected = binomtest(*trial).proportion_ci(confidence_level=confidence, method="wilson")
    assert SOLUTION["accuracy_interval"](*trial, confidence) == pytest.approx(tuple(expected), rel=1e-9, abs=1e-12)
    assert checks.wilson(*trial, confidence) == pytest.approx(tuple(expected), rel=1e-9, abs=1e-12)


@unhurried
@given(trials, st.floats(0.5, 0.999))
@np.errstate(invalid="ignore")  # where no answer or every answer is right, one root is not needed
def test_other_intervals_are_called_by_their_names(trial, confidence):
    from scipy.stats import binomtest

    exact = binomtest(*trial).proportion_ci(confidence_level=confidence, method="exact")
    corrected = binomtest(*trial).proportion_ci(confidence_level=confidence, method="wilsoncc")
    assert checks.clopper_pearson.reenact(*trial, confidence) == pytest.approx(tuple(exact), rel=1e-6, abs=1e-9)
    assert checks.continuity_correction.reenact(*trial, confidence) == pytest.approx(tuple(corrected), abs=1e-9)


@unhurried
@given(matrices)
def test_most_confused_is_the_largest_cell_off_the_diagonal(matrix):
    errors = {(t, p): matrix[t, p] for t in range(len(matrix)) for p in range(len(matrix)) if t != p}
    assume(any(errors.values()))
    assert errors[SOLUTION["most_confused"](matrix)] == max(errors.values())
