# diagnosis: cache-not-returned
# in: forward
# checks: forward
import numpy as np


def initialize(num_inputs, num_hidden, num_classes, rng):
    return {
        "W1": rng.normal(0, np.sqrt(2 / num_inputs), (num_inputs, num_hidden)),
        "b1": np.zeros(num_hidden),
        "W2": rng.normal(0, np.sqrt(2 / num_hidden), (num_hidden, num_classes)),
        "b2": np.zeros(num_classes),
    }


def forward(x, params):
    hidden = np.maximum(x @ params["W1"] + params["b1"], 0)
    return hidden @ params["W2"] + params["b2"]


def backward(cache, labels, params):
    x, hidden, logits = cache
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    error = e / e.sum(axis=1, keepdims=True)
    error[np.arange(len(labels)), labels] -= 1
    error /= len(labels)
    below = error @ params["W2"].T * (hidden > 0)
    return {"W1": x.T @ below, "b1": below.sum(axis=0), "W2": hidden.T @ error, "b2": error.sum(axis=0)}


def train(x, labels, num_hidden=100, epochs=1, batch_size=100, learning_rate=0.5, seed=0):
    rng = np.random.default_rng(seed)
    params = initialize(x.shape[1], num_hidden, 10, rng)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for i in range(0, len(x), batch_size):
            some, truth = x[order[i : i + batch_size]], labels[order[i : i + batch_size]]
            logits = forward(some, params)
            hidden = np.maximum(some @ params["W1"] + params["b1"], 0)
            grads = backward((some, hidden, logits), truth, params)
            params = {key: params[key] - learning_rate * grads[key] for key in params}
    return params
