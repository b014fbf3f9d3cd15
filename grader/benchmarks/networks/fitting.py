"""Trains a network with ``fit``, as Keras does it by itself or with an idea that is said to make it faster."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.benchmarks.networks.compiled import Recipe

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Fitting:
    """How to do it otherwise.

    Attributes:
        steps_per_call: training steps that TensorFlow does each time Python calls it.
        is_xla: XLA compiles the step.
        is_balanced: every batch has as many digits of one class as of another, or one more.
        batches: digits in a step, in each half of the training; those of the recipe if there is none.
        frozen: how many of the first convolutions no longer learn in the last third.
    """

    steps_per_call: int = 1
    is_xla: bool = False
    is_balanced: bool = False
    batches: tuple[int, int] | None = None
    frozen: int = 0

    def train(self, recipe: Recipe, images: np.ndarray, labels: np.ndarray, seed: int) -> "keras.Model":
        """Train a network; its digits are not distorted and its parameters not averaged, whatever the recipe says.

        Args:
            images: uint8 (n, 28, 28).
            labels: (n,).
        """
        import keras

        keras.utils.set_random_seed(seed)
        rng = np.random.default_rng(seed)
        model, targets = recipe.network.model(), keras.utils.to_categorical(labels, 10)
        phases = list(self._phases(recipe))
        rates = cycle(recipe, sum(digits // batch for digits, batch, _ in phases))
        done = 0
        for number, (digits, batch, frozen) in enumerate(phases):
            if number == 0 or frozen:
                freeze(model, frozen)
                self._compile(recipe, model, rates, done)
            for seen in self._epochs(digits, batch, labels, rng):
                model.fit(images[seen], targets[seen], batch_size=batch, shuffle=False, verbose=0)
                done += len(seen) // batch
        return model

    def _epochs(self, digits: int, batch: int, labels: np.ndarray, rng: np.random.Generator) -> Iterator[np.ndarray]:
        """Which digits each epoch sees, in order, until fewer than a batch are left."""
        while digits >= batch:
            order = balanced(labels, rng) if self.is_balanced else rng.permutation(len(labels))
            seen = order[: digits - digits % batch]
            yield seen
            digits -= len(seen)

    def _phases(self, recipe: Recipe) -> Iterator[tuple[int, int, int]]:
        """Parts of the training: how many digits, how many in a step, and how many convolutions do not learn."""
        digits, batch = recipe.digits, recipe.batch
        if self.frozen:
            yield 2 * digits // 3, batch, 0
            yield digits // 3, batch, self.frozen
        elif self.batches:
            yield from ((digits // 2, half, 0) for half in self.batches)
        else:
            yield digits, batch, 0

    def _compile(self, recipe: Recipe, model: "keras.Model", rates: Any, done: int) -> None:
        """Compile a model for what is left of its training after so many steps."""
        import keras

        class Left(keras.optimizers.schedules.LearningRateSchedule):
            def __call__(self, step: Any) -> Any:
                return rates(step + done)

            def get_config(self) -> dict[str, Any]:
                return {}

        first, second = recipe.betas
        model.compile(
            keras.optimizers.Adam(Left() if done else rates, beta_1=first, beta_2=second),
            keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=recipe.smoothing),
            steps_per_execution=self.steps_per_call,
            jit_compile=self.is_xla or "auto",
        )


AS_KERAS_DOES = Fitting()


def cycle(recipe: Recipe, steps: int) -> Any:
    """One cycle of the learning rate: in a line up, along half a cosine wave down."""
    import keras

    rising = max(1, math.floor(recipe.rising * steps))
    return keras.optimizers.schedules.CosineDecay(
        recipe.peak / 10, steps - rising, warmup_target=recipe.peak, warmup_steps=rising
    )


def freeze(model: "keras.Model", convolutions: int) -> None:
    """Stop the first convolutions of a model, and what normalizes them, from learning."""
    left = convolutions
    for layer in model.layers:
        if not left:
            return
        if layer.weights:
            layer.trainable = False
            left -= type(layer).__name__ == "BatchNormalization"


def balanced(labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """All digits in an order drawn by chance, in which ten in a row are one of each class, as long as there are."""
    order = rng.permutation(len(labels))
    order = order[np.argsort(labels[order], kind="stable")]  # class after class, each shuffled
    place = np.concatenate([np.arange(count) for count in np.bincount(labels)])  # in its class
    chosen: np.ndarray = order[np.lexsort((rng.random(len(labels)), place))]
    return chosen
