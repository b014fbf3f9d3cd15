"""Checks of exercise 15: 8-bit weights, an exported network that NumPy runs alone, and answers to strangers."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from grader.api import (
    Mistake,
    SubmissionError,
    agree,
    check,
    current,
    describe,
    diagnose,
    expect,
    expect_array,
    expect_close,
    expect_input_unchanged,
    measure,
    mistake,
    mistakes_of_form,
    symptom,
    told_apart,
)
from grader.checks.support.exported_networks import (
    convolutional,
    deep,
    dense,
    large,
    not_exportable,
    with_a_loud_filter,
)
from grader.checks.support.inference import LARGEST, PREDICT_MISTAKES, RIGHT, Network, largest_of, levels_of, scales_of
from grader.checks.support.requests_and_answers import (
    ANSWER_MISTAKES,
    CRASHES,
    LONGEST_SENTENCE,
    MAX_BODY,
    REFUSALS,
    BadRequest,
    bad_requests,
    limit_excluded,
    parts_of,
    request_with,
    rounded_probabilities,
    served_skewed,
)

SHARE_OF_FLOATS = 0.27
MANY = 1000  # numbers: no bias and no scales have so many
TRAINING_IMAGES, EPOCHS, TEST_IMAGES, BATCH = 5000, 3, 8000, 1000
# The share of unseen digits that may be lost, 0.2 points: the reference loses 0.00 on average and 0.05 at most, with 20
# seeds and a standard deviation of 0.03.
MOST_LOST = 0.002


def named(mistakes: Sequence[Mistake], value: object, *arguments: object) -> list[Mistake]:
    """The first of the mistakes that a value shows, as one that need not be asked again: for values that are not what
    the learner's function returned, but what that has led to."""
    known = diagnose(mistakes, value, None, arguments)
    return [replace(known, shows=lambda *anything: True)] if known else []


# quantize


def is_pair(value: Any) -> bool:
    """True for a tuple or list of two arrays or numbers."""
    is_two = isinstance(value, (tuple, list)) and len(value) == 2
    return is_two and all(isinstance(part, (np.ndarray, np.generic, int, float)) for part in value)


def pair_of(value: Any) -> tuple[np.ndarray, np.ndarray]:
    """The levels and the scales that a pair holds."""
    levels, scales = value
    return np.asarray(levels), np.asarray(scales)


@symptom("swapped-results", question="In which order does the exercise ask for levels and scales?")
def results_swapped(value, weights, per_channel=False):
    """The scales came first and the levels second."""
    first, second = pair_of(value)
    return second.shape == weights.shape != first.shape and second.dtype == np.int8


@symptom("levels-not-bytes", question="How many bytes does one of your levels take?")
def levels_not_bytes(value, weights, per_channel=False):
    """The levels are right, but their dtype isn't int8, so each of them takes more than one byte."""
    levels = pair_of(value)[0]
    return levels.dtype != np.int8 and agree(levels, levels_of(weights, per_channel))


@symptom("levels-without-sign", question="Which level should a weight of 0 get?")
def levels_without_sign(value, weights, per_channel=False):
    """The levels have no sign: they count from 0 to 255. Symmetric levels go from -127 to 127, and 0 stays 0."""
    levels = pair_of(value)[0]
    return levels.dtype == np.uint8 or (levels.min() >= 0 and levels.max() > LARGEST)


def near(found: np.ndarray, expected: Any) -> bool:
    """True for the same numbers, however small they are."""
    return np.shape(found) == np.shape(expected) and np.allclose(found, expected, rtol=1e-4, atol=0)


@symptom("scale-upside-down", question="Do you multiply a level by the scale to get the weight, or divide it?")
def scale_upside_down(value, weights, per_channel=False):
    """The scale is upside down: 127 / largest is how many steps there are in 1. The size of one step is largest /
    127."""
    return near(pair_of(value)[1], 1 / scales_of(weights, per_channel))


@symptom("largest-for-scale", question="How large is one step, if 127 of them reach the largest weight?")
def largest_for_scale(value, weights, per_channel=False):
    """The scale is the largest absolute value itself, not the size of one of 127 steps."""
    return near(pair_of(value)[1], largest_of(weights, per_channel))


@symptom("one-scale-for-all", question="How many scales does a kernel with five filters need with per_channel=True?")
def one_scale_for_all(value, weights, per_channel=False):
    """All channels share one scale, although per_channel is True."""
    return per_channel and pair_of(value)[1].shape in {(), (1,)}


@symptom("scale-per-number", question="Over which axes do you take the maximum, and which one is left?")
def scale_per_number(value, weights, per_channel=False):
    """There are too many scales: the maximum was taken over too few axes."""
    scales = pair_of(value)[1]
    return scales.size > weights.shape[-1] if per_channel else scales.size > 1


@symptom("wrong-axis", question="On which axis of a Keras kernel are its units or filters?")
def scales_along_another_axis(value, weights, per_channel=False):
    """The scales belong to another axis than the last one, which counts the units or filters."""
    scales = pair_of(value)[1].ravel()
    return per_channel and any(
        near(scales, np.moveaxis(np.abs(weights), axis, 0).reshape(weights.shape[axis], -1).max(axis=1) / LARGEST)
        for axis in range(weights.ndim - 1)
    )


