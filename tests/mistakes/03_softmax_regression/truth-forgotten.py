# diagnosis: truth-forgotten
# in: gradients
# checks: gradients
import numpy as np


def softmax(logits):
    result = []
    for row in logits:
        e = np.exp(row - max(row))
        result.append(e / e.sum())
    return np.array(result)


def cross_entropy(probabilities, labels):
    y = np.eye(probabilities.shape[1])[labels]
    return -np.sum(y * np.log(probabilities + 1e-9)) / probabilities.shape[0]


def gradients(x, labels, weights, bias):
    p = softmax(x @ weights + bias)
    dlogits = p / len(x)
    return x.T @ dlogits, dlogits.sum(axis=0)


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
