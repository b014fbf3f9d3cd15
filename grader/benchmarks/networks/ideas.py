"""Ideas that are said to make a training faster, each tried on the last stage of the ladder that trains with ``fit``.

They see as many digits as that stage does, in turns with it. What they save, and what accuracy that costs, is in
``networks.toml``; none of them is on the ladder.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.benchmarks.networks.ladder import BATCH, Stage, cycle, stages

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Idea:
    """A change to a stage.

    Attributes:
        name: in a word or two.
        change: what is new, in words.
        stage: what is changed.
        steps_per_call: training steps that TensorFlow does each time Python calls it.
        is_xla: XLA compiles the step.
        batches: digits in a step; where there are two numbers, each is for one half of the training.
        frozen: how many of the first convolutions no longer learn in the last third.
    """

    name: str
    change: str
    stage: Stage
    steps_per_call: int = 1
    is_xla: bool = False
    batches: tuple[int, ...] = (BATCH,)
    frozen: int = 0

    def train(self, images: np.ndarray, labels: np.ndarray, digits: int, seed: int) -> "keras.Model":
        """Train on raw images uint8 (n, 28, 28) with labels (n,), so many in all."""
        import keras

        keras.utils.set_random_seed(seed)
        rng = np.random.default_rng(seed)
        model, targets = self.stage.network.model(), keras.utils.to_categorical(labels, 10)
        phases = list(self._phases(digits))
        schedule, done = cycle(sum(count // batch for count, batch, _ in phases), self.stage.peak), 0
        for number, (count, batch, frozen) in enumerate(phases):
            if number == 0 or frozen:
                freeze(model, frozen)
                self._compile(model, schedule, done)
            left = count
            while left >= batch:
                seen = rng.permutation(len(images))[: left - left % batch]
                model.fit(images[seen], targets[seen], batch_size=batch, shuffle=False, verbose=0)
                left -= len(seen)
                done += len(seen) // batch
        return model

    def _phases(self, digits: int) -> Iterator[tuple[int, int, int]]:
        """Parts of the training: how many digits, how many in a step, and how many convolutions do not learn."""
        if self.frozen:
            yield 2 * digits // 3, BATCH, 0
            yield digits // 3, BATCH, self.frozen
        else:
            yield from ((digits // len(self.batches), batch, 0) for batch in self.batches)

    def _compile(self, model: "keras.Model", schedule: Any, done: int) -> None:
        """Compile a model for the steps of a schedule after so many of them."""
        import keras

        class Rest(keras.optimizers.schedules.LearningRateSchedule):
            def __call__(self, step: Any) -> Any:
                return schedule(step + done)

            def get_config(self) -> dict[str, Any]:
                return {}

        first, second = self.stage.betas
        model.compile(
            keras.optimizers.Adam(Rest(), beta_1=first, beta_2=second),
            keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=self.stage.smoothing),
            steps_per_execution=self.steps_per_call,
            jit_compile=self.is_xla,
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


def ideas() -> Iterator[Idea]:
    """The stage without a change, then all of them."""
    *_, stage, _ = stages()
    yield Idea(stage.name, "nothing", stage)
    yield Idea("steps per call", "50 steps each time Python calls TensorFlow", stage, steps_per_call=50)
    yield Idea("XLA", "the step compiled by XLA", stage, is_xla=True)
    yield Idea("growing batches", "64 digits in a step, then 256", stage, batches=(64, 256))
    yield Idea("frozen layers", "the first two convolutions stop learning after two thirds", stage, frozen=2)
