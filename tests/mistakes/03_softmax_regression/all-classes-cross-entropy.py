# diagnosis: all-classes-cross-entropy
# in: cross_entropy
# checks: cross_entropy
import numpy as np


def softmax(logits):
    result = []
    for row in logits:
        e = np.exp(row - max(row))
        result.append(e / e.sum())
    return np.array(result)


def cross_entropy(probabilities, labels):
    eps = 1e-12
    p = np.clip(probabilities, eps, 1 - eps)
    y = np.eye(p.shape[1])[labels]
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def gradients(x, labels, weights, bias):
    k = len(bias)
    delta = softmax(x @ weights + bias) - (labels[:, None] == np.arange(k))
    grad_w = np.einsum("nd,nk->dk", x, delta) / len(x)
    grad_b = np.einsum("nk->k", delta) / len(x)
    return grad_w, grad_b


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
