# diagnosis: epochs-ignored
# in: train
# checks: steps
import numpy as np


def softmax(logits):
    top = logits.max(axis=1)[:, None]
    log_sum = top + np.log(np.exp(logits - top).sum(axis=1)[:, None])
    return np.exp(logits - log_sum)


def cross_entropy(probabilities, labels):
    n = len(labels)
    p = probabilities[np.arange(n), labels]
    return -np.mean(np.log(np.clip(p, 1e-12, 1.0)))


def gradients(x, labels, weights, bias):
    y = np.eye(weights.shape[1])[labels]
    error = softmax(np.dot(x, weights) + bias) - y
    dW = np.dot(x.T, error) / len(x)
    db = np.mean(error, axis=0)
    return dW, db


def train(x, labels, epochs=1, batch_size=100, learning_rate=0.5, seed=0):
    rng = np.random.default_rng(0)
    order, weights, bias = rng.permutation(len(x)), np.zeros((x.shape[1], 10)), np.zeros(10)
    for start in range(0, len(order), 100):
        rows = order[start : start + 100]
        of_weights, of_bias = gradients(x[rows], labels[rows], weights, bias)
        weights = weights - 0.5 * of_weights
        bias = bias - 0.5 * of_bias
    return weights, bias
