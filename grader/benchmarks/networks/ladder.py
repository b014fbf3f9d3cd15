"""The ladder: from the example in the Keras documentation to 99% in a few seconds, one change at a time.

The example itself is in `grader.benchmarks.training`. Each stage above it keeps what those below have brought. All but
the last train with ``fit``.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.benchmarks.networks import compiled

if TYPE_CHECKING:
    import keras

BATCH = 128
PEAK, RISING = 0.02, 0.3  # of one cycle: its highest learning rate, and the share of the steps in which it rises


@dataclass(frozen=True)
class Stage:
    """A way to train, and what is new about it.

    Attributes:
        name: in a word or two.
        change: what is new, in words.
        normalized: with batch normalization.
        one_cycle: the learning rate rises and falls, instead of staying at Adam's 0.001.
        smoothing: of the labels.
        betas: Adam's.
        crop: rows and columns that are cut off on every side of an image.
        is_compiled: the loop over the batches is compiled as well.
    """

    name: str
    change: str
    normalized: bool = False
    one_cycle: bool = False
    smoothing: float = 0.0
    betas: tuple[float, float] = (0.9, 0.999)
    crop: int = 0
    is_compiled: bool = False


CHANGES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("normalization", "batch normalization", {"normalized": True}),
    ("one cycle", "a learning rate that rises to 0.02 and falls to 0", {"one_cycle": True}),
    ("soft labels", "label smoothing of 0.1", {"smoothing": 0.1}),
    ("short memory", "Adam's betas at 0.7 and 0.9 instead of 0.9 and 0.999", {"betas": (0.7, 0.9)}),
    ("crop", "only the inner 24×24 pixels", {"crop": 2}),
    ("one program", "all steps compiled as one function, with the digits in memory", {"is_compiled": True}),
)


def stages() -> list[Stage]:
    """All of them, from the bottom."""
    return list(climb())


def climb() -> Iterator[Stage]:
    stage = Stage("stride first", "a stride of 2 in the first convolution, so that every map is small")
    yield stage
    for name, change, settings in CHANGES:
        stage = replace(stage, name=name, change=change, **settings)
        yield stage


def train(stage: Stage, images: np.ndarray, labels: np.ndarray, digits: int, seed: int) -> "keras.Model":
    """Train as a stage says.

    Args:
        images: uint8 (n, 28, 28).
        labels: (n,) in 0..9.
        digits: how many the network sees in all, again from the first where there are more than n.

    Returns:
        A model that takes images as they are, (n, 28, 28), and returns ten scores for each.
    """
    if stage.is_compiled:
        recipe = compiled.Recipe(digits, BATCH, PEAK, RISING, stage.betas, stage.smoothing, stage.crop)
        return compiled.train(recipe, images, labels, seed).network()
    import keras

    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    model = network(stage)
    rate = cycle(digits // BATCH) if stage.one_cycle else 0.001
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=stage.smoothing)
    first, second = stage.betas
    model.compile(keras.optimizers.Adam(rate, beta_1=first, beta_2=second), loss)
    targets = keras.utils.to_categorical(labels, 10)
    left = digits
    while left >= BATCH:
        seen = rng.permutation(len(images))[: left - left % BATCH]
        model.fit(images[seen], targets[seen], batch_size=BATCH, shuffle=False, verbose=0)
        left -= len(seen)
    return model


def cycle(steps: int) -> Any:
    """One cycle of the learning rate: in a line up, along half a cosine wave down."""
    import keras

    rising = max(1, math.floor(RISING * steps))
    return keras.optimizers.schedules.CosineDecay(PEAK / 10, steps - rising, warmup_target=PEAK, warmup_steps=rising)


def network(stage: Stage) -> "keras.Model":
    """The network of a stage, with random weights."""
    import keras
    from keras import layers

    def convolution(filters: int, size: int, stride: int = 1, pool: bool = False) -> list[Any]:
        linear = layers.Conv2D(filters, size, strides=stride, use_bias=not stage.normalized)
        pooling = [layers.MaxPooling2D(2)] if pool else []
        norm = [layers.BatchNormalization(momentum=0.9)] if stage.normalized else []
        return [linear, *pooling, *norm, layers.ReLU()]

    body = [*convolution(16, 5, stride=2), *convolution(48, 3, pool=True), *convolution(64, 3)]
    crop = [layers.Cropping2D(stage.crop)] if stage.crop else []
    start = [keras.Input((28, 28)), layers.Rescaling(1 / 255), layers.Reshape((28, 28, 1))]
    return keras.Sequential([*start, *crop, *body, layers.Flatten(), layers.Dense(10)])
