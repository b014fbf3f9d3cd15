# diagnosis: softmax-overflow
# in: softmax
# checks: softmax_is_stable
import numpy as np


def softmax(logits):
    e = np.exp(logits)
    # the tiny number keeps us from dividing by zero
    return e / (np.sum(e, axis=1)[:, np.newaxis] + 1e-12)


def cross_entropy(probabilities, labels):
    n = len(labels)
    p = probabilities[np.arange(n), labels]
    return -np.mean(np.log(np.clip(p, 1e-12, 1.0)))


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
