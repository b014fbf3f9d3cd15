"""Checks of exercise 12: looking inside a network."""

import re

import numpy as np

from grader.api import (
    SubmissionError,
    check,
    expect,
    expect_array,
    expect_close,
    expect_input_unchanged,
    mistake,
    symptom,
)
from grader.checks.support.toy_networks import (
    DROPOUT,
    FLATTEN,
    SIDE,
    Network,
    blanked,
    convolution,
    convolutional_network,
    dense_network,
    drops,
    on,
    output,
    scaled_images,
    stepwise_network,
    sure,
    unlikely,
    unsure,
)


def alike(value, other):
    """True when two arrays are the same up to rounding."""
    return value.shape == other.shape and np.allclose(value, other, rtol=1e-4, atol=1e-6)


def attempt(network, function, model, *arguments, errors):
    """Call a learner's function; fail with a name if it raises an exception that one of the mistakes explains."""
    try:
        return function(model, *arguments)
    except SubmissionError as error:
        known = [known for known in errors if known.shows(error, network, *arguments)]
        where = f" at {error.code}" if error.code else ""
        summary = " ".join(error.summary.split())[:200]  # an array of pixels has many short lines
        expect(not known, error, f"raised {summary}{where}", "an array", known)
        raise


@symptom("dropout-at-inference", question="In which mode does each of your calls run the model?")
def dropout_at_inference(value, network, *arguments):
    """Called twice, your function gave two different answers: the model was called with training=True, so dropout
    switched off units at random."""
    return True


def expect_steady(value, expected, network, ask):
    """Fail if a network with dropout gives a wrong answer, and another one when ``ask`` asks again."""
    has_form = isinstance(value, np.ndarray) and value.dtype.kind in "iuf" and value.shape == expected.shape
    if DROPOUT not in network.layers or not has_form or not np.isfinite(value).all() or alike(value, expected):
        return
    again = ask()
    steady = not isinstance(again, np.ndarray) or np.array_equal(value, again)
    mistakes = on(network, [dropout_at_inference])
    expect(steady, value, "gave another answer when asked again", "the same answer each time", mistakes)


@symptom("model-left-changed", question="What state is the model in when your function ends?")
def model_left_changed(value, *arguments):
    """The model that was passed in has changed: whatever uses it next gets different outputs."""
    return True


def expect_model_unchanged(value, network, model, images):
    """Fail unless the model has its weights, its layers and its outputs as before the call."""
    try:
        same_weights = same(model.weights(), network.weights)
        kinds, outputs = [layer.type for layer in model.layers if layer.type != "InputLayer"], model.predict(images)
    except SubmissionError:
        same_weights, kinds, outputs = False, [], np.zeros(0)
    expected, mistakes = "the model as it was", [model_left_changed]
    wanted = [kind for kind, *_ in network.layers]
    expect(kinds == wanted, value, "left the model with other layers or activations", expected, mistakes)
    expect(same_weights, value, "left the model with other weights", expected, mistakes)
    kept = alike(outputs, network.probabilities(images))
    expect(kept, value, "left a model whose outputs are no longer its probabilities", expected, mistakes)


def same(arrays, others):
    return len(arrays) == len(others) and all(map(np.array_equal, arrays, others))


@symptom(
    "sequential-has-no-input",
    question="Which attribute do both Sequential and functional models have: input, or inputs?",
)
def sequential_has_no_input(error, *arguments):
    """The input of a Sequential model is model.inputs[0]; the attributes model.input and model.output work for
    functional models only."""
    return "has never been called and thus has no defined" in error.text


# feature_maps


@symptom("symbolic-output", question="Where in your function do the images go in?")
def symbolic_output(error, network, images, layer_name):
    """That is layer.output, a placeholder in the model's graph; no image has passed through it."""
    return "KerasTensor" in error.text


@symptom("skips-earlier-layers", question="What does this layer get to see inside the model?")
def skips_and_fails(error, network, images, layer_name):
    """The images went into this layer directly; inside the model, its input is the output of the layers before it."""
    return "incompatible with the layer" in error.text and str(images.shape) in error.text


