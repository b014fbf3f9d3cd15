# diagnosis: wrong-activation
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


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(x, params):
    a1 = sigmoid(x @ params["W1"] + params["b1"])
    z2 = a1 @ params["W2"] + params["b2"]
    return z2, (x, a1, z2)


def backward(cache, labels, params):
    x, a1, z2 = cache
    e = np.exp(z2 - z2.max(axis=1, keepdims=True))
    delta2 = e / e.sum(axis=1, keepdims=True)
    delta2[np.arange(len(x)), labels] -= 1
    delta2 /= len(x)
    delta1 = (delta2 @ params["W2"].T) * a1 * (1 - a1)
    return {"W1": x.T @ delta1, "b1": delta1.sum(axis=0), "W2": a1.T @ delta2, "b2": delta2.sum(axis=0)}


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
