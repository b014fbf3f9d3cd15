# diagnosis: mean-over-all-entries
# in: cross_entropy
# checks: cross_entropy
import numpy as np


def softmax(logits):
    # transposed, so that one number per image broadcasts by itself
    t = logits.T - logits.max(axis=1)
    t = np.exp(t)
    return (t / t.sum(axis=0)).T


def cross_entropy(probabilities, labels):
    one_hot = np.eye(probabilities.shape[1])[labels]
    return -np.mean(one_hot * np.log(np.clip(probabilities, 1e-10, 1)))


def gradients(x, labels, weights, bias):
    n = x.shape[0]
    p = softmax(x @ weights + bias)
    p[np.arange(n), labels] -= 1
    return x.T @ p / n, p.sum(axis=0) / n


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
