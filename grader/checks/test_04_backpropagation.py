"""Checks of exercise 4: a hidden layer and backpropagation."""

import numpy as np
from scipy.special import expit, softmax

from grader.api import (
    SubmissionError,
    agree,
    check,
    describe,
    diagnose,
    expect,
    expect_accuracy,
    expect_close,
    expect_input_unchanged,
    mistake,
    symptom,
)
from grader.checks.support.hidden_layer import (
    KEYS,
    draw_network,
    expect_dict,
    expect_entry,
    expect_entry_close,
    flow_back,
    gradients_of,
    hidden_sums,
    logits_of,
    numerical_gradients,
    one_hot,
    shapes,
    slope_of_loss,
    step,
    steps,
    telling,
)

FROM_THE_END = ("W2", "b2", "W1", "b1")  # the order in which a backward pass finds its gradients
BATCH_SIZE = 3  # of an epoch of 12 images, whose batches are told apart
LARGEST_BIAS, SMALLEST_WEIGHT, LARGEST_SUM = 0.1, 1e-5, 6
TRAINING_IMAGES, TRAINING_EPOCHS = 10_000, 5


# initialize


@symptom("axes-swapped", question="A row of x has one number per input. Which axis of W1 must it match?")
def axes_swapped(params, num_inputs, num_hidden, num_classes, rng):
    """The weights are transposed: one row per output instead of one row per input."""
    wanted = shapes(num_inputs, num_hidden, num_classes)
    return any(params[key].shape == wanted[key][::-1] != wanted[key] for key in ("W1", "W2"))


@symptom("bias-keeps-an-axis", question="How many numbers does a layer's bias hold, and how many axes does that take?")
def bias_keeps_an_axis(params, num_inputs, num_hidden, num_classes, rng):
    """A bias has two axes: it is a matrix with one row or one column, not an array with a single axis."""
    return any(params[key].ndim == 2 and 1 in params[key].shape for key in ("b1", "b2"))


@check(
    points=1,
    title="initialize returns W1, b1, W2 and b2 in the right shapes",
    hints=(
        "Write x @ W1 on paper with the shapes under it: which axes must agree?",
        "A weight matrix has one row per input and one column per output; a bias has one number per output.",
        "W1 (num_inputs, num_hidden), b1 (num_hidden,), W2 (num_hidden, num_classes), b2 (num_classes,).",
    ),
)
def test_initialize_shapes(submission, probe):
    for sizes in ((6, 5, 4), (3, 8, 10), (20, 2, 3)):
        params = submission.initialize(*sizes, probe.generator())
        mistakes = [axes_swapped, bias_keeps_an_axis]
        expect_dict(params, "arrays", mistakes)
        for key, shape in shapes(*sizes).items():
            expect_entry(params, key, shape, mistakes, kinds="f")


@symptom("zero-init", question="Can units with equal inputs and equal gradients ever learn different things?")
def zero_init(params, num_inputs, num_hidden, num_classes, rng):
    """All hidden units start with the same weights in W1, so they compute the same values. If W2 treats them alike too,
    they get the same gradients forever."""
    return bool(np.all(params["W1"] == params["W1"][:, :1]))


@symptom("initialized-too-large", question="784 weights of this size, with random signs: how large is their sum?")
def initialized_too_large(params, num_inputs, num_hidden, num_classes, rng):
    """The weights are so large that a layer's sums are much larger than 1, and the first steps overshoot."""
    return any(typical_sum(params[key]) > LARGEST_SUM for key in ("W1", "W2"))


@symptom("biases-too-large", question="What do the random weights already do that lets the biases start at 0?")
def biases_too_large(params, num_inputs, num_hidden, num_classes, rng):
    """The biases start at large values, so they decide which units are active before any input does."""
    return any(np.abs(params[key]).max() > LARGEST_BIAS for key in ("b1", "b2"))


@symptom("rng-ignored", question="Where does your function use the argument rng to draw the weights?")
def weights_repeat(params, *arguments):
    """The weights are always the same, whatever generator is passed: they are not drawn from rng."""
    return True


@symptom("rng-ignored", question="Where does your function use the argument rng to draw the weights?")
def weights_differ(params, *arguments):
    """The weights are random, but they do not come from rng, so no run can be repeated."""
    return True


def typical(weights):
    """The root of the mean square."""
    with np.errstate(over="ignore", under="ignore"):
        return np.sqrt(np.mean(np.square(weights, dtype=np.float64)))


def typical_sum(weights):
    """The usual size of a sum of all weights of one unit, each times an input of about 1."""
    return typical(weights) * np.sqrt(len(weights))


