# diagnosis: picks-all-pairs
# in: cross_entropy
# checks: cross_entropy
import numpy as np


def softmax(logits):
    # transposed, so that one number per image broadcasts by itself
    t = logits.T - logits.max(axis=1)
    t = np.exp(t)
    return (t / t.sum(axis=0)).T


def cross_entropy(probabilities, labels):
    n = len(labels)
    log_likelihood = -np.log(np.maximum(probabilities[range(n)][:, labels], 1e-10))
    return np.sum(log_likelihood) / n


def gradients(x, labels, weights, bias):
    n = x.shape[0]
    p = softmax(x @ weights + bias)
    p[np.arange(n), labels] -= 1
    return x.T @ p / n, p.sum(axis=0) / n


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
