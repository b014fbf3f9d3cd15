# alternative: the bias is the weight of one more input that is always 1; log-sum-exp; einsum
import numpy as np


def log_softmax(logits):
    top = np.amax(logits, axis=1)
    log_total = top + np.log(np.einsum("nk->n", np.exp(logits - top[:, None])))
    return logits - log_total[:, None]


def softmax(logits):
    return np.exp(log_softmax(logits))


def cross_entropy(probabilities, labels):
    chosen = np.take_along_axis(probabilities, labels.astype(np.intp)[:, None], axis=1)[:, 0]
    return np.average(-np.log(chosen + 1e-15))


def with_ones(x):
    return np.concatenate([x, np.ones((len(x), 1), dtype=x.dtype)], axis=1)


def gradient_of_table(inputs, labels, table):
    classes = np.arange(table.shape[1])
    errors = softmax(inputs @ table) - (labels[:, None] == classes[None, :])
    return np.dot(inputs.transpose(), errors) / inputs.shape[0]


def gradients(x, labels, weights, bias):
    together = gradient_of_table(with_ones(x), labels, np.vstack([weights, bias]))
    return together[:-1], together[-1]


def train(x, labels, epochs=1, batch_size=100, learning_rate=0.5, seed=0):
    generator = np.random.default_rng(seed)
    inputs = with_ones(x)
    table = generator.uniform(-0.01, 0.01, (inputs.shape[1], 10))
    for _ in range(epochs):
        order = generator.permutation(len(x))
        for rows in np.split(order, range(batch_size, len(order), batch_size)):
            table -= learning_rate * gradient_of_table(inputs[rows], labels[rows], table)
    return table[:-1].copy(), table[-1].copy()