@mistake("skips-earlier-layers", question="What does this layer get to see inside the model?")
def skips_earlier_layers(network, images, layer_name):
    """The layer was applied to the images themselves, past all the layers that come before it."""
    alone = Network(*(layer for layer in network.layers if layer[1] == layer_name))
    return alone.maps(images, layer_name)


@symptom("wrong-layer", question="Which layer's output is this, going by its shape?")
def wrong_layer(value, network, images, layer_name):
    """This is the output of another layer of the model, or the input of the named layer, but not its output."""
    others = [images, *(step.out for step in network.steps(images) if step.name != layer_name)]
    return any(alike(value, other) for other in others)


@mistake("before-activation", question="Does the next layer see negative responses?")
def before_activation(network, images, layer_name):
    """These are the convolution's sums before the layer's activation, negative ones included."""
    return next(step.made for step in network.steps(images) if step.name == layer_name)


@symptom("kernels-for-maps", question="Would these numbers change with another image?")
def kernels_for_maps(value, network, images, layer_name):
    """These are the layer's weights, which are the same for every image, not its responses to the images."""
    return any(alike(value, weights) for weights in network.weights)


@symptom("only-first-image", question="How many images went in, and how many came out?")
def only_first_image(value, network, images, layer_name):
    """These are the maps of the first image alone."""
    maps = network.maps(images, layer_name)
    return alike(value, maps[0]) or (len(images) > 1 and alike(value, maps[:1]))


@symptom("one-map-only", question="How many maps does a layer with three kernels make from one image?")
def one_map_only(value, network, images, layer_name):
    """This is a single map for each image, but the layer has several."""
    maps = network.maps(images, layer_name)
    return value.shape in {maps.shape[:3], maps[..., :1].shape}


@mistake("channels-first", question="Which axis counts the maps?")
def channels_first(network, images, layer_name):
    """The maps come before their rows and columns; Keras keeps them on the last axis."""
    return np.moveaxis(network.maps(images, layer_name), -1, 1)


@mistake("normalized-map", question="Can you choose a picture's brightness here, or must it still mean something?")
def normalized_maps(network, images, layer_name):
    """The maps were divided by their largest value, so the layer's actual output is lost."""
    maps = network.maps(images, layer_name)
    return maps / maps.max()


@mistake("normalized-map", question="Can you choose a picture's brightness here, or must it still mean something?")
def normalized_each_map(network, images, layer_name):
    """Each map was divided by its own largest value, so weak and strong responses look alike."""
    maps = network.maps(images, layer_name)
    return maps / maps.max(axis=(1, 2), keepdims=True)


SCALED_TWICE = "scaled-twice", "What range do the pixels have when they arrive here?"


@mistake(*SCALED_TWICE)
def maps_of_scaled(network, images, layer_name):
    """The images were divided by 255 again, though they arrive scaled: the model saw almost blank paper."""
    return network.maps(images / 255, layer_name)


MAP_MISTAKES = [
    only_first_image,
    skips_earlier_layers,
    before_activation,
    maps_of_scaled,
    normalized_maps,
    normalized_each_map,
    channels_first,
    wrong_layer,
    kernels_for_maps,
    one_map_only,
]


def check_maps(submission, models, network, images, layer_name):
    """Ask for the maps of one layer, of a model that no call has seen before; returns them and the model."""
    model = network.model(models)
    errors = [sequential_has_no_input, symbolic_output, skips_and_fails]
    maps = attempt(network, submission.feature_maps, model, images, layer_name, errors=errors)
    expected = network.maps(images, layer_name)
    expect_steady(maps, expected, network, lambda: submission.feature_maps(network.model(models), images, layer_name))
    expect_close(maps, expected, atol=1e-5, mistakes=on(network, MAP_MISTAKES))
    expect_input_unchanged(maps)
    return maps, model


@check(
    points=1,
    title="feature_maps returns the output of the first convolution",
    hints=(
        "A model turns images into probabilities. Where inside it are the maps, and how could you stop there?",
        "A Keras model is built from an input and an output, and any layer's output will do: the new model ends there "
        "and shares the layers of the old one.",
        "keras.Model(model.inputs[0], model.get_layer(layer_name).output) is the shorter model; call it on the images.",
    ),
)
def test_feature_maps(submission, probe, models):
    network = convolutional_network(probe.rng, 10)
    for count in (4, 1):
        check_maps(submission, models, network, scaled_images(probe.rng, count), "strokes")


