# diagnosis: initialized-too-large
# in: train
# checks: accuracy
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
    n = x.shape[0]
    p = softmax(x @ weights + bias)
    p[np.arange(n), labels] -= 1
    return x.T @ p / n, p.sum(axis=0) / n


def train(x, labels, epochs=1, batch_size=100, learning_rate=0.5, seed=0):
    rng = np.random.default_rng(seed)
    w, b = rng.uniform(-2, 2, (x.shape[1], 10)), np.zeros(10)
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for i in range(0, len(x), batch_size):
            gw, gb = gradients(x[order[i:i + batch_size]], labels[order[i:i + batch_size]], w, b)
            w -= learning_rate * gw
            b -= learning_rate * gb
    return w, b