@symptom("scales-keep-axes", question="How many axes should the scales have?")
def scales_keep_axes(value, weights, per_channel=False):
    """The scales are right, but they kept the axes over which the maximum was taken (keepdims)."""
    scales = pair_of(value)[1]
    return scales.ndim > int(per_channel) and near(scales.ravel(), np.ravel(scales_of(weights, per_channel)))


@symptom("sign-forgotten", question="Which of the weights 0.5 and -0.8 should set the scale?")
def sign_forgotten(value, weights, per_channel=False):
    """The scale was computed without absolute values. A negative weight may be farther from 0 than the largest one, and
    then its level is less than -127."""
    axes = tuple(range(weights.ndim - 1)) if per_channel else None
    return near(pair_of(value)[1], weights.max(axis=axes) / LARGEST)


@symptom(
    "range-for-largest", question="Which weight gets level 0, and how many steps are there from 0 to the largest level?"
)
def range_for_largest(value, weights, per_channel=False):
    """The scale divides the whole range, from the smallest to the largest weight, into 255 steps. Symmetric levels
    count from 0: 127 steps reach the largest absolute value."""
    axes = tuple(range(weights.ndim - 1)) if per_channel else None
    return near(pair_of(value)[1], np.ptp(weights, axis=axes) / 255)


@symptom("128-steps", question="Which is the largest level that you want to use?")
def steps_of_128(value, weights, per_channel=False):
    """The largest weight was divided into 128 steps, but the levels end at 127: converted to int8, 128 becomes -128."""
    return near(pair_of(value)[1], largest_of(weights, per_channel) / 128)


@symptom("truncated-to-integers", question="Which level is nearest to 63.7, and what does astype make of it?")
def levels_cut_off(value, weights, per_channel=False):
    """The levels were truncated toward 0 instead of rounded to the nearest one. astype(np.int8) does that."""
    return agree(pair_of(value)[0], np.trunc(weights / scales_of(weights, per_channel)))


@symptom("rounded-down", question="Which level is nearest to 63.7, and which one to -63.7?")
def levels_rounded_down(value, weights, per_channel=False):
    """The levels were rounded down instead of to the nearest one."""
    return agree(pair_of(value)[0], np.floor(weights / scales_of(weights, per_channel)))


@symptom("divide-by-zero", question="What is 0 divided by 0, and which other scale would do no harm?")
def divided_by_zero(value, weights, per_channel=False):
    """All weights that share a scale are 0, so the largest absolute value is 0, and so is the scale. Dividing by it
    gives no levels."""
    scales = pair_of(value)[1]
    return not np.isfinite(scales).all() or bool((scales == 0).any())


@symptom("255-steps", question="How many steps reach from 0 to the largest weight?")
def steps_of_255(value, weights, per_channel=False):
    """The scale divides the range from minus to plus the largest weight into 255 steps. With 127 steps to either side
    of 0 there are 254, and the largest weight is a whole level."""
    return near(pair_of(value)[1], 2 * largest_of(weights, per_channel) / 255)


@symptom("epsilon-for-one", question="Which scale does the exercise ask for where all weights are 0?")
def epsilon_for_one(value, weights, per_channel=False):
    """A tiny number keeps the code from dividing by 0. Where all weights are 0, the scale should be 1."""
    return largest_of(weights, per_channel).min() == 0 and bool((np.abs(pair_of(value)[1]) < 1e-5).any())


@symptom("small-taken-for-zero", question="Which weights are 0, and which are only small?")
def small_taken_for_zero(value, weights, per_channel=False):
    """The weights are tiny, but they aren't 0: their scale is a 127th of the largest one, however small that is."""
    return 0 < largest_of(weights, per_channel).max() < 1e-3 and bool((pair_of(value)[1] == 1).all())


@symptom("zeros-set-all-scales", question="Which channels need a scale of 1?")
def all_scales_one(value, weights, per_channel=False):
    """One channel of zeros set the scale to 1 for the other channels, too."""
    return bool((pair_of(value)[1] == 1).all())


SCALE_MISTAKES = [
    divided_by_zero,
    epsilon_for_one,
    small_taken_for_zero,
    levels_without_sign,
    scale_upside_down,
    largest_for_scale,
    sign_forgotten,
    range_for_largest,
    scales_keep_axes,
    scales_along_another_axis,
    one_scale_for_all,
    scale_per_number,
    steps_of_128,
    steps_of_255,
    all_scales_one,
]
LEVEL_MISTAKES = [levels_without_sign, levels_not_bytes, levels_cut_off, levels_rounded_down]


def expect_quantized(value: Any, weights: np.ndarray, per_channel: bool = False) -> None:
    """Fail unless a value is levels and scales that are as close to weights as rounding allows."""
    right = scales_of(weights, per_channel)
    wanted = f"(levels, scales): int8 {weights.shape} and float32 {right.shape}"
    expect(is_pair(value), value, f"returned {describe(value)}", wanted, mistakes_of_form(value))
    levels, scales = pair_of(value)
    form = f"returned levels of shape {levels.shape}"
    expect(levels.shape == weights.shape, value, form, wanted, [results_swapped])
    form = f"returned the scales {describe(value[1])}"
    expect(scales.dtype.kind == "f" and scales.shape == right.shape, value, form, wanted, SCALE_MISTAKES)
    wrong = np.flatnonzero(~np.isclose(scales.ravel(), right.ravel(), rtol=1e-4, atol=0))
    if len(wrong):
        which = f" for channel {wrong[0]}" if per_channel else ""
        found, expected = told_apart(scales.ravel()[wrong[0]], right.ravel()[wrong[0]])
        expect(False, value, f"returned the scale {found}{which}", expected, SCALE_MISTAKES)
    form = f"returned levels of dtype {levels.dtype}"
    expect(levels.dtype == np.int8, value, form, "int8", LEVEL_MISTAKES)
    exact = weights / right
    far = np.argwhere(np.abs(levels - exact) > 0.501)
    if len(far):
        place = tuple(far[0])
        returned = f"returned the level {levels[place]} for the weight {weights[place]:.4g}"
        expected = f"{np.round(exact[place]):.0f}, because the weight is {exact[place]:.2f} steps"
        expect(False, value, returned, expected, LEVEL_MISTAKES)


