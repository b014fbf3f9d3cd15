# diagnosis: softmax-overflow
# in: softmax
# checks: softmax_is_stable
import math

import numpy as np


def softmax(logits):
    probabilities = []
    for row in logits:
        e = [math.exp(score) for score in row]
        total = sum(e)
        probabilities.append([value / total for value in e])
    return np.array(probabilities)


def cross_entropy(probabilities, labels):
    picked = np.take_along_axis(probabilities, labels.astype(int)[:, None], axis=1)
    return float(np.mean(-np.log(np.maximum(picked, 1e-8))))


def gradients(x, labels, weights, bias):
    n = x.shape[0]
    p = softmax(x @ weights + bias)
    p[np.arange(n), labels] -= 1
    return x.T @ p / n, p.sum(axis=0) / n


def train(x, labels, epochs=1, batch_size=100, learning_rate=0.5, seed=0):
    np.random.seed(seed)
    w = 0.001 * np.random.randn(x.shape[1], 10)
    b = np.zeros(10)
    steps = len(x) // batch_size
    for epoch in range(epochs):
        perm = np.random.permutation(len(x))
        xs, ys = x[perm], labels[perm]
        for step in range(steps):
            part = slice(step * batch_size, (step + 1) * batch_size)
            grad_w, grad_b = gradients(xs[part], ys[part], w, b)
            w -= learning_rate * grad_w
            b -= learning_rate * grad_b
    return w, b
