# alternative: float32 throughout and every product an einsum; no shuffling, incomplete batches are left out
import numpy as np


def initialize(num_inputs, num_hidden, num_classes, rng):
    f = np.float32
    return {
        "W1": rng.standard_normal((num_inputs, num_hidden), dtype=f) * f(np.sqrt(2 / (num_inputs + num_hidden))),
        "b1": np.zeros(num_hidden, dtype=f),
        "W2": rng.standard_normal((num_hidden, num_classes), dtype=f) * f(np.sqrt(2 / (num_hidden + num_classes))),
        "b2": np.zeros(num_classes, dtype=f),
    }


def forward(x, params):
    x = x.astype(np.float32)
    w1, b1, w2, b2 = (params[key].astype(np.float32) for key in ("W1", "b1", "W2", "b2"))
    z = np.einsum("nd,dh->nh", x, w1, optimize=True) + b1
    mask = (z > 0).astype(np.float32)
    a = z * mask
    return np.einsum("nh,hk->nk", a, w2, optimize=True) + b2, (x, mask, a, b2, w2)


def backward(cache, labels, params):
    x, mask, a, b2, w2 = cache
    logits = np.einsum("nh,hk->nk", a, w2, optimize=True) + b2
    log_p = logits - logits.max(axis=1, keepdims=True)
    log_p -= np.log(np.exp(log_p).sum(axis=1, keepdims=True))
    truth = (labels[:, None] == np.arange(logits.shape[1])).astype(np.float32)
    d = (np.exp(log_p) - truth) / np.float32(len(labels))
    e = np.einsum("nk,hk,nh->nh", d, w2, mask, optimize=True)
    return {
        "W1": np.einsum("nd,nh->dh", x, e, optimize=True),
        "b1": np.einsum("nh->h", e),
        "W2": np.einsum("nh,nk->hk", a, d, optimize=True),
        "b2": np.einsum("nk->k", d),
    }


def train(x, labels, num_hidden=100, epochs=1, batch_size=100, learning_rate=0.5, seed=0):
    params = initialize(x.shape[1], num_hidden, 10, np.random.default_rng(seed))
    rate = np.float32(learning_rate)
    for _ in range(epochs):
        for number in range(len(x) // batch_size):
            rows = slice(number * batch_size, (number + 1) * batch_size)
            gradients = backward(forward(x[rows], params)[1], labels[rows], params)
            params = {key: params[key] - rate * gradients[key] for key in params}
    return params
