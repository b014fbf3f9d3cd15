"""The solution of lesson 9 equals Keras for every combination of size, kernel, stride and padding."""

import importlib.util
from itertools import product

import numpy as np
import pytest
from conftest import TESTS, solution
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.course import find_lesson

SIZES, KERNELS, STRIDES, PADDINGS = range(1, 13), range(1, 6), range(1, 5), ("valid", "same")
COMBINATIONS = [(size, kernel) for size, kernel in product(SIZES, KERNELS) if kernel <= size]


@pytest.fixture(scope="module")
def ours():
    spec = importlib.util.spec_from_file_location("solution_of_09", solution(find_lesson("convolution")))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def ops():
    from keras import ops

    return ops


def keras_conv(ops, images, kernels, bias, stride, padding):
    return ops.convert_to_numpy(ops.conv(images, kernels, stride, padding)) + bias


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("stride", STRIDES)
def test_every_size_and_kernel_gives_what_keras_gives(ours, ops, stride, padding):
    rng = np.random.default_rng(stride)
    for (height, kernel_height), (width, kernel_width) in zip(COMBINATIONS, reversed(COMBINATIONS), strict=True):
        images = rng.normal(size=(2, height, width, 2)).astype("float32")
        kernels = rng.normal(size=(kernel_height, kernel_width, 2, 3)).astype("float32")
        bias = rng.normal(size=3).astype("float32")
        maps = ours.conv2d(images, kernels, bias, stride, padding)
        np.testing.assert_allclose(maps, keras_conv(ops, images, kernels, bias, stride, padding), 1e-4, 1e-5)
        sizes = [
            ours.output_size(size, kernel, stride, padding)
            for size, kernel in ((height, kernel_height), (width, kernel_width))
        ]
        assert maps.shape[1:3] == tuple(sizes)
        assert all(type(size) is int for size in sizes)


@st.composite
def convolutions(draw):
    """The arguments of a convolution: axes that have nothing to do with each other, whole numbers as values."""
    height, width = draw(st.integers(1, 15)), draw(st.integers(1, 15))
    kernel_height, kernel_width = draw(st.integers(1, min(height, 6))), draw(st.integers(1, min(width, 6)))
    n, c_in, c_out = (draw(st.integers(1, 3)) for _ in range(3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    images = rng.integers(-9, 10, (n, height, width, c_in)).astype("float32")
    kernels = rng.integers(-9, 10, (kernel_height, kernel_width, c_in, c_out)).astype("float32")
    bias = rng.integers(-9, 10, c_out).astype("float32")
    return images, kernels, bias, draw(st.integers(1, 7)), draw(st.sampled_from(PADDINGS))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(arguments=convolutions())
def test_conv2d_is_the_convolution_of_keras(ours, ops, arguments):
    before = [array.copy() for array in arguments[:3]]
    np.testing.assert_array_equal(ours.conv2d(*arguments), keras_conv(ops, *arguments))
    assert all(map(np.array_equal, arguments[:3], before))


@pytest.mark.parametrize(("size", "pool_size"), [(s, p) for s, p in product(SIZES, range(1, 6)) if p <= s])
def test_max_pool2d_is_the_pooling_of_keras(ours, ops, size, pool_size):
    for other in range(pool_size, SIZES.stop):
        images = np.random.default_rng(size).normal(size=(2, size, other, 3)).astype("float32") - 2
        expected = ops.convert_to_numpy(ops.max_pool(images, pool_size))
        np.testing.assert_array_equal(ours.max_pool2d(images, pool_size), expected)


def test_the_examples_in_the_docstrings_are_true(ours):
    import doctest

    results = doctest.testmod(ours, extraglobs={"np": np})
    assert results.failed == 0
    assert results.attempted >= 5


@pytest.mark.parametrize(
    ("name", "check", "says"),
    [
        ("truncated-to-integers_as-the-images", "conv2d_slides", "uint8 holds no negative numbers"),
        ("size-not-an-integer", "output_size_valid", ".0 (a float); expected an integer"),
        ("size-goes-wrong-first", "conv2d_slides", "If conv2d calls output_size, that may be the cause"),
    ],
)
def test_what_is_said_fits_what_happened(name, check, says, grade):
    lesson = find_lesson("convolution")
    verdict = grade(lesson, TESTS / "mistakes" / lesson.stem / f"{name}.py")
    assert says in next(result.message for result in verdict.checks if result.name == check)
