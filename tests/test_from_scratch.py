"""What the learner writes in NumPy is what Keras computes: the solutions against the framework, on inputs of any kind.

One section per lesson. `from_scratch(slug)` loads a lesson's solution as a module.
"""

import importlib.util
import sys
from functools import cache
from types import ModuleType

import numpy as np
import pytest
from conftest import solution
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from grader.course import find_lesson

MAX_ROWS, MAX_INPUTS, MAX_CLASSES = 8, 6, 12
quickly = settings(max_examples=50, deadline=None)  # the first call of a TensorFlow operation is slow


@cache
def from_scratch(slug: str) -> ModuleType:
    """The reference solution of a lesson, loaded as a module."""
    path = solution(find_lesson(slug))
    spec = importlib.util.spec_from_file_location(f"solution_{slug}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def numbers(shape, largest, dtype=np.float64):
    """Arrays of finite numbers from -largest to largest."""
    return arrays(dtype, shape, elements=st.floats(-largest, largest, width=32))


def labels_for(count, classes):
    """Labels (count,) in 0..classes - 1, of one of the dtypes that labels come in."""
    dtypes = st.sampled_from([np.uint8, np.int32, np.int64])
    return dtypes.flatmap(lambda dtype: arrays(dtype, count, elements=st.integers(0, classes - 1)))


counts, inputs, classes = st.integers(1, MAX_ROWS), st.integers(1, MAX_INPUTS), st.integers(2, MAX_CLASSES)

# Lesson 3: softmax regression


@st.composite
def logits_and_labels(draw, largest):
    shape = draw(st.tuples(counts, classes))
    return draw(numbers(shape, largest)), draw(labels_for(*shape))


@st.composite
def softmax_regressions(draw, largest):
    """Images in 0..1, labels, weights and bias, in any numbers; the latter two from -largest to largest."""
    n, d, k = draw(counts), draw(inputs), draw(classes)
    x = draw(arrays(np.float64, (n, d), elements=st.floats(0, 1, width=32)))
    return x, draw(labels_for(n, k)), draw(numbers((d, k), largest)), draw(numbers(k, largest))


@quickly
@given(logits_and_labels(largest=1e4))
def test_softmax_is_that_of_keras(case):
    import keras
    import tensorflow as tf

    logits, _ = case
    expected = keras.ops.convert_to_numpy(keras.ops.softmax(tf.constant(logits), axis=-1))
    np.testing.assert_allclose(from_scratch("softmax_regression").softmax(logits), expected, rtol=1e-6, atol=1e-12)


@quickly
@given(logits_and_labels(largest=50))
def test_cross_entropy_is_that_of_keras(case):
    import keras

    logits, labels = case
    module = from_scratch("softmax_regression")
    probabilities = module.softmax(logits)
    expected = keras.losses.SparseCategoricalCrossentropy()(labels, probabilities.astype(np.float32))
    assert module.cross_entropy(probabilities, labels) == pytest.approx(float(expected), rel=1e-4, abs=1e-5)


@quickly
@given(softmax_regressions(largest=5))
def test_gradients_are_those_of_a_gradient_tape(case):
    import tensorflow as tf

    x, labels, weights, bias = case
    variables = [tf.Variable(weights), tf.Variable(bias)]
    with tf.GradientTape() as tape:
        costs = tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=labels.astype(np.int64), logits=tf.constant(x) @ variables[0] + variables[1]
        )
        loss = tf.reduce_mean(costs)
    found = from_scratch("softmax_regression").gradients(x, labels, weights, bias)
    for part, expected in zip(found, tape.gradient(loss, variables), strict=True):
        np.testing.assert_allclose(part, expected.numpy(), rtol=1e-6, atol=1e-9)