def lopsided(probe, *shape: int) -> np.ndarray:
    """Random weights in every channel of which the largest absolute value belongs to a negative one, and half of the
    others would be rounded to another level than they are cut off to."""
    weights = probe.normal(*shape, scale=0.2) * 2.0 ** probe.rng.integers(-3, 3, shape[-1])
    flat = weights.reshape(-1, shape[-1])
    flat[0] = -1.5 * np.abs(flat).max(axis=0)
    return weights


@check(
    points=1,
    title="quantize gives each weight the nearest of 255 levels",
    hints=(
        "Take the weights 0.5, -1 and 0. Which level does each of them get, and how large is one step?",
        "The largest absolute value gets level 127 or -127, so one step is a 127th of it. Every weight is then so many "
        "steps; round that number before you convert it. Mind weights that are all 0.",
        "scale = np.abs(weights).max() / 127, or 1 if that is 0. levels = np.round(weights / scale).astype(np.int8).",
    ),
)
def test_quantize(submission, probe):
    short = lopsided(probe, 6, 1).ravel()
    for weights in (short, -lopsided(probe, 5, 3), lopsided(probe, 3, 3, 2, 4).astype(np.float32)):
        value = submission.quantize(weights)
        expect_quantized(value, weights)
        expect_input_unchanged(value)
    zeros = np.zeros((3, 2), np.float32)
    for weights in (zeros, short * 1e-9):
        expect_quantized(submission.quantize(weights), weights)


@check(
    points=1,
    title="with per_channel=True, each unit or filter has a scale of its own",
    after=[test_quantize],
    hints=(
        "A kernel has the shape (3, 3, 2, 4). How many filters does it have, and how many scales do you get?",
        "Take the maximum over all axes but the last. One scale for each index of the last axis is left, and NumPy's "
        "broadcasting divides each channel by its own.",
        "axes = tuple(range(weights.ndim - 1)), then np.abs(weights).max(axis=axes). np.where gives channels of zeros "
        "the scale 1.",
    ),
)
def test_per_channel(submission, probe):
    kernels = lopsided(probe, 4, 4), lopsided(probe, 3, 3, 2, 4).astype(np.float32)
    for weights in kernels:
        value = submission.quantize(weights, per_channel=True)
        expect_quantized(value, weights, per_channel=True)
        expect_input_unchanged(value)
    with_zeros = kernels[0].copy()
    with_zeros[:, 2] = 0
    expect_quantized(submission.quantize(with_zeros, per_channel=True), with_zeros, per_channel=True)


# dequantize


@mistake("scale-ignored", question="What does level 64 stand for?")
def scale_ignored(levels, scales):
    """The levels came back unscaled. Each is a number of steps and has to be multiplied by the size of a step."""
    return levels.astype(np.float32)


@mistake("divided-by-scale", question="If one step is 0.01, how large is a weight of 64 steps?")
def divided_by_scale(levels, scales):
    """The levels were divided by the scale. A weight is its level times the size of one step."""
    return levels / scales


@mistake("scale-taken-for-largest", question="Is a scale the largest weight, or the size of one step?")
def scale_taken_for_largest(levels, scales):
    """The levels were divided by 127 as well. The scale is the size of one step already."""
    return levels * scales / LARGEST


@mistake("wrong-axis", question="Which axis of the levels do the scales belong to?")
def scaled_along_first_axis(levels, scales):
    """Each row was multiplied by a scale. The scales belong to the last axis."""
    return levels * scales.reshape(-1, *[1] * (levels.ndim - 1))


@symptom("stays-in-bytes", question="Which numbers between 0 and 1 can int8 hold?")
def stays_in_bytes(value, levels, scales):
    """The weights came back as whole numbers, so their fractions are lost. They should be float32."""
    return np.asarray(value).dtype.kind in "iu"


@symptom("float64-result", question="How many bytes does one of these weights take?")
def float64_weights(value, levels, scales):
    """The weights are right, but they are float64, twice as large as needed."""
    return np.asarray(value).dtype == np.float64


DEQUANTIZE_MISTAKES = [
    stays_in_bytes,
    float64_weights,
    scale_ignored,
    divided_by_scale,
    scale_taken_for_largest,
    scaled_along_first_axis,
]


@check(
    points=1,
    title="dequantize turns levels back into float32 weights",
    hints=(
        "What does the level 64 stand for, if one step is 0.01?",
        "A weight is its level times the scale of its channel. Convert the levels to float32 first.",
        "levels.astype(np.float32) * scales: the scales are lined up with the last axis by broadcasting.",
    ),
)
def test_dequantize(submission, probe):
    for shape in ((6, 5), (4, 4), (2, 2, 3, 4)):
        levels = probe.rng.integers(-LARGEST, LARGEST + 1, shape).astype(np.int8)
        for scales in (
            np.float32(probe.rng.uniform(0.01, 0.1)),
            probe.rng.uniform(0.01, 2, shape[-1]).astype(np.float32),
        ):
            value = submission.dequantize(levels, scales)
            expect_close(value, levels * scales, dtype="float32", mistakes=DEQUANTIZE_MISTAKES)
            expect_input_unchanged(value)


