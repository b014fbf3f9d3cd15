"""Checks of exercise 10: a convolutional network."""

import numpy as np

from grader.api import (
    SubmissionError,
    agree,
    check,
    expect,
    expect_accuracy,
    expect_close,
    expect_input_unchanged,
    expect_model,
    expect_untrained,
    mistake,
    observed_fits,
    symptom,
)
from grader.checks.support.networks import (
    expect_compiled,
    expect_history,
    expect_new_weights,
    expect_own_digits,
    expect_probabilities,
    expect_scaled_inside,
    not_scaled_inside,
    outputs_of,
    scaled_twice,
    shrinks,
)

MAX_PARAMETERS = 100_000
TRAINING_IMAGES, TRAINING_EPOCHS = 10_000, 3

# prepare


@symptom("missing-channel-axis", question="How many axes does a batch of images have?")
def missing_channel_axis(result, images):
    """The shape is still (n, 28, 28): a convolution looks for the channels on a fourth axis."""
    return result.shape == images.shape


@symptom("channels-first", question="Where does Keras look for the channels, before or after rows and columns?")
def channels_first(result, images):
    """The new axis came before the rows; Keras expects the channel last."""
    return result.shape == (len(images), 1, *images.shape[1:])


@symptom("not-scaled", question="What range do the pixels span, before and after?")
def not_scaled(result, images):
    """The largest value is still far above 1: the pixels were not divided."""
    return result.max() > 1.5


@mistake("divided-by-256", question="What should full ink, 255, become?")
def divided_by_256(images):
    """The pixels were divided by 256, so full ink becomes 0.996 instead of 1."""
    return images[..., np.newaxis] / 256


@mistake("integer-division", question="Where did the gray levels go?")
def integer_division(images):
    """The division threw the fractions away: only 0 and 1 are left."""
    return images[..., np.newaxis] // 255


@symptom("float64-result", question="How many bytes does a pixel take now, and how many would be enough?")
def float64_result(result, images):
    """The values are right, but they are float64: eight bytes per pixel, where four are enough."""
    return result.dtype == np.float64 and agree(result, images[..., np.newaxis] / 255)


@check(
    points=1,
    title="prepare scales to 0..1 and adds the channel axis",
    hints=(
        "What shape, what range and what dtype does a convolution expect?",
        "Two things from lesson 1: scale the pixels, then add an axis for the channels at the end.",
        'images.astype("float32") / 255, then index with [..., np.newaxis].',
    ),
)
def test_prepare(submission, probe):
    images = probe.images(4)
    prepared = submission.prepare(images)
    mistakes = [missing_channel_axis, channels_first, integer_division, divided_by_256, not_scaled, float64_result]
    expect_close(prepared, images[..., np.newaxis] / 255, dtype="float32", mistakes=mistakes)
    expect_input_unchanged(prepared)


# build_cnn


@symptom("missing-channel-axis", question="What is the shape of one digit after prepare?")
def input_without_channel(error):
    """The network's Input has no axis for the channel, but Conv2D needs one: (28, 28, 1)."""
    return True


def built(submission):
    """What build_cnn returns; fail unless it is a model."""
    try:
        model = submission.build_cnn()
    except SubmissionError as error:
        refused = "expected min_ndim=4, found ndim=3" in error.text
        returned = "builds a convolution for images with three axes, (n, 28, 28)"
        expect(not refused, error, returned, "four axes, (n, 28, 28, 1)", [input_without_channel])
        raise
    return expect_model(model)


@check(
    points=1,
    title="the network turns (28, 28, 1) images into ten probabilities",
    hints=(
        "Which layer comes first, and which one comes last? What should the ten outputs for one image sum to?",
        "Start with an Input with the shape of one prepared digit. After the convolutions, flatten or average the "
        "feature maps, and end with ten units and a softmax.",
        'The last layer is Dense(10, activation="softmax"); the first is keras.Input((28, 28, 1)).',
    ),
)
def test_probabilities(submission, probe):
    expect_probabilities(outputs_of(built(submission), probe.images(16)[..., np.newaxis] / 255))


@symptom("flatten-before-conv", question="Where did the neighbors of a pixel go?")
def flatten_before_conv(model):
    """The image is flattened before the convolutions see it, so a kernel no longer sees pixels that are neighbors."""
    types = [layer.type for layer in model.layers]
    first = types.index("Conv2D") if "Conv2D" in types else len(types)
    return any(kind in {"Flatten", "Dense"} for kind in types[:first])


@symptom("no-pooling", question="How large are the feature maps when they reach the dense layers?")
def no_pooling(model):
    """Nothing shrinks the feature maps: there is no MaxPooling2D layer."""
    return not any(layer.type == "MaxPooling2D" for layer in model.layers)


@symptom("one-convolution", question="What can a second convolution see that the first cannot?")
def one_convolution(model):
    """There is only one convolution; the exercise asks for two."""
    return sum(layer.type == "Conv2D" for layer in model.layers) == 1


@symptom("no-dropout", question="What keeps the network from relying on a few of its units?")
def no_dropout(model):
    """There is no dropout layer."""
    return not any("Dropout" in layer.type for layer in model.layers)


@symptom("scaled-twice", question="What is the largest pixel that your first convolution sees?")
def rescales_inside(model):
    """The network divides by 255 in a layer of its own, but the digits that it gets are already scaled."""
    return any(shrinks(layer) for layer in model.layers)


@symptom("too-many-parameters", question="Which layer holds most of the parameters, and why?")
def too_many_parameters(model):
    """The network has more parameters than the exercise allows."""
    return True


