# diagnosis: largest-not-labels
# in: cross_entropy
# checks: cross_entropy
import numpy as np


def softmax(logits):
    top = logits.max(axis=1)[:, None]
    log_sum = top + np.log(np.exp(logits - top).sum(axis=1)[:, None])
    return np.exp(logits - log_sum)


def cross_entropy(probabilities, labels):
    confidence = np.max(probabilities, axis=1)
    return float(np.mean(-np.log(confidence)))


def gradients(x, labels, weights, bias):
    y = np.eye(weights.shape[1])[labels]
    error = softmax(np.dot(x, weights) + bias) - y
    dW = np.dot(x.T, error) / len(x)
    db = np.mean(error, axis=0)
    return dW, db


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
