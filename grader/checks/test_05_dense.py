"""Checks of exercise 5: a dense network in Keras."""

from itertools import pairwise

import numpy as np
from scipy.special import erf, expit

from grader.api import (
    check,
    expect,
    expect_accuracy,
    expect_model,
    expect_untrained,
    observed_fits,
    symptom,
)
from grader.checks.support.dense_network import Answers, probabilities, relu, unchanged
from grader.checks.support.networks import (
    cross_entropy,
    expect_compiled,
    expect_history,
    expect_new_weights,
    expect_probabilities,
    expect_scaled_inside,
    expect_unseen_validation,
    not_scaled_inside,
    outputs_of,
    scaled_twice,
)

SIZES = 784, 128, 10
NUM_PARAMETERS = sum((before + 1) * after for before, after in pairwise(SIZES))
TRAINING_IMAGES, TRAINING_EPOCHS = 20_000, 3

# build_model


def built(submission):
    """What build_model returns; fail unless it is a model."""
    return expect_model(submission.build_model())


@symptom("no-flatten", question="What is the output shape of each layer, and which axis does Dense work on?")
def no_flatten(outputs):
    """The images were never flattened: Dense worked on each of their 28 rows separately."""
    return outputs.ndim == 3


@symptom("one-output-unit", question="How many numbers does it take to say how likely each of ten digits is?")
def one_output_unit(outputs):
    """The last layer has a single unit, so it cannot weigh ten digits against each other."""
    return outputs.shape[1:] == (1,)


@check(
    points=1,
    title="the model turns each (28, 28) image into ten numbers",
    hints=(
        "Follow one image through your layers: what is its shape after each of them?",
        "Dense works on the last axis only, so all pixels have to lie on one axis before it; and each of the ten "
        "digits needs an output unit of its own.",
        "keras.Input(shape=(28, 28)), then Flatten(), then your Dense layers, the last of them with 10 units.",
    ),
)
def test_output_shape(submission, probe):
    outputs_of(built(submission), probe.images(8) / 255, [no_flatten, one_output_unit])


@check(
    points=1,
    title="each row of the model's output is a probability distribution",
    after=[test_output_shape],
    hints=(
        "What should the ten outputs for one image sum to, and can one of them be negative?",
        "An activation on the last layer turns ten raw scores into ten probabilities. One that looks at each score "
        "separately cannot do that.",
        'Give the last Dense layer activation="softmax".',
    ),
)
def test_probabilities(submission, probe):
    expect_probabilities(outputs_of(built(submission), probe.images(16) / 255))


@symptom("no-hidden-activation", question="What do you get if you apply two linear maps one after the other?")
def no_hidden_activation(outputs):
    """The hidden layer has no activation, so both layers together are one linear map: softmax regression again."""
    return True


@symptom("no-hidden-activation", question="What does each of your two Dense layers do to its weighted sums?")
def only_the_output_bends(answers):
    """Only the last layer has an activation. The hidden layer has none, so both layers together are one linear map."""
    return any(answers.come_from(unchanged, last=last) for last in LAST)


@symptom("another-activation", question="Which activation should the hidden layer have, and which one does yours have?")
def another_activation(answers):
    """The sizes are right, but the hidden layer uses an activation other than ReLU."""
    return any(answers.come_from(hidden, last=last) for hidden in OTHERS for last in LAST)


@symptom("another-activation", question="Which activation should the hidden layer have, and which one does yours have?")
def another_activation_by_name(model):
    """The hidden layer names an activation other than ReLU."""
    return True


@symptom("relu-on-logits", question="Can a score be negative, and what happens to the negative ones?")
def relu_on_logits(answers):
    """The last layer also applies a ReLU before the softmax, so no score is ever below 0."""
    return answers.come_from(relu, last=lambda sums: probabilities(relu(sums)))


@symptom("softmax-twice", question="What do the ten numbers that go into your last softmax sum to?")
def softmax_twice(answers):
    """The outputs went through softmax twice, which makes them nearly equal."""
    return answers.come_from(relu, last=lambda sums: probabilities(probabilities(sums)))


@symptom("scaled-twice", question="What is the largest input your first Dense layer sees?")
def divides_inside(answers):
    """The model divides by 255 itself, but it will be given images that are already scaled."""
    return Answers(answers.images / 255, answers.weights, answers.outputs, SIZES).come_from(relu)


