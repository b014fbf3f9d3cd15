# diagnosis: softmax-forgotten
# in: backward
# checks: output_gradients
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
    batch = len(scores)
    error = scores.copy()
    error[range(batch), labels] -= 1  # prediction minus truth
    error = error / batch
    back = error @ params["W2"].T
    back = np.where(cache["hidden"] > 0, back, 0)
    return {
        "W1": cache["x"].T @ back,
        "b1": back.sum(axis=0),
        "W2": cache["active"].T @ error,
        "b2": error.sum(axis=0),
    }


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
