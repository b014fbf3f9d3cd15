"""Checks of exercise 9: convolution by hand."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from grader.api import (
    SubmissionError,
    check,
    diagnose,
    expect_close,
    expect_equal,
    expect_input_unchanged,
    mistake,
    symptom,
)

# Oracles: right answers, computed independently


def positions(size, kernel_size, stride=1, padding="valid"):
    """How many windows fit along one axis, counted one by one."""
    return len(range(0, size if padding == "same" else size - kernel_size + 1, stride))


def margins(size, kernel_size, stride):
    """The zeros before and after an axis with "same", as TensorFlow puts them."""
    total = max((positions(size, kernel_size, stride, "same") - 1) * stride + kernel_size - size, 0)
    return total // 2, total - total // 2


def windows(images, kernels, stride=1, padding="valid", around=margins, **mode):
    """What the kernels see at each position: (n, rows, columns, c_in, kh, kw)."""
    if padding == "same":
        down, across = (around(images.shape[axis + 1], kernels.shape[axis], stride) for axis in (0, 1))
        images = np.pad(images, [(0, 0), down, across, (0, 0)], **mode)
    return sliding_window_view(images, kernels.shape[:2], axis=(1, 2))[:, ::stride, ::stride]


def convolved(images, kernels, bias, stride=1, padding="valid", around=margins, **mode):
    """The right answer, or with other margins than TensorFlow's a wrong one."""
    seen = windows(images, kernels, stride, padding, around, **mode)
    return np.einsum("nrcdij,ijdo->nrco", seen, kernels) + bias


# Probes


def quarters(probe, *shape):
    """Random multiples of 1/4 in -2..2: sums of their products are exact, even in float32."""
    return probe.rng.integers(-8, 9, shape) / 4


# output_size


@symptom("size-not-an-integer", question="Can a kernel take half a position?")
def size_not_an_integer(value, size, kernel_size, stride=1, padding="valid"):
    """The size came back as a float; positions are counted, so their number is an int."""
    return isinstance(value, (float, np.floating)) and np.isfinite(value)


@mistake("stride-ignored", question="How far apart are two neighboring positions?")
def size_at_stride_one(size, kernel_size, stride=1, padding="valid"):
    """This is the number of positions at stride 1; a larger stride skips positions."""
    return positions(size, kernel_size, 1, padding)


@mistake("valid-for-same", question="What is around the image with this padding?")
def size_without_padding(size, kernel_size, stride=1, padding="valid"):
    """Only positions inside the image were counted, although 'same' puts zeros around it."""
    return positions(size, kernel_size, stride)


@mistake("same-for-valid", question="Which of these positions lie entirely inside the image?")
def size_with_padding(size, kernel_size, stride=1, padding="valid"):
    """Positions that hang over the edge were counted, although 'valid' puts nothing around the image."""
    return positions(size, kernel_size, stride, "same")


@symptom("off-by-one-size", question="If you count them on graph paper, how many positions really fit?")
def one_position_too_few(value, size, kernel_size, stride=1, padding="valid"):
    """One position is missing from the count, the first or the last."""
    return value == positions(size, kernel_size, stride, padding) - 1


@symptom("off-by-one-size", question="How many positions really fit? Where would the last one end?")
def one_position_too_many(value, size, kernel_size, stride=1, padding="valid"):
    """One position too many was counted; there is no room for the last one."""
    return value == positions(size, kernel_size, stride, padding) + 1


SIZE_MISTAKES = [
    size_at_stride_one,
    size_without_padding,
    size_with_padding,
    one_position_too_few,
    one_position_too_many,
    size_not_an_integer,
]


def telling_sizes(probe):
    """(size, kernel size, stride) for strides 1 to 3 with every remainder and kernels of even and odd size, so large
    that no two mistakes agree."""
    for stride in (1, 2, 3):
        smaller = 4 * stride + int(probe.rng.integers(0, 4))
        for kernel_size in (smaller, smaller + 1):
            start = 3 * kernel_size + int(probe.rng.integers(0, 6))
            yield from ((size, kernel_size, stride) for size in range(start, start + stride))


FAMILIAR_SIZES = [(28, 5, 1), (28, 5, 2), (24, 2, 2), (7, 3, 2), (8, 3, 2), (8, 1, 3), (5, 5, 1), (5, 5, 4), (1, 1, 1)]


def check_sizes(submission, probe, *padding):
    for case in telling_sizes(probe):
        expect_equal(submission.output_size(*case, *padding), positions(*case, *padding), mistakes=SIZE_MISTAKES)
    for case in FAMILIAR_SIZES:
        expect_equal(
            submission.output_size(*case, *padding), positions(*case, *padding), mistakes=[size_not_an_integer]
        )


@check(
    points=1,
    title="output_size counts the positions inside the image",
    hints=(
        "A kernel of size 3 lies at the left end of 8 pixels. How many steps of 1 can it take before it falls off?",
        "Count how many whole strides fit into the space to the right of the first position. Then add the first "
        "position.",
        "That space is size - kernel_size. Divide it by the stride with //, and add 1.",
    ),
)
def test_output_size_valid(submission, probe):
    size, kernel_size = int(probe.rng.integers(20, 30)), int(probe.rng.integers(4, 8))
    mistakes = [size_with_padding, one_position_too_few, one_position_too_many, size_not_an_integer]
    expect_equal(submission.output_size(size, kernel_size), positions(size, kernel_size), mistakes=mistakes)
    check_sizes(submission, probe)
    check_sizes(submission, probe, "valid")


