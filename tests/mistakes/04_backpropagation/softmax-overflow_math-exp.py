# diagnosis: softmax-overflow
# in: backward
# checks: large_logits
import math

import numpy as np


def initialize(num_inputs, num_hidden, num_classes, rng):
    params = {}
    params["W1"] = 0.01 * rng.standard_normal((num_inputs, num_hidden))
    params["b1"] = np.zeros(num_hidden)
    params["W2"] = 0.01 * rng.standard_normal((num_hidden, num_classes))
    params["b2"] = np.zeros(num_classes)
    return params


def forward(x, params):
    hidden = np.maximum(x @ params["W1"] + params["b1"], 0)
    logits = hidden @ params["W2"] + params["b2"]
    return logits, [x, hidden, logits]


def backward(cache, labels, params):
    x, hidden, logits = cache
    error = np.zeros(logits.shape)
    for i in range(logits.shape[0]):
        powers = [math.exp(score) for score in logits[i]]
        for j in range(logits.shape[1]):
            error[i, j] = powers[j] / sum(powers)
        error[i, labels[i]] -= 1
    error = error / logits.shape[0]
    back = (error @ params["W2"].T) * (hidden > 0)
    return {"W1": x.T @ back, "b1": back.sum(axis=0), "W2": hidden.T @ error, "b2": error.sum(axis=0)}


def train(x, labels, num_hidden=100, epochs=1, batch_size=100, learning_rate=0.5, seed=0):
    generator = np.random.default_rng(seed)
    params = initialize(x.shape[1], num_hidden, 10, generator)
    n = x.shape[0]
    for _ in range(epochs):
        shuffled = np.arange(n)
        generator.shuffle(shuffled)
        start = 0
        while start < n:
            batch = shuffled[start : start + batch_size]
            _, cache = forward(x[batch], params)
            gradients = backward(cache, labels[batch], params)
            params["W1"] -= learning_rate * gradients["W1"]
            params["b1"] -= learning_rate * gradients["b1"]
            params["W2"] -= learning_rate * gradients["W2"]
            params["b2"] -= learning_rate * gradients["b2"]
            start += batch_size
    return params
