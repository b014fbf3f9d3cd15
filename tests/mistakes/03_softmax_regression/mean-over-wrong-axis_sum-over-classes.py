# diagnosis: mean-over-wrong-axis
# in: gradients
# checks: gradients
import numpy as np


def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cross_entropy(probabilities, labels):
    p = probabilities[np.arange(len(labels)), labels]
    return -np.log(np.maximum(p, 1e-9)).mean()


def gradients(x, labels, weights, bias):
    p = softmax(x @ weights + bias)
    errors = (p - np.eye(len(bias))[labels]) / len(x)
    return x.T @ errors, errors.sum(axis=1)


def train(x, labels, epochs=1, batch_size=100, learning_rate=0.5, seed=0):
    rng = np.random.default_rng(seed)
    weights, bias = np.zeros((x.shape[1], 10)), np.zeros(10)
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            rows = order[start:start + batch_size]
            gw, gb = gradients(x[rows], labels[rows], weights, bias)
            weights = weights - learning_rate * gw
            bias = bias - learning_rate * gb
    return weights, bias
