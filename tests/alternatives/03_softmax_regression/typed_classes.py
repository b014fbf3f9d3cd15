# alternative: dataclasses, type hints, a batch generator, arrays returned as a list
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Labels = NDArray[np.integer]


def softmax(logits: Floats) -> Floats:
    centered = np.subtract(logits, np.max(logits, axis=1, keepdims=True))
    weights = np.exp(centered)
    return np.divide(weights, np.sum(weights, axis=1, keepdims=True))


def cross_entropy(probabilities: Floats, labels: Labels) -> float:
    rows = range(probabilities.shape[0])
    return -float(np.mean(np.log(probabilities[rows, labels] + 1e-8)))


@dataclass
class Model:
    weights: Floats
    bias: Floats

    @classmethod
    def blank(cls, inputs: int, classes: int = 10) -> Model:
        return cls(np.zeros((inputs, classes)), np.zeros(classes))

    def probabilities(self, x: Floats) -> Floats:
        return softmax(x @ self.weights + self.bias)

    def slope(self, x: Floats, labels: Labels) -> tuple[Floats, Floats]:
        errors = self.probabilities(x)
        np.subtract.at(errors, (np.arange(len(labels)), labels), 1.0)
        return np.tensordot(x, errors, axes=(0, 0)) / len(x), np.mean(errors, axis=0)

    def step(self, x: Floats, labels: Labels, rate: float) -> None:
        of_weights, of_bias = self.slope(x, labels)
        self.weights -= rate * of_weights
        self.bias -= rate * of_bias


@dataclass
class Batches:
    count: int
    size: int
    rng: np.random.Generator = field(repr=False)

    def __iter__(self) -> Iterator[NDArray[np.intp]]:
        order = self.rng.permutation(self.count)
        yield from (order[i : i + self.size] for i in range(0, self.count, self.size))


def gradients(x: Floats, labels: Labels, weights: Floats, bias: Floats) -> tuple[Floats, Floats]:
    return Model(weights, bias).slope(x, labels)


def train(
    x: Floats, labels: Labels, epochs: int = 1, batch_size: int = 100, learning_rate: float = 0.5, seed: int = 0
) -> list[Floats]:
    model = Model.blank(x.shape[1])
    batches = Batches(len(x), batch_size, np.random.default_rng(seed))
    for _ in range(epochs):
        for rows in batches:
            model.step(x[rows], labels[rows], learning_rate)
    return [model.weights, model.bias]
