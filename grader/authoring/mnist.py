"""Turns the four original MNIST files into ``grader/data/mnist.npz``. Run once, by a maintainer."""

import struct
from pathlib import Path
from typing import Any

import numpy as np

ORIGINAL_FILES = {  # array in mnist.npz: (name of the original file, its MD5)
    "x_train": ("train-images-idx3-ubyte", "6bbc9ace898e44ae57da46a324031adb"),
    "y_train": ("train-labels-idx1-ubyte", "a25bea736e30d166cdddb491f175f624"),
    "x_test": ("t10k-images-idx3-ubyte", "2646ac647ad5339dbf082846283269ea"),
    "y_test": ("t10k-labels-idx1-ubyte", "27ae3e4e09519cfbb04c329615203637"),
}


def read_idx(path: Path) -> np.ndarray:
    """Read one IDX file of unsigned bytes: 0, 0, type 8, number of axes, sizes (big-endian), then the bytes."""
    raw = path.read_bytes()
    if raw[:3] != b"\x00\x00\x08":
        raise ValueError(f"{path} is not an IDX file of unsigned bytes.")
    axes = raw[3]
    shape = struct.unpack(f">{axes}I", raw[4 : 4 + 4 * axes])
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * axes).reshape(shape)


def to_idx(array: np.ndarray) -> bytes:
    """Write an array of unsigned bytes as IDX; the inverse of `read_idx`."""
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return header + np.ascontiguousarray(array, np.uint8).tobytes()


def pack(folder: Path, target: Path) -> None:
    """Pack the four original files in ``folder`` into one compressed archive with the keys that Keras uses."""
    arrays: dict[str, Any] = {key: read_idx(folder / name) for key, (name, _) in ORIGINAL_FILES.items()}
    np.savez_compressed(target, **arrays)
