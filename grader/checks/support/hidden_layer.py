"""The network of exercise 4, one hidden ReLU layer, computed by NumPy in float64; and its parameters in a dict."""

import numpy as np
from scipy.special import logsumexp, softmax

from grader.api import Mistake, agree, describe, expect, mistakes_of_form

KEYS = ("W1", "b1", "W2", "b2")
MARGIN = 0.02  # no sum that enters a ReLU lies nearer to its kink
NUDGE = 1e-5


def shapes(num_inputs, num_hidden, num_classes):
    """The shapes of the four parameters."""
    return {
        "W1": (num_inputs, num_hidden),
        "b1": (num_hidden,),
        "W2": (num_hidden, num_classes),
        "b2": (num_classes,),
    }


def draw_network(probe, num_rows, num_inputs, num_hidden, num_classes):
    """Random inputs, labels and parameters of a small network in which no hidden sum is near zero, some are positive
    and some negative."""
    while True:
        x, labels = probe.normal(num_rows, num_inputs), probe.labels(num_rows, num_classes)
        params = {
            key: probe.normal(*shape, scale=0.8) for key, shape in shapes(num_inputs, num_hidden, num_classes).items()
        }
        sums = hidden_sums(x, params)
        if np.abs(sums).min() > MARGIN and 0.25 < np.mean(sums > 0) < 0.75:
            return x, labels, params


# Oracles: right answers, computed independently


def hidden_sums(x, params):
    """What enters the ReLU, (n, num_hidden)."""
    return x @ params["W1"] + params["b1"]


def logits_of(x, params):
    """The scores of the classes, (n, num_classes)."""
    return np.maximum(hidden_sums(x, params), 0) @ params["W2"] + params["b2"]


def loss_of(x, labels, params):
    """The mean cross-entropy."""
    logits = logits_of(x, params)
    return np.mean(logsumexp(logits, axis=1) - logits[np.arange(len(labels)), labels])


def numerical_gradients(x, labels, params):
    """The gradients by finite differences: every parameter is nudged up and down, nothing is differentiated."""
    gradients = {}
    for key in KEYS:
        slopes = np.empty(params[key].size)
        for place in range(slopes.size):
            losses = []
            for nudge in (NUDGE, -NUDGE):
                moved = params[key].copy()
                moved.flat[place] += nudge
                losses.append(loss_of(x, labels, {**params, key: moved}))
            slopes[place] = (losses[0] - losses[1]) / (2 * NUDGE)
        gradients[key] = slopes.reshape(params[key].shape)
    return gradients


def one_hot(labels, num_classes):
    """Rows of zeros with a 1 in the place of the label."""
    return np.eye(num_classes)[labels]


def slope_of_loss(x, labels, params):
    """The gradient of the mean cross-entropy in the logits."""
    logits = logits_of(x, params)
    return (softmax(logits, axis=1) - one_hot(labels, logits.shape[1])) / len(labels)


def flow_back(x, params, d_logits, slope=None):
    """Gradients from a gradient in the logits; ``slope(sums, d_hidden)`` is what stands in for the slope of ReLU."""
    sums = hidden_sums(x, params)
    hidden = np.maximum(sums, 0)
    d_hidden = d_logits @ params["W2"].T
    d_sums = d_hidden * (slope(sums, d_hidden) if slope else sums > 0)
    return {"W1": x.T @ d_sums, "b1": d_sums.sum(axis=0), "W2": hidden.T @ d_logits, "b2": d_logits.sum(axis=0)}


def gradients_of(x, labels, params):
    """The gradients of the mean cross-entropy by backpropagation."""
    return flow_back(x, params, slope_of_loss(x, labels, params))


def step(x, labels, params, rate):
    """The parameters after one step of gradient descent on all rows."""
    with np.errstate(all="ignore"):  # the parameters may be a submission's
        gradients = gradients_of(x, labels, params)
        return {key: params[key] - rate * gradients[key] for key in KEYS}


def steps(x, labels, params, rate, count):
    """The parameters after ``count`` steps, each on all rows."""
    for _ in range(count):
        params = step(x, labels, params, rate)
    return params


# A dict of arrays


def expect_dict(value, what, mistakes=()):
    """Fail unless a value is a dict with the four keys."""
    expected = f"a dict of four {what}: {', '.join(KEYS)}"
    known = [*mistakes, *mistakes_of_form(value)] if value is None else mistakes
    expect(type(value) is dict, value, f"returned {describe(value)}", expected, known)
    names = ", ".join(sorted(str(name)[:20] for name in value)[:6]) or "no keys"
    expect(set(value) == set(KEYS), value, f"returned a dict with {names}", expected, mistakes)


def expect_entry(value, key, shape, mistakes=(), kinds="biuf"):
    """Fail unless the entry of a dict is an array of finite real numbers of a shape."""
    entry = value[key]
    is_array = isinstance(entry, np.ndarray) and entry.dtype.kind in kinds and entry.shape == shape
    numbers = "floats" if kinds == "f" else "real numbers"
    known = [*mistakes, *mistakes_of_form(entry, shape, kinds)]
    expect(is_array, value, f"returned {describe(entry)} as {key}", f"an array of {numbers} of shape {shape}", known)
    finite = np.isfinite(entry)
    bad = describe(entry[~finite][0]) if not finite.all() else ""
    expect(
        not bad,
        value,
        f"returned {bad} in {key} ({np.sum(~finite)} of {entry.size} values)",
        "finite numbers",
        mistakes,
    )


def expect_entry_close(value, key, expected, mistakes, rtol, atol):
    """Fail unless the entry of a dict is, up to rounding, the expected array."""
    expect_entry(value, key, expected.shape, mistakes)
    with np.errstate(over="ignore"):
        wrong = np.argwhere(~np.isclose(value[key], expected, rtol, atol))
    if len(wrong):
        place = tuple(int(index) for index in wrong[0])
        where = f"{key}[{', '.join(map(str, place))}]"
        returned = f"returned {describe(value[key][place])} at {where}"
        expect(False, value, returned, f"{describe(expected[place])} there", mistakes)


def telling(mistakes, key, *inputs):
    """Mistakes that re-enact a whole dict of gradients or parameters from inputs that the judge knows, made to look at
    one key of what came back."""

    def bind(known):
        def shows(value, *arguments):
            if known.shows:
                return known.shows(value[key], key, *inputs)
            return agree(value[key], known.reenact(*inputs)[key])

        return Mistake(known.name, known.explanation, known.question, shows=shows)

    return [bind(known) for known in mistakes]
