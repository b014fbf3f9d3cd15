"""The digits are the original ones, and a damaged file is told apart from them."""

import hashlib

import numpy as np
import pytest

from grader.authoring.mnist import ORIGINAL_FILES, pack, read_idx, to_idx
from grader.data import MNIST_PATH, DataError, load_mnist, read_archive


def test_the_arrays_are_the_four_original_files_bit_for_bit():
    arrays = read_archive(MNIST_PATH)
    for key, (_, md5) in ORIGINAL_FILES.items():
        assert hashlib.md5(to_idx(arrays[key])).hexdigest() == md5


def test_load_mnist_returns_what_keras_returns():
    (x_train, y_train), (x_test, y_test) = load_mnist()
    assert (x_train.shape, y_train.shape) == ((60_000, 28, 28), (60_000,))
    assert (x_test.shape, y_test.shape) == ((10_000, 28, 28), (10_000,))
    assert {array.dtype.name for array in (x_train, y_train, x_test, y_test)} == {"uint8"}
    assert y_train[:5].tolist() == [5, 0, 4, 1, 9]
    assert np.bincount(y_test).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


def test_a_callers_changes_stay_its_own():
    load_mnist()[0][0][:] = 0
    assert load_mnist()[0][0].any()


def flip_a_bit(raw: bytes) -> bytes:
    middle = len(raw) // 2
    return raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :]


@pytest.mark.parametrize("damage", [lambda raw: raw[:1000], lambda raw: b"not a digit", flip_a_bit])
def test_a_truncated_or_foreign_file_is_refused_by_name(damage, tmp_path):
    path = tmp_path / "mnist.npz"
    path.write_bytes(damage(MNIST_PATH.read_bytes()))
    with pytest.raises(DataError, match=r"mnist\.npz is not the data file of this course"):
        read_archive(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"mnist\.npz cannot be read"):
        read_archive(tmp_path / "mnist.npz")


def test_packing_the_original_files_gives_the_same_arrays(tmp_path):
    arrays = read_archive(MNIST_PATH)
    for key, (name, _) in ORIGINAL_FILES.items():
        (tmp_path / name).write_bytes(to_idx(arrays[key]))
        assert np.array_equal(read_idx(tmp_path / name), arrays[key])
    pack(tmp_path, tmp_path / "packed.npz")
    with np.load(tmp_path / "packed.npz") as packed:
        assert all(np.array_equal(packed[key], arrays[key]) for key in ORIGINAL_FILES)