# export_network


def new_path(probe) -> str:
    """A name that no submission can know."""
    return f"my-{probe.rng.integers(10**9):09d}.npz"


@symptom("nothing-at-the-path", question="Under which name does your code write the file, and which path was it given?")
def nothing_at_the_path(contents, *arguments):
    """There is no file at the path: nothing was written, or it was written under another name."""
    return not contents


@symptom("pickled", question="Which part of your file holds Python objects instead of numbers or text?")
def pickled(contents, *arguments):
    """There are pickled Python objects in the file. np.savez pickles arrays of objects without a warning. Loading a
    pickle can run any code that somebody put into it, so nobody should have to load one."""
    return contents[:1] == b"\x80" or any("O" in dtype for dtype, _ in members(contents))


@symptom("kernels-as-floats", question="How many bytes does each of your numbers take in the file?")
def kernels_as_floats(contents, *arguments):
    """The kernels are in the file as floats, of two to eight bytes each, not as levels of one byte."""
    return any("f" in dtype and size >= MANY for dtype, size in members(contents))


@symptom("levels-not-bytes", question="Which dtype do the levels have when they are written?")
def wide_levels_in_file(contents, *arguments):
    """The levels are in the file, but each takes two to eight bytes instead of one."""
    return any(re.search(r"[iu][248]", dtype) and size >= MANY for dtype, size in members(contents))


@symptom(
    "numbers-as-text", question="How many characters does -0.0313 take as text, and how many bytes as an int8 level?"
)
def numbers_as_text(contents, *arguments):
    """The weights are in the file as text, and each takes several characters."""
    texts = [re.search(r"[US](\d+)", dtype) for dtype, _ in members(contents)]
    return any(text and int(text[1]) >= MANY for text in texts) or contents[:1] in {b"{", b"["}


@symptom("file-too-large", question="Which arrays are in your file, and which of them does predict_exported need?")
def file_too_large(contents, *arguments):
    """There is more in the file than the levels, their scales and the biases."""
    return True


SIZE_MISTAKES = [kernels_as_floats, wide_levels_in_file, numbers_as_text, file_too_large]


def members(contents: bytes) -> list[tuple[str, int]]:
    """The arrays in an npz file: the dtype of each as its header states it, and how many numbers it has. Only headers
    are read, and nothing is believed."""
    found = []
    try:
        with zipfile.ZipFile(io.BytesIO(contents)) as archive:
            for name in archive.namelist()[:200]:
                with archive.open(name) as member:
                    header = member.read(200).decode("latin-1")
                dtype, shape = re.search(r"'descr': '([^']+)'", header), re.search(r"'shape': \(([^)]*)\)", header)
                if dtype and shape:
                    sides = [int(side) for side in shape[1].split(",") if side.strip().isdecimal()]
                    found.append((dtype[1], int(np.prod(sides, dtype=float))))
                elif header[:1] == "\x80":
                    found.append(("O", 1))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
        pass
    return found


@symptom("training-layer-refused", question="What does this layer do once the training is over?")
def training_layer_refused(error, *arguments):
    """Dropout and RandomTranslation only act in training. They are no reason to refuse a network: leave them out."""
    return (
        error.type != "NotImplementedError" and re.search("dropout|random.?translation", error.text, re.I) is not None
    )


@symptom("old-file-in-the-way", question="What should happen to a file that is there already?")
def old_file_in_the_way(error, *arguments):
    """There was a file at the path already. The exercise asks to replace it."""
    return error.type == "FileExistsError"


def contents_of(files, path: str) -> bytes:
    """What a file holds; nothing where there is none."""
    try:
        return files.read(path)
    except SubmissionError:
        return b""


def exported(submission, files, model, path: str) -> tuple[object, bytes]:
    """Have a model exported; returns what came back, and what the file holds."""
    try:
        returned = submission.export_network(model, path)
    except SubmissionError as error:
        mistakes = named([training_layer_refused, old_file_in_the_way], error)
        expect(not mistakes, None, f"raised {error.summary}", "a file at its path", mistakes)
        raise
    contents = contents_of(files, path)
    mistakes = named([nothing_at_the_path], contents)
    expect(bool(contents), returned, f"wrote no file {path}", "a file at its path", mistakes)
    return returned, contents