STRUCTURE_MISTAKES = [flatten_before_conv, no_pooling, one_convolution, no_dropout]


@check(
    points=2,
    title="two convolutions, two poolings, dropout, at most 100,000 parameters",
    after=[test_probabilities],
    hints=(
        "Write down the shape after each of your layers on paper. Which layer has the most parameters?",
        "Convolutions look at neighborhoods, so they come first. Pooling halves rows and columns. Only what is left "
        "goes into a dense layer, which has inputs * units + units parameters.",
        "Conv2D, MaxPooling2D, Conv2D, MaxPooling2D, Flatten, Dense, Dropout, Dense.",
    ),
)
def test_structure(submission):
    expect_structure(built(submission))


def expect_structure(model):
    """Fail unless a model has the layers that the exercise asks for, and no more parameters than it allows."""
    types = [layer.type for layer in model.layers]
    in_order = not flatten_before_conv.shows(model)
    returned, expected = f"has the layers {', '.join(types)}", "convolutions before the image is flattened"
    expect(in_order, model, returned, expected, STRUCTURE_MISTAKES)
    shrinking = any(shrinks(layer) for layer in model.layers)
    expect(not shrinking, model, "scales its input down again", "a network for pixels in 0..1", [rescales_inside])
    for kind, number in (("Conv2D", 2), ("MaxPooling2D", 2)):
        count = types.count(kind)
        expect(count == number, model, f"has {count} {kind} layers", f"exactly {number}", STRUCTURE_MISTAKES)
    rates = [layer.settings.get("rate") for layer in model.layers if "Dropout" in layer.type]
    expect(bool(rates), model, "has no dropout", "at least one Dropout layer", STRUCTURE_MISTAKES)
    are_shares = all(isinstance(rate, (int, float)) and 0 < rate < 1 for rate in rates)
    expect(are_shares, model, f"drops a share of {', '.join(map(str, rates))}", "rates between 0 and 1")
    count = model.count_params()
    expected = f"at most {MAX_PARAMETERS:,}"
    expect(count <= MAX_PARAMETERS, model, f"has {count:,} parameters", expected, [too_many_parameters])


@check(
    points=1,
    title="compiled with Adam, accuracy and a loss for one-hot labels",
    after=[test_probabilities],
    hints=(
        "Your labels will be rows of ten numbers. Which loss compares rows with rows?",
        "Categorical cross-entropy takes one-hot rows, and the sparse one takes integers.",
        'loss="categorical_crossentropy", metrics=["accuracy"] and keras.optimizers.Adam.',
    ),
)
def test_compiled(submission):
    expect_compiled(built(submission), one_hot=True)


# train_cnn


@symptom("sparse-vs-one-hot", question="Is your label a number or a row of ten? Which of them does your loss expect?")
def integer_labels(error, *arguments):
    """The integer labels went into fit as they are, but categorical cross-entropy expects one-hot rows."""
    return any(len(fit.get("y_shape", [10, 10])) == 1 for fit in observed_fits())


@check(
    points=2,
    title="train_cnn prepares the digits, trains on them alone and returns the History",
    after=[test_prepare, test_compiled],
    hints=(
        "What do the images and the labels look like when they arrive, and what does fit need?",
        "The caller passes raw uint8 images and integer labels. Call prepare on the images, turn the labels into "
        "one-hot rows, and pass epochs and batch_size on to fit. These digits are all it may learn from.",
        "model.fit(prepare(images), keras.utils.to_categorical(labels, 10), epochs=epochs, batch_size=batch_size)",
    ),
)
def test_training_call(submission, probe):
    model = built(submission)
    images, labels = probe.images(200), probe.labels(200)
    probes = images[:20, :, :, np.newaxis] / 255
    before = outputs_of(model, probes)
    try:
        history = submission.train_cnn(model, images, labels, epochs=2, batch_size=50)
    except SubmissionError as error:
        expect(not integer_labels.shows(error), error, "passed integer labels to fit", "rows of ten", [integer_labels])
        raise
    expect_own_digits(history)
    expect_new_weights(history, before, outputs_of(model, probes))
    expect_history(history, epochs=2)
    expect_scaled_inside(history)


@symptom(
    "learned-too-little",
    question="How many updates do three epochs of 10,000 digits make with your batch size, and how large are they?",
)
def learned_too_little(model):
    """Everything has the right form, but three epochs were not enough: too few updates, updates that are too small or
    too large, or too few kernels."""
    return True


@check(
    points=3,
    title="after training, the network recognizes unseen digits",
    after=[test_structure, test_training_call],
    trains=True,
    hints=(
        "Does the loss fall from the first epoch on, and is it still falling fast in the last one? How many updates "
        "are there, and how large are they?",
        "Three short epochs have few updates, so small updates do not get far: Adam's default learning rate of 0.001 "
        "is low here. Batches that are too large, or too few kernels, cost accuracy as well.",
        "Sixteen or more kernels in each convolution, ReLU after each, and Adam with a rate of 0.002 to 0.005.",
    ),
)
def test_accuracy(submission, digits):
    split = digits.split(num_train=TRAINING_IMAGES, view="turned", channel_axis=True)
    model = built(submission)
    expect_untrained(model, split)
    submission.train_cnn(model, split.x_train, split.y_train, epochs=TRAINING_EPOCHS)
    expect_structure(model)  # of the one that is scored, as it is now
    expect_accuracy(model, model.accuracy(split), [not_scaled_inside, scaled_twice, learned_too_little])