@check(
    points=1,
    title="initialize draws small weights from rng, and no two hidden units start alike",
    after=[test_initialize_shapes],
    hints=(
        "What distinguishes one hidden unit from another before the first image?",
        "Identical units get identical gradients forever, so random weights must break the symmetry. And the sum of "
        "many products stays near 1 only if each weight is small: the more inputs, the smaller.",
        "rng.normal(0, np.sqrt(2 / number of inputs), shape) for the weights, np.zeros for the biases.",
    ),
    most_bytes=4 * 2**20,  # W1 alone takes 1.9 MB
)
def test_initialize_draws(submission, probe):
    first, second = probe.generator(), probe.generator()
    params = submission.initialize(784, 300, 10, first)
    expect_dict(params, "arrays")
    for key, shape in shapes(784, 300, 10).items():
        expect_entry(params, key, shape, kinds="f")
    columns = len(np.unique(params["W1"], axis=1).T)
    returned = f"returned W1 with too few distinct columns ({columns} for 300 hidden units)"
    expect(columns == 300, params, returned, "a different column for every unit", [zero_init])
    for key in ("b1", "b2"):
        largest = np.abs(params[key]).max()
        returned = f"returned biases of up to {describe(largest)} in {key}"
        expect(largest <= LARGEST_BIAS, params, returned, f"at most {LARGEST_BIAS}", [biases_too_large])
    for key in ("W1", "W2"):
        returned = f"returned {key} with values around {describe(typical(params[key]))}"
        fits = typical_sum(params[key]) <= LARGEST_SUM
        expect(fits, params, returned, "smaller values, whose sum over all inputs is about 1", [initialized_too_large])
    returned = f"returned W1 with values around {describe(typical(params['W1']))}"
    expect(typical(params["W1"]) >= SMALLEST_WEIGHT, params, returned, "values from about 0.001 to 0.1")
    drawn = [submission.initialize(6, 5, 4, rng) for rng in (first, first, second)]
    for params in drawn:
        expect_dict(params, "arrays")
        expect_entry(params, "W1", (6, 5), kinds="f")
    once, again, other = (params["W1"] for params in drawn)
    returned, expected = "returned different weights for generators in the same state", "the same weights"
    expect(np.array_equal(once, again), drawn[1], returned, expected, [weights_differ])
    returned, expected = "returned the same weights for two different generators", "different weights"
    expect(not np.array_equal(once, other), drawn[2], returned, expected, [weights_repeat])


# forward


@symptom("cache-not-returned", question="What will backward need to know about this pass, and how does it get there?")
def cache_not_returned(value, x, params):
    """Only one array came back: forward has to return the logits first and the cache second."""
    return isinstance(value, np.ndarray)


@symptom("swapped-results", question="In which order do you return the two?")
def swapped_results(logits, x, params):
    """The two results are in the wrong order: the logits came second."""
    return True


@mistake("no-hidden-activation", question="What do you get when one linear map follows another?")
def no_hidden_activation(x, params):
    """There is no ReLU between the two layers, so together they are one linear map: softmax regression again."""
    return hidden_sums(x, params) @ params["W2"] + params["b2"]


WRONG_ACTIVATION = "wrong-activation", "What does ReLU return for -2, 0 and 3? And what does your activation return?"


@mistake(*WRONG_ACTIVATION)
def sigmoid_activation(x, params):
    """The hidden layer uses a sigmoid instead of ReLU."""
    return expit(hidden_sums(x, params)) @ params["W2"] + params["b2"]


@mistake(*WRONG_ACTIVATION)
def tanh_activation(x, params):
    """The hidden layer uses tanh instead of ReLU."""
    return np.tanh(hidden_sums(x, params)) @ params["W2"] + params["b2"]


@mistake(*WRONG_ACTIVATION)
def leaky_activation(x, params):
    """The hidden layer lets a hundredth of every negative sum through, where ReLU lets nothing through."""
    sums = hidden_sums(x, params)
    return np.maximum(sums, 0.01 * sums) @ params["W2"] + params["b2"]


@mistake("relu-on-logits", question="Can a score be negative, and what happens to negative scores in your function?")
def relu_on_logits(x, params):
    """The last layer has a ReLU as well, so every negative score became 0: a class can no longer be ruled out."""
    return np.maximum(logits_of(x, params), 0)


@mistake("softmax-in-forward", question="Are these scores or probabilities? Which of the two did the exercise ask for?")
def softmax_in_forward(x, params):
    """These are probabilities: softmax was applied in forward, which should return the raw scores (logits)."""
    return softmax(logits_of(x, params), axis=1)


BIAS_MISSING = "bias-missing", "What should a network return if all its weights are 0?"


@mistake(*BIAS_MISSING)
def first_bias_missing(x, params):
    """The bias of the hidden layer, b1, was not added."""
    return np.maximum(x @ params["W1"], 0) @ params["W2"] + params["b2"]


@mistake(*BIAS_MISSING)
def second_bias_missing(x, params):
    """The bias of the last layer, b2, was not added."""
    return logits_of(x, params) - params["b2"]


@mistake(*BIAS_MISSING)
def both_biases_missing(x, params):
    """Neither bias was added."""
    return np.maximum(x @ params["W1"], 0) @ params["W2"]


