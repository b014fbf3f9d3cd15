# diagnosis: weights-never-updated
# in: train
# checks: steps
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


def update(param, grad, lr):
    param = param - lr * grad


def train(x, labels, epochs=1, batch_size=100, learning_rate=0.5, seed=0):
    w, b = np.zeros((x.shape[1], 10)), np.zeros(10)
    for _ in range(epochs):
        for i in range(0, len(x), batch_size):
            gw, gb = gradients(x[i:i + batch_size], labels[i:i + batch_size], w, b)
            update(w, gw, learning_rate)
            update(b, gb, learning_rate)
    return w, b