@check(
    points=2,
    title="feature_maps reaches every layer, through all those before it, and leaves the model as it was",
    after=[test_feature_maps],
    hints=(
        "What shape does the second convolution get to see, and what shape do the images have?",
        "A layer's output depends on all layers before it, so the images have to enter at the model's input, and the "
        "result is the output of the named layer.",
        "Build the shorter model from model.inputs[0] to model.get_layer(layer_name).output, whatever the name, and "
        "call it with training=False.",
    ),
)
def test_feature_maps_deeper(submission, probe, models):
    rng = probe.rng
    network = Network(
        convolution(rng, "edges", 4, 3, 1, 2, activation="linear"),
        ("ReLU", "bend", {}),
        ("MaxPooling2D", "pool", {"pool_size": 2}),
        DROPOUT,
        convolution(rng, "corners", 2, 4, 2, 3),
        FLATTEN,
        output(rng, 11 * 10 * 3, 6, 2),
    )
    images = scaled_images(rng, 3)
    for layer_name in ("corners", "pool", "bend", "dropout", "edges"):
        maps, model = check_maps(submission, models, network, images, layer_name)
    expect_model_unchanged(maps, network, model, images)


# saliency_map


@symptom("missing-batch-axis", question="How many axes does a batch of one image have?")
def missing_batch_axis(error, network, image, *arguments):
    """The image went into the model without a batch axis, so its 28 rows were taken for 28 images."""
    telling = ("(28, 28)", "(28, 28, 1)", "output size would be negative", "Negative dimension size")
    return any(text in error.text for text in telling)


@symptom("score-after-the-tape", question="Which step on the way to the score is outside the with block?")
def score_after_the_tape(error, network, *arguments):
    """The gradient is None: the last step to the score was computed in the call to tape.gradient, after the with block
    had ended and the tape had stopped recording."""
    computed_in_the_call = re.search(r"\.gradient\(\s*\w[^,]*[\[(]", error.code)  # as in gradient(logits[0, label], …)
    return "NoneType" in error.text and computed_in_the_call is not None


@symptom(
    "tape-not-watching",
    question="Does the tape watch the input tensor, and is every step from there to the score inside the with block?",
)
def tape_not_watching(error, network, *arguments):
    """The gradient is None: the tape did not record how the score was computed from this very tensor of pixels."""
    elsewhere = ("label", "model(")  # where something else is None
    of_gradient = ".gradient(" in error.code or not any(text in error.code for text in elsewhere)
    return "NoneType" in error.text and of_gradient


@symptom(
    "numpy-in-the-tape", question="What type does the image have when it arrives, and how does it become a tensor?"
)
def array_watched(error, network, *arguments):
    """A GradientTape watches TensorFlow's tensors; it was told to watch a NumPy array."""
    return error.text.startswith("Passed in object")


@symptom("numpy-in-the-tape", question="Which is a NumPy array here: the pixels, or something on the way to the score?")
def numpy_in_the_tape(error, network, *arguments):
    """A GradientTape follows TensorFlow's tensors; it was given a NumPy array, which leaves no trace of where its
    numbers came from."""
    return "has no attribute '_id'" in error.text and "numpy" in error.text


def unit(network, image, label):
    """The direction of a single logit."""
    return np.eye(len(network.logits(image[np.newaxis])[0]))[label]


@mistake("signed-saliency", question="Does a pixel matter less if more ink there lowers the score?")
def signed_saliency(network, image, label):
    """The gradient still has its signs; how strongly a pixel moves the score is its absolute value."""
    return network.gradient(image, unit(network, image, label))


@mistake(
    "gradient-of-softmax-saturated", question="How much can a probability of 1.0000 still change when a pixel changes?"
)
def gradient_of_softmax(network, image, label):
    """This is the gradient of the probability. The softmax mixes in the other classes, and where the model is sure of
    itself it flattens all gradients to zero."""
    shares = network.probabilities(image[np.newaxis])[0]
    return np.abs(network.gradient(image, shares[label] * (unit(network, image, label) - shares)))


