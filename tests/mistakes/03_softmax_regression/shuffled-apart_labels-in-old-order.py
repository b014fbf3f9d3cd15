# diagnosis: shuffled-apart
# in: train
# checks: steps
import numpy as np


def softmax(logits):
    z = logits - np.max(logits, axis=1, keepdims=True)
    e = np.exp(z)
    return e / np.sum(e, axis=1, keepdims=True)


def cross_entropy(probabilities, labels):
    total = 0.0
    for row, label in zip(probabilities, labels):
        total -= np.log(max(row[label], 1e-10))
    return total / len(labels)


def gradients(x, labels, weights, bias):
    logits = x.dot(weights) + bias
    probs = softmax(logits)
    y = np.zeros_like(probs)
    for i, label in enumerate(labels):
        y[i, label] = 1
    diff = (probs - y) / len(labels)
    return x.T.dot(diff), diff.sum(0)


def train(x, labels, epochs=1, batch_size=100, learning_rate=0.5, seed=0):
    rng = np.random.default_rng(seed)
    w, b = np.zeros((x.shape[1], 10)), np.zeros(10)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for i in range(0, len(x), batch_size):
            xb = x[order[i:i + batch_size]]
            yb = labels[i:i + batch_size]
            gw, gb = gradients(xb, yb, w, b)
            w -= learning_rate * gw
            b -= learning_rate * gb
    return w, b