@check(
    points=1,
    title="output_size counts the positions with padding 'same'",
    hints=(
        "With zeros around the image, how many positions are there for 28 pixels at stride 1? And at stride 2?",
        "There is one position per stride, and if some pixels are left over, they get one, too. The size of the "
        "kernel does not matter.",
        "Divide size by stride and round up: math.ceil(size / stride), or -(-size // stride).",
    ),
)
def test_output_size_same(submission, probe):
    check_sizes(submission, probe, "same")


# conv2d: what is computed at a position


@mistake(
    "kernel-flipped", question="Slide the kernel on paper, without flipping it. Which numbers lie on top of each other?"
)
def kernel_flipped(images, kernels, bias, stride=1, padding="valid"):
    """The kernel was flipped on both axes, as in the mathematical definition; networks leave it as it is."""
    return convolved(images, kernels[::-1, ::-1], bias, stride, padding)


@mistake("axes-swapped", question="Which index of the kernel counts its rows, the first or the second?")
def kernel_transposed(images, kernels, bias, stride=1, padding="valid"):
    """Rows and columns of the kernel were swapped."""
    return convolved(images, kernels.swapaxes(0, 1), bias, stride, padding)


@mistake("mean-for-sum", question="What should a kernel of ones give on an image of ones?")
def mean_of_products(images, kernels, bias, stride=1, padding="valid"):
    """The products were averaged over the kernel; a convolution adds them."""
    return convolved(images, kernels / (kernels.shape[0] * kernels.shape[1]), bias, stride, padding)


@mistake("mean-for-sum", question="What should a kernel of ones give on an image of ones?")
def mean_of_all_products(images, kernels, bias, stride=1, padding="valid"):
    """The products were averaged over the kernel and its channels; a convolution adds them."""
    return convolved(images, kernels / kernels[..., 0].size, bias, stride, padding)


@mistake("relu-inside", question="Can the response of a kernel be negative?")
def relu_inside(images, kernels, bias, stride=1, padding="valid"):
    """Negative responses became 0. That is the activation, a separate step after the convolution."""
    return np.maximum(convolved(images, kernels, bias, stride, padding), 0)


@symptom("truncated-to-integers", question="What is the dtype of the array that you write the responses into?")
def truncated_to_integers(value, images, kernels, bias, stride=1, padding="valid"):
    """The responses are integers, so their fractions were cut off: the result took its dtype from the images."""
    return value.dtype.kind in "iu" and value.shape == convolved(images, kernels, bias, stride, padding).shape


@symptom("truncated-to-integers", question="What is the dtype of the array that you write the responses into?")
def truncated_to_unsigned(value, images, kernels, bias, stride=1, padding="valid"):
    """The result took its dtype from the images: the fractions of the responses were cut off, and the negative ones
    became positive, because uint8 holds no negative numbers: -1 becomes 255 there."""
    right = convolved(images, kernels, bias, stride, padding)
    return value.dtype == np.uint8 and value.shape == right.shape and (right <= -1).any()


# conv2d: which positions


@mistake("returned-in-the-loop", question="How many positions has your loop seen when it reaches the return?")
def first_position_only(images, kernels, bias, stride=1, padding="valid"):
    """Only the first position was computed: the return is inside the loop and ends it there."""
    maps = convolved(images, kernels, bias, stride, padding)
    seen = np.zeros_like(maps)
    seen[:, 0, 0] = maps[:, 0, 0]
    return seen


@mistake("returned-in-the-loop", question="How many rows has your loop seen when it reaches the return?")
def first_row_only(images, kernels, bias, stride=1, padding="valid"):
    """Only the first row of positions was computed: the return is inside the loop and ends it there."""
    maps = convolved(images, kernels, bias, stride, padding)
    seen = np.zeros_like(maps)
    seen[:, 0] = maps[:, 0]
    return seen


@mistake("off-by-one-size", question="How many positions really fit? Did you compute the last one?")
def last_positions_empty(images, kernels, bias, stride=1, padding="valid"):
    """The last row and the last column of positions were never visited: they still hold zeros."""
    maps = convolved(images, kernels, bias, stride, padding)
    maps[:, -1], maps[:, :, -1] = 0, 0
    return maps