@mistake("gradient-of-loss", question="Which numbers of the model does the logarithm of a probability depend on?")
def gradient_of_loss(network, image, label):
    """This is the gradient of the loss, the negative logarithm of the probability: it mixes in the gradients of all
    other classes, each weighted by its probability."""
    shares = network.probabilities(image[np.newaxis])[0]
    return np.abs(network.gradient(image, unit(network, image, label) - shares))


@mistake("predicted-class-for-label", question="What if you want to know why the model did not say 3?")
def saliency_of_prediction(network, image, label):
    """This is the map of the class that the model finds most probable, not of the class that was asked about."""
    return network.saliency(image, int(np.argmax(network.logits(image[np.newaxis])[0])))


@mistake("last-dense-cut-off", question="What does this model output without its last layer?")
def last_dense_cut_off(network, image, label):
    """The last layer was left out, but in this model it is a Dense layer that makes the logits and applies the softmax:
    without it there are no logits, and the map explains a unit of the layer before."""
    shorter = Network(*network.layers[:-1])
    end = shorter.steps(image[np.newaxis])[-1]
    passes = end.made[0] == end.out[0]  # not where its ReLU is inactive
    return np.abs(shorter.gradient(image, unit(shorter, image, label) * passes))


@mistake("all-classes-summed", question="Which single number do you differentiate?")
def gradient_of_all_logits(network, image, label):
    """No class was selected: the tape differentiated the sum of all logits."""
    return np.abs(network.gradient(image, np.ones_like(unit(network, image, label))))


@mistake("negative-gradient-dropped", question="Does a pixel matter less if more ink there lowers the score?")
def negative_gradient_dropped(network, image, label):
    """Negative derivatives became 0: pixels where ink would lower the score are missing from the map."""
    return np.maximum(network.gradient(image, unit(network, image, label)), 0)


@mistake("squared-for-absolute", question="What happens to a derivative of 0.1 in your map?")
def squared_for_absolute(network, image, label):
    """The derivatives were squared; their absolute values were asked for."""
    return network.saliency(image, label) ** 2


@mistake("gradient-times-input", question="What does your map say about a pixel of blank paper?")
def gradient_times_input(network, image, label):
    """The gradient was multiplied by the pixels, so blank paper can never matter."""
    return network.saliency(image, label) * image[:, :, 0]


@mistake("normalized-map", question="Could you compare two maps with each other after this?")
def normalized_by_largest(network, image, label):
    """The map was divided by its largest value, so maps of two images can no longer be compared."""
    saliency = network.saliency(image, label)
    return saliency / saliency.max()


@mistake("normalized-map", question="Could you compare two maps with each other after this?")
def normalized_to_span(network, image, label):
    """The map was stretched to run from 0 to 1, so maps of two images can no longer be compared."""
    saliency = network.saliency(image, label)
    return (saliency - saliency.min()) / (saliency.max() - saliency.min())


@mistake(*SCALED_TWICE)
def saliency_of_scaled(network, image, label):
    """The image was divided by 255 again, though it arrives scaled: this is the map of almost blank paper."""
    return network.saliency(image / 255, label)


@symptom("channel-axis-kept", question="How many axes does a map need to be shown as a picture?")
def channel_axis_kept(value, *arguments):
    """The channel axis, of length 1, is still there."""
    return value.shape == (SIDE, SIDE, 1)


@symptom("batch-axis-kept", question="How many images was the map requested for?")
def batch_axis_kept(value, *arguments):
    """The batch axis is still there, although the map is for a single image."""
    return value.shape[:1] == (1,) and value.ndim in {3, 4}


SALIENCY_ERRORS = [
    sequential_has_no_input,
    missing_batch_axis,
    score_after_the_tape,
    tape_not_watching,
    array_watched,
    numpy_in_the_tape,
]
SALIENCY_MISTAKES = [
    channel_axis_kept,
    batch_axis_kept,
    signed_saliency,
    negative_gradient_dropped,
    squared_for_absolute,
    gradient_times_input,
    gradient_of_softmax,
    gradient_of_loss,
    saliency_of_prediction,
    last_dense_cut_off,
    gradient_of_all_logits,
    normalized_by_largest,
    normalized_to_span,
    saliency_of_scaled,
]


