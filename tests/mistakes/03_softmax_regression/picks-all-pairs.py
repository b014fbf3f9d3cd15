# diagnosis: picks-all-pairs
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
    right = probabilities[:, labels]  # probability of the right label
    return -np.mean(np.log(right + 1e-10))


def gradients(x, labels, weights, bias):
    k = len(bias)
    delta = softmax(x @ weights + bias) - (labels[:, None] == np.arange(k))
    grad_w = np.einsum("nd,nk->dk", x, delta) / len(x)
    grad_b = np.einsum("nk->k", delta) / len(x)
    return grad_w, grad_b


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