@mistake("bias-after-relu", question="Which sum decides whether a unit is active: with its bias or without?")
def bias_after_relu(x, params):
    """The hidden bias was added after the ReLU, so it can no longer decide whether a unit is active."""
    return (np.maximum(x @ params["W1"], 0) + params["b1"]) @ params["W2"] + params["b2"]


FORWARD_MISTAKES = [
    no_hidden_activation,
    sigmoid_activation,
    tanh_activation,
    leaky_activation,
    relu_on_logits,
    softmax_in_forward,
    first_bias_missing,
    second_bias_missing,
    both_biases_missing,
    bias_after_relu,
]


def is_array_near(value, expected):
    return isinstance(value, np.ndarray) and agree(value, expected)


def run_forward(submission, x, params):
    """Call forward; fail unless a pair comes back. Returns the logits, not yet looked at, and the cache."""
    value = submission.forward(x, params)
    is_pair = isinstance(value, (tuple, list)) and len(value) == 2
    expected = "a tuple of two: the logits and the cache"
    expect(is_pair, value, f"returned {describe(value)}", expected, [cache_not_returned])
    return value


@check(
    points=1,
    title="forward returns the logits of a network with one hidden ReLU layer, and a cache",
    hints=(
        "Follow one batch on paper: which shape does it have after each of the two layers?",
        "A layer multiplies by its weights and adds its bias. ReLU follows the first layer; the last one ends in raw "
        "scores.",
        "hidden = np.maximum(x @ W1 + b1, 0); logits = hidden @ W2 + b2; return logits and what backward will need.",
    ),
)
def test_forward(submission, probe):
    for sizes, dtype in (((7, 6, 5, 4), np.float64), ((1, 3, 8, 10), np.float64), ((9, 5, 2, 3), np.float32)):
        x, _, params = draw_network(probe, *sizes)
        x, params = x.astype(dtype), {key: array.astype(dtype) for key, array in params.items()}
        right = logits_of(x, params)
        logits, cache = run_forward(submission, x, params)
        swapped = is_array_near(cache, right) and not is_array_near(logits, right)
        returned, expected = "returned the logits second", "the logits first, then the cache"
        expect(not swapped, logits, returned, expected, [swapped_results])
        expect_close(logits, right, atol=1e-5, mistakes=FORWARD_MISTAKES)
        expect_input_unchanged(logits)


# backward: what it tells the last layer


@mistake("sum-not-mean", question="If the batch held every image twice, should the gradient double?")
def sum_not_mean(x, labels, params):
    """This is the gradient of the sum of the losses, which grows with the batch. The exercise asks for the mean."""
    return flow_back(x, params, slope_of_loss(x, labels, params) * len(x))


@mistake("divided-twice", question="How many times does a mean over n images divide by n, and how many times did you?")
def divided_twice(x, labels, params):
    """The gradient was divided by the batch size twice instead of once."""
    return flow_back(x, params, slope_of_loss(x, labels, params) / len(x))


@mistake("gradient-sign", question="Move one weight up: does the loss rise or fall, and what does your sign say?")
def gradient_sign(x, labels, params):
    """The size is right, but the sign is wrong: this points downhill, while a gradient points uphill."""
    return flow_back(x, params, -slope_of_loss(x, labels, params))


@mistake("truth-forgotten", question="Where does the gradient learn which class was the right one?")
def truth_forgotten(x, labels, params):
    """Only the probabilities flow back. The 1 of the true class was not subtracted, so the labels play no role."""
    return flow_back(x, params, softmax(logits_of(x, params), axis=1) / len(x))


@mistake(
    "softmax-forgotten", question="What should the 1 of the true class be subtracted from: a score or a probability?"
)
def softmax_forgotten(x, labels, params):
    """The truth was subtracted from the logits. Subtract it from the probabilities, the softmax of the logits."""
    logits = logits_of(x, params)
    return flow_back(x, params, (logits - one_hot(labels, logits.shape[1])) / len(x))


@mistake("softmax-along-batch", question="Whose numbers should add up to 1?")
def softmax_along_batch(x, labels, params):
    """The softmax ran down the columns, so images compete with each other instead of classes."""
    logits = logits_of(x, params)
    return flow_back(x, params, (softmax(logits, axis=0) - one_hot(labels, logits.shape[1])) / len(x))


@mistake("label-as-number", question="Is a 4 more than a 2, or just a different class?")
def label_as_number(x, labels, params):
    """The label itself was subtracted from every probability, as if it were an amount. Only the probability of the
    true class should be reduced, by 1."""
    probabilities = softmax(logits_of(x, params), axis=1)
    return flow_back(x, params, (probabilities - labels[:, np.newaxis]) / len(x))


@mistake("picks-all-pairs", question="Which one cell of row i belongs to image i?")
def picks_all_pairs(x, labels, params):
    """The 1 was subtracted in the columns of all the labels, in every row, instead of in one cell per row."""
    probabilities = softmax(logits_of(x, params), axis=1)
    probabilities[:, labels] -= 1
    return flow_back(x, params, probabilities / len(x))


