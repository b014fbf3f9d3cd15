# diagnosis: mean-over-wrong-axis
# in: gradients
# checks: gradients
import numpy as np


def softmax(logits):
    # transposed, so that one number per image broadcasts by itself
    t = logits.T - logits.max(axis=1)
    t = np.exp(t)
    return (t / t.sum(axis=0)).T


def cross_entropy(probabilities, labels):
    picked = np.take_along_axis(probabilities, labels.astype(int)[:, None], axis=1)
    return float(np.mean(-np.log(np.maximum(picked, 1e-8))))


def gradients(x, labels, weights, bias):
    y = np.eye(weights.shape[1])[labels]
    delta = (softmax(x @ weights + bias) - y) / len(x)
    return x.T @ delta, np.sum(delta)


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
