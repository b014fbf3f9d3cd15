# diagnosis: global-cache
# in: backward
# checks: output_gradients
import numpy as np


memory = {}


def initialize(num_inputs, num_hidden, num_classes, rng):
    return {
        "W1": rng.normal(0, np.sqrt(2 / num_inputs), (num_inputs, num_hidden)),
        "b1": np.zeros(num_hidden),
        "W2": rng.normal(0, np.sqrt(2 / num_hidden), (num_hidden, num_classes)),
        "b2": np.zeros(num_classes),
    }


def forward(x, params):
    memory["x"] = x
    memory["z1"] = x @ params["W1"] + params["b1"]
    memory["a1"] = np.maximum(memory["z1"], 0)
    memory["logits"] = memory["a1"] @ params["W2"] + params["b2"]
    return memory["logits"], memory


def backward(cache, labels, params):
    x, z1, a1, logits = memory["x"], memory["z1"], memory["a1"], memory["logits"]
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    d2 = p / len(labels)
    d1 = (d2 @ params["W2"].T) * (z1 > 0)
    return {"W1": x.T @ d1, "b1": d1.sum(axis=0), "W2": a1.T @ d2, "b2": d2.sum(axis=0)}


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
