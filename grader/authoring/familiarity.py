"""Measures what the training digits have in common, for `grader.handwriting.familiarity`."""

import io
from pathlib import Path

import numpy as np

from grader.data import load_mnist
from grader.files import write_atomically
from grader.handwriting.familiarity import FAMILIAR, Familiar, flat

COMPONENTS, OF_CLASSES = 100, 40
SPREAD = 0.02  # added to each variance, in squares of full ink, so that rare directions do not count too much
SHARE = 99.8  # percent of held-out training digits that are within each limit
HELD_OUT = 6  # every sixth


def write_familiar(path: Path = FAMILIAR) -> Path:
    """Measure, and write the result as an archive of NumPy arrays with half precision."""
    images, labels = load_mnist()[0]
    is_held_out = np.arange(len(images)) % HELD_OUT == 0
    measured = measure(images[~is_held_out], labels[~is_held_out])
    kept = images[is_held_out]
    limits = [np.percentile(scores, SHARE) for scores in (measured.residuals(kept), measured.distances(kept))]
    archive = io.BytesIO()
    arrays = {name: getattr(measured, name) for name in ("mean", "axes", "means", "whitening")}
    np.savez_compressed(archive, limits=np.array(limits), **arrays)
    write_atomically(path, archive.getvalue())
    return path


def measure(images: np.ndarray, labels: np.ndarray) -> Familiar:
    """The principal components of digits, and for each class its mean and its whitening in them."""
    pixels = flat(images)
    mean = pixels.mean(axis=0)
    _, axes = np.linalg.eigh(np.cov(pixels.T))
    first = axes[:, ::-1][:, :COMPONENTS].T
    points = (pixels - mean) @ first[:OF_CLASSES].T
    classes = [points[labels == digit] for digit in range(10)]
    spread = SPREAD * np.eye(OF_CLASSES)
    whitening = [np.linalg.cholesky(np.linalg.inv(np.cov(rows.T) + spread)) for rows in classes]
    means = np.stack([rows.mean(axis=0) for rows in classes])
    # Half precision takes a quarter of the room. The limits are measured with what is left of the figures.
    half = [np.asarray(array, np.float16) for array in (mean, first, means, np.stack(whitening))]
    return Familiar(half[0], half[1], half[2], half[3])
