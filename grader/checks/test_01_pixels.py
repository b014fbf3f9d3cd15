"""Checks of exercise 1: pixels."""

import numpy as np

from grader.api import (
    agree,
    check,
    expect,
    expect_array,
    expect_close,
    expect_equal,
    expect_input_unchanged,
    mistake,
    symptom,
)

# label_counts


@mistake("counts-only-present-labels", question="What count should a digit get if it never occurs?")
def counts_only_present_labels(labels, num_classes=10):
    """Only the labels that occur were counted. The zeros for the others are missing, so later counts moved up."""
    return np.unique(labels, return_counts=True)[1]


@symptom("counts-only-present-labels", question="What count should a digit get if it never occurs?")
def stops_at_largest_label(counts, labels, num_classes=10):
    """Counting stopped at the largest label that occurs, so the classes after it are missing."""
    return np.array_equal(counts, np.bincount(labels)) and len(counts) < num_classes


@mistake("repeats-counted-once", question="If a digit occurs a hundred times, how many times must its count go up?")
def repeats_counted_once(labels, num_classes=10):
    """Every count ended up as 0 or 1. counts[labels] += 1 reads all counts before it writes any of them, so repeats
    overwrite one another."""
    return np.bincount(labels, minlength=num_classes) > 0


@symptom("ten-classes-assumed", question="How many classes are there in this call?")
def ten_counts(counts, labels, num_classes=10):
    """Ten counts came back, but this call does not have ten classes."""
    return num_classes != 10 and counts.shape == (10,)


@symptom("counts-out-of-order", question="Which position in your result should hold the count of the digit 3?")
def counts_out_of_order(counts, labels, num_classes=10):
    """The counts are right, but in the wrong order: a count's position no longer says which digit it belongs to."""
    right = np.bincount(labels, minlength=num_classes)
    moved = isinstance(counts, np.ndarray) and not np.array_equal(counts, right)  # a right count may have a wrong dtype
    return moved and np.array_equal(np.sort(counts), np.sort(right))


@symptom("counts-in-bytes", question="What is the largest number that one of your counters can hold?")
def counts_in_bytes(counts, labels, num_classes=10):
    """Each counter is one byte, and after 255 it starts over at 0."""
    off = np.bincount(labels, minlength=num_classes) - np.asarray(counts).astype(int)
    return off.any() and not (off % 256).any()


@check(
    points=1,
    title="label_counts counts every digit, including absent ones",
    hints=(
        "How many numbers should come back, no matter which digits occur? Which of them is the count of the digit 3?",
        "Make one counter per class, all of them 0, before you start to count; a class that never occurs keeps its 0.",
        "A loop adds 1 to counts[label] for each label, where counts is an array of num_classes integers. For a "
        "shorter way, look up np.bincount and its argument minlength.",
    ),
)
def test_label_counts(submission, probe):
    labels = probe.rng.choice([0, 2, 3, 5, 8], 60)
    counts = submission.label_counts(labels)
    mistakes = [
        counts_only_present_labels,
        stops_at_largest_label,
        repeats_counted_once,
        ten_counts,
        counts_out_of_order,
    ]
    expect_equal(counts, np.bincount(labels, minlength=10), mistakes=mistakes)
    few = probe.labels(30, num_classes=4)
    expect_equal(submission.label_counts(few, num_classes=6), np.bincount(few, minlength=6), mistakes=mistakes)
    many = probe.rng.permutation(np.append(labels, np.full(300, probe.rng.choice([2, 3, 5])))).astype(np.uint8)
    counts = submission.label_counts(many)
    expect_equal(counts, np.bincount(many, minlength=10), mistakes=[counts_in_bytes, *mistakes])
    expect_input_unchanged(counts)


# scale_pixels


@symptom("not-scaled", question="What range do the pixels span, before and after?")
def not_scaled(scaled, images):
    """The largest value is still far above 1: the pixels were not divided."""
    return scaled.max() > 1.5


@mistake("divided-by-256", question="What should full ink, 255, become?")
def divided_by_256(images):
    """The pixels were divided by 256, so full ink becomes 0.996 instead of 1."""
    return images / 256


INTEGER_DIVISION = "integer-division", "Where did the gray levels go?"


@mistake(*INTEGER_DIVISION)
def integer_division(images):
    """The fractions are gone: only 0 and 1 are left. // cuts them off, and so does storing the
    quotients in an integer array."""
    return images // 255


@mistake(*INTEGER_DIVISION)
def rounded(images):
    """The values were rounded: only 0 and 1 are left, and all gray levels are gone."""
    return np.round(images / 255)


@mistake(*INTEGER_DIVISION)
def thresholded(images):
    """Every pixel became 0 or 1, and all gray levels are gone."""
    return (images > 127).astype(float)


@mistake("scaled-twice", question="What is the maximum before and after? How many times did you divide?")
def scaled_twice(images):
    """The pixels were divided twice, so full ink becomes 0.0039 instead of 1."""
    return images / 255 / 255