@mistake(
    "squared-error-gradient", question="What is left when the logarithm's 1 / p is multiplied by the slope of softmax?"
)
def squared_error_gradient(x, labels, params):
    """Probability minus truth already contains the slope of softmax, but it was multiplied by p (1 - p) again."""
    probabilities = softmax(logits_of(x, params), axis=1)
    return flow_back(x, params, slope_of_loss(x, labels, params) * probabilities * (1 - probabilities))


@mistake("sums-for-activations", question="What was W2 multiplied by on the way forward?")
def sums_for_activations(x, labels, params):
    """The gradient of W2 was computed from the sums before the ReLU, but W2 was multiplied by what came out of it."""
    d_logits = slope_of_loss(x, labels, params)
    return {**flow_back(x, params, d_logits), "W2": hidden_sums(x, params).T @ d_logits}


@mistake("missing-transpose", question="Write the shapes under your product: which axis is summed over?")
def transposed_result(x, labels, params):
    """The factors of a weight gradient are in the wrong order, so its rows and columns are swapped."""
    return {key: gradient.T for key, gradient in gradients_of(x, labels, params).items()}


@symptom(
    "bias-gradient-not-summed", question="How many images does one bias act on, and how do their gradients combine?"
)
def bias_gradient_not_summed(gradient, key, x, labels, params):
    """There is one bias gradient per image: they were not summed over the batch."""
    return key in {"b1", "b2"} and gradient.shape == (len(x), len(params[key]))


@symptom("bias-gradient-wrong-axis", question="Which axis counts the images, and which should remain?")
def bias_gradient_wrong_axis(gradient, key, x, labels, params):
    """The bias gradient was summed over the wrong axis, or over all axes: one number per unit should remain."""
    return key in {"b1", "b2"} and np.shape(gradient) in {(len(x),), (len(x), 1), ()}


@symptom("bias-keeps-an-axis", question="How many axes does the bias have, and how many does its gradient have?")
def bias_gradient_keeps_an_axis(gradient, key, x, labels, params):
    """The bias gradient kept the summed axis, with length 1, so its shape is not that of the bias."""
    return key in {"b1", "b2"} and gradient.shape == (1, len(params[key]))


@mistake("global-cache", question="Two batches go forward, then the first goes backward: what does your cache hold?")
def global_cache(later, labels, params):
    """These are the gradients of a later batch: the forward pass was stored outside the cache, and the next pass
    overwrote it."""
    return gradients_of(later, labels, params)


OUTPUT_MISTAKES = [
    bias_gradient_not_summed,
    bias_gradient_keeps_an_axis,
    bias_gradient_wrong_axis,
    sum_not_mean,
    divided_twice,
    gradient_sign,
    truth_forgotten,
    softmax_forgotten,
    softmax_along_batch,
    label_as_number,
    picks_all_pairs,
    squared_error_gradient,
    sums_for_activations,
    transposed_result,
]


# backward: what it tells the hidden layer


@mistake("relu-mask-missing", question="Which units were inactive, and how can their weights affect the loss?")
def relu_mask_missing(x, labels, params):
    """The gradient went through the ReLU as if all units had been active: those with a negative sum must get none."""
    return flow_back(x, params, slope_of_loss(x, labels, params), lambda sums, d_hidden: 1)


@mistake(
    "relu-mask-of-gradient", question="What decides whether a unit lets a gradient through: its sum or the gradient?"
)
def relu_mask_of_gradient(x, labels, params):
    """The ReLU was applied to the gradient itself. The sums on the way forward decide which units were active."""
    return flow_back(x, params, slope_of_loss(x, labels, params), lambda sums, d_hidden: d_hidden > 0)


@mistake(
    "activation-for-slope", question="How much does the output of an active ReLU change when its sum grows by 0.1?"
)
def activation_for_slope(x, labels, params):
    """The gradient was multiplied by what the ReLU returned. The slope of ReLU is 1 where a unit was active, else 0."""
    return flow_back(x, params, slope_of_loss(x, labels, params), lambda sums, d_hidden: np.maximum(sums, 0))


@mistake("sigmoid-slope", question="Which activation did forward use, and what is its slope?")
def sigmoid_slope(x, labels, params):
    """a (1 - a) is the slope of a sigmoid; this network has a ReLU."""

    def slope(sums, d_hidden):
        hidden = np.maximum(sums, 0)
        return hidden * (1 - hidden)

    return flow_back(x, params, slope_of_loss(x, labels, params), slope)


HIDDEN_MISTAKES = [
    bias_gradient_not_summed,
    bias_gradient_keeps_an_axis,
    bias_gradient_wrong_axis,
    relu_mask_missing,
    relu_mask_of_gradient,
    activation_for_slope,
    sigmoid_slope,
    sum_not_mean,
    divided_twice,
    gradient_sign,
    transposed_result,
]


