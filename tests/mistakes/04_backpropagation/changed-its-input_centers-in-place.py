# diagnosis: changed-its-input
# in: forward
# checks: forward
import numpy as np


def initialize(num_inputs, num_hidden, num_classes, rng):
    # Glorot
    limit1 = np.sqrt(6 / (num_inputs + num_hidden))
    limit2 = np.sqrt(6 / (num_hidden + num_classes))
    W1 = rng.uniform(-limit1, limit1, size=(num_inputs, num_hidden))
    W2 = rng.uniform(-limit2, limit2, size=(num_hidden, num_classes))
    return dict(W1=W1, b1=np.zeros((num_hidden,)), W2=W2, b2=np.zeros((num_classes,)))


def forward(x, params):
    h = x @ params["W1"] + params["b1"]
    np.maximum(h, 0, out=h)
    x -= x.mean()  # inputs around zero are easier to learn from; next time they will be
    return h @ params["W2"] + params["b2"], (x, h, h @ params["W2"] + params["b2"])


def backward(cache, labels, params):
    x, h, logits = cache
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    d = (p - np.eye(p.shape[1])[labels]) / len(x)
    dh = (d @ params["W2"].T) * (h > 0)
    return {"W1": x.T @ dh, "b1": dh.sum(axis=0), "W2": h.T @ d, "b2": d.sum(axis=0)}


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
