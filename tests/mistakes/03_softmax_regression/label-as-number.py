# diagnosis: label-as-number
# in: gradients
# checks: gradients
import numpy as np


def softmax(logits):
    z = logits - np.max(logits, axis=1, keepdims=True)
    e = np.exp(z)
    return e / np.sum(e, axis=1, keepdims=True)


def cross_entropy(probabilities, labels):
    total = 0.0
    for row, label in zip(probabilities, labels):
        total -= np.log(max(row[label], 1e-10))
    return total / len(labels)


def gradients(x, labels, weights, bias):
    prediction = softmax(x @ weights + bias)
    error = prediction - labels.reshape(-1, 1)
    return x.T @ error / len(x), error.mean(axis=0)


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