@check(
    points=1,
    title="export_network writes a file of at most 27% of the floats, without pickles",
    hints=(
        "Which numbers does a program need to run this network, and how many bytes does each of them take?",
        "Go through model.layers and collect, for each one that has weights, the levels and the scales of its kernel "
        "and its bias; note the kind and the activation of each layer, in text. np.savez writes arrays of numbers and "
        "of text without pickling them.",
        'kernel, bias = layer.get_weights(); arrays[f"levels{i}"], arrays[f"scales{i}"] = quantize(kernel, '
        "per_channel=True). At the end np.savez_compressed(path, steps=np.array(json.dumps(steps)), **arrays).",
    ),
)
def test_export(submission, files, models, probe):
    network, path = large(probe), new_path(probe)
    small = convolutional(probe)
    _, old = exported(submission, files, models.build(small.layers, small.weights), path)
    returned, contents = exported(submission, files, models.build(network.layers, network.weights), path)
    expect(contents != old, returned, "left the old file as it was", "the new network in its place")
    mistakes = named([pickled], contents)
    expect(not mistakes, returned, "wrote a file with pickled objects", "a file of numbers and text", mistakes)
    share = len(contents) / network.bytes_as_floats
    wrote = f"wrote {len(contents):,} bytes, {share:.0%} of the {network.bytes_as_floats:,} bytes of float32"
    most = f"at most {SHARE_OF_FLOATS:.0%}"
    expect(share <= SHARE_OF_FLOATS, returned, wrote, most, named(SIZE_MISTAKES, contents))


@symptom("unknown-layer-skipped", question="What does your loop do with a layer of a kind that it doesn't know?")
def unknown_layer_skipped(kind, setting):
    """The export didn't stop at a layer of another kind. The file leaves that layer out or computes something else
    instead, so the exported network answers differently."""
    return not setting


@symptom("settings-ignored", question="Which settings of a layer does your predict_exported take for granted?")
def settings_ignored(kind, setting):
    """The layer was exported, but its setting was ignored, so the exported network answers differently."""
    return bool(setting)


@symptom("another-exception", question="Which exception does the exercise ask for?")
def another_exception(error, kind):
    """The export failed, but not with a ValueError that says which layer cannot be exported."""
    return error.type != "ValueError"


@symptom("written-before-refused", question="When does your function begin to write, and when does it find out?")
def written_before_refused(contents, *arguments):
    """The network was refused, but half of it is in a file already. Somebody will load that."""
    return bool(contents)


@symptom("layer-not-named", question="What would the author of this network need to know in order to change it?")
def layer_not_named(error, kind):
    """The message of the ValueError doesn't name the class of the layer that cannot be exported."""
    return kind.lower() not in error.text.lower()


@check(
    points=1,
    title="export_network refuses a network that would answer differently",
    after=[test_export],
    hints=(
        "What does your function do with a layer that it has never heard of?",
        "Keep a list of the layers, and of the settings, that predict_exported follows. Refuse all others, by name: a "
        "wrong answer costs more than an error message.",
        'kind = type(layer).__name__; if kind not in ("Conv2D", "MaxPooling2D", "Flatten", "Dense"): raise '
        'ValueError(f"A layer {kind} cannot be exported."). Look at layer.get_config() for strides, padding, '
        "pool_size and activation.",
    ),
)
def test_refuses(submission, deployed, files, models, probe):
    images = probe.rectangles(12)
    for kind, setting, network in not_exportable(probe):
        model, path = models.build(network.layers, network.weights), new_path(probe)
        wanted = f"a ValueError that names {kind}"
        layer = f"{kind}({setting})" if setting else kind
        try:
            returned = submission.export_network(model, path)
        except SubmissionError as error:
            mistakes = named([another_exception, layer_not_named], error, kind)
            expect(not mistakes, None, f"raised {error.summary} for a network with {layer}", wanted, mistakes)
            mistakes = named([written_before_refused], contents_of(files, path))
            expect(not mistakes, None, f"refused {layer}, but wrote a file", "no file at the path", mistakes)
            continue
        made = len(current().calls)
        try:  # more layers than the exercise asks for are fine, if they are right
            files.copy(path, deployed)
            answers = deployed.predict_exported(deployed.kept.load_exported(path), images)
            is_right = np.allclose(np.asarray(answers, float), model.predict(images[..., None] / 255), atol=1e-3)
        except (SubmissionError, TypeError, ValueError):
            is_right = False
        del current().calls[made:]  # what follows is about the export
        mistakes = named([unknown_layer_skipped, settings_ignored], kind, setting)
        expect(is_right, returned, f"exported a network with {layer}", wanted, mistakes)


# load_exported and predict_exported


@symptom("needs-keras", question="Which line imports a library that isn't there?")
def needs_keras(error, path):
    """This runs in a process in which only NumPy and the standard library can be imported, and the code needs another
    library: at the top of the file, or in a function that runs there."""
    library = r"keras|tensorflow|tf|scipy|PIL|sklearn|pandas|torch|h5py|msgpack"
    return error.type in {"ModuleNotFoundError", "ImportError"} or (
        error.type == "NameError" and re.search(rf"'({library})'", error.text) is not None
    )


@symptom("loads-another-file", question="Which file does your function open, and which path was it given?")
def loads_another_file(error, path):
    """Your function looked for a different file, not the one at the path that it was given: there is no other."""
    return error.type == "FileNotFoundError" and f"{path}'" not in error.text


@symptom("file-closed-too-early", question="When does np.load read an array, and is the file still open then?")
def file_closed_too_early(error, path):
    """np.load reads an array of an .npz file when you ask for it, and by then the file was closed."""
    closed = "'NoneType' object has no attribute 'open'", "'NoneType' object has no attribute 'read'", "closed file"
    return any(words in error.text for words in closed)


@symptom("needs-the-old-process", question="What is left of your variables after the program has ended?")
def needs_the_old_process(error, path):
    """This works where the network was exported, and fails in a fresh process: it relies on something that only the
    old process has in memory."""
    return True


@symptom("nothing-loaded", question="Which line of load_exported returns the network?")
def nothing_loaded(network, *arguments):
    """load_exported returned nothing, so there is no network to run."""
    return network is None


