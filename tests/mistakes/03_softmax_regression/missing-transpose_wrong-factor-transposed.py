# diagnosis: missing-transpose
# in: gradients
# checks: gradients
import numpy as np


def softmax(logits):
    top = logits.max(axis=1)[:, None]
    log_sum = top + np.log(np.exp(logits - top).sum(axis=1)[:, None])
    return np.exp(logits - log_sum)


def cross_entropy(probabilities, labels):
    n = len(labels)
    p = probabilities[np.arange(n), labels]
    return -np.mean(np.log(np.clip(p, 1e-12, 1.0)))


def gradients(x, labels, weights, bias):
    delta = softmax(x.dot(weights) + bias)
    delta[np.arange(len(x)), labels] -= 1
    delta = delta / len(x)
    dW = delta.T.dot(x)
    return dW, delta.sum(axis=0)


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
