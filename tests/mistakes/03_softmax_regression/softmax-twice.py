# diagnosis: softmax-twice
# in: cross_entropy
# checks: cross_entropy
import numpy as np


def softmax(logits):
    z = logits - np.max(logits, axis=1, keepdims=True)
    e = np.exp(z)
    return e / np.sum(e, axis=1, keepdims=True)


def cross_entropy(probabilities, labels):
    p = softmax(probabilities)
    return -np.mean(np.log(p[np.arange(len(labels)), labels]))


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