@mistake("scaled-per-image", question="Would the same gray get the same value in two images?")
def scaled_per_image(images):
    """Each image was divided by its own maximum, so the same gray becomes different numbers in different images."""
    return images / images.max(axis=(1, 2), keepdims=True)


@mistake("scaled-per-image", question="Would the same gray get the same value in two batches?")
def scaled_per_batch(images):
    """The images were divided by the maximum of the batch, so the value of a gray depends on the other images."""
    return images / images.max()


@mistake("scaled-per-image", question="Would the same gray get the same value in two images?")
def stretched_per_image(images):
    """Each image's own minimum became 0 and its own maximum 1, so the same gray differs between images."""
    low, high = images.min(axis=(1, 2), keepdims=True), images.max(axis=(1, 2), keepdims=True)
    return (images - low) / (high - low)


@symptom("float64-result", question="How many bytes does a pixel take now? How many would be enough?")
def float64_result(scaled, images):
    """The values are right, but in float64: eight bytes per pixel where four will do."""
    return scaled.dtype == np.float64 and agree(scaled, images / 255)


SCALING_MISTAKES = [
    integer_division,
    rounded,
    thresholded,
    divided_by_256,
    scaled_twice,
    scaled_per_image,
    scaled_per_batch,
    stretched_per_image,
    not_scaled,
    float64_result,
]


@check(
    points=2,
    title="scale_pixels maps 0..255 to 0..1 in float32",
    hints=(
        "What should paper (0), full ink (255) and a gray of 51 become?",
        "Scaling divides by the largest value that a pixel can take, not by the largest one that happens to occur; and "
        "the result needs a dtype that holds fractions.",
        "Convert to float32 first, then divide by 255.",
    ),
)
def test_scale_pixels(submission, probe):
    images = probe.images(4)
    images[1:] //= np.array([2, 3, 5], np.uint8).reshape(3, 1, 1)  # paler images: their maxima differ
    scaled = submission.scale_pixels(images)
    expect_close(scaled, images / 255, dtype="float32", mistakes=SCALING_MISTAKES)
    pale = images[2:]
    expect_close(submission.scale_pixels(pale), pale / 255, dtype="float32", mistakes=SCALING_MISTAKES)


@check(
    points=1,
    title="scale_pixels leaves its input alone",
    hints=(
        "After your function has run, what is in the array that it was given?",
        "Operators such as /= and arguments such as out= write into an existing array; / makes a new one.",
        "Return images.astype(…) divided by 255, and don't assign to images or any part of it.",
    ),
)
def test_scale_pixels_changes_nothing(submission, probe):
    images = probe.images(3)
    scaled = submission.scale_pixels(images)
    expect_array(scaled, images.shape)
    is_new = not np.array_equal(scaled, images)
    expect(is_new, scaled, "returned the numbers that it was given", "different numbers, in a new array", [not_scaled])
    expect_input_unchanged(scaled)


# flatten_images


@mistake("axes-swapped", question="Redraw row 0 of your result as 28 x 28: is it still an upright digit?")
def axes_swapped(images):
    """The pixels come column by column instead of row by row."""
    return images.transpose(0, 2, 1).reshape(len(images), -1)


RESHAPE_AS_TRANSPOSE = "reshape-as-transpose", "Redraw row 0 of your result as 28 x 28: is it still one digit?"


@mistake(*RESHAPE_AS_TRANSPOSE)
def fortran_order(images):
    """The array was read in a different order from the stored one, so each row holds pixels from many images."""
    return images.reshape((len(images), -1), order="F")


@mistake(*RESHAPE_AS_TRANSPOSE)
def reshaped_transpose(images):
    """The array was transposed before the reshape, so each row holds pixels from many images."""
    return images.T.reshape(len(images), -1)


@mistake(*RESHAPE_AS_TRANSPOSE)
def transposed_reshape(images):
    """The shape is right, but reshaping to (784, n) and transposing scatters each image's pixels over many rows."""
    return images.reshape(-1, len(images)).T


@mistake(*RESHAPE_AS_TRANSPOSE)
def pixels_before_images(images):
    """The image axis was moved to the end before the reshape, so each row holds pixels from many images."""
    return np.moveaxis(images, 0, -1).reshape(len(images), -1)


@symptom("unchanged-input", question="reshape returns a new array; what happens to it?")
def unchanged_input(flat, images):
    """The images came back as they were given: they still have rows and columns."""
    return flat.shape == images.shape and np.array_equal(flat, images)


@symptom("flattened-everything", question="How many rows should a batch of 5 images have?")
def flattened_everything(flat, images):
    """All images became one long row: the batch axis is gone."""
    return flat.size == images.size and flat.ndim == 1