# A product without its transpose usually raises an error. In a network whose sizes are all equal it returns something.


@mistake("missing-transpose", question="Write the shapes under hidden and d_logits: which axis should disappear?")
def hidden_not_transposed(x, labels, params):
    """The gradient of W2 was computed from the activations as they are. It needs their transpose, so that the image
    axis disappears."""
    hidden = np.maximum(hidden_sums(x, params), 0)
    return {"W2": hidden @ slope_of_loss(x, labels, params)}


@mistake("missing-transpose", question="Write the shapes under your factors: which axis should disappear?")
def output_factors_swapped(x, labels, params):
    """The gradient of W2 was computed from the right two arrays, but in the wrong order and without a transpose."""
    hidden = np.maximum(hidden_sums(x, params), 0)
    return {"W2": slope_of_loss(x, labels, params) @ hidden}


@mistake("missing-transpose", question="Going forward, W2 turns h numbers into k. What turns k numbers into h?")
def second_weights_not_transposed(x, labels, params):
    """The gradient goes back through W2 as if it went forward. On the way back, W2 must be transposed."""
    d_sums = (slope_of_loss(x, labels, params) @ params["W2"]) * (hidden_sums(x, params) > 0)
    return {"W1": x.T @ d_sums, "b1": d_sums.sum(axis=0)}


@mistake("missing-transpose", question="Write the shapes under your factors: which axis should disappear?")
def inputs_not_transposed(x, labels, params):
    """The gradient of W1 was computed from the inputs as they are. It needs their transpose, so that the image axis
    disappears."""
    d_hidden = slope_of_loss(x, labels, params) @ params["W2"].T
    return {"W1": x @ (d_hidden * (hidden_sums(x, params) > 0))}


TRANSPOSE_MISTAKES = [
    transposed_result,
    hidden_not_transposed,
    output_factors_swapped,
    second_weights_not_transposed,
    inputs_not_transposed,
]
SQUARE = (5, 5, 5, 5)


def run_backward(submission, x, labels, params):
    """Forward, then backward: the gradients, of which only the keys are checked."""
    _, cache = run_forward(submission, x, params)
    gradients = submission.backward(cache, labels, params)
    expect_dict(gradients, "gradients")
    return gradients


def explain_shapes(submission, probe, error):
    """Look for a missing transpose where backward has raised an error about shapes; raise the error if it is none."""
    x, labels, params = draw_network(probe, *SQUARE)
    try:
        gradients = run_backward(submission, x, labels, params)
    except SubmissionError:
        raise error from None
    right = gradients_of(x, labels, params)
    for key in FROM_THE_END:
        if not is_array_near(gradients[key], right[key]):
            known = diagnose(telling(TRANSPOSE_MISTAKES, key, x, labels, params), gradients, None, ())
            if known:
                stopped = f"stopped with {error.summary}"
                expect(False, gradients, stopped, "gradients for a network of any size", [known])
    raise error


def expect_gradients(submission, probe, sizes, keys, mistakes, dtype=np.float64):
    """Fail unless backward's gradients in some parameters are those that finite differences give."""
    x, labels, params = draw_network(probe, *sizes)
    expected = numerical_gradients(x, labels, params)
    x, params = x.astype(dtype), {key: array.astype(dtype) for key, array in params.items()}
    try:
        gradients = run_backward(submission, x, labels, params)
    except SubmissionError as error:
        if error.type != "ValueError":
            raise
        explain_shapes(submission, probe, error)
    for key in keys:
        known = telling(mistakes, key, x, labels, params)
        expect_entry_close(gradients, key, expected[key], known, rtol=1e-3, atol=1e-5)
    expect_input_unchanged(gradients)


@check(
    points=1,
    title="backward finds the gradients of the last layer, W2 and b2",
    after=[test_forward],
    hints=(
        "Increase one number in b2 a little: how does the loss change, and does your gradient say the same?",
        "For each image, the gradient with respect to the logits is probability minus truth, divided by the number of "
        "images. For W2, multiply it by the activations that came in; for b2, add it up over the images.",
        "d_logits = (softmax(logits) - one-hot rows) / n; W2: hidden.T @ d_logits; b2: d_logits.sum(axis=0).",
    ),
)
def test_output_gradients(submission, probe):
    for sizes in ((7, 6, 5, 4), (12, 3, 8, 10)):
        expect_gradients(submission, probe, sizes, ("W2", "b2"), OUTPUT_MISTAKES)
    expect_gradients(submission, probe, (6, 4, 7, 3), ("W2", "b2"), OUTPUT_MISTAKES, np.float32)
    expect_gradients(submission, probe, (1, 4, 3, 5), ("W2", "b2"), OUTPUT_MISTAKES)
    x, labels, params = draw_network(probe, 7, 6, 5, 4)
    later = probe.normal(*x.shape)
    _, cache = run_forward(submission, x, params)
    run_forward(submission, later, params)
    gradients = submission.backward(cache, labels, params)
    expect_dict(gradients, "gradients")
    right = numerical_gradients(x, labels, params)
    for key in ("W2", "b2"):
        mistakes = telling([global_cache], key, later, labels, params)
        expect_entry_close(gradients, key, right[key], mistakes, rtol=1e-3, atol=1e-5)


