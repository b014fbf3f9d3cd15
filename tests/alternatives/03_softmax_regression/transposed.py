# alternative: everything lies on its side, one column per image; labels counted with comparisons; shuffled copies
import numpy as np


def softmax(logits):
    columns = logits.T
    columns = columns - columns.max(axis=0)
    columns = np.exp(columns)
    return (columns / columns.sum(axis=0)).T


def cross_entropy(probabilities, labels):
    k = probabilities.shape[1]
    chosen = np.where(np.arange(k) == labels[:, None], probabilities, 0).sum(axis=1)
    chosen = np.where(chosen == 0, 1e-9, chosen)
    return np.float64(np.log(1 / chosen).mean())


def gradients(x, labels, weights, bias):
    k, n = bias.size, x.shape[0]
    p = softmax((weights.T @ x.T + bias.reshape(k, 1)).T).T
    errors = p - np.equal.outer(np.arange(k), labels)
    return (errors @ x).T / n, errors @ np.full(n, 1 / n)


def train(x, labels, epochs=1, batch_size=100, learning_rate=0.5, seed=0):
    np.random.seed(seed)
    weights = np.random.normal(scale=0.05, size=(x.shape[1], 10))
    bias = np.random.normal(scale=0.05, size=10)
    for _ in range(epochs):
        order = np.random.permutation(x.shape[0])
        xs, ys = x[order], labels[order]
        for k in range(int(np.ceil(len(xs) / batch_size))):
            here = slice(k * batch_size, (k + 1) * batch_size)
            dw, db = gradients(xs[here], ys[here], weights, bias)
            weights = weights - dw * learning_rate
            bias = bias - db * learning_rate
    return weights, bias
