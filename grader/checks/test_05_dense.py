"""Checks of exercise 5: a dense network in Keras."""

import numpy as np

from grader.api import (
    SubmissionError,
    check,
    expect,
    expect_accuracy,
    expect_array,
    expect_model,
    expect_untrained,
    observed_fits,
    symptom,
)

NUM_PARAMETERS = 784 * 128 + 128 + 128 * 10 + 10
TRAINING_IMAGES, TRAINING_EPOCHS = 20_000, 3

# build_model


@symptom("no-flatten", ask="What shape leaves each layer, and on which axis does Dense work?")
def no_flatten(outputs):
    """The images were never flattened: Dense worked on each of their 28 rows separately."""
    return outputs.ndim == 3


@symptom("one-output-unit", ask="How many numbers does it take to say how likely each of ten digits is?")
def one_output_unit(outputs):
    """The last layer has a single unit, so it cannot weigh ten digits against each other."""
    return outputs.shape[1:] == (1,)


@check(
    points=1,
    title="the model turns (28, 28) images into ten numbers each",
    hints=(
        "Follow one image through your layers: what is its shape after each of them?",
        "Dense works on the last axis only, so all pixels have to lie on one axis before it; and each of the ten "
        "digits needs an output unit of its own.",
        "keras.Input(shape=(28, 28)), then Flatten(), then your Dense layers, the last of them with 10 units.",
    ),
)
def test_output_shape(submission, probe):
    model = submission.build_model()
    expect_model(model)
    expect_array(model.predict(probe.images(8) / 255), (8, 10), mistakes=[no_flatten, one_output_unit])


@symptom("sigmoid-outputs", ask="Do the classes compete, or can an image be three digits at once?")
def sigmoid_outputs(outputs):
    """Every output lies between 0 and 1, but each was squashed on its own (a sigmoid), so they need not sum to 1."""
    return outputs.min() >= 0 and outputs.max() <= 1


@symptom("logits-without-from-logits", ask="Can a probability be negative?")
def logits(outputs):
    """These are raw scores (logits): nothing has turned them into probabilities."""
    return True


@check(
    points=1,
    title="each row of its output is a probability distribution",
    after=[test_output_shape],
    hints=(
        "What should the ten outputs for one image sum to, and can one of them be negative?",
        "An activation on the last layer turns ten raw scores into ten shares of 1. One that looks at each score alone "
        "cannot do that.",
        'Give the last Dense layer activation="softmax".',
    ),
)
def test_probabilities(submission, probe):
    model = submission.build_model()
    outputs = model.predict(probe.images(16) / 255)
    sums = outputs.sum(axis=1)
    worst = sums[np.argmax(np.abs(sums - 1))]
    is_distribution = outputs.min() >= 0 and abs(worst - 1) < 1e-4
    returned = f"gave a row of outputs from {outputs.min():.2f} to {outputs.max():.2f} that sums to {worst:.2f}"
    expected = "rows of numbers from 0 to 1 that sum to 1"
    expect(is_distribution, outputs, returned, expected, [sigmoid_outputs, logits])


@symptom("no-hidden-activation", ask="What do two linear maps, one after the other, make?")
def no_hidden_activation(outputs):
    """The hidden layer has no activation, so both layers together are one linear map: softmax regression again."""
    return True


@symptom("wrong-width", ask="How many weights and biases does each of your layers have, counted on paper?")
def wrong_width(model):
    """The layers have other sizes than 784, 128 and 10."""
    return True


@symptom("scaled-twice", ask="What is the largest input your first Dense layer sees?")
def rescales_inside(model):
    """The model divides by 255 itself, but it will be given images that are scaled already."""
    return any(layer.type == "Rescaling" for layer in model.layers)


