"""The 70,000 MNIST digits that ship with the course, and the only code that loads them."""

import contextlib
import hashlib
import io
import threading
from functools import cache
from pathlib import Path

import numpy as np

MNIST_PATH = Path(__file__).with_name("mnist.npz")
MNIST_SHA256 = "06af5dfe73b70e3bc1c36439982b18a8d76803db9b544f6fdf838a37fbb01b64"
RESTORE = "Restore it with: git checkout -- grader/data/mnist.npz"

READING = threading.Lock()  # a thread that needs the digits waits while another one reads them

Split = tuple[np.ndarray, np.ndarray]


class DataError(Exception):
    """The data file is missing, truncated or not the course's own."""


def load_mnist() -> tuple[Split, Split]:
    """Load MNIST, as ``keras.datasets.mnist.load_data()`` does but without a download.

    Returns:
        ``(x_train, y_train), (x_test, y_test)``: images uint8 (60000, 28, 28) and (10000, 28, 28) in 0..255, bright
        ink on a dark background; labels uint8 (60000,) and (10000,) in 0..9. The arrays are the caller's own.

    Raises:
        DataError: the file is missing, truncated or not the course's own.
    """
    arrays = read_archive(MNIST_PATH)
    return (
        (arrays["x_train"].copy(), arrays["y_train"].copy()),
        (arrays["x_test"].copy(), arrays["y_test"].copy()),
    )


def read_ahead() -> None:
    """Read the digits before they are needed. An error is reported when they are first used."""
    with contextlib.suppress(DataError):
        read_archive(MNIST_PATH)


def read_archive(path: Path) -> dict[str, np.ndarray]:
    """Read the archive once per process, after comparing its SHA-256 with the one above."""
    with READING:
        return _read(path)


@cache
def _read(path: Path) -> dict[str, np.ndarray]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DataError(f"The digits are missing: {path} cannot be read ({error.strerror}). {RESTORE}") from None
    if hashlib.sha256(raw).hexdigest() != MNIST_SHA256:
        raise DataError(
            f"{path} is not the data file of this course ({len(raw):,} bytes with a different checksum). {RESTORE}"
        )
    with np.load(io.BytesIO(raw), allow_pickle=False) as archive:
        return {key: archive[key] for key in ("x_train", "y_train", "x_test", "y_test")}
