# diagnosis: sum-not-mean
# in: train
# checks: steps
import numpy as np


def initialize(num_inputs, num_hidden, num_classes, rng):
    # Glorot
    limit1 = np.sqrt(6 / (num_inputs + num_hidden))
    limit2 = np.sqrt(6 / (num_hidden + num_classes))
    W1 = rng.uniform(-limit1, limit1, size=(num_inputs, num_hidden))
    W2 = rng.uniform(-limit2, limit2, size=(num_hidden, num_classes))
    return dict(W1=W1, b1=np.zeros((num_hidden,)), W2=W2, b2=np.zeros((num_classes,)))


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
    grads["b2"] = np.sum(error, axis=0)
    back = np.dot(error, params["W2"].T)
    back[cache["hidden"] <= 0] = 0
    grads["W1"] = np.dot(cache["x"].T, back)
    grads["b1"] = np.sum(back, axis=0)
    return grads


def train(x, labels, num_hidden=100, epochs=1, batch_size=100, learning_rate=0.5, seed=0):
    rng = np.random.default_rng(seed)
    params = initialize(x.shape[1], num_hidden, 10, rng)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for i in range(0, len(x), batch_size):
            rows = order[i : i + batch_size]
            total = {key: np.zeros_like(value) for key, value in params.items()}
            for row in rows:  # one image at a time, then one step for all of them
                _, cache = forward(x[row : row + 1], params)
                for key, gradient in backward(cache, labels[row : row + 1], params).items():
                    total[key] += gradient
            for key in params:
                params[key] = params[key] - learning_rate * total[key]
    return params
