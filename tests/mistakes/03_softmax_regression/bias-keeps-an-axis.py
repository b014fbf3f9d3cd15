# diagnosis: bias-keeps-an-axis
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
    m = x.shape[0]
    y = np.eye(weights.shape[1])[labels]
    dz = softmax(x @ weights + bias) - y
    dw = 1 / m * np.dot(x.T, dz)
    db = 1 / m * np.sum(dz, axis=0, keepdims=True)
    return dw, db


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