@symptom("network-changed", question="Which line changes the network, or uses it up, while it predicts?")
def network_changed(answers, *arguments):
    """The first call changed the network, so the second one, for one of the same images, answers differently or not at
    all. A server uses the same network for months."""
    return True


@symptom("labels-for-probabilities", question="How can people see in your answer how sure the network is?")
def labels_for_probabilities(answers, images, network):
    """There is one label for each image, not ten probabilities."""
    return np.shape(answers) == (len(images),)


@symptom("channel-axis-kept", question="Which axes does an array of probabilities have?")
def axes_kept(answers, images, network):
    """The answer has more than two axes. It should have the shape (images, 10)."""
    return np.ndim(answers) > 2 and np.size(answers) == 10 * len(images)


@symptom("missing-batch-axis", question="How many axes does a batch of one image have?")
def missing_batch_axis(answers, *arguments):
    """A single image is a batch, too. Its axis was dropped on the way, and the answer has one axis too few."""
    return np.shape(answers) == (10,)


@symptom("images-left-out", question="Which images does your code go through, and which ones does it never reach?")
def images_left_out(answers, images, network):
    """There are fewer answers than images."""
    return np.ndim(answers) == 2 and 1 < len(answers) < len(images)


@symptom("softmax-overflow", question="How large is exp(1000)?")
def softmax_overflow(answers, images, network):
    """The exponential of a large logit is infinite, and infinite divided by infinite is nan. Subtract the largest logit
    of each image first: softmax gives the same, and nothing overflows."""
    return np.isnan(answers).any()


@symptom("only-first-image", question="What does your code return for three images?")
def only_first_image(answers, images, network):
    """The answer holds the probabilities of one image, but there were several images."""
    return np.shape(answers) in {(10,), (1, 10)} and len(images) > 1


def do_not_fit(error: SubmissionError) -> bool:
    """True for the exception of arrays whose shapes do not fit together."""
    return error.type == "ValueError" and re.search("shape|broadcast|mismatch", error.text) is not None


@symptom(
    "incomplete-block-kept",
    question="How many 2×2 windows fit side by side into nine rows, and which row is left over?",
)
def odd_row(error, *arguments):
    """Max pooling failed on maps with an odd number of rows. Keras leaves out the last row and column of such maps."""
    return do_not_fit(error)


@symptom("sorted-as-text", question="Which comes first in alphabetical order: layer10 or layer2?")
def sorted_as_text(error, *arguments):
    """With more than ten layers, they no longer run in the right order. Sorted as text, number 10 comes before 2."""
    return do_not_fit(error)


FORM_MISTAKES = [labels_for_probabilities, only_first_image, axes_kept, images_left_out, softmax_overflow]


def load_deployed(submission, deployed, files, path: str) -> Any:
    """What load_exported returns where NumPy is alone; fail unless it is something."""
    in_both(submission, deployed, path, lambda where: where is submission or files.copy(path, where))
    network = in_both(submission, deployed, path, lambda where: where.kept.load_exported(path))
    expect(network is not None, None, "returned None", "a network", named([nothing_loaded], network))
    return network


def answers_of(submission, deployed, path: str, network: Any, images: np.ndarray) -> Any:
    """What predict_exported returns where NumPy is alone."""

    def asked(where: Any) -> Any:
        return where.predict_exported(network if where is deployed else where.kept.load_exported(path), images)

    return in_both(submission, deployed, path, asked)


def in_both(submission, deployed, path: str, call: Callable[[Any], Any]) -> Any:
    """Call the submission where NumPy is alone. If that fails, find out whether the place is to blame."""
    try:
        return call(deployed)
    except SubmissionError as error:
        if error.type in {"NotImplementedError", "MissingFunction"}:
            raise
        mistakes = named([needs_keras, loads_another_file, file_closed_too_early], error, path)
        if not mistakes and works(submission, call):
            mistakes = named([needs_the_old_process], error, path)
        if mistakes:
            where = "loading the file" if error.function == "<module>" else "the call"
            returned = f"was not enough: {where} raised {error.summary} in a fresh process with NumPy alone"
            expect(False, None, returned, "a result from nothing but the file", mistakes)
        raise


def works(submission, call: Callable[[Any], Any]) -> bool:
    """Whether a call succeeds where Keras is."""
    try:
        call(submission)
    except SubmissionError:
        return False
    return True


def restored(submission, network: Network) -> Network | None:
    """The network after its kernels went through the learner's own quantize and dequantize, if they work at all."""
    try:
        arrays = [
            submission.dequantize(*submission.quantize(array, per_channel=True)) if array.ndim > 1 else array
            for array in network.weights
        ]
        return Network(network.layers, [np.asarray(array, float).reshape(np.shape(array)) for array in arrays])
    except (SubmissionError, TypeError, ValueError):
        return None


@symptom("weights-not-restored", question="What do quantize and dequantize make of your kernels, one after the other?")
def weights_not_restored(answers, images, own):
    """The network runs as it should, but with other weights: your own quantize and dequantize change them by more than
    half a step."""
    return np.allclose(answers, RIGHT.probabilities(own, images), atol=1e-3)


