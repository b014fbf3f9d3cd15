# diagnosis: softmax-forgotten
# in: gradients
# checks: gradients
import numpy as np


def softmax(logits):
    # transposed, so that one number per image broadcasts by itself
    t = logits.T - logits.max(axis=1)
    t = np.exp(t)
    return (t / t.sum(axis=0)).T


def cross_entropy(probabilities, labels):
    picked = np.take_along_axis(probabilities, labels.astype(int)[:, None], axis=1)
    return float(np.mean(-np.log(np.maximum(picked, 1e-8))))


def gradients(x, labels, weights, bias):
    y_hat = x @ weights + bias
    y = np.eye(weights.shape[1])[labels]
    return x.T @ (y_hat - y) / len(x), np.mean(y_hat - y, axis=0)


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
