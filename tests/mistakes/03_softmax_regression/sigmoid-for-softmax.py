# diagnosis: sigmoid-for-softmax
# in: softmax
# checks: softmax
import numpy as np


def softmax(logits):
    # squash to 0..1
    return 1.0 / (1.0 + np.exp(-logits))


def cross_entropy(probabilities, labels):
    y = np.eye(probabilities.shape[1])[labels]
    return -np.sum(y * np.log(probabilities + 1e-9)) / probabilities.shape[0]


def gradients(x, labels, weights, bias):
    k = len(bias)
    delta = softmax(x @ weights + bias) - (labels[:, None] == np.arange(k))
    grad_w = np.einsum("nd,nk->dk", x, delta) / len(x)
    grad_b = np.einsum("nk->k", delta) / len(x)
    return grad_w, grad_b


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