@check(
    points=2,
    title="backward finds the gradients of the hidden layer, W1 and b1",
    after=[test_output_gradients],
    hints=(
        "A hidden unit was inactive for an image. If its weights change a little, does the loss of that image change?",
        "The gradient with respect to the logits flows back to the hidden units, through the same W2 as on the way "
        "forward. Only units whose sum was positive pass it on, to W1 and b1, as in the last layer.",
        "d_sums = (d_logits @ W2.T) * (sums > 0); W1: x.T @ d_sums; b1: d_sums.sum(axis=0).",
    ),
)
def test_hidden_gradients(submission, probe):
    for sizes in ((7, 6, 5, 4), (12, 3, 8, 10)):
        expect_gradients(submission, probe, sizes, ("W1", "b1"), HIDDEN_MISTAKES)
    expect_gradients(submission, probe, (6, 4, 7, 3), ("W1", "b1"), HIDDEN_MISTAKES, np.float32)
    expect_gradients(submission, probe, (1, 4, 3, 5), ("W1", "b1"), HIDDEN_MISTAKES)


@symptom("softmax-overflow", question="What is exp(1000)? And what did lesson 3 subtract before it called exp?")
def softmax_overflow(value, *arguments):
    """exp of a large logit is too large for any float, so the softmax has nothing finite to divide by."""
    if isinstance(value, SubmissionError):
        return value.type in {"OverflowError", "FloatingPointError"}
    return not all(np.isfinite(value[key]).all() for key in ("W2", "b2"))


@symptom("global-maximum-shift", question="Should one image affect the probabilities of another?")
def global_maximum_shift(value, *arguments):
    """One image with large logits spoils the others: the maximum of the whole batch was subtracted from every row, so
    all their exponentials became 0."""
    return not all(np.isfinite(value[key]).all() for key in ("W2", "b2"))


@check(
    points=1,
    title="backward stays finite when the logits are large",
    after=[test_output_gradients],
    hints=(
        "All logits of an image grow by 1000: what happens to its probabilities?",
        "Softmax depends only on differences between logits, so you may subtract the largest of each row before exp.",
        "np.exp(logits - logits.max(axis=1, keepdims=True)), then divide by the sum of each row.",
    ),
)
def test_large_logits(submission, probe):
    for shift in (1000, -1000):
        x, labels, params = draw_network(probe, 7, 6, 5, 4)
        params["b2"] += shift
        try:
            gradients = run_backward(submission, x, labels, params)
        except SubmissionError as error:
            if softmax_overflow.shows(error):
                expect(False, error, f"stopped with {error.summary}", "finite gradients", [softmax_overflow])
            raise
        expected = numerical_gradients(x, labels, params)
        for key in ("W2", "b2"):
            expect_entry_close(gradients, key, expected[key], [softmax_overflow], rtol=1e-2, atol=1e-3)
    x, labels, params = draw_network(probe, 7, 6, 5, 4)
    loudest = np.maximum(hidden_sums(x, params), 0).sum(axis=1).argmax()
    x[loudest] *= 10_000
    gradients = run_backward(submission, x, labels, params)
    for key in ("W2", "b2"):
        expect_entry(gradients, key, params[key].shape, [global_maximum_shift])


# train


@mistake(
    "weights-never-updated", question="After your loop, which arrays hold the new numbers, and which do you return?"
)
def weights_never_updated(x, labels, start, rate):
    """The weights came back unchanged: no step reached the arrays that were returned."""
    return start


@symptom("bias-never-updated", question="How many arrays does one step have to move?")
def bias_never_updated(moved, key, x, labels, start, rate):
    """The weights moved as they should, but a bias stayed where it was."""
    return key in {"b1", "b2"} and np.array_equal(moved, start[key])


@mistake("gradient-sign", question="A gradient points uphill. Which way leads down?")
def climbs(x, labels, start, rate):
    """The step went uphill: the gradient was added instead of subtracted, so the loss grows."""
    return step(x, labels, start, -rate)


@mistake("updates-before-backward-ends", question="Which weights made this prediction, the old ones or the new ones?")
def updates_before_backward_ends(x, labels, start, rate):
    """W2 was updated before the gradient went back through it, so the hidden layer was corrected with weights that
    had no part in the prediction."""
    last = step(x, labels, start, rate)
    d_sums = (slope_of_loss(x, labels, start) @ last["W2"].T) * (hidden_sums(x, start) > 0)
    return {**last, "W1": start["W1"] - rate * x.T @ d_sums, "b1": start["b1"] - rate * d_sums.sum(axis=0)}