def check_saliency(submission, models, network, image, label):
    """Ask for the saliency of one class, of a model that no call has seen before; returns it and the model."""
    model = network.model(models)
    saliency = attempt(network, submission.saliency_map, model, image, label, errors=SALIENCY_ERRORS)
    expected = network.saliency(image, label)
    expect_steady(saliency, expected, network, lambda: submission.saliency_map(network.model(models), image, label))
    expect_close(saliency, expected, atol=1e-5, mistakes=on(network, SALIENCY_MISTAKES))
    return saliency, model


@check(
    points=2,
    title="saliency_map is the absolute value of the logit's gradient with respect to each pixel",
    hints=(
        "If you made one pixel a little darker, which single number of the network would you watch?",
        "tf.GradientTape records what is computed from a tensor that it watches, and its gradient method then goes "
        "back. The computation must end with the logit of the class: what the last Dense layer computes before its "
        "softmax.",
        "pixels = tf.constant(image[np.newaxis]). Inside the with, after tape.watch(pixels): run the model up to "
        "last.input, where last = model.layers[-1]. If last is a Dense layer, logits = outputs @ last.kernel + "
        "last.bias; if not, the outputs are the logits. Still inside: score = logits[0, label]. Then take np.abs of "
        "tape.gradient(score, pixels), without its batch axis and channel axis.",
    ),
)
def test_saliency_map(submission, probe, models):
    for classes in (10, 7):
        image = scaled_images(probe.rng, 1)[0]
        network = unsure(probe.rng, dense_network(probe.rng, classes), image)
        check_saliency(submission, models, network, image, like_an_active_unit(probe.rng, network, image))


def like_an_active_unit(rng, network, image):
    """A random class, but not the most probable one; one whose number an active hidden unit has too, so that the map
    of that unit can be told from others (`last_dense_cut_off`)."""
    less_probable = np.argsort(network.logits(image[np.newaxis])[0])[:-1]
    hidden = network.steps(image[np.newaxis])[-2].out[0]
    return int(rng.choice([label for label in less_probable if hidden[label] > 0] or less_probable))


@check(
    points=1,
    title="saliency_map works for convolutions, and when the softmax is a layer of its own",
    after=[test_saliency_map],
    hints=(
        "In each of the two forms of model, where do the logits appear?",
        "With the softmax in a layer of its own, the logits are what goes into that layer. With the softmax inside the "
        "Dense layer, they appear nowhere, so you have to redo the layer without it.",
        "isinstance(model.layers[-1], keras.layers.Dense) tells the forms apart. If it is False, the model up to "
        "model.layers[-1].input already puts out the logits.",
    ),
)
def test_saliency_map_of_every_form(submission, probe, models):
    rng = probe.rng
    networks = [
        convolutional_network(rng, 10),
        dense_network(rng, 5, [("Softmax", "shares", {})]),
        stepwise_network(rng, 10),
        dense_network(rng, 8, [("Activation", "shares", {"activation": "softmax"})]),
    ]
    for plain in networks:
        image = scaled_images(rng, 1)[0]
        network = unsure(rng, plain, image)
        check_saliency(submission, models, network, image, unlikely(rng, network, image))


@check(
    points=1,
    title="saliency_map still works where the network is absolutely sure",
    after=[test_saliency_map],
    hints=(
        "What are the probabilities of a network with logits of 0, 150 and 300, and how do they change with a pixel?",
        "Softmax is flat where one class has everything: its gradient is zero, and so is everything computed "
        "from it. The logits still move.",
        "Stop before the softmax: inside the with, score = logits[0, label]; after it, np.abs(tape.gradient(score, "
        "pixels)). No probability is involved.",
    ),
)
def test_saliency_map_where_sure(submission, probe, models):
    rng = probe.rng
    for plain, classes in [
        (dense_network(rng, 4), range(4)),
        (convolutional_network(rng, 10, [("Softmax", "shares", {})]), [0]),
    ]:
        image = scaled_images(rng, 1)[0]
        network = sure(rng, plain, image)
        for label in classes:
            check_saliency(submission, models, network, image, label)


