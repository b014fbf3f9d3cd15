# diagnosis: relu-on-logits
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


def relu(z):
    return np.maximum(z, 0)


def forward(x, params):
    # every layer: weights, bias, activation
    first = relu(x @ params["W1"] + params["b1"])
    second = relu(first @ params["W2"] + params["b2"])
    return second, (x, first, second)


def backward(cache, labels, params):
    x, first, second = cache
    e = np.exp(second - second.max(axis=1, keepdims=True))
    d2 = (e / e.sum(axis=1, keepdims=True) - np.eye(second.shape[1])[labels]) / len(labels)
    d2 = d2 * (second > 0)
    d1 = (d2 @ params["W2"].T) * (first > 0)
    return {"W1": x.T @ d1, "b1": d1.sum(axis=0), "W2": first.T @ d2, "b2": d2.sum(axis=0)}


def train(x, labels, num_hidden=100, epochs=1, batch_size=100, learning_rate=0.5, seed=0):
    rng = np.random.default_rng(seed)
    params = initialize(x.shape[1], num_hidden, 10, rng)
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for i in range(0, len(x), batch_size):
            rows = order[i : i + batch_size]
            logits, cache = forward(x[rows], params)
            grads = backward(cache, labels[rows], params)
            for key in params:
                params[key] = params[key] - learning_rate * grads[key]
    return params