@quickly
@given(softmax_regressions(largest=0.5))  # so that no probability is small enough to be cut
def test_a_small_step_along_the_gradients_changes_the_loss_as_they_say(case):
    x, labels, weights, bias = case
    module = from_scratch("softmax_regression")

    def loss(step):
        logits = x @ (weights + step * of_weights) + bias + step * of_bias
        return module.cross_entropy(module.softmax(logits), labels)

    of_weights, of_bias = module.gradients(x, labels, weights, bias)
    nudge = 1e-4
    slope = (loss(nudge) - loss(-nudge)) / (2 * nudge)
    assert slope == pytest.approx((of_weights**2).sum() + (of_bias**2).sum(), rel=1e-3, abs=1e-6)


def test_two_steps_of_training_are_those_of_keras():
    """On the whole of the data at once, since the order of smaller batches is everybody's own."""
    import keras

    module = from_scratch("softmax_regression")
    rng = np.random.default_rng(3)
    x, labels = rng.random((60, 7)), rng.integers(0, 10, 60)
    model = keras.Sequential([keras.Input((7,)), keras.layers.Dense(10, "softmax", kernel_initializer="zeros")])
    model.compile(keras.optimizers.SGD(0.5), keras.losses.SparseCategoricalCrossentropy())
    model.fit(x, labels, epochs=2, batch_size=60, verbose=0)
    for part, expected in zip(module.train(x, labels, 2, 60, 0.5), model.get_weights(), strict=True):
        np.testing.assert_allclose(part, expected, rtol=1e-4, atol=1e-6)


# Lesson 4: a hidden layer and backpropagation

KEYS = ("W1", "b1", "W2", "b2")


@st.composite
def hidden_layer_networks(draw, largest):
    """Inputs, labels and the parameters of a network with one hidden layer, in any numbers from -largest to largest."""
    n, d, h, k = draw(counts), draw(inputs), draw(inputs), draw(classes)
    shapes = ((d, h), h, (h, k), k)
    params = {key: draw(numbers(shape, largest)) for key, shape in zip(KEYS, shapes, strict=True)}
    return draw(numbers((n, d), largest)), draw(labels_for(n, k)), params


@quickly
@given(hidden_layer_networks(largest=5))
def test_forward_and_backward_are_those_of_a_gradient_tape(case):
    import tensorflow as tf

    x, labels, params = case
    variables = [tf.Variable(params[key]) for key in KEYS]
    w1, b1, w2, b2 = variables
    with tf.GradientTape() as tape:
        expected_logits = tf.nn.relu(tf.constant(x) @ w1 + b1) @ w2 + b2
        costs = tf.nn.sparse_softmax_cross_entropy_with_logits(labels.astype(np.int64), expected_logits)
        loss = tf.reduce_mean(costs)
    module = from_scratch("backpropagation")
    logits, cache = module.forward(x, params)
    found = module.backward(cache, labels, params)
    np.testing.assert_allclose(logits, expected_logits.numpy(), rtol=1e-6, atol=1e-9)
    for key, expected in zip(KEYS, tape.gradient(loss, variables), strict=True):
        np.testing.assert_allclose(found[key], expected.numpy(), rtol=1e-6, atol=1e-8, err_msg=key)


@pytest.mark.parametrize("steps", [1, 3])
def test_steps_of_training_a_hidden_layer_are_those_of_keras(steps):
    """From the same weights, on the whole of the data at once."""
    import keras

    module = from_scratch("backpropagation")
    rng = np.random.default_rng(4)
    x, labels = rng.random((50, 7)), rng.integers(0, 10, 50)
    options = {"num_hidden": 6, "batch_size": 50, "learning_rate": 0.5, "seed": 8}
    start, end = (module.train(x, labels, epochs=epochs, **options) for epochs in (0, steps))
    model = keras.Sequential([keras.Input((7,)), keras.layers.Dense(6, "relu"), keras.layers.Dense(10)])
    model.set_weights([start[key] for key in KEYS])
    model.compile(keras.optimizers.SGD(0.5), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(x, labels, epochs=steps, batch_size=50, verbose=0)
    for key, expected in zip(KEYS, model.get_weights(), strict=True):
        assert not np.array_equal(start[key], end[key])
        np.testing.assert_allclose(end[key], expected, rtol=1e-4, atol=1e-6, err_msg=key)
