# diagnosis: zero-init
# in: initialize
# checks: initialize_draws
import numpy as np


def initialize(num_inputs, num_hidden, num_classes, rng):
    sizes = {
        "W1": (num_inputs, num_hidden),
        "b1": (num_hidden,),
        "W2": (num_hidden, num_classes),
        "b2": (num_classes,),
    }
    # training will find the right values anyway, so start neutral
    return {name: np.zeros(size) for name, size in sizes.items()}


def relu(z):
    return z * (z > 0)


def softmax(z):
    z = z - z.max(axis=1, keepdims=True)
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def forward(x, params):
    sums = x @ params["W1"] + params["b1"]
    out = relu(sums)
    logits = out @ params["W2"] + params["b2"]
    return logits, (x, sums, out, softmax(logits))


def backward(cache, labels, params):
    x, sums, out, probs = cache
    onehot = np.zeros(probs.shape)
    for i, label in enumerate(labels):
        onehot[i, label] = 1
    delta2 = (probs - onehot) / len(x)
    delta1 = (delta2 @ params["W2"].T) * np.where(sums > 0, 1.0, 0.0)
    dW2 = out.T @ delta2
    dW1 = x.T @ delta1
    return {"W1": dW1, "b1": delta1.sum(0), "W2": dW2, "b2": delta2.sum(0)}


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
