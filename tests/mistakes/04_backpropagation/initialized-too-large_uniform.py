# diagnosis: initialized-too-large
# in: initialize
# checks: initialize_draws
import numpy as np


def initialize(num_inputs, num_hidden, num_classes, rng):
    params = {}
    params["W1"] = rng.random((num_inputs, num_hidden))  # random numbers between 0 and 1
    params["b1"] = np.zeros(num_hidden)
    params["W2"] = rng.random((num_hidden, num_classes))
    params["b2"] = np.zeros(num_classes)
    return params


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