@check(
    points=2,
    title="one hidden layer of 128 ReLU units",
    after=[test_output_shape],
    hints=(
        "How many parameters does a Dense layer of 128 units have behind 784 inputs?",
        "Each unit has one weight per input and a bias. Without an activation between them, two Dense layers compute "
        "no more than one.",
        'Dense(128, activation="relu") between Flatten and the last layer, and nothing else.',
    ),
)
def test_hidden_layer(submission, probe):
    model = submission.build_model()
    a, b = probe.images(4) / 255, probe.images(4) / 255
    scores = [np.log(np.clip(model.predict(x), 1e-30, None)) for x in (a + b, a, b, 0 * a)]
    scores = [score - score[:, :1] for score in scores]  # softmax does not care for what all scores share
    bend = np.abs(scores[0] - scores[1] - scores[2] + scores[3]).max()
    returned, expected = "is linear: f(a + b) + f(0) = f(a) + f(b)", "a ReLU that bends the function"
    expect(bend > 1e-3, model, returned, expected, [no_hidden_activation])
    rescales = rescales_inside.shows(model)
    expect(not rescales, model, "has a Rescaling layer", "a model for images in 0..1", [rescales_inside])
    count = model.count_params()
    expected = f"{NUM_PARAMETERS:,} = 784 x 128 + 128 + 128 x 10 + 10"
    expect(count == NUM_PARAMETERS, model, f"has {count:,} parameters", expected, [wrong_width])
    hidden = [layer.settings for layer in model.layers if layer.settings.get("units") == 128]
    others = {settings["activation"] for settings in hidden} - {"linear", "relu"}
    expect(not others, model, f"uses the activation {', '.join(sorted(others))}", "ReLU in the hidden layer")


# compile_model


@symptom("compile-returns-none", ask="What does model.compile return, and what does your function?")
def compile_returns_none(value, model):
    """model.compile changes the model and returns None; your function passed that None on."""
    return value is None


@symptom("sparse-vs-one-hot", ask="Is your label a number or a row of ten?")
def wants_one_hot(value, model):
    """This loss expects one-hot rows, but the labels are integers."""
    return value.compiled["loss"] == "categorical_crossentropy"


@symptom("binary-crossentropy", ask="Is each image one of ten digits, or ten independent yes-or-no questions?")
def binary_crossentropy(value, model):
    """Binary cross-entropy asks ten yes-or-no questions; with nine easy noes in ten, its accuracy flatters."""
    return "binary" in value.compiled["loss"]


@symptom("softmax-and-from-logits", ask="How many times is the output squashed on its way into the loss?")
def softmax_and_from_logits(value, model):
    """The model ends in a softmax and the loss applies another one, so that even a perfect answer costs 1.461."""
    return abs(value.loss(np.arange(10), np.eye(10, dtype=np.float32)) - 1.4611) < 0.01


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
    model = submission.build_model()
    compiled = submission.compile_model(model)
    expect_model(compiled, [compile_returns_none])
    loss, truth = compiled.compiled["loss"], np.arange(10)
    expect(loss is not None, compiled, "returned a model without a loss", "a compiled model")
    mistakes = [wants_one_hot, binary_crossentropy, softmax_and_from_logits]
    try:
        perfect = compiled.loss(truth, np.eye(10, dtype=np.float32))
    except SubmissionError:
        expect(False, compiled, f"uses {loss}, which refuses labels like 7", "a loss for integer labels", mistakes)
    spread = compiled.loss(truth, np.full((10, 10), 0.1, np.float32))
    expect(perfect < 0.01, compiled, f"gives a perfect answer a loss of {perfect:.3f}", "a loss of 0", mistakes)
    returned = f"gives ten equal probabilities a loss of {spread:.3f} ({loss})"
    expect(abs(spread - np.log(10)) < 0.02, compiled, returned, "log(10) = 2.303", mistakes)
    optimizer, metrics = compiled.compiled["optimizer"], compiled.compiled["metrics"]
    expect(optimizer == "Adam", compiled, f"uses the optimizer {optimizer}", "Adam")
    counts_hits = any("acc" in name.lower() for name in metrics)
    expect(counts_hits, compiled, f"reports {', '.join(metrics) or 'no metrics'}", "the metric accuracy")


# train_model


@symptom("trains-another-model", ask="Which model does your line with fit train?")
def trains_another_model(history, model, *rest, **keywords):
    """The model that was passed in has the same weights as before: something else was trained, or nothing."""
    return True