@mistake("off-by-one-size", question="How many positions do 7 pixels need at stride 2 if no pixel may be left out?")
def last_group_forgotten(images, kernels, bias, stride=1, padding="valid"):
    """With 'same', the last pixels of a row or column got no position because they do not fill a whole stride."""
    if padding != "same":
        return convolved(images, kernels, bias, stride, padding)
    rows, columns = images.shape[1] // stride, images.shape[2] // stride

    def around(size, side, stride):
        total = max((size // stride - 1) * stride + side - size, 0)
        return total // 2, total - total // 2

    return convolved(images, kernels, bias, stride, padding, around)[:, :rows, :columns]


@symptom("off-by-one-size", question="How many positions really fit? Did you compute the last one?")
def last_positions_missing(value, images, kernels, bias, stride=1, padding="valid"):
    """The last row or column of positions is missing; the rest is right."""
    maps = convolved(images, kernels, bias, stride, padding)
    rows, columns = value.shape[1:3]
    one_less = {maps.shape[1] - rows, maps.shape[2] - columns} <= {0, 1}
    return value.ndim == 4 and one_less and np.allclose(value, maps[:, :rows, :columns])


@symptom("off-by-one-size", question="How many positions really fit? Where does the last one end?")
def positions_beyond_the_edge(value, images, kernels, bias, stride=1, padding="valid"):
    """There is one row or column of positions too many, beyond the last one that fits; the rest is right."""
    maps = convolved(images, kernels, bias, stride, padding)
    rows, columns = maps.shape[1:3]
    one_more = {value.shape[1] - rows, value.shape[2] - columns} <= {0, 1}
    return value.ndim == 4 and one_more and np.allclose(value[:, :rows, :columns], maps)


@symptom("assumes-square", question="Where does your code use the height instead of the width?")
def assumes_square_images(value, images, kernels, bias, stride=1, padding="valid"):
    """The result is square, but the image is not: one side was used for both height and width."""
    rows, columns = convolved(images, kernels, bias, stride, padding).shape[1:3]
    return rows != columns and value.ndim == 4 and value.shape[1:3] in {(rows, rows), (columns, columns)}


@mistake("assumes-square", question="Where does your code use the kernel's height instead of its width?")
def assumes_square_kernels(images, kernels, bias, stride=1, padding="valid"):
    """Only part of the kernel was used: its height was used as its width."""
    side = kernels.shape[0]
    return convolved(images, kernels[:, :side], bias, stride, padding)


@mistake("same-for-valid", question="What is around the image with this padding?")
def padded_for_valid(images, kernels, bias, stride=1, padding="valid"):
    """The image was padded with zeros, although 'valid' puts nothing around it."""
    return convolved(images, kernels, bias, stride, "same")


# conv2d: several images, channels and kernels


@mistake("images-summed-together", question="Over which axes should the products be added, and over which not?")
def images_summed_together(images, kernels, bias, stride=1, padding="valid"):
    """The products of all images went into one sum, so every image gets the same responses."""
    summed = np.broadcast_to(images.astype(float).sum(axis=0), images.shape)
    return convolved(summed, kernels, bias, stride, padding)


@mistake("only-first-image", question="How many images came in, and how many were convolved?")
def other_images_empty(images, kernels, bias, stride=1, padding="valid"):
    """Only the first image was convolved; the others have zeros for responses."""
    maps = convolved(images, kernels, bias, stride, padding)
    maps[1:] = 0
    return maps


@symptom("only-first-image", question="How many images came in, and how many came out?")
def other_images_missing(value, images, kernels, bias, stride=1, padding="valid"):
    """Only the first image was convolved."""
    first = convolved(images, kernels, bias, stride, padding)[0]
    return value.size == first.size < len(images) * first.size and np.allclose(value.reshape(first.shape), first)


@mistake(
    "channels-not-summed", question="How many channels does one kernel cover, and how many responses does it give?"
)
def first_channel_only(images, kernels, bias, stride=1, padding="valid"):
    """Only the first channel was used; a kernel covers all channels and adds up their products."""
    return convolved(images[..., :1], kernels[:, :, :1], bias, stride, padding)


@mistake("channels-not-summed", question="Does each channel add to the response, or replace it?")
def last_channel_only(images, kernels, bias, stride=1, padding="valid"):
    """Only the last channel counts: each channel's response replaced the one before."""
    return convolved(images[..., -1:], kernels[:, :, -1:], bias, stride, padding)


@mistake("channels-not-summed", question="Should the contributions of the channels be added or averaged?")
def channels_averaged(images, kernels, bias, stride=1, padding="valid"):
    """The channels were averaged; a convolution adds them."""
    return convolved(images, kernels / kernels.shape[2], bias, stride, padding)


@mistake("channels-not-summed", question="Which channels of the image does kernel 0 see?")
def channel_by_channel(images, kernels, bias, stride=1, padding="valid"):
    """Kernel 0 saw only channel 0, kernel 1 only channel 1, and so on; each kernel covers all channels."""
    c_in, c_out = kernels.shape[2:]
    own = np.arange(c_in)[:, np.newaxis] == np.minimum(np.arange(c_out), c_in - 1)
    return convolved(images, kernels * own, bias, stride, padding)


@symptom(
    "channels-not-summed", question="How many channels does one kernel cover, and how many responses does it give?"
)
def channels_kept_apart(value, images, kernels, bias, stride=1, padding="valid"):
    """There is a response for every pair of a channel and a kernel; a kernel adds up its channels."""
    n, rows, columns, c_out = convolved(images, kernels, bias, stride, padding).shape
    return images.shape[3] > 1 and value.size == n * rows * columns * c_out * images.shape[3]


@mistake("channel-axes-swapped", question="Which of the kernels' last two axes belongs to the image?")
def channel_axes_swapped(images, kernels, bias, stride=1, padding="valid"):
    """The last two axes of the kernels were swapped: c_in, the channels of the image, comes before c_out."""
    return convolved(images, kernels.swapaxes(2, 3), bias, stride, padding)


@mistake(
    "reshape-as-transpose",
    question="In what order do your windows list their numbers, and in what order do the kernels?",
)
def windows_in_another_order(images, kernels, bias, stride=1, padding="valid"):
    """The windows list their numbers channel by channel and the kernels pixel by pixel, so the wrong numbers were
    multiplied."""
    seen = windows(images, kernels, stride, padding)
    return seen.reshape(*seen.shape[:3], -1) @ kernels.reshape(-1, kernels.shape[3]) + bias


@mistake("reshape-as-transpose", question="Which axis of the kernels is the last, and may a reshape make it the first?")
def kernels_in_another_order(images, kernels, bias, stride=1, padding="valid"):
    """Reshaping the kernels to (c_out, …) mixes them up: their last axis has to be moved, not renamed."""
    seen = np.moveaxis(windows(images, kernels, stride, padding), 3, 5)
    return seen.reshape(*seen.shape[:3], -1) @ kernels.reshape(kernels.shape[3], -1).T + bias


@mistake("reshape-as-transpose", question="In which order did you collect the responses, and which axis is the last?")
def answers_in_another_order(images, kernels, bias, stride=1, padding="valid"):
    """The responses were collected kernel by kernel and then reshaped; the axis of the kernels has to be moved."""
    maps = convolved(images, kernels, bias, stride, padding)
    return np.moveaxis(maps, 3, 0).reshape(maps.shape)


@mistake("channels-first", question="Where does Keras keep the channels, before or after rows and columns?")
def channels_first(images, kernels, bias, stride=1, padding="valid"):
    """The maps are on the second axis of the result; Keras keeps them on the last."""
    return np.moveaxis(convolved(images, kernels, bias, stride, padding), 3, 1)


@mistake("channels-first", question="Which axis counts the images, and which one counts the kernels?")
def kernels_first(images, kernels, bias, stride=1, padding="valid"):
    """The maps are on the first axis of the result; Keras keeps them on the last."""
    return np.moveaxis(convolved(images, kernels, bias, stride, padding), 3, 0)


# conv2d: the bias


@mistake("bias-missing", question="What should blank paper give?")
def bias_missing(images, kernels, bias, stride=1, padding="valid"):
    """The bias was not added; even where the image is blank, a kernel responds with its bias."""
    return convolved(images, kernels, 0 * bias, stride, padding)


BIAS_PER_PIXEL = "bias-per-pixel", "What should blank paper give? How many times did you add the bias?"


@mistake(*BIAS_PER_PIXEL)
def bias_per_pixel(images, kernels, bias, stride=1, padding="valid"):
    """The bias was added once for each pixel of the kernel; it belongs to the response, once."""
    return convolved(images, kernels, kernels.shape[0] * kernels.shape[1] * bias, stride, padding)


@mistake(*BIAS_PER_PIXEL)
def bias_per_product(images, kernels, bias, stride=1, padding="valid"):
    """The bias was added to each product; it belongs to the response, once."""
    return convolved(images, kernels, kernels[..., 0].size * bias, stride, padding)


@mistake(*BIAS_PER_PIXEL)
def bias_per_channel(images, kernels, bias, stride=1, padding="valid"):
    """The bias was added once for each channel of the image; it belongs to the response, once."""
    return convolved(images, kernels, kernels.shape[2] * bias, stride, padding)


@mistake("one-bias-for-all", question="How many biases are there, and whose are they?")
def first_bias_for_all(images, kernels, bias, stride=1, padding="valid"):
    """All kernels got the bias of the first; each has its own."""
    return convolved(images, kernels, bias[0], stride, padding)


@mistake("one-bias-for-all", question="How many biases are there, and whose are they?")
def all_biases_for_all(images, kernels, bias, stride=1, padding="valid"):
    """All kernels got the sum of the biases; each has its own."""
    return convolved(images, kernels, bias.sum(), stride, padding)


# conv2d: the stride


@mistake("stride-ignored", question="How far does the kernel move from one position to the next?")
def every_position(images, kernels, bias, stride=1, padding="valid"):
    """The kernel moved by one pixel at a time, whatever the stride."""
    return convolved(images, kernels, bias, 1, padding)


@mistake("stride-ignored", question="At which pixel does position r of the kernel begin?")
def first_positions(images, kernels, bias, stride=1, padding="valid"):
    """The result has the right size, but the kernel moved by one pixel at a time and saw one corner of the image."""
    rows, columns = convolved(images, kernels, bias, stride, padding).shape[1:3]
    maps = convolved(images, kernels, bias, 1, padding, lambda size, side, _: margins(size, side, stride))
    return maps[:, :rows, :columns]


@mistake("stride-ignored", question="In which directions does the kernel move?")
def stride_down_only(images, kernels, bias, stride=1, padding="valid"):
    """The stride was used downward only; across, the kernel moved by one pixel at a time."""
    return convolved(images, kernels, bias, 1, padding)[:, ::stride]


@mistake("stride-ignored", question="In which directions does the kernel move?")
def stride_across_only(images, kernels, bias, stride=1, padding="valid"):
    """The stride was used across only; downward, the kernel moved by one pixel at a time."""
    return convolved(images, kernels, bias, 1, padding)[:, :, ::stride]


# conv2d: padding "same"


@mistake("valid-for-same", question="How large should the result be? What lies around the image?")
def not_padded(images, kernels, bias, stride=1, padding="valid"):
    """The image was not padded, although 'same' asks for zeros around it."""
    return convolved(images, kernels, bias, stride)


@mistake("same-padding-on-one-side", question="How many zeros come before the image, and how many after it?")
def all_zeros_after(images, kernels, bias, stride=1, padding="valid"):
    """All zeros were put at the bottom and on the right; half of them belong before the image."""
    return convolved(images, kernels, bias, stride, padding, lambda *axis: (0, sum(margins(*axis))))


@mistake("same-padding-on-one-side", question="How many zeros come before the image, and how many after it?")
def all_zeros_before(images, kernels, bias, stride=1, padding="valid"):
    """All zeros were put at the top and on the left; half of them belong after the image."""
    return convolved(images, kernels, bias, stride, padding, lambda *axis: (sum(margins(*axis)), 0))


@mistake("same-padding-on-one-side", question="If the number of rows of zeros is odd, where does the extra row go?")
def odd_one_before(images, kernels, bias, stride=1, padding="valid"):
    """If the number of zeros is odd, the extra one goes to the bottom or right; here it went to the top or left."""
    return convolved(images, kernels, bias, stride, padding, lambda *axis: margins(*axis)[::-1])


@mistake("same-padding-on-one-side", question="How many zeros does the last position need at this stride?")
def padded_for_stride_one(images, kernels, bias, stride=1, padding="valid"):
    """This is the padding for stride 1. With a larger stride, the last position needs fewer zeros, so the first one
    starts elsewhere."""
    return convolved(images, kernels, bias, stride, padding, lambda size, side, _: margins(size, side, 1))


@mistake(
    "same-padding-on-one-side",
    question="How many zeros does a kernel of size 2 need, if there should be as many positions as pixels?",
)
def same_zeros_on_both_sides(images, kernels, bias, stride=1, padding="valid"):
    """Both sides got the same number of zeros. A kernel of even size needs an odd number, so there is one too many."""
    return convolved(images, kernels, bias, stride, padding, lambda size, side, _: (side // 2, side // 2))


@mistake("too-few-zeros", question="What shape does the patch at your last position have?")
def too_few_zeros(images, kernels, bias, stride=1, padding="valid"):
    """There are fewer zeros than the last position needs. Its patch is only one pixel high or wide, and broadcasting
    repeated that pixel under the rest of the kernel."""
    if padding != "same":
        return convolved(images, kernels, bias, stride, padding)
    height, width = kernels.shape[:2]
    down, across = ((zeros // 2, zeros - zeros // 2) for zeros in (max(height - stride, 0), max(width - stride, 0)))
    padded = np.pad(images, [(0, 0), down, across, (0, 0)])[..., np.newaxis]
    maps = np.zeros(convolved(images, kernels, bias, stride, padding).shape)
    for r, c in np.ndindex(maps.shape[1:3]):
        patch = padded[:, r * stride : r * stride + height, c * stride : c * stride + width]
        maps[:, r, c] = (patch * kernels).sum(axis=(1, 2, 3))
    return maps + bias


@mistake("padding-not-zero", question="What is on the paper beyond the edge of the image?")
def edge_repeated(images, kernels, bias, stride=1, padding="valid"):
    """The pixels at the edge were repeated beyond it; 'same' puts zeros there."""
    return convolved(images, kernels, bias, stride, padding, mode="edge")


@mistake("padding-not-zero", question="What is on the paper beyond the edge of the image?")
def edge_mirrored(images, kernels, bias, stride=1, padding="valid"):
    """The image was mirrored at its edge; 'same' puts zeros beyond it."""
    return convolved(images, kernels, bias, stride, padding, mode="reflect")


@symptom("padded-the-result", question="Is the middle of the kernel ever on the first pixel?")
def padded_the_result(value, images, kernels, bias, stride=1, padding="valid"):
    """The border of the result was not computed: the responses were padded instead of the image."""
    inner = convolved(images, kernels, bias, stride)
    spare = [large - small for large, small in zip(value.shape[1:3], inner.shape[1:3], strict=True)]
    (top, left), (rows, columns) = (number // 2 for number in spare), inner.shape[1:3]
    core = value[:, top : top + rows, left : left + columns]
    frame = value.copy()
    frame[:, top : top + rows, left : left + columns] = 0
    return value.ndim == 4 and min(spare) >= 0 and max(spare) > 0 and np.allclose(core, inner) and not frame.any()


CONV_MISTAKES = [
    kernel_flipped,
    kernel_transposed,
    mean_of_products,
    mean_of_all_products,
    relu_inside,
    images_summed_together,
    other_images_empty,
    other_images_missing,
    first_channel_only,
    last_channel_only,
    channels_averaged,
    channel_by_channel,
    channel_axes_swapped,
    windows_in_another_order,
    kernels_in_another_order,
    answers_in_another_order,
    channels_first,
    kernels_first,
    bias_missing,
    bias_per_pixel,
    bias_per_product,
    bias_per_channel,
    first_bias_for_all,
    all_biases_for_all,
    every_position,
    first_positions,
    stride_down_only,
    stride_across_only,
    last_group_forgotten,
    padded_for_valid,
    not_padded,
    padded_for_stride_one,
    odd_one_before,
    same_zeros_on_both_sides,
    all_zeros_after,
    all_zeros_before,
    too_few_zeros,
    edge_repeated,
    edge_mirrored,
    padded_the_result,
    assumes_square_kernels,
    last_positions_empty,
    last_positions_missing,
    positions_beyond_the_edge,
    assumes_square_images,
    channels_kept_apart,
    truncated_to_unsigned,
    truncated_to_integers,
    first_position_only,
    first_row_only,
]


@symptom("size-goes-wrong-first", question="Which of the two functions would you fix first?")
def size_goes_wrong_first(size, *arguments):
    """conv2d went wrong, and output_size gives a wrong size for the same image and kernel. If conv2d calls output_size,
    that may be the cause."""
    return True


def expect_sizes(submission, images, kernels, bias, stride=1, padding="valid"):
    """Fail if output_size is wrong for the axes of a call of conv2d; an error in it is another check's business."""
    for axis in (0, 1):
        sides = images.shape[axis + 1], kernels.shape[axis]
        try:
            size = submission.output_size(*sides, stride, padding)
        except SubmissionError:
            return
        expect_equal(size, positions(*sides, stride, padding), mistakes=[size_goes_wrong_first])


def check_conv2d(submission, *arguments):
    try:
        maps = submission.conv2d(*arguments)
    except SubmissionError as error:
        if error.type not in {"NotImplementedError", "MissingFunction"}:
            expect_sizes(submission, *arguments)
        raise
    right = convolved(*arguments)
    if (
        isinstance(maps, np.ndarray)
        and maps.shape != right.shape
        and not diagnose(CONV_MISTAKES, maps, right, arguments)
    ):
        expect_sizes(submission, *arguments)
    atol = 1e-5 * max(1.0, float(np.abs(arguments[0]).max()))  # rounding in float32 grows with the pixels
    expect_close(maps, right, atol=atol, mistakes=CONV_MISTAKES)
    expect_input_unchanged(maps)


@check(
    points=1,
    title="conv2d slides a kernel over each image, without flipping it",
    hints=(
        "Which pixels lie under the kernel at position r = 0, c = 1?",
        "At each position, cut out the pixels under the kernel, multiply each by the kernel's number on top of it, and "
        "add up the products: one response per image and position.",
        "The pixels at position r, c are images[:, r : r + kh, c : c + kw]. Multiply them by kernels[..., o] and sum "
        "over all axes but the first.",
    ),
)
def test_conv2d_slides(submission, probe):
    no_bias = np.zeros(1)
    for n, height, width, kernel_height, kernel_width in [(2, 6, 8, 3, 3), (3, 5, 7, 2, 4), (1, 9, 6, 4, 1)]:
        images = quarters(probe, n, height, width, 1)
        check_conv2d(submission, images, quarters(probe, kernel_height, kernel_width, 1, 1), no_bias)
    digits = probe.images(2, 7, 9)[..., np.newaxis]
    kernel = probe.rng.permutation(np.array([-1.75, -0.5, 0.25, 0.25, 0.75, 1.5])).reshape(3, 2, 1, 1)
    check_conv2d(submission, digits, kernel, no_bias)
    check_conv2d(submission, digits.astype(np.float32), kernel.astype(np.float32), no_bias.astype(np.float32))


@check(
    points=1,
    title="conv2d sums over the channels and keeps the kernels separate",
    after=[test_conv2d_slides],
    hints=(
        "How many responses come from one position, and how many channels does each kernel cover?",
        "A kernel is a block: kh x kw x c_in. It covers all channels at once and gives one response, the sum over the "
        "block. Each kernel gives a map of its own, on the last axis.",
        "For kernel o, multiply the patch (n, kh, kw, c_in) by kernels[:, :, :, o] and sum over axes 1, 2 and 3; the "
        "sums go to maps[:, r, c, o].",
    ),
)
def test_conv2d_channels(submission, probe):
    for n, c_in, c_out in [(2, 2, 2), (2, 3, 2), (1, 2, 4), (2, 4, 1)]:
        check_conv2d(submission, quarters(probe, n, 5, 6, c_in), quarters(probe, 2, 3, c_in, c_out), np.zeros(c_out))


@check(
    points=1,
    title="conv2d adds each kernel's bias once",
    after=[test_conv2d_slides],
    hints=(
        "What should the maps of a blank image hold?",
        "A kernel has one bias. It is added to each of its responses, once, after all the products have been summed.",
        "Add bias to the finished maps (n, h', w', c_out): it is broadcast along the last axis.",
    ),
)
def test_conv2d_bias(submission, probe):
    bias = probe.rng.permutation(np.array([-1.5, 0.75, 2.25]))
    for channels in (1, 3):
        blank = np.zeros((2, 4, 6, channels))
        check_conv2d(submission, blank, quarters(probe, 2, 3, channels, 3), bias)
    check_conv2d(submission, quarters(probe, 2, 5, 6, 1), quarters(probe, 3, 2, 1, 2), bias[:2])


@check(
    points=1,
    title="conv2d moves by the stride, down and across",
    after=[test_conv2d_slides],
    hints=(
        "At stride 2, at which pixel does position 3 begin?",
        "Position r begins at pixel r times the stride, down as well as across. The result gets smaller accordingly.",
        "Cut the patch at top = r * stride and left = c * stride. output_size says how many r and c there are.",
    ),
)
def test_conv2d_stride(submission, probe):
    for height, width, kernel_height, kernel_width, stride in [(7, 10, 3, 3, 2), (8, 11, 2, 3, 3), (9, 6, 1, 2, 2)]:
        images, kernel = quarters(probe, 2, height, width, 1), quarters(probe, kernel_height, kernel_width, 1, 1)
        check_conv2d(submission, images, kernel, np.zeros(1), stride)


@check(
    points=1,
    title="conv2d pads with zeros where 'same' needs them",
    after=[test_conv2d_slides],
    hints=(
        "The middle of a kernel of size 3 lies on the first pixel. What does its left column lie on? And if a kernel "
        "of size 2 begins at the last pixel, what does its right column lie on?",
        "At stride 1, a kernel of size k needs k - 1 zeros along its axis: half of them before the image, half after. "
        "If k - 1 is odd, the extra zero comes after.",
        "total = kh - 1 rows: total // 2 above, total - total // 2 below. Likewise for columns. np.pad does it, with "
        "(0, 0) for images and channels.",
    ),
)
def test_conv2d_same(submission, probe):
    for height, width, kernel_height, kernel_width in [(6, 8, 3, 3), (5, 7, 2, 2), (7, 9, 4, 5), (6, 5, 3, 1)]:
        images, kernel = quarters(probe, 2, height, width, 1), quarters(probe, kernel_height, kernel_width, 1, 1)
        check_conv2d(submission, images, kernel, np.zeros(1), 1, "same")


@check(
    points=1,
    title="conv2d matches Keras with stride, padding, channels and bias together",
    after=[test_conv2d_channels, test_conv2d_bias, test_conv2d_stride, test_conv2d_same],
    hints=(
        "8 pixels, a kernel of size 3, stride 2, padding 'same': where does the last position begin, and how many "
        "zeros does it need?",
        "There are as many zeros as the last position needs. It begins at (positions - 1) times the stride and is one "
        "kernel long; what sticks out beyond the image is the padding. Sometimes nothing does.",
        "total = max((rows - 1) * stride + kh - h, 0), with rows from output_size; then total // 2 above and the rest "
        "below. Likewise for columns.",
    ),
)
def test_conv2d_together(submission, probe):
    for height, width, side, stride in [(8, 10, 3, 2), (7, 9, 3, 3), (7, 8, 2, 2), (10, 11, 1, 3), (8, 9, 4, 3)]:
        images, kernels = quarters(probe, 2, height, width, 2), quarters(probe, side, side, 2, 3)
        check_conv2d(submission, images, kernels, quarters(probe, 3), stride, "same")
    for _ in range(6):
        kernel_height, kernel_width, stride = (int(number) for number in probe.rng.integers(1, 5, 3))
        height, width = (side + int(probe.rng.integers(0, 6)) for side in (kernel_height, kernel_width))
        n, c_in, c_out = (int(number) for number in probe.rng.integers(1, 4, 3))
        images = quarters(probe, n, height, width, c_in).astype(np.float32)
        kernels = quarters(probe, kernel_height, kernel_width, c_in, c_out).astype(np.float32)
        padding = str(probe.rng.choice(["valid", "same"]))
        check_conv2d(submission, images, kernels, quarters(probe, c_out).astype(np.float32), stride, padding)


# max_pool2d


# Oracle
def pooled(images, pool_size=2, stride=None, choose=np.max):
    """The right answer, or with another stride or choice a wrong one."""
    seen = sliding_window_view(images, (pool_size, pool_size), axis=(1, 2))
    stride = pool_size if stride is None else stride
    return choose(seen[:, ::stride, ::stride], axis=(4, 5))


@mistake("max-pool-from-zero", question="Is 0 a safe starting value for a maximum?")
def max_pool_from_zero(images, pool_size=2):
    """Blocks without a positive number give 0: the search for the largest began at zero."""
    return np.maximum(pooled(images, pool_size), 0)


@mistake("average-for-max", question="Which number of a block should remain?")
def average_for_max(images, pool_size=2):
    """Each block was averaged; max pooling keeps its largest number."""
    return pooled(images, pool_size, choose=np.mean)


@mistake("min-for-max", question="Which number of a block should remain?")
def min_for_max(images, pool_size=2):
    """Each block gave its smallest number; max pooling keeps the largest."""
    return pooled(images, pool_size, choose=np.min)


@mistake("corner-for-max", question="Which number of a block should remain?")
def corner_for_max(images, pool_size=2):
    """Each block gave its top-left number; max pooling keeps the largest."""
    corners = images[:, ::pool_size, ::pool_size]
    return corners[:, : images.shape[1] // pool_size, : images.shape[2] // pool_size]


@mistake("pool-overlaps", question="Where does the second block begin?")
def pool_overlaps(images, pool_size=2):
    """The blocks overlap: each begins one pixel after the one before."""
    return pooled(images, pool_size, stride=1)


@mistake("pool-overlaps", question="Where does the second block begin?")
def pool_overlaps_in_the_corner(images, pool_size=2):
    """The result has the right size, but the blocks overlap and cover one corner of the image."""
    rows, columns = images.shape[1] // pool_size, images.shape[2] // pool_size
    return pooled(images, pool_size, stride=1)[:, :rows, :columns]


@mistake("pool-overlaps", question="Where does the second block begin if a block is three pixels wide?")
def pool_moves_by_two(images, pool_size=2):
    """The blocks begin two pixels apart, whatever their size, so larger ones overlap."""
    return pooled(images, pool_size, stride=2)


@mistake("pool-size-ignored", question="How large is a block, and what decides that?")
def pool_size_ignored(images, pool_size=2):
    """The blocks are 2×2, whatever pool_size says."""
    return pooled(images)


@mistake("images-pooled-together", question="Over which axes should the maximum be taken, and over which not?")
def images_pooled_together(images, pool_size=2):
    """The maximum was taken over all images of the batch, so they all look alike."""
    best = pooled(images, pool_size)
    return np.broadcast_to(best.max(axis=0), best.shape)


@mistake("channels-pooled-together", question="Over which axes should the maximum be taken, and over which not?")
def channels_pooled_together(images, pool_size=2):
    """The maximum was taken over the channels as well, so all channels look alike."""
    best = pooled(images, pool_size)
    return np.broadcast_to(best.max(axis=3, keepdims=True), best.shape)


@symptom("channels-pooled-together", question="How many channels went in, and how many came out?")
def channels_lost(value, images, pool_size=2):
    """The maximum was taken over the channels as well, and they are gone."""
    best = pooled(images, pool_size).max(axis=3)
    return images.shape[3] > 1 and value.size == best.size and np.allclose(value.reshape(best.shape), best)


@mistake("channels-pooled-together", question="Over which axes should the maximum be taken, and over which not?")
def everything_pooled_together(images, pool_size=2):
    """The maximum was taken over all images and channels; each should be pooled separately."""
    best = pooled(images, pool_size)
    return np.broadcast_to(best.max(axis=(0, 3), keepdims=True), best.shape)


@mistake(
    "reshape-as-transpose", question="Try an image of 0, 1, 2, 3, …. After the reshape, which numbers share a block?"
)
def blocks_of_other_pixels(images, pool_size=2):
    """The shape is right, but the reshape put pixels that are not neighbors into one block."""
    n, rows, columns, channels = pooled(images, pool_size).shape
    whole = images[:, : rows * pool_size, : columns * pool_size]
    return whole.reshape(n, rows, columns, pool_size, pool_size, channels).max(axis=(3, 4))


@symptom("incomplete-block-kept", question="What happens to a row that is left over at the bottom?")
def incomplete_block_kept(value, images, pool_size=2):
    """Rows or columns that do not fill a block were pooled, too; they should be left out."""
    kept = tuple(-(-side // pool_size) for side in images.shape[1:3])
    return value.ndim == 4 and value.shape[1:3] == kept != pooled(images, pool_size).shape[1:3]


@mistake("wrong-edge-dropped", question="Where does the first block begin?")
def wrong_edge_dropped(images, pool_size=2):
    """Rows and columns were left out at the top and left; the first block begins at the top-left pixel."""
    return pooled(images[:, images.shape[1] % pool_size :, images.shape[2] % pool_size :], pool_size)


@symptom("assumes-square", question="Where does your code use the height instead of the width?")
def assumes_square_pooling(value, images, pool_size=2):
    """The result is square, but the image is not: one side was used for both height and width."""
    rows, columns = pooled(images, pool_size).shape[1:3]
    return rows != columns and value.ndim == 4 and value.shape[1:3] in {(rows, rows), (columns, columns)}


@mistake("truncated-to-integers", question="What is the dtype of the array that you write the maxima into?")
def maxima_truncated(images, pool_size=2):
    """The maxima were truncated to whole numbers, but images may hold fractions."""
    return np.trunc(pooled(images, pool_size))


@mistake("returned-in-the-loop", question="How many blocks has your loop seen when it reaches the return?")
def first_block_only(images, pool_size=2):
    """Only the first block was pooled: the return is inside the loop and ends it there."""
    best = pooled(images, pool_size)
    seen = np.zeros_like(best)
    seen[:, 0, 0] = best[:, 0, 0]
    return seen


@mistake("returned-in-the-loop", question="How many rows has your loop seen when it reaches the return?")
def first_row_of_blocks_only(images, pool_size=2):
    """Only the first row of blocks was pooled: the return is inside the loop and ends it there."""
    best = pooled(images, pool_size)
    seen = np.zeros_like(best)
    seen[:, 0] = best[:, 0]
    return seen


POOL_MISTAKES = [
    max_pool_from_zero,
    average_for_max,
    min_for_max,
    corner_for_max,
    pool_overlaps,
    pool_overlaps_in_the_corner,
    pool_size_ignored,
    pool_moves_by_two,
    images_pooled_together,
    channels_pooled_together,
    channels_lost,
    everything_pooled_together,
    blocks_of_other_pixels,
    wrong_edge_dropped,
    incomplete_block_kept,
    assumes_square_pooling,
    maxima_truncated,
    first_block_only,
    first_row_of_blocks_only,
]


def check_max_pool2d(submission, images, *pool_size):
    best = submission.max_pool2d(images, *pool_size)
    expect_close(best, pooled(images, *pool_size), mistakes=POOL_MISTAKES)
    expect_input_unchanged(best)


@check(
    points=1,
    title="max_pool2d keeps the largest of each 2×2 block, negative or not",
    hints=(
        "Which four numbers are in this block, and which of them should remain?",
        "Each block of 2×2 pixels gives one number, its largest, separately for each image and each channel.",
        "Block r, c is images[:, 2 * r : 2 * r + 2, 2 * c : 2 * c + 2]; take .max(axis=(1, 2)) of it.",
    ),
)
def test_max_pool2d(submission, probe):
    for n, height, width, channels in [(2, 4, 6, 2), (3, 8, 4, 1), (1, 6, 10, 3)]:
        images = quarters(probe, n, height, width, channels)
        images[:, :2, :2] -= 3  # one block is negative for sure
        check_max_pool2d(submission, images)
    check_max_pool2d(submission, probe.images(2, 6, 8)[..., np.newaxis])


@check(
    points=1,
    title="max_pool2d takes blocks of any size and leaves out incomplete ones",
    after=[test_max_pool2d],
    hints=(
        "How many whole blocks fit into the rows and columns of this image, and where do they begin?",
        "Blocks lie side by side, so block r begins at pixel r times pool_size. What is left over at the bottom and on "
        "the right does not fill a block and is dropped.",
        "There are h // pool_size times w // pool_size blocks. Cut the images down to that many whole blocks first, or "
        "loop over only these.",
    ),
)
def test_max_pool2d_sizes(submission, probe):
    for height, width, pool_size in [(9, 12, 3), (11, 7, 3), (5, 8, 2), (10, 13, 4), (4, 3, 1)]:
        check_max_pool2d(submission, quarters(probe, 2, height, width, 2) - 1, pool_size)
    check_max_pool2d(submission, quarters(probe, 1, 7, 5, 3).astype(np.float32))
