# diagnosis: no-logarithm
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
    score = 0
    for i in range(len(labels)):
        score += probabilities[i][labels[i]]
    return -score / len(labels)


def gradients(x, labels, weights, bias):
    k = len(bias)
    delta = softmax(x @ weights + bias) - (labels[:, None] == np.arange(k))
    grad_w = np.einsum("nd,nk->dk", x, delta) / len(x)
    grad_b = np.einsum("nk->k", delta) / len(x)
    return grad_w, grad_b


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
