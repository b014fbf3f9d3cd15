"""What a second is worth on this computer, and just now: the time of one training step of a known network.

A training that is told in such steps is as long on a fast computer as on a slow one, or on one that is busy meanwhile.
"""

import statistics
import time
from pathlib import Path

import numpy as np

from grader.course import PACKAGE

NETWORK = PACKAGE / "data" / "reference.keras"  # of lesson 14
DIGITS = 128  # in a step
WARM, STEPS = 3, 25  # the first ones compile


def seconds_per_step(network: Path = NETWORK) -> float:
    """Train the network on noise for a moment; returns the median time of a step, in the process that calls it."""
    import keras

    model = keras.models.load_model(network, compile=False)
    model.compile("adam", "sparse_categorical_crossentropy")
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (DIGITS, 28, 28)).astype(np.uint8)
    labels = rng.integers(0, 10, DIGITS)
    seconds = []
    for _ in range(WARM + STEPS):
        started = time.perf_counter()
        model.train_on_batch(images, labels)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds[WARM:])
