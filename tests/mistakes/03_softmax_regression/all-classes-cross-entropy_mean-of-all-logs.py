# diagnosis: all-classes-cross-entropy
# in: cross_entropy
# checks: cross_entropy
import numpy as np


def softmax(logits):
    top = logits.max(axis=1)[:, None]
    log_sum = top + np.log(np.exp(logits - top).sum(axis=1)[:, None])
    return np.exp(logits - log_sum)


def cross_entropy(probabilities, labels):
    # -log p, averaged over everything
    return -np.log(np.maximum(probabilities, 1e-10)).mean()


def gradients(x, labels, weights, bias):
    y = np.eye(weights.shape[1])[labels]
    error = softmax(np.dot(x, weights) + bias) - y
    dW = np.dot(x.T, error) / len(x)
    db = np.mean(error, axis=0)
    return dW, db


def train(x, labels, epochs=1, batch_size=100, learning_rate=0.5, seed=0):
    rng = np.random.default_rng(seed)
    W = rng.normal(0, 0.01, (x.shape[1], 10))
    b = np.zeros(10)
    n = len(x)
    for epoch in range(epochs):
        idx = rng.permutation(n)
        for i in range(0, n, batch_size):
            batch = idx[i:i + batch_size]
            dW, db = gradients(x[batch], labels[batch], W, b)
            W -= learning_rate * dW
            b -= learning_rate * db
    return W, b
