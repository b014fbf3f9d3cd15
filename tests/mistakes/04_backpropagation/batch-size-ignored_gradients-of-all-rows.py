# diagnosis: batch-size-ignored
# in: train
# checks: steps
import numpy as np


def initialize(num_inputs, num_hidden, num_classes, rng):
    return {
        "W1": rng.normal(0, np.sqrt(2 / num_inputs), (num_inputs, num_hidden)),
        "b1": np.zeros(num_hidden),
        "W2": rng.normal(0, np.sqrt(2 / num_hidden), (num_hidden, num_classes)),
        "b2": np.zeros(num_classes),
    }


def forward(x, params):
    sums = x @ params["W1"] + params["b1"]
    hidden = np.maximum(sums, 0)
    logits = hidden @ params["W2"] + params["b2"]
    return logits, (x, sums, hidden, logits, params["W2"])


def backward(cache, labels, params):
    x, sums, hidden, logits, W2 = cache
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    d_logits = e / e.sum(axis=1, keepdims=True)
    d_logits[np.arange(len(x)), labels] -= 1
    d_logits /= len(x)
    d_sums = (d_logits @ W2.T) * (sums > 0)
    return {"W1": x.T @ d_sums, "b1": d_sums.sum(axis=0), "W2": hidden.T @ d_logits, "b2": d_logits.sum(axis=0)}


def train(x, labels, num_hidden=100, epochs=1, batch_size=100, learning_rate=0.5, seed=0):
    rng = np.random.default_rng(seed)
    params = initialize(x.shape[1], num_hidden, 10, rng)
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            _, cache = forward(x, params)
            grads = backward(cache, labels, params)
            for key in params:
                params[key] = params[key] - learning_rate * grads[key]
    return params