@check(
    points=1,
    title="saliency_map leaves the model and the image as they were",
    after=[test_saliency_map],
    hints=(
        "You ask your model for a saliency map and then for its probabilities. What comes out?",
        "A layer that you take away, or an activation that you replace, is gone for everything that uses the same "
        "model. A second model that shares the layers is free.",
        "Instead of model.pop() or last.activation = None, build keras.Model(model.inputs[0], last.input) and redo the "
        "last layer by hand.",
    ),
)
def test_saliency_map_changes_nothing(submission, probe, models):
    rng = probe.rng
    for plain in (dense_network(rng, 6), dense_network(rng, 6, [("Softmax", "shares", {})])):
        image = scaled_images(rng, 1)[0]
        network = unsure(rng, plain, image)
        saliency, model = check_saliency(submission, models, network, image, 2)
        expect_input_unchanged(saliency)
        expect_model_unchanged(saliency, network, model, image[np.newaxis])


# occlusion_map


@mistake("occludes-with-white", question='What is "nothing" in MNIST: 0 or 1?')
def occludes_with_white(network, image, label, patch_size=7):
    """The patches were filled with 1. In MNIST that is full ink; blank paper is 0."""
    return drops(network, image, label, patch_size, blanked(image, patch_size, 1))


@mistake("occludes-with-white", question='What is "nothing" in MNIST, and in which range are the pixels?')
def occludes_with_255(network, image, label, patch_size=7):
    """The patches were filled with 255. That is far beyond full ink: the pixels are scaled, and blank paper is 0."""
    return drops(network, image, label, patch_size, blanked(image, patch_size, 255))


@mistake("occludes-with-gray", question="How much ink is there in a blank patch?")
def occludes_with_gray(network, image, label, patch_size=7):
    """The patches were filled with gray, 0.5; blank paper is 0."""
    return drops(network, image, label, patch_size, blanked(image, patch_size, 0.5))


@mistake("occludes-with-gray", question="How much ink is there in a blank patch?")
def occludes_with_mean(network, image, label, patch_size=7):
    """The patches were filled with the mean of the image, a gray; blank paper is 0."""
    return drops(network, image, label, patch_size, blanked(image, patch_size, image.mean()))


@mistake("drop-has-wrong-sign", question="If the probability falls from 0.9 to 0.2, how large is the drop?")
def drop_has_wrong_sign(network, image, label, patch_size=7):
    """This is the probability after minus the one before: where the class lost, the map is negative."""
    return -network.occlusion(image, label, patch_size)


