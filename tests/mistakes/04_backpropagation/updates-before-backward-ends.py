# diagnosis: updates-before-backward-ends
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
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for i in range(0, len(x), batch_size):
            xb, yb = x[order[i : i + batch_size]], labels[order[i : i + batch_size]]
            # forward
            h = np.maximum(xb @ W1 + b1, 0)
            logits = h @ W2 + b2
            p = np.exp(logits - logits.max(axis=1, keepdims=True))
            p = p / p.sum(axis=1, keepdims=True)
            # output layer
            d = (p - np.eye(10)[yb]) / len(xb)
            W2 = W2 - learning_rate * h.T @ d
            b2 = b2 - learning_rate * d.sum(axis=0)
            # hidden layer
            dh = (d @ W2.T) * (h > 0)
            W1 = W1 - learning_rate * xb.T @ dh
            b1 = b1 - learning_rate * dh.sum(axis=0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