LAST = (  # what a last layer may do to its sums, right or wrong
    probabilities,
    unchanged,
    expit,
    relu,
    np.tanh,
    lambda sums: probabilities(relu(sums)),
    lambda sums: probabilities(expit(sums)),
    lambda sums: probabilities(np.tanh(sums)),
    lambda sums: probabilities(probabilities(sums)),
)
OTHERS = (  # activations that are not ReLU
    np.tanh,
    expit,
    probabilities,
    lambda sums: np.where(sums > 0, sums, np.expm1(sums)),
    lambda sums: 1.0507 * np.where(sums > 0, sums, 1.67326 * np.expm1(sums)),
    lambda sums: sums * expit(sums),
    lambda sums: sums * (1 + erf(sums / np.sqrt(2))) / 2,
    lambda sums: np.logaddexp(0, sums),
    lambda sums: np.maximum(sums, 0.01 * sums),
    lambda sums: np.maximum(sums, 0.2 * sums),
    lambda sums: np.maximum(sums, 0.3 * sums),
)


@symptom("wrong-width", question="Count on paper: how many weights and biases does each of your layers have?")
def wrong_width(model):
    """The sizes of the layers are not 784, 128 and 10, or there are too many layers."""
    return True


@symptom("scaled-twice", question="What is the largest input your first Dense layer sees?")
def rescales_inside(model):
    """The model divides by 255 itself, but it will be given images that are already scaled."""
    return any(layer.type == "Rescaling" for layer in model.layers)


@check(
    points=2,
    title="one hidden layer of 128 ReLU units",
    after=[test_output_shape],
    hints=(
        "What does each of your layers do to the numbers that reach it?",
        "Each unit has one weight per input and a bias. Without an activation between them, two Dense layers can do "
        "no more than one.",
        'Dense(128, activation="relu") between Flatten and the last layer, and nothing else.',
    ),
)
def test_hidden_layer(submission, probe):
    model = built(submission)
    a, b = probe.images(4) / 255, probe.images(4) / 255
    scores = [np.log(np.clip(outputs_of(model, x), 1e-30, None)) for x in (a + b, a, b, 0 * a)]
    scores = [score - score[:, :1] for score in scores]  # softmax ignores what all scores have in common
    bend = np.abs(scores[0] - scores[1] - scores[2] + scores[3]).max()
    returned, expected = "is linear: f(a + b) + f(0) = f(a) + f(b)", "a ReLU that bends the function"
    expect(bend > 1e-3, model, returned, expected, [no_hidden_activation])
    rescales = rescales_inside.shows(model)
    expect(not rescales, model, "has a Rescaling layer", "a model for images in 0..1", [rescales_inside])
    expect_size(model)
    expect_relu(model, np.concatenate([a, b]))
    hidden = [layer.settings for layer in model.layers if layer.settings.get("units") == 128]
    known = "linear", "relu", "None"  # None: a function that has no name
    others = {str(settings.get("activation", "relu")) for settings in hidden}.difference(known)
    returned, expected = f"uses the activation {', '.join(sorted(others))}", "ReLU in the hidden layer"
    expect(not others, model, returned, expected, [another_activation_by_name])


def expect_relu(model, images) -> None:
    """Fail unless a model's outputs are those of its weights with a ReLU between them. Weights that do not
    have the shapes of two Dense layers, such as those of a custom layer, are not checked."""
    weights = model.weights()
    if sorted(weight.shape for weight in weights) != sorted([*pairwise(SIZES), *((size,) for size in SIZES[1:])]):
        return
    answers = Answers(images, weights, outputs_of(model, images), SIZES)
    is_distribution = np.allclose(answers.outputs.sum(axis=1), 1, atol=1e-3)  # if not, another check says so
    last = (probabilities,) if is_distribution else LAST
    mistakes = [relu_on_logits, softmax_twice, only_the_output_bends, another_activation, divides_inside]
    returned = "gives different outputs than its weights would with a ReLU between the two layers"
    fits = any(answers.come_from(relu, last=activation) for activation in last)
    expect(fits, answers, returned, "the network of the exercise and nothing else in it", mistakes)


def expect_size(model) -> None:
    """Fail unless a model has as many parameters as the exercise asks for."""
    count = model.count_params()
    expected = f"{NUM_PARAMETERS:,} = 784 x 128 + 128 + 128 x 10 + 10"
    expect(count == NUM_PARAMETERS, model, f"has {count:,} parameters", expected, [wrong_width])


