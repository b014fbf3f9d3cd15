# diagnosis: images-left-out
# in: train
# checks: steps
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
    k = len(bias)
    delta = softmax(x @ weights + bias) - (labels[:, None] == np.arange(k))
    grad_w = np.einsum("nd,nk->dk", x, delta) / len(x)
    grad_b = np.einsum("nk->k", delta) / len(x)
    return grad_w, grad_b


def train(x, labels, epochs=1, batch_size=100, learning_rate=0.5, seed=0):
    W, b = np.zeros((x.shape[1], 10)), np.zeros(10)
    for epoch in range(epochs):
        for step in range(len(x) // batch_size):
            batch_x = x[:batch_size]
            batch_y = labels[:batch_size]
            dW, db = gradients(batch_x, batch_y, W, b)
            W -= learning_rate * dW
            b -= learning_rate * db
    return W, b