@symptom("history-not-returned", ask="What does fit return, and what does your function?")
def history_not_returned(history, *arguments):
    """The model was trained, but the History that fit returned was not passed on."""
    return True


@symptom("epochs-ignored", ask="Where in your function does the argument epochs go?")
def epochs_ignored(history, *arguments):
    """The number of epochs that was asked for did not reach fit."""
    return True


@symptom("no-validation", ask="On which digits would you notice that the network only memorizes?")
def no_validation(history, *arguments):
    """Nothing was held back for validation."""
    return True


@symptom("not-scaled-inside", ask="What does the network see: numbers up to 1, or up to 255?")
def not_scaled_inside(history, *arguments):
    """The raw pixels went into fit, up to 255, though the model is meant for 0..1."""
    return any(fit.get("x_max", 0) > 1.5 for fit in observed_fits())


@symptom("scaled-twice", ask="What is the largest pixel that fit gets to see?")
def scaled_twice(history, *arguments):
    """The pixels were divided twice, so that the network sees almost blank paper."""
    return any(0 < fit.get("x_max", 1) < 0.01 for fit in observed_fits())


def cross_entropy(probabilities, labels):
    """Mean cross-entropy of rows of probabilities (n, 10) for integer labels (n,)."""
    return -np.log(np.clip(probabilities[np.arange(len(labels)), labels], 1e-7, 1)).mean()


@check(
    points=1,
    title="train_model scales, trains the given model, validates and returns the History",
    after=[test_hidden_layer, test_compiled],
    hints=(
        "Your function is asked for 2 epochs: how would you notice that it did exactly those?",
        "fit takes epochs, batch_size and a share of the data for validation, changes the model that it is called on, "
        "and returns a History.",
        "return model.fit(…, epochs=epochs, batch_size=batch_size, validation_split=0.2)",
    ),
)
def test_training_call(submission, probe):
    model = submission.compile_model(submission.build_model())
    images, labels = probe.images(200), probe.labels(200)
    before = model.predict(images[:50] / 255)
    history = submission.train_model(model, images, labels, epochs=2, batch_size=50)
    fits = [fit for fit in observed_fits() if "model" in fit]
    unchanged = np.array_equal(before, after := model.predict(images[:50] / 255))
    expect(not unchanged, history, "left the model as it was", "a model with new weights", [trains_another_model])
    is_history = hasattr(history, "figures")
    expect(is_history, history, "did not return a History", "what fit returns", [history_not_returned])
    epochs = len(history.figures.get("loss", []))
    expect(epochs == 2, history, f"trained for {epochs} instead of 2 epochs", "epochs=2 to reach fit", [epochs_ignored])
    validated = any(fit.get("validates") for fit in fits) or "val_loss" in history.figures
    expect(validated, history, "validated on nothing", "20 % of the digits held back", [no_validation])
    largest = max((fit["x_max"] for fit in fits if "x_max" in fit), default=1)
    returned = f"passed pixels of up to {largest:.3g} to fit"
    expect(0.9 < largest < 1.1, history, returned, "pixels of up to 1", [not_scaled_inside, scaled_twice])
    drop = cross_entropy(before, labels[:50]) - cross_entropy(after, labels[:50])
    expect(drop > 0.1, history, f"lowered the loss on training images by {drop:.1f}", "a model that has learned them")


@check(
    points=3,
    title="after training, it recognizes unseen digits",
    after=[test_training_call],
    trains=True,
    hints=(
        "Compare what fit gets with what the model was built for: which numbers, which range?",
        "The images arrive raw, 0 to 255; the network learns well from 0 to 1, and it is tested on images in 0 to 1.",
        'Pass x_train.astype("float32") / 255 to fit.',
    ),
)
def test_accuracy(submission, digits):
    split = digits.split(num_train=TRAINING_IMAGES, view="permuted")
    model = submission.compile_model(submission.build_model())
    expect_untrained(model, split)
    history = submission.train_model(model, split.x_train, split.y_train, epochs=TRAINING_EPOCHS)
    expect_accuracy(history, model.accuracy(split), [not_scaled_inside, scaled_twice])