# compile_model


@symptom("compile-returns-none", question="What does model.compile return, and what does your function?")
def compile_returns_none(value, model):
    """model.compile changes the model and returns None; your function passed that None on."""
    return value is None


def compiled(submission):
    """What compile_model returns for a model; fail unless it is one."""
    return expect_model(submission.compile_model(built(submission)), [compile_returns_none])


@check(
    points=2,
    title="compiled with Adam, accuracy and a loss that fits integer labels",
    after=[test_probabilities],
    hints=(
        "Your labels are integers and your outputs are probabilities: which loss expects exactly that?",
        "Sparse categorical cross-entropy takes integer labels; from_logits says whether it has to apply softmax.",
        'model.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]), then return model.',
    ),
)
def test_compiled(submission):
    expect_compiled(compiled(submission), one_hot=False)


# train_model


@symptom("no-validation", question="Which digits would show you that the network only memorizes?")
def no_validation(history, *arguments):
    """Nothing was held back for validation."""
    return True


@symptom(
    "learning-rate-too-large",
    question="How far does one update move a weight, and which setting in compile decides that?",
)
def learning_rate_too_large(history, *arguments, **keywords):
    """Each update moves the weights too far. Adam's default learning rate is 0.001; a rate that suits SGD is
    too large."""
    return True


@check(
    points=1,
    title="train_model scales, trains the given model, validates and returns the History",
    after=[test_hidden_layer, test_compiled],
    hints=(
        "What must happen to the pixels before fit sees them, and which of your function's arguments does fit need?",
        "fit takes epochs, batch_size and a fraction of the data for validation, changes the model that it is called "
        "on, and returns a History.",
        "return model.fit(…, y_train, epochs=epochs, batch_size=batch_size, validation_split=0.2), with the scaled "
        "images in place of the dots.",
    ),
)
def test_training_call(submission, probe):
    model = compiled(submission)
    images, labels = probe.images(200), probe.labels(200)
    before, weights = outputs_of(model, images[:50] / 255), model.weights()
    history = submission.train_model(model, images, labels, epochs=2, batch_size=50)
    after = outputs_of(model, images[:50] / 255)
    expect_new_weights(history, before, after)
    expect_history(history, epochs=2)
    validated = any(fit.get("validates") for fit in observed_fits()) or "val_loss" in history.figures
    expect(validated, history, "did not validate", "20% of the digits held back", [no_validation])
    expect_unseen_validation(history)
    expect_scaled_inside(history)
    move = largest_move(weights, model.weights())
    moved = f"moved a weight by {move:.2g} in two epochs of {len(images)} digits"  # the loss may fall by luck
    expect(move < 1, history, moved, "small steps", [learning_rate_too_large])
    losses = [cross_entropy(outputs, labels[:50]) for outputs in (before, after)]
    mistakes = [learning_rate_too_large] if move > 0.1 else []
    returned = "changed the loss on training images from {:.2f} to {:.2f}".format(*losses)
    expect(losses[0] - losses[1] > 0.1, history, returned, "a loss that falls", mistakes)


def largest_move(before, after) -> float:
    """How far the weight that moved most has moved. Adam's first eight updates, at its usual learning rate, move no
    weight by much more than 0.01."""
    pairs = [(old, new) for old, new in zip(before, after, strict=False) if old.shape == new.shape]
    return max((float(np.abs(new - old).max(initial=0)) for old, new in pairs), default=0)


@check(
    points=3,
    title="after training, the model recognizes unseen digits",
    after=[test_training_call],
    trains=True,
    hints=(
        "Compare what fit gets with what the model was built for: which numbers, which range?",
        "The images arrive raw, with pixels from 0 to 255; the network learns well with pixels from 0 to 1, and it is "
        "tested on such images.",
        'Pass x_train.astype("float32") / 255 to fit.',
    ),
)
def test_accuracy(submission, digits):
    split = digits.split(num_train=TRAINING_IMAGES, view="permuted")
    model = compiled(submission)
    expect_untrained(model, split)
    history = submission.train_model(model, split.x_train, split.y_train, epochs=TRAINING_EPOCHS)
    expect_size(model)  # the one that is scored, as it is now
    expect_accuracy(history, model.accuracy(split), [not_scaled_inside, scaled_twice])
