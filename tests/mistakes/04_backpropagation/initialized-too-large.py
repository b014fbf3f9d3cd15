# diagnosis: initialized-too-large
# in: initialize
# checks: initialize_draws
import numpy as np


def initialize(num_inputs, num_hidden, num_classes, rng):
    return {
        "W1": rng.standard_normal((num_inputs, num_hidden)),
        "b1": np.zeros(num_hidden),
        "W2": rng.standard_normal((num_hidden, num_classes)),
        "b2": np.zeros(num_classes),
    }


def forward(x, params):
    z1 = x @ params["W1"] + params["b1"]
    a1 = np.maximum(0, z1)
    logits = a1 @ params["W2"] + params["b2"]
    return logits, (x, z1, a1, logits)


def backward(cache, labels, params):
    x, z1, a1, logits = cache
    n = len(labels)
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    dz2 = p.copy()
    dz2[np.arange(n), labels] -= 1
    dz2 /= n
    da1 = dz2 @ params["W2"].T
    dz1 = da1 * (z1 > 0)
    return {"W1": x.T @ dz1, "b1": dz1.sum(axis=0), "W2": a1.T @ dz2, "b2": dz2.sum(axis=0)}


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
