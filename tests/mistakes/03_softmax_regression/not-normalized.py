# diagnosis: not-normalized
# in: softmax
# checks: softmax
import numpy as np


def softmax(logits):
    return np.exp(logits - logits.max(axis=1, keepdims=True))


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
    np.random.seed(seed)
    w = 0.001 * np.random.randn(x.shape[1], 10)
    b = np.zeros(10)
    steps = len(x) // batch_size
    for epoch in range(epochs):
        perm = np.random.permutation(len(x))
        xs, ys = x[perm], labels[perm]
        for step in range(steps):
            part = slice(step * batch_size, (step + 1) * batch_size)
            grad_w, grad_b = gradients(xs[part], ys[part], w, b)
            w -= learning_rate * grad_w
            b -= learning_rate * grad_b
    return w, b