def expect_probabilities(
    answers: Any, images: np.ndarray, network: Network, off_by: float, own: Callable[[], Network | None]
) -> None:
    """Fail unless answers are those of a network, up to a difference. ``own`` is what the learner's functions make of
    its weights."""
    expected = RIGHT.probabilities(network, images)
    known = diagnose([*FORM_MISTAKES, *PREDICT_MISTAKES], answers, expected, (images, network))
    mistakes = [replace(known, shows=lambda *anything: True, reenact=None)] if known else []
    expect_array(answers, expected.shape, kinds="f", mistakes=mistakes)
    off = np.abs(answers - expected)
    if off.max() > off_by:
        image, label = np.unravel_index(off.argmax(), off.shape)
        returned = f"returned {answers[image, label]:.4f} for class {label} of image {image}"
        mistakes = mistakes or named([weights_not_restored], answers, images, own())
        expect(False, answers, returned, f"{expected[image, label]:.4f}, as Keras computes", mistakes)


def expect_network_unchanged(answers: Any) -> None:
    """Fail if the call that returned some answers has changed the network, or the images."""
    call = current().call_behind(answers)
    changed = call is not None and 0 in call.changed_inputs
    expect(not changed, answers, "changed the network", "the same network", named([network_changed], answers))
    expect_input_unchanged(answers)


@check(
    points=2,
    title="with NumPy alone, load_exported and predict_exported answer as Keras does",
    after=[test_export],
    hints=(
        "Take the first layer and a single image: which numbers come out of Keras, and which ones out of your code?",
        "Pixels to 0..1, then layer after layer: convolution and pooling as in lesson 9, Flatten, a matrix product and "
        "a bias, and after each its activation. Nothing may need Keras or anything that export_network left in memory.",
        "np.lib.stride_tricks.sliding_window_view(values, kernel.shape[:2], axis=(1, 2)), then np.tensordot(windows, "
        "kernel, axes=((4, 5, 3), (0, 1, 2))) + bias, is a convolution.",
    ),
)
def test_predict(submission, deployed, files, models, probe):
    # Rounding changes nothing in these networks: their kernels are whole multiples of powers of two. Large logits,
    # though, have fewer digits behind the point.
    for network, off_by in ((dense(probe), 1e-4), (convolutional(probe), 1e-4), (deep(probe), 0.02)):
        path, images = new_path(probe), probe.rectangles(24)
        exported(submission, files, models.build(network.layers, network.weights), path)
        loaded = load_deployed(submission, deployed, files, path)
        try:
            first = answers_of(submission, deployed, path, loaded, images)
        except SubmissionError as error:
            kinds = {kind for kind, _ in network.layers}
            causes = [odd_row] if "MaxPooling2D" in kinds else [sorted_as_text] if len(network.layers) > 10 else []
            mistakes = named(causes, error) if error.function != "load_exported" else []
            if mistakes:
                expect(False, None, f"raised {error.summary}", "ten probabilities for each image", mistakes)
            raise
        expect_probabilities(first, images, network, off_by, partial(restored, submission, network))
        expect_network_unchanged(first)
        try:
            again = answers_of(submission, deployed, path, loaded, images[:1])
        except SubmissionError as error:
            again, returned = None, f"raised {error.summary} when asked again, for one image"
        else:
            returned = f"returned {describe(again)} when asked again, for one image"
        same = isinstance(again, np.ndarray) and again.shape == (1, 10) and np.allclose(again, first[:1], atol=off_by)
        mistakes = named([missing_batch_axis, network_changed], again)
        expect(same, again, returned, "the probabilities of before", mistakes)


# accuracy


@check(
    points=1,
    title="the exported network loses at most 0.2 points of accuracy on unseen digits",
    after=[test_predict],
    hints=(
        "Which weights move the most when you round them, and what else do they share a scale with?",
        "A scale for each filter keeps a filter with large weights from taking the levels of the others. Everything "
        "but the kernels stays float32.",
        "In export_network: quantize(kernel, per_channel=True). In load_exported: dequantize(levels, scales).",
    ),
)
def test_accuracy(submission, deployed, files, models, digits, probe):
    split = digits.split(num_train=TRAINING_IMAGES, num_test=TEST_IMAGES, view="turned", channel_axis=True)
    design = large(probe)
    network = with_a_loud_filter(Network(design.layers, models.train(design.layers, split, EPOCHS)))
    path = new_path(probe)
    exported(submission, files, models.build(network.layers, network.weights), path)
    loaded, last = load_deployed(submission, deployed, files, path), None
    right = right_before = 0
    for start in range(0, TEST_IMAGES, BATCH):
        images, labels = split.x_test[start : start + BATCH], split.y_test[start : start + BATCH]
        last = answers_of(submission, deployed, path, loaded, images)
        expect_array(last, (len(images), 10), kinds="f", mistakes=named([images_left_out], last, images, network))
        right += int(np.sum(last.argmax(axis=1) == labels))
        right_before += int(np.sum(RIGHT.probabilities(network, images).argmax(axis=1) == labels))
    lost = (right_before - right) / TEST_IMAGES
    measure("points lost", 100 * lost)
    returned = f"gave a network that gets {right / TEST_IMAGES:.2%} of {TEST_IMAGES:,} digits right"
    expected = (
        f"at least {right_before / TEST_IMAGES - MOST_LOST:.2%}: the Keras model gets {right_before / TEST_IMAGES:.2%}"
    )
    expect(lost <= MOST_LOST, last, returned, expected)


# respond


