# diagnosis: bias-forgotten
# in: gradients
# checks: gradients
import numpy as np


def softmax(logits):
    top = logits.max(axis=1)[:, None]
    log_sum = top + np.log(np.exp(logits - top).sum(axis=1)[:, None])
    return np.exp(logits - log_sum)


def cross_entropy(probabilities, labels):
    n = len(labels)
    p = probabilities[np.arange(n), labels]
    return -np.mean(np.log(np.clip(p, 1e-12, 1.0)))


def gradients(x, labels, weights, bias):
    scores = x @ weights
    p = softmax(scores)
    p[np.arange(len(x)), labels] -= 1
    p /= len(x)
    return x.T @ p, p.sum(axis=0)


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