@check(
    points=2,
    title="flatten_images makes each image one row of 784 pixels",
    hints=(
        "Which axis must stay as it is, and what should one row of the result hold?",
        "A reshape keeps the order in which the values are stored, row after row; all that changes is where one axis "
        "ends and the next begins.",
        "Reshape to (number of images, -1): NumPy works out the -1.",
    ),
)
def test_flatten_images(submission, probe):
    images = probe.images(5)
    flat = submission.flatten_images(images)
    mistakes = [
        axes_swapped,
        fortran_order,
        reshaped_transpose,
        transposed_reshape,
        pixels_before_images,
        unchanged_input,
        flattened_everything,
    ]
    expect_equal(flat, images.reshape(5, 784), dtype="uint8", mistakes=mistakes)
    expect_input_unchanged(flat)
    one = probe.images(1)
    expect_equal(submission.flatten_images(one), one.reshape(1, 784), dtype="uint8", mistakes=mistakes)
    scaled = probe.images(3) / 255
    expect_close(submission.flatten_images(scaled), scaled.reshape(3, 784), dtype="float64", mistakes=mistakes)


# add_channel_axis


@symptom(
    "missing-channel-axis",
    question="How many axes come out? np.expand_dims and reshape return a new array; what happens to it?",
)
def missing_channel_axis(result, images):
    """The shape is still (n, 28, 28): there is no axis for the channel."""
    return result.shape == images.shape


@symptom("channels-first", question="Where does Keras look for the channels, before or after rows and columns?")
def channels_first(result, images):
    """The new axis came before the rows; Keras expects the channel last."""
    return result.shape == (len(images), 1, *images.shape[1:])


@symptom("channels-first", question="Which axis counts images, and which channels?")
def batch_axis_added(result, images):
    """The new axis came first, before the images, so the whole batch looks like one image with many channels."""
    return result.shape == (1, *images.shape)


@check(
    points=2,
    title="add_channel_axis adds a last axis of length 1",
    hints=(
        "How many axes should come out, and which of them has length 1?",
        "A gray image has one channel. Keras expects the order (images, rows, columns, channels).",
        "Index with [:, :, :, np.newaxis], or use np.expand_dims with axis=-1.",
    ),
)
def test_add_channel_axis(submission, probe):
    images = probe.images(3)
    result = submission.add_channel_axis(images)
    mistakes = [missing_channel_axis, channels_first, batch_axis_added]
    expect_equal(result, images[..., np.newaxis], dtype="uint8", mistakes=mistakes)
    expect_input_unchanged(result)


# one_hot


@symptom("one-hot-wrong-axis", question="What should each row sum to, and which axis counts the images?")
def one_hot_wrong_axis(result, labels, num_classes=10):
    """Rows and columns are swapped: each column stands for an image, each row for a class."""
    return result.shape == (num_classes, len(labels)) and np.array_equal(result.argmax(axis=0), labels)


@symptom("one-hot-too-narrow", question="Is there a column for every class, even one that does not occur here?")
def one_hot_too_narrow(result, labels, num_classes=10):
    """There are fewer columns than classes: the width came from the labels that happen to occur."""
    widths = {int(labels.max()) + 1, len(np.unique(labels))}
    return result.shape in {(len(labels), width) for width in widths if width < num_classes}


@symptom("labels-as-columns", question="How many numbers should stand for one label, and which of them is 1?")
def labels_as_columns(result, labels, num_classes=10):
    """The labels themselves came back, one per row, instead of one column per class."""
    return result.shape == (len(labels), 1) and np.array_equal(result[:, 0], labels)


@symptom("one-hot-too-wide", question="How many classes are there if the largest label is 9 and the smallest 0?")
def one_hot_too_wide(result, labels, num_classes=10):
    """There are more columns than classes."""
    return result.ndim == 2 and len(result) == len(labels) and result.shape[1] > num_classes


@symptom("float64-result", question="How many bytes does an entry take? How many would be enough?")
def one_hot_not_float32(result, labels, num_classes=10):
    """The ones are in the right places, but in float64: eight bytes per entry where four will do."""
    return result.dtype == np.float64 and agree(result, np.eye(num_classes)[labels])


@check(
    points=2,
    title="one_hot puts a single 1 in each row, in the column of its label",
    hints=(
        "What should each row sum to, and which column holds its 1?",
        "There is one row per label and one column per class, no matter which classes occur. Row i is row labels[i] of "
        "the identity matrix.",
        "A loop over i sets rows[i, labels[i]] to 1. In one line, index np.eye(num_classes, dtype=…) with the labels.",
    ),
)
def test_one_hot(submission, probe):
    mistakes = [
        one_hot_wrong_axis,
        one_hot_too_narrow,
        one_hot_too_wide,
        labels_as_columns,
        one_hot_not_float32,
    ]
    labels = probe.rng.permutation([0, 1, 1, 2, 4, 4, 5, 6, 7, 7, 3, 2])  # neither 8 nor 9, and not ten of them
    rows = submission.one_hot(labels)
    expect_equal(rows, np.eye(10, dtype=np.float32)[labels], dtype="float32", mistakes=mistakes)
    expect_input_unchanged(rows)
    few = probe.labels(7, num_classes=4).astype(np.uint8)
    rows = submission.one_hot(few, num_classes=6)
    expect_equal(rows, np.eye(6, dtype=np.float32)[few], dtype="float32", mistakes=mistakes)
