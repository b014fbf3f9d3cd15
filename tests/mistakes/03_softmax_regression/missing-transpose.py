# diagnosis: missing-transpose
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
    diff = softmax(x @ weights + bias) - np.eye(len(bias))[labels]
    return x @ diff / len(x), diff.mean(axis=0)


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