@mistake("updates-before-backward-ends", question="Which weights made this prediction, the old ones or the new ones?")
def layer_by_layer(x, labels, start, rate):
    """The last layer was updated first, and the gradient of the hidden layer was then computed for that new network.
    One step uses one set of weights."""
    last = {**step(x, labels, start, rate), "W1": start["W1"], "b1": start["b1"]}
    return {**last, **{key: step(x, labels, last, rate)[key] for key in ("W1", "b1")}}


@mistake("learning-rate-ignored", question="Where does your function use the argument learning_rate?")
def learning_rate_ignored(x, labels, start, rate):
    """The step uses the default learning rate, not the one that was passed in."""
    return step(x, labels, start, 0.5)


@mistake("learning-rate-ignored", question="Where does your function use the argument learning_rate?")
def no_learning_rate(x, labels, start, rate):
    """The whole gradient was subtracted, without the learning rate."""
    return step(x, labels, start, 1)


@mistake("learning-rate-divided-twice", question="The gradient is already a mean: what else did you divide by?")
def step_divided_twice(x, labels, start, rate):
    """The gradient is already that of the mean loss, but it was divided by the batch size again."""
    return step(x, labels, start, rate / len(x))


@mistake("sum-not-mean", question="If the batch held every image twice, should the step be twice as long?")
def step_of_the_sum(x, labels, start, rate):
    """The step follows the sum of the losses instead of their mean, so it grows with the batch."""
    return step(x, labels, start, rate * len(x))


@symptom("shuffled-apart", question="Does row 7 still match its own label after the shuffle?")
def shuffled_apart(moved, key, x, labels, start, rate):
    """Images and labels were put into different orders, so images were paired with other images' labels."""
    places = len(labels)
    orders = [order for order in np.ndindex(*[places] * places) if len(set(order)) == places]
    return any(agree(moved, step(x, labels[list(order)], start, rate)[key]) for order in orders)


@symptom("classes-from-labels", question="How many classes are there if no label in this batch is a 9?")
def classes_from_labels(params, x, labels, *arguments):
    """The number of classes was taken from the labels that happen to occur. There are always ten."""
    return params["b2"].shape in {(labels.max() + 1,), (len(np.unique(labels)),)}


@symptom("seed-ignored", question="Where does your function use the argument seed?")
def seed_ignored(params, *arguments):
    """The argument seed does not determine the initial weights."""
    return True


@mistake("epochs-ignored", question="How often does your function go through the data, and what starts over each time?")
def epochs_ignored(x, labels, start, rate):
    """This is the result of a single epoch: the others were not run, or each of them began again from the start."""
    return step(x, labels, start, rate)


@mistake("batch-size-ignored", question="How many steps does an epoch of 12 rows in batches of 3 take?")
def batch_size_ignored(x, labels, start, rate):
    """The whole epoch took a single step: batch_size plays no role, or the function returned after its first batch."""
    return step(x, labels, start, rate)


