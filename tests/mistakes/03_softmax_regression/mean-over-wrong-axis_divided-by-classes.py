# diagnosis: mean-over-wrong-axis
# in: gradients
# checks: gradients
import numpy as np


def softmax(logits):
    result = []
    for row in logits:
        e = np.exp(row - max(row))
        result.append(e / e.sum())
    return np.array(result)


def cross_entropy(probabilities, labels):
    y = np.eye(probabilities.shape[1])[labels]
    return -np.sum(y * np.log(probabilities + 1e-9)) / probabilities.shape[0]


def gradients(x, labels, weights, bias):
    out = softmax(x @ weights + bias)
    n = out.shape[1]
    out[np.arange(len(out)), labels] -= 1.0
    return x.T @ out / n, out.sum(axis=0) / n


def train(x, labels, epochs=1, batch_size=100, learning_rate=0.5, seed=0):
    weights = np.zeros((x.shape[1], 10))
    bias = np.zeros(10)
    for _ in range(epochs):
        for begin in range(0, len(x), batch_size):
            xb = x[begin:begin + batch_size]
            yb = labels[begin:begin + batch_size]
            gw, gb = gradients(xb, yb, weights, bias)
            weights = weights - learning_rate * gw
            bias = bias - learning_rate * gb
    return weights, bias
