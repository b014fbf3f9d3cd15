# diagnosis: not-normalized
# in: softmax
# checks: softmax
import numpy as np


def softmax(logits):
    result = np.empty(logits.shape)
    for i in range(logits.shape[0]):
        for j in range(logits.shape[1]):
            result[i, j] = np.e ** logits[i, j]
    return result


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