@mistake("batch-size-ignored", question="Which rows do the gradients of one step come from?")
def all_rows_in_every_step(x, labels, start, rate):
    """Every step used all images instead of its own batch."""
    return steps(x, labels, start, rate, len(x) // BATCH_SIZE)


@mistake("stale-weights", question="Which weights do you use to compute the gradients of the second batch?")
def stale_weights(x, labels, start, rate):
    """The gradients of all batches were computed with the weights that the epoch began with."""
    return step(x, labels, start, rate * (len(x) // BATCH_SIZE))


@symptom("epochs-ignored", question="How often should your loop over the epochs run when epochs is 0?")
def moves_without_epochs(params, *arguments):
    """With epochs=0, no step should be taken, but the result depends on the batch size or the learning rate."""
    return True


STEP_MISTAKES = [
    bias_never_updated,
    weights_never_updated,
    climbs,
    updates_before_backward_ends,
    layer_by_layer,
    learning_rate_ignored,
    no_learning_rate,
    step_divided_twice,
    step_of_the_sum,
    shuffled_apart,
]


def signed_images(probe, count, shared):
    """Images (count, count + shared) of which each has one input that is 0 in all others: its signature, by which W1
    tells later what the image has moved."""
    return np.hstack([np.diag(probe.rng.uniform(0.6, 1, count)), probe.rng.random((count, shared))])


def batch_by_batch(x, labels, start, rate, end):
    """The parameters after one epoch over signed images that ended at ``end``. The batches are found along the
    way: the next batch holds the images whose own weights have moved as far as their gradients ask for now."""
    params, left, moved = start, np.arange(len(x)), (end["W1"] - start["W1"])[: len(x)]
    while len(left):
        asked = step(x, labels, params, rate * len(x) / BATCH_SIZE)["W1"] - params["W1"]
        with np.errstate(all="ignore"):
            missed = np.abs(moved - asked[: len(x)]).max(axis=1) / (np.abs(moved).max(axis=1) + 1e-12)
        batch = left[np.argsort(missed[left])[:BATCH_SIZE]]
        params, left = step(x[batch], labels[batch], params, rate), np.setdiff1d(left, batch)
    return params


def run_train(submission, x, labels, num_hidden, *rest):
    """Call train; fail unless parameters of the right shapes come back."""
    params = submission.train(x, labels, num_hidden, *rest)
    expect_dict(params, "arrays", [])
    for key, shape in shapes(x.shape[1], num_hidden, 10).items():
        expect_entry(params, key, shape, [classes_from_labels], kinds="f")
    return params


def expect_params(params, expected, mistakes, *inputs):
    """Fail unless the parameters are the expected ones."""
    for key in FROM_THE_END:
        expect_entry_close(params, key, expected[key], telling(mistakes, key, *inputs), rtol=1e-3, atol=1e-5)


@check(
    points=1,
    title="train takes one step downhill per batch, in every epoch",
    after=[test_initialize_draws, test_hidden_gradients],
    hints=(
        "How far should one step on one batch move each weight?",
        "Each step computes all gradients with the same weights, then moves all four arrays against their gradients. "
        "An epoch takes one step per batch, and the next epoch goes on from there.",
        "for each epoch, for each batch: forward, backward, then every array minus learning_rate times its gradient.",
    ),
)
def test_steps(submission, probe):
    num_hidden, rate, seed = 12, 2.0, int(probe.rng.integers(1, 10_000))
    x, labels = probe.rng.random((5, 8)), probe.rng.permutation(8)[:5]
    start = run_train(submission, x, labels, num_hidden, 0, 5, rate, seed)
    again = run_train(submission, x, labels, num_hidden, 0, 5, rate, seed)
    same = all(np.array_equal(start[key], again[key]) for key in KEYS)
    returned = "returned different parameters for the same seed and epochs=0"
    expect(same, again, returned, "the same initial parameters", [seed_ignored])
    unmoved = run_train(submission, x, labels, num_hidden, 0, 2, rate / 2, seed)
    same = all(np.array_equal(start[key], unmoved[key]) for key in KEYS)
    returned = f"returned different parameters than with batch_size=5 and learning_rate={rate}"
    expect(same, unmoved, returned, "the initial parameters", [moves_without_epochs])
    other = run_train(submission, x, labels, num_hidden, 0, 5, rate, seed + 1)
    returned, expected = "returned the same initial weights for another seed", "different weights"
    expect(not np.array_equal(start["W1"], other["W1"]), other, returned, expected, [seed_ignored])

    once = run_train(submission, x, labels, num_hidden, 1, 5, rate, seed)
    expect_params(once, step(x, labels, start, rate), STEP_MISTAKES, x, labels, start, rate)
    expect_input_unchanged(once)

    rate = 0.2  # with long steps the first one may learn all there is
    thrice = run_train(submission, x, labels, num_hidden, 3, 5, rate, seed)
    expect_params(thrice, steps(x, labels, start, rate, 3), [epochs_ignored], x, labels, start, rate)

    copies, same_label = np.repeat(x[:1], 12, axis=0), np.repeat(labels[:1], 12)  # every order of them is the same
    batches = run_train(submission, copies, same_label, num_hidden, 1, BATCH_SIZE, rate, seed)
    in_batches = steps(copies, same_label, start, rate, 4)
    expect_params(batches, in_batches, [batch_size_ignored, stale_weights], copies, same_label, start, rate)

    x, labels, num_hidden, rate = signed_images(probe, 12, 6), probe.labels(12), 30, 1.0
    start = run_train(submission, x, labels, num_hidden, 0, BATCH_SIZE, rate, seed)
    end = run_train(submission, x, labels, num_hidden, 1, BATCH_SIZE, rate, seed)
    expected, mistakes = batch_by_batch(x, labels, start, rate, end), [all_rows_in_every_step, stale_weights]
    expect_params(end, expected, mistakes, x, labels, start, rate)


@check(
    points=2,
    title="after training, the network recognizes unseen digits",
    after=[test_steps],
    trains=True,
    hints=(
        "Print the mean loss of every batch: where does it start, and does it fall?",
        "If every single step is right, look at what changes between steps: does each epoch see every image, with its "
        "own label, in a new order?",
        "order = rng.permutation(len(x)) once per epoch; batch = order[start : start + batch_size] for both x and "
        "labels.",
    ),
)
def test_accuracy(submission, probe, digits):
    split = digits.split(num_train=TRAINING_IMAGES)
    x, unseen = (split.inputs(images).reshape(len(images), -1) for images in (split.x_train, split.x_test))
    seed = int(probe.rng.integers(10_000))
    params = run_train(submission, x, split.y_train, 100, TRAINING_EPOCHS, 100, 0.5, seed)
    with np.errstate(all="ignore"):
        predicted = logits_of(unseen, params).argmax(axis=1)
    expect_accuracy(params, float(np.mean(predicted == split.y_test)))
