# diagnosis: log-of-zero
# in: cross_entropy
# checks: cross_entropy_is_finite
import numpy as np


def softmax(logits):
    z = logits - np.max(logits, axis=1, keepdims=True)
    e = np.exp(z)
    return e / np.sum(e, axis=1, keepdims=True)


def cross_entropy(probabilities, labels):
    truth = np.zeros(probabilities.shape)
    truth[np.arange(len(labels)), labels] = 1
    return -(truth * np.log(probabilities)).sum(axis=1).mean()


def gradients(x, labels, weights, bias):
    logits = x.dot(weights) + bias
    probs = softmax(logits)
    y = np.zeros_like(probs)
    for i, label in enumerate(labels):
        y[i, label] = 1
    diff = (probs - y) / len(labels)
    return x.T.dot(diff), diff.sum(0)


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
