# diagnosis: bias-gradient-wrong-axis
# in: backward
# checks: output_gradients
import numpy as np


def initialize(num_inputs, num_hidden, num_classes, rng):
    params = {}
    params["W1"] = 0.01 * rng.standard_normal((num_inputs, num_hidden))
    params["b1"] = np.zeros(num_hidden)
    params["W2"] = 0.01 * rng.standard_normal((num_hidden, num_classes))
    params["b2"] = np.zeros(num_classes)
    return params


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
    grads["W2"] = np.dot(cache["active"].T, error)
    grads["b2"] = np.sum(error)
    back = np.dot(error, params["W2"].T)
    back[cache["hidden"] <= 0] = 0
    grads["W1"] = np.dot(cache["x"].T, back)
    grads["b1"] = np.sum(back)
    return grads


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
