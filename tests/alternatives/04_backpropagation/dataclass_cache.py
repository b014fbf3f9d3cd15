# alternative: type hints, a frozen dataclass as the cache, the last layer's weights start at zero
from dataclasses import dataclass

import numpy as np

Params = dict[str, np.ndarray]


@dataclass(frozen=True)
class Pass:
    x: np.ndarray
    sums: np.ndarray
    probabilities: np.ndarray

    @property
    def hidden(self) -> np.ndarray:
        return self.sums.clip(min=0)


def initialize(num_inputs: int, num_hidden: int, num_classes: int, rng: np.random.Generator) -> Params:
    # Random weights in the first layer tell the units apart; the last layer may then start undecided.
    first = rng.normal(size=(num_inputs, num_hidden)) * (2 / num_inputs) ** 0.5
    return {
        "W1": first,
        "b1": np.zeros(num_hidden),
        "W2": np.zeros((num_hidden, num_classes)),
        "b2": np.zeros(num_classes),
    }


def forward(x: np.ndarray, params: Params) -> tuple[np.ndarray, Pass]:
    sums = x @ params["W1"] + params["b1"]
    logits = sums.clip(min=0) @ params["W2"] + params["b2"]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return logits, Pass(x, sums, powers / powers.sum(axis=1, keepdims=True))


def backward(cache: Pass, labels: np.ndarray, params: Params) -> Params:
    slope = cache.probabilities.copy()
    slope[np.arange(labels.size), labels] -= 1.0
    slope /= labels.size
    inner = slope @ params["W2"].T
    inner *= np.sign(cache.hidden)
    return {
        "b2": slope.sum(axis=0),
        "W2": cache.hidden.T @ slope,
        "b1": inner.sum(axis=0),
        "W1": cache.x.T @ inner,
    }


def train(
    x: np.ndarray,
    labels: np.ndarray,
    num_hidden: int = 100,
    epochs: int = 1,
    batch_size: int = 100,
    learning_rate: float = 0.5,
    seed: int = 0,
) -> Params:
    rng = np.random.default_rng(seed)
    params = initialize(x.shape[1], num_hidden, 10, rng)
    for order in (rng.permutation(len(x)) for _ in range(epochs)):
        shuffled_x, shuffled_labels = x[order], labels[order]
        for start in range(0, len(x), batch_size):
            part = slice(start, start + batch_size)
            _, cache = forward(shuffled_x[part], params)
            gradients = backward(cache, shuffled_labels[part], params)
            params = {name: value - learning_rate * gradients[name] for name, value in params.items()}
    return params
