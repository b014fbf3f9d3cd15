# diagnosis: missing-transpose
# in: backward
# checks: output_gradients
import numpy as np


def initialize(num_inputs, num_hidden, num_classes, rng):
    return {
        "W1": rng.normal(0, np.sqrt(2 / num_inputs), (num_inputs, num_hidden)),
        "b1": np.zeros(num_hidden),
        "W2": rng.normal(0, np.sqrt(2 / num_hidden), (num_hidden, num_classes)),
        "b2": np.zeros(num_classes),
    }


def forward(x, params):
    hidden = np.dot(x, params["W1"]) + params["b1"]
    active = np.where(hidden > 0, hidden, 0)
    scores = np.dot(active, params["W2"]) + params["b2"]
    cache = {"x": x, "hidden": hidden, "active": active, "scores": scores}
    return scores, cache


def backward(cache, labels, params):
    scores = cache["scores"]
    batch, classes = scores.shape
    shifted = scores - np.max(scores, axis=1)[:, np.newaxis]
    probabilities = np.exp(shifted)
    probabilities /= np.sum(probabilities, axis=1)[:, np.newaxis]
    truth = np.eye(classes)[labels]
    error = (probabilities - truth) / batch
    grads = {}
    grads["W2"] = np.dot(error.T, cache["active"])
    grads["b2"] = np.sum(error, axis=0)
    back = np.dot(error, params["W2"].T)
    back[cache["hidden"] <= 0] = 0
    grads["W1"] = np.dot(back.T, cache["x"])
    grads["b1"] = np.sum(back, axis=0)
    return grads


def train(x, labels, num_hidden=100, epochs=1, batch_size=100, learning_rate=0.5, seed=0):
    rng = np.random.default_rng(seed)
    params = initialize(x.shape[1], num_hidden, 10, rng)
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for i in range(0, len(x), batch_size):
            rows = order[i : i + batch_size]
            logits, cache = forward(x[rows], params)
            grads = backward(cache, labels[rows], params)
            for key in params:
                params[key] = params[key] - learning_rate * grads[key]
    return params