def answered(value: Any, expected: np.ndarray, skewed: Sequence[np.ndarray], length: int) -> None:
    """Fail unless a value is 200 and a digit with its probabilities (10,): the answer to a good request of a length."""
    status, answer = parts_of(value)
    wanted = '(200, {"digit": an integer, "probabilities": a list of ten floats})'
    mistakes = [*named([limit_excluded], value, length), *ANSWER_MISTAKES]
    expect(isinstance(answer, dict) and status == 200, value, f"returned {shown(value)}", wanted, mistakes)
    digit, probabilities = answer.get("digit"), answer.get("probabilities")
    found = f"returned the digit {describe(digit)} and the probabilities {describe(probabilities)}"
    is_list = isinstance(probabilities, list) and len(probabilities) == 10
    fits = type(digit) is int and is_list and all(type(number) is float for number in probabilities)
    expect(fits, value, found, wanted, mistakes)
    label = int(expected.argmax())
    mistakes = named([served_skewed, rounded_probabilities], value, expected, skewed)
    found = f"gave digit {label} a probability of {probabilities[label]:.4f}"
    expected_text = f"{expected[label]:.4f}, as predict_exported says"
    expect(np.allclose(probabilities, expected, atol=1e-3), value, found, expected_text, mistakes)
    expect(digit == label, value, f"returned the digit {digit}", f"{label}, the one with the largest probability")


@symptom("last-request-remembered", question="What does your function remember from one request to the next?")
def last_request_remembered(value, *arguments):
    """After a bad request, a good one was not answered as before: the function keeps something from one call to the
    next."""
    return True


@check(
    points=1,
    title="respond answers a good request with the digit and ten probabilities",
    after=[test_predict],
    hints=(
        "What does json.loads make of the body, and what does predict_exported take?",
        "From bytes to a dict, from its lists to an array (1, 28, 28) of uint8, through predict_exported, and back to "
        "numbers that json.dumps can write.",
        '(row,) = predict_exported(network, np.array([request["image"]], np.uint8)); return 200, {"digit": '
        'int(row.argmax()), "probabilities": row.tolist()}.',
    ),
)
def test_respond(submission, deployed, files, models, probe):
    known, path = dense(probe), new_path(probe)
    exported(submission, files, models.build(known.layers, known.weights), path)
    network = load_deployed(submission, deployed, files, path)
    bodies = (  # the lists in three styles, and as many bytes as are allowed
        request_with,
        lambda image: request_with(image, separators=(",", ":")),
        lambda image: request_with(image, indent=1),
        lambda image: request_with(image).ljust(MAX_BODY),
    )
    for make in bodies:
        image = probe.rectangles(1)
        (expected,) = RIGHT.probabilities(known, image)
        others = (image / 255, 255.0 * (image > 0), image.swapaxes(1, 2), 255 - image.astype(float))
        skewed = [RIGHT.probabilities(known, other)[0] for other in others]
        value = deployed.respond(make(image[0]), network)
        answered(value, expected, skewed, len(make(image[0])))
    deployed.respond(b"What digit is this?", network)
    again = deployed.respond(make(image[0]), network)
    expect(
        again == value, again, f"returned {shown(again)} after a bad request", shown(value), [last_request_remembered]
    )


def shown(value: object) -> str:
    """A status and an answer in words."""
    status, answer = parts_of(value)
    return describe(value) if answer is None else f"({describe(status)}, {describe(answer)})"


def expect_refused(deployed, network: Any, request: BadRequest) -> None:
    """Fail unless a bad request is refused with its status and a sentence."""
    wanted = f'({request.status}, {{"error": a sentence}})'
    try:
        value = deployed.respond(request.body, network)
    except SubmissionError as error:
        if error.type in {"NotImplementedError", "MissingFunction"}:
            raise
        mistakes = named([needs_keras] if error.function == "<module>" else CRASHES, error, request)
        expect(False, None, f"raised {error.summary}; the body was {request.what}", wanted, mistakes)
    status, answer = parts_of(value)
    sentence = answer.get("error") if isinstance(answer, dict) else None
    is_sentence = isinstance(sentence, str) and len(sentence.split()) > 1 and len(sentence) <= LONGEST_SENTENCE
    mistakes = named(REFUSALS, value, request)
    returned = f"returned {shown(value)}; the body was {request.what}"
    expect(status == request.status and is_sentence, value, returned, wanted, mistakes)


def loaded_network(submission, deployed, files, models, probe) -> Any:
    """A network in the learner's own form; None where other functions do not work yet. Bad requests need none."""
    known, path = dense(probe), new_path(probe)
    try:
        submission.export_network(models.build(known.layers, known.weights), path)
        files.copy(path, deployed)
        return deployed.kept.load_exported(path)
    except SubmissionError:
        return None


@check(
    points=1,
    title="respond refuses every bad request with a status and a sentence",
    hints=(
        "Which lines of your function can raise an exception, and for which bodies?",
        "From the outside in: the length, then JSON, then a dict, then 28 lists, then 28 whole numbers in 0..255 in "
        "each. Refuse at the first thing that is wrong, with 400, or 413 for the length.",
        "except (ValueError, RecursionError) around json.loads; then isinstance(rows, list) and len(rows) == 28, the "
        "same for each row, and type(pixel) is int and 0 <= pixel <= 255 for each pixel.",
    ),
)
def test_bad_requests(submission, deployed, files, models, probe):
    network = loaded_network(submission, deployed, files, models, probe)
    for request in bad_requests(probe):
        expect_refused(deployed, network, request)