@mistake("probability-for-drop", question="What should this probability be compared with?")
def probability_for_drop(network, image, label, patch_size=7):
    """These are the probabilities that are left with each patch blank; they were not compared with the whole image."""
    return network.probabilities(blanked(image, patch_size))[:, label].reshape(SIDE // patch_size, -1)


@mistake("absolute-drop", question="Can a class become more probable when something is covered up?")
def absolute_drop(network, image, label, patch_size=7):
    """The sign of the drop is lost: patches that favor the class look like patches that count against it."""
    return np.abs(network.occlusion(image, label, patch_size))


@mistake("absolute-drop", question="Can a class become more probable when something is covered up?")
def negative_drop_cut(network, image, label, patch_size=7):
    """Negative drops became 0: patches that count against the class are missing from the map."""
    return np.maximum(network.occlusion(image, label, patch_size), 0)


@mistake("relative-drop", question="How large is a drop from 0.2 to 0.1: one half, or 0.1?")
def relative_drop(network, image, label, patch_size=7):
    """The drops were divided by the original probability; the difference itself was asked for."""
    return network.occlusion(image, label, patch_size) / network.probabilities(image[np.newaxis])[0, label]


@mistake("logit-for-probability", question="Between which two numbers does a probability lie?")
def logit_for_probability(network, image, label, patch_size=7):
    """This is how far the logit drops; here the probability was asked for."""
    before, after = network.logits(image[np.newaxis])[:, label], network.logits(blanked(image, patch_size))[:, label]
    return (before - after).reshape(SIDE // patch_size, -1)


@mistake(
    "axes-swapped", question="Which of your two loops goes down the rows, and which index of the map belongs to it?"
)
def axes_swapped(network, image, label, patch_size=7):
    """Rows and columns of patches are swapped in the map."""
    return network.occlusion(image, label, patch_size).T


@mistake("patches-accumulate", question="What does the image look like when the third patch is blanked?")
def patches_accumulate(network, image, label, patch_size=7):
    """The patches were blanked one after the other in the same image, and none was restored: for the last entry of
    the map, the whole image is blank."""
    copies = np.minimum.accumulate(blanked(image, patch_size), axis=0)
    return drops(network, image, label, patch_size, copies)


@mistake("patches-accumulate", question="What does the image look like when the third patch is blanked?")
def patches_accumulate_in_rows(network, image, label, patch_size=7):
    """A fresh copy of the image was made for each row of patches only: within a row, patches were blanked one after
    the other and none was restored."""
    per_side = SIDE // patch_size
    copies = blanked(image, patch_size).reshape(per_side, per_side, *image.shape)
    copies = np.minimum.accumulate(copies, axis=1).reshape(-1, *image.shape)
    return drops(network, image, label, patch_size, copies)


@mistake("keeps-only-the-patch", question="Which pixels are blank, those inside the patch or those outside?")
def keeps_only_the_patch(network, image, label, patch_size=7):
    """Everything was blanked except the patch."""
    return drops(network, image, label, patch_size, image - blanked(image, patch_size))


@mistake("off-by-one-patch", question="How many pixels does the slice a : b hold?")
def patch_one_too_small(network, image, label, patch_size=7):
    """The patches are one pixel too small on two sides."""
    return drops(network, image, label, patch_size, blanked(image, patch_size, height=patch_size - 1))


@mistake("off-by-one-patch", question="How many pixels does the slice a : b hold?")
def patch_one_too_large(network, image, label, patch_size=7):
    """The patches are one pixel too large on two sides, so neighbors overlap."""
    return drops(network, image, label, patch_size, blanked(image, patch_size, height=patch_size + 1))


@mistake("patch-size-ignored", question="Which numbers in your slice depend on patch_size?")
def patch_stays_at_seven(network, image, label, patch_size=7):
    """The patches begin at the right places, but they are 7 pixels high and wide, not patch_size."""
    return drops(network, image, label, patch_size, blanked(image, patch_size, height=7))


@mistake("patch-size-ignored", question="Which numbers in your slice depend on patch_size?")
def patch_stays_at_four(network, image, label, patch_size=7):
    """The patches begin at the right places, but they are 4 pixels high and wide, not patch_size."""
    return drops(network, image, label, patch_size, blanked(image, patch_size, height=4))


@mistake("predicted-class-for-label", question="What if you want to know why the model did not say 3?")
def drop_of_prediction(network, image, label, patch_size=7):
    """These are the drops of the class that the model finds most probable, not of the class that was asked about."""
    return network.occlusion(image, int(np.argmax(network.logits(image[np.newaxis])[0])), patch_size)


@mistake("predicted-class-for-label", question="Which class has the largest probability when a patch is blank?")
def drop_of_largest(network, image, label, patch_size=7):
    """The largest probabilities were compared, whichever class they belong to, not those of the class asked about."""
    before, after = network.probabilities(image[np.newaxis]), network.probabilities(blanked(image, patch_size))
    return (before.max(axis=1) - after.max(axis=1)).reshape(SIDE // patch_size, -1)


@mistake(*SCALED_TWICE)
def drops_of_scaled(network, image, label, patch_size=7):
    """The image was divided by 255 again, though it arrives scaled: the model saw almost blank paper."""
    return network.occlusion(image / 255, label, patch_size)


@symptom("patch-size-ignored", question="Where in your function does the argument patch_size go?")
def patch_size_ignored(value, network, image, label, patch_size=7):
    """These are patches of 7 x 7, but patch_size asked for another size."""
    return patch_size != 7 and value.shape == (4, 4)


@symptom("size-for-number", question="Does patch_size say how large a patch is, or how many there are?")
def size_for_number(value, network, image, label, patch_size=7):
    """patch_size was taken for the number of patches along a side; it is the number of pixels along one."""
    return value.shape == (patch_size, patch_size)


@symptom("patches-overlap", question="How far is it from the left edge of one patch to that of the next?")
def patches_overlap(value, network, image, label, patch_size=7):
    """The patch moved by one pixel at a time; patches lie side by side, so the step is patch_size."""
    return value.shape in {(SIDE - patch_size + 1,) * 2, (SIDE - patch_size,) * 2}


@symptom("map-in-pixels", question="How many patches are there along each side?")
def map_in_pixels(value, network, image, label, patch_size=7):
    """The map has an entry for each pixel; it should have one for each patch."""
    return value.shape == (SIDE, SIDE)


@symptom("flat-map", question="How many rows of patches are there?")
def flat_map(value, network, image, label, patch_size=7):
    """The drops are in a single line, not in rows and columns of patches."""
    return value.ndim == 1 and value.size == (SIDE // patch_size) ** 2


OCCLUSION_MISTAKES = [
    flat_map,
    map_in_pixels,
    drop_has_wrong_sign,
    axes_swapped,
    absolute_drop,
    negative_drop_cut,
    probability_for_drop,
    relative_drop,
    logit_for_probability,
    occludes_with_white,
    occludes_with_255,
    occludes_with_gray,
    occludes_with_mean,
    patches_accumulate,
    patches_accumulate_in_rows,
    keeps_only_the_patch,
    patch_one_too_small,
    patch_one_too_large,
    patch_stays_at_seven,
    patch_stays_at_four,
    drop_of_prediction,
    drop_of_largest,
    drops_of_scaled,
]
SIZE_MISTAKES = [patch_size_ignored, size_for_number, patches_overlap]


def check_occlusion(submission, models, network, image, label, *patch_size):
    """Ask for the drops of one class, of a model that no call has seen before; returns them and the model."""
    model = network.model(models)
    drop = attempt(network, submission.occlusion_map, model, image, label, *patch_size, errors=[missing_batch_axis])
    expected = network.occlusion(image, label, *patch_size)
    mistakes = on(network, OCCLUSION_MISTAKES)
    expect_array(drop, expected.shape, mistakes=mistakes + on(network, SIZE_MISTAKES))
    arguments = (image, label, *patch_size)
    expect_steady(drop, expected, network, lambda: submission.occlusion_map(network.model(models), *arguments))
    expect_close(drop, expected, atol=1e-5, mistakes=mistakes)
    expect_input_unchanged(drop)
    return drop, model


@check(
    points=1,
    title="occlusion_map measures how far the probability drops for each blank patch",
    hints=(
        "What do you have to know about the whole image before you blank the first patch?",
        "Each patch needs an image of its own in which only this patch is 0. The drop is the probability of the whole "
        "image minus that of the image with the blank patch.",
        "With top = patch_size * r and left = patch_size * c: copy = image.copy(); copy[top : top + patch_size, left : "
        "left + patch_size] = 0. Entry [r, c] is before - after, both of them model(…)[0, label] of a batch of one.",
    ),
)
def test_occlusion_map(submission, probe, models):
    for classes in (10, 4):
        image = scaled_images(probe.rng, 1)[0]
        network = unsure(probe.rng, dense_network(probe.rng, classes), image)
        check_occlusion(submission, models, network, image, unlikely(probe.rng, network, image))


@check(
    points=1,
    title="occlusion_map works for other patch sizes and models, and changes nothing",
    after=[test_occlusion_map],
    hints=(
        "How many patches of 14 pixels lie side by side in 28 pixels, and how many of 4?",
        "There are 28 // patch_size patches along each side, and the one in row r begins at pixel r times patch_size. "
        "The image and the model belong to the caller.",
        "Put patch_size wherever you wrote a 7, and 28 // patch_size wherever you wrote a 4. Work on copies of the "
        "image and call the model with training=False.",
    ),
)
def test_occlusion_map_sizes(submission, probe, models):
    rng = probe.rng
    networks = [
        (14, dense_network(rng, 5, [("Softmax", "shares", {})])),
        (28, dense_network(rng, 10)),
        (14, convolutional_network(rng, 6)),
    ]
    for patch_size, plain in networks:
        image = scaled_images(rng, 1)[0]
        network = unsure(rng, plain, image)
        label = unlikely(rng, network, image)
        drop, model = check_occlusion(submission, models, network, image, label, patch_size)
        expect_model_unchanged(drop, network, model, image[np.newaxis])
