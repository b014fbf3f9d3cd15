"""Checks of exercise 13: your own handwriting.

Every picture here is drawn by the checks: strokes in a box of known size, on paper of known brightness. What comes back
is judged by what is true of MNIST's digits, with room for any filter and any way of rounding.
"""

from contextlib import suppress
from dataclasses import replace

import numpy as np

from grader.api import (
    SubmissionError,
    check,
    describe,
    expect,
    expect_array,
    expect_close,
    expect_equal,
    expect_input_unchanged,
    mistake,
    symptom,
)
from grader.checks.support.handwriting import (
    LEVELS,
    alike,
    area_mean,
    as_bytes,
    best_correlation,
    blurred,
    box_of,
    correlation,
    draw,
    fitted,
    lay_out,
    mass_center,
    near,
    noise,
    paste,
    picture,
    place_by_mass,
    shadow,
    size_of,
)

LUMA = np.array([0.299, 0.587, 0.114])


# Any result


def expect_picture(value, shape=None, mistakes=()):
    """Fail unless a value is a picture: uint8, two axes, at least one pixel, of a certain shape if one is given."""
    expect_array(value, shape, dtype="uint8", mistakes=[*mistakes, float_result])
    is_picture = np.ndim(value) == 2 and np.size(value) > 0
    expect(is_picture, value, f"returned {describe(value)}", "a picture with two axes, rows and columns")


def expect_no_ink(function, image):
    """Fail unless the function refuses the picture with a ValueError that says why."""
    wanted = 'a ValueError whose message contains "no ink"'
    try:
        value = function(image)
    except SubmissionError as error:
        if error.type in {"NotImplementedError", "MissingFunction"} or error.type.endswith("MemoryError"):
            raise
        said = error.type == "ValueError" and "no ink" in " ".join(error.text.lower().split())
        expect(said, None, f"raised {error.summary}", wanted, [accidental_error])
        return
    expect(False, value, f"returned {describe(value)}", wanted, [finds_ink_on_blank_paper])


@symptom("float-result", question="Which dtype do MNIST's pixels have, and what range?")
def float_result(value, *arguments):
    """The result is not in bytes: gray levels are passed on as uint8, 0 to 255."""
    return value.dtype.kind == "f" and value.ndim == 2 and bool(np.isfinite(value).all())


@symptom("accidental-error", question="What would you want to read after photographing an empty page?")
def accidental_error(value, *arguments):
    """The function did stop, but only by accident later on: the message does not say that there is no ink."""
    return value is None


@symptom(
    "finds-ink-on-blank-paper", question="How much brighter than the paper around it must a pixel be to count as ink?"
)
def finds_ink_on_blank_paper(value, *arguments):
    """A page without ink came back as a picture, as if noise or paper were a digit."""
    return isinstance(value, np.ndarray) and value.ndim == 2


# to_grayscale


@symptom("channels-averaged-wrongly", question="Which of red, green and blue looks brightest to you?")
def plain_mean(value, image):
    """The three colors have equal weights, as in a plain mean; the eye and the formula give green the largest weight
    and blue the smallest."""
    return near(value, image[..., :3].mean(axis=-1))


@symptom("channels-averaged-wrongly", question="Is the fourth number of a pixel a color?")
def mean_with_alpha(value, image):
    """Alpha was averaged along with the colors, but it says how solid a pixel is, not how bright."""
    return image.shape[2] == 4 and near(value, image.mean(axis=-1))


@symptom("red-and-blue-swapped", question="In which order do the channels of this picture come?")
def red_and_blue_swapped(value, image):
    """Red has the weight of blue, and blue that of red: these pictures come as red, green, blue."""
    return near(value, image[..., 2::-1] @ LUMA)


@symptom("one-channel-only", question="What does a red pen look like in the red channel?")
def one_channel_only(value, image):
    """Only one channel was used as the gray level, and a pen of that color vanishes in it."""
    return any(near(value, image[..., channel]) for channel in range(3))


@symptom("uint8-wraparound", question="Can a byte hold the sum of three bytes?")
def sum_of_bytes(value, image):
    """Bytes were added to bytes, and a byte starts again from 0 after 255."""
    total = image[..., 0] + image[..., 1] + image[..., 2]
    return near(value, total / 3) or near(value, total // 3)


@symptom("width-taken-for-channels", question="What tells a color picture from a gray one that is three pixels wide?")
def width_taken_for_channels(value, image):
    """A gray picture of three or four columns was taken for a color picture."""
    return image.ndim == 2 and value.ndim == 1


@check(
    points=1,
    title="to_grayscale weights red, green and blue as the eye does",
    hints=(
        "What is the gray level of pure green, and what is that of pure blue?",
        "The gray level is a weighted sum of the three channels, in floating point. A picture with two axes is already "
        "gray: go by the number of axes, not by the length of the last one.",
        "image[..., :3] @ [0.299, 0.587, 0.114], rounded and cast to uint8; for image.ndim == 2, a copy.",
    ),
)
def test_grayscale(submission, probe):
    mistakes = [sum_of_bytes, plain_mean, red_and_blue_swapped, one_channel_only, width_taken_for_channels]
    for shape in ((9, 7, 3), (5, 12, 3), (1, 1, 3), (8, 5), (6, 3), (7, 4), (1, 1)):
        image = probe.rng.integers(0, 256, shape, dtype=np.uint8)
        gray = submission.to_grayscale(image)
        wanted = image @ LUMA if image.ndim == 3 else image.astype(float)
        expect_close(gray, wanted, rtol=0, atol=LEVELS, dtype="uint8", mistakes=[*mistakes, float_result])
        expect_input_unchanged(gray)


@symptom("alpha-dropped", question='What color is "nothing"?')
def alpha_dropped(value, image):
    """Alpha was thrown away, so the hidden colors of transparent pixels, often black, came to light."""
    return near(value, image[..., :3] @ LUMA)


@symptom("transparent-became-black", question="What color is the paper that shows through?")
def transparent_became_black(value, image):
    """Transparent pixels became black: the colors were multiplied by alpha, but no paper was put under them."""
    return near(value, image[..., :3] @ LUMA * (image[..., 3] / 255))


@symptom("half-transparent-ignored", question="How bright is a pixel that is half ink and half nothing?")
def half_transparent_ignored(value, image):
    """Pixels were treated as either solid or paper; those in between, the soft edges of a stroke, are a mix of both."""
    solid, alpha = image[..., :3] @ LUMA, image[..., 3]
    return any(near(value, np.where(seen, solid, 255.0)) for seen in (alpha > 0, alpha > 127, alpha == 255))


@symptom("uint8-wraparound", question="Can a byte hold the product of two bytes?")
def product_of_bytes(value, image):
    """Bytes were multiplied by bytes, and a byte starts again from 0 after 255."""
    color, alpha = image[..., :3], image[..., 3:]
    paper = 255 * (255 - alpha)
    wrapped = ((color * alpha + paper) // 255, (color * alpha + paper) / 255, (color * alpha) // 255 + (255 - alpha))
    wrapped += ((color * alpha) / 255 + (255.0 - alpha), (color * alpha + paper.astype(int)) / 255)
    levels = (image[..., :3] @ LUMA).astype(np.uint8)
    single = levels * image[..., 3]
    below = 255 - image[..., 3]
    wrapped_gray = ((single + 255 * below) // 255, (single + 255 * below) / 255, single // 255 + below)
    return any(near(value, mixed @ LUMA) for mixed in wrapped) or any(near(value, mixed) for mixed in wrapped_gray)


@check(
    points=1,
    title="to_grayscale lets white paper show through transparent pixels",
    hints=(
        'What color is "nothing" on a white page?',
        "Alpha says how much of a pixel is paint. The rest is what lies under it, here white paper, 255.",
        "With p = alpha / 255 in floating point: p * gray + (1 - p) * 255.",
    ),
    after=[test_grayscale],
)
def test_transparency(submission, probe):
    mistakes = [
        product_of_bytes,
        mean_with_alpha,
        alpha_dropped,
        transparent_became_black,
        half_transparent_ignored,
        one_channel_only,
    ]
    for shape in ((10, 8), (5, 9), (1, 1)):
        image = probe.rng.integers(0, 256, (*shape, 4), dtype=np.uint8)
        image[..., 3] = probe.rng.permuted(np.resize([0, 255, 128, 90, 200], shape), axis=None)
        share = image[..., 3] / 255
        wanted = share * (image[..., :3] @ LUMA) + (1 - share) * 255
        gray = submission.to_grayscale(image)
        expect_close(gray, wanted, rtol=0, atol=LEVELS, dtype="uint8", mistakes=[*mistakes, float_result])
        expect_input_unchanged(gray)


# invert_if_needed


@mistake("not-inverted", question="Is the paper black or white in MNIST?")
def not_inverted(gray):
    """The picture came back as it was, dark ink on bright paper; in MNIST ink is bright."""
    return gray


@mistake("always-inverted", question="What would your function do with chalk on a board?")
def always_inverted(gray):
    """Bright ink on dark paper was right already, and was inverted."""
    return 255 - gray


@symptom("uint8-wraparound", question="What is 1 - 200 in bytes?")
def one_minus_bytes(value, gray):
    """1 - gray, or -gray, is below zero for nearly every gray level, and a byte starts again at 255 there."""
    return any(np.array_equal(value, wrapped) for wrapped in (1 - gray, -gray, np.uint8(1) - gray))


@symptom(
    "inverted-by-own-maximum", question="What should a gray of 200 become in a picture without a single white pixel?"
)
def inverted_by_own_maximum(value, gray):
    """The picture was subtracted from its own maximum, so the same gray comes out different in each picture."""
    return np.array_equal(value, gray.max() - gray) and gray.max() < 255


@symptom("polarity-from-all-pixels", question="Which pixels are paper for certain, however thick the pen?")
def polarity_from_all_pixels(value, gray):
    """Thick ink was taken for the paper: only the pixels of the border should decide."""
    return np.array_equal(value, gray if (gray[0] > 127).all() else 255 - gray)


@symptom(
    "border-mean", question="What is the mean of ten bright pixels and seven black ones, and what is their median?"
)
def border_mean(value, gray):
    """A dark stretch along one side outvoted the paper, as it does in a mean; the median shows what most of the
    border is."""
    return np.array_equal(value, gray)


@symptom("one-pixel-decides", question="What if a speck of dust lies on just that pixel?")
def one_pixel_decides(value, gray):
    """A few dark pixels in the corners decided for the whole picture."""
    return np.array_equal(value, gray)


@symptom("one-side-decides", question="What do the pixels on the other sides of the picture say?")
def one_side_decides(value, gray):
    """Only part of the border was used, and the edge of a table was right there; all four sides should decide
    together."""
    return np.array_equal(value, gray) or np.array_equal(value, 255 - gray)


@symptom("limit-excluded", question="Is 128 more than 128, and is it 128 or more?")
def limit_excluded(value, gray):
    """Paper whose median is exactly 128 was taken for dark; it counts as bright, because bright means 128 or more."""
    return np.array_equal(value, gray)


@check(
    points=1,
    title="invert_if_needed makes ink bright and paper dark, for pen and for chalk",
    hints=(
        "Where in a picture is there always paper, whatever the digit and however thick the pen?",
        "Collect the outermost pixels of all four sides. Their median says whether the paper is bright; a mean, or a "
        "single pixel, can be misled.",
        "np.median over gray[0], gray[-1], gray[:, 0] and gray[:, -1] together; 128 or more: return 255 - gray.",
    ),
)
def test_polarity(submission, probe):
    rng = probe.rng
    ink = lay_out(draw("four", 30, 22, 5), rng, 52, 40, 4)
    pen = as_bytes(rng.integers(205, 235) - 150 * ink + noise(rng, ink.shape))
    chalk = as_bytes(rng.integers(25, 60) + 160 * ink + noise(rng, ink.shape))
    wrapping = [one_minus_bytes, inverted_by_own_maximum]
    expect_polarity(submission, pen, True, [*wrapping, not_inverted])
    expect_polarity(submission, chalk, False, [*wrapping, always_inverted])
    expect_polarity(submission, np.full((1, 1), 255, np.uint8), True, [*wrapping, not_inverted])
    expect_polarity(submission, np.zeros((1, 1), np.uint8), False, [*wrapping, always_inverted])

    thick = np.full((34, 26), 215.0)
    thick[2:-2, 2:-2] = 30
    expect_polarity(submission, as_bytes(thick + noise(rng, thick.shape)), True, [polarity_from_all_pixels])
    thick_chalk = as_bytes(255 - thick + noise(rng, thick.shape))
    expect_polarity(submission, thick_chalk, False, [polarity_from_all_pixels])

    dusty = np.full((23, 31), 220, np.uint8)
    dusty[[0, 0, -1, -1], [0, -1, 0, -1]] = 20
    expect_polarity(submission, dusty, True, [one_pixel_decides])

    for page in covered_pages():
        for quarter in rng.permutation(4):
            light = np.rot90(page, quarter)
            expect_polarity(submission, as_bytes(light + noise(rng, page.shape)), True, [one_side_decides])
            expect_polarity(submission, as_bytes(255 - light + noise(rng, page.shape)), False, [one_side_decides])

    shaded = np.full((20, 60), 168.0)
    shaded[-1, 1:-1] = 8
    expect_polarity(submission, as_bytes(shaded + noise(rng, shaded.shape)), True, [border_mean])
    expect_polarity(submission, as_bytes(shaded.T + noise(rng, shaded.T.shape)), True, [border_mean])

    expect_polarity(submission, np.full((9, 7), 128, np.uint8), True, [limit_excluded])
    expect_polarity(submission, np.full((9, 7), 127, np.uint8), False, [always_inverted])


def covered_pages():
    """Square pages of bright paper that misled part of the border: dark is less than half of it, in median and mean.

    On the first the table covers the top side, and a digit is cut off by the bottom one: most of the top is dark, and
    so is most of top and bottom together. On the second the table covers the top and most of the left side: most of
    any three sides with these two among them is dark.
    """
    cut = np.full((40, 40), 225.0)
    cut[:3] = 40
    cut[-12:, 14:24] = 40
    corner = np.full((40, 40), 225.0)
    corner[:3] = 40
    corner[:26, :3] = 40
    return cut, corner


def expect_polarity(submission, gray, is_bright, mistakes):
    turned = submission.invert_if_needed(gray)
    expect_equal(turned, 255 - gray if is_bright else gray, dtype="uint8", mistakes=[*mistakes, float_result])
    expect_input_unchanged(turned)


# crop_to_ink


def threshold_boxes(gray):
    """The sizes of the boxes that one threshold for the whole picture gives, for the usual choices of it."""
    levels = np.bincount(gray.ravel(), minlength=256) / gray.size
    below, mean = np.cumsum(levels), np.cumsum(levels * np.arange(256))
    with np.errstate(divide="ignore", invalid="ignore"):
        otsu = np.nanargmax((mean[-1] * below - mean) ** 2 / (below * (1 - below)))
    smallest, largest = int(gray.min()), int(gray.max())
    choices = (64, 100, 127, 128, 150, otsu, gray.mean(), (smallest + largest) / 2, largest / 2, largest * 0.4)
    return [size_of(gray > threshold) for threshold in choices]


@symptom("not-cropped", question="Which rows hold any ink at all?")
def not_cropped(value, gray):
    """The picture came back in its full size: nothing was cut off."""
    return value.shape == gray.shape


@symptom("rows-and-columns-swapped", question="Does a picture's first index count rows or columns?")
def rows_and_columns_swapped(value, gray):
    """The box has the rows of the ink where its columns should be: an array is indexed with the row first."""
    box = box_of(gray > gray.max() / 2)
    return bool(box) and alike(value.shape, gray[box[1], box[0]].shape, 2)


@symptom(
    "grain-sets-the-box", question="How dark must paper be to count as paper? Is it ever exactly 0 in a photograph?"
)
def grain_sets_the_box(value, gray):
    """Everything that is not exactly black counted as ink, so the noise of the paper set the box."""
    return alike(value.shape, gray.shape, 6)


@symptom("hard-threshold", question="Where did the gray levels at the edges go?")
def hard_threshold(value, *arguments):
    """Only black and white are left: a threshold may find the ink, but the gray levels should come from the picture."""
    return value.size > 40 and len(np.unique(value)) <= 2


@symptom("uint8-wraparound", question="What is 20 - 25 in bytes, and what is 2 times 200?")
def crop_wraps_around(value, gray):
    """Bytes were subtracted or multiplied, and a byte wraps around below 0 and above 255: paper came out bright, or
    ink black."""
    below, near_middle = places_of(value, gray)
    level = np.median(gray[gray <= (float(gray.max()) + gray.min()) / 2])  # of the paper
    if any(ink_is_black(value, each, level) for each in near_middle):
        return True
    full, paper, grain = below > below.max() - 25, below <= level, (below > level) & (below <= level + 4)
    is_elsewhere_right = np.median(value[full]) > 100 and not (grain.any() and np.median(value[grain]) > 60)
    return is_elsewhere_right and len(np.unique(value)) > 2 and np.sum(value[paper] > 180) > 5


def places_of(value, gray):
    """The part of a picture that a crop most likely shows; and the parts that lie around the middle of the ink."""
    if value.shape == gray.shape:
        return gray, [gray]
    box = box_of(gray > (float(gray.max()) + gray.min()) / 2)
    sides = [side.stop - side.start for side in box]
    if not alike(value.shape, sides, 6):
        raise ValueError("a crop of something else")
    around = np.pad(gray, 8, mode="edge")
    top, left = (
        8 + side.start - (found - size) // 2 for side, found, size in zip(box, value.shape, sides, strict=True)
    )
    parts = {
        (down, right): around[top + down :, left + right :][: value.shape[0], : value.shape[1]]
        for down in range(-3, 4)
        for right in range(-3, 4)
    }
    likely = max(parts.values(), key=lambda part: correlation(value.astype(float), part.astype(float)))
    return likely, [part for shift, part in parts.items() if np.abs(shift).max() <= 1]


def ink_is_black(value, below, level):
    """True when the brightest pixels of a picture came out darker than its other pixels, though paper is dark."""
    full, paper = below > below.max() - 25, below <= level
    is_dark = np.median(value[full]) < 100 and np.median(value[paper]) <= 40
    return is_dark and value[full].mean() < 0.8 * value[~full].mean()


@symptom("paper-not-cleared", question="What lies around the strokes in MNIST?")
def paper_not_cleared(value, gray):
    """The box was cut out of the picture as it is, paper included; the paper between the strokes should be 0."""
    return value.min() > 20 or np.median(value) > 40


@symptom("ink-left-pale", question="What is the brightest level of your result, and what is it in MNIST?")
def ink_left_pale(value, gray):
    """The paper was subtracted, but the ink that is left is pale; full ink should be near 255."""
    return value.max() < 200


@symptom("ink-left-pale", question="What is the brightest level in the middle of a stroke, and what is it in MNIST?")
def ink_left_pale_between_specks(value, gray):
    """A few pixels are bright, but the middle of the strokes is pale; full ink should be near 255."""
    return np.percentile(value[value > 40], 75) < 200


@symptom("speck-sets-the-box", question="Does a speck of dust belong to the digit?")
def speck_sets_the_box(value, gray):
    """The box reaches as far as the specks, as if they were ink."""
    half = gray > (float(gray.max()) + gray.min()) / 2
    strokes = [np.flatnonzero(half.sum(axis=axis) > 5) for axis in (1, 0)]  # specks are narrower than that
    ink, everything = [places[-1] - places[0] + 1 for places in strokes], size_of(half)
    sides = list(zip(value.shape, ink, everything, strict=True))
    return any(side > inked + 6 for side, inked, _ in sides) and all(
        inked - 6 <= side <= most + 6 for side, inked, most in sides
    )


@symptom("largest-spot-only", question="Can a digit consist of two strokes that do not touch?")
def largest_spot_only(value, gray):
    """Only the largest connected component was kept, so a part of the digit that does not touch the rest is gone."""
    half = gray > (float(gray.max()) + gray.min()) / 2
    rows = np.flatnonzero(half.any(axis=1))
    parts = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
    sizes = [size_of(half[part[0] : part[-1] + 1]) for part in parts if len(part) > 8]
    return any(alike(value.shape, size, 6) for size in sizes)


@symptom("global-threshold", question="Is paper in the shadow still darker than ink in the light?")
def global_threshold(value, gray):
    """One threshold was used for the whole picture, and paper in the shadow passed it, too, so the shadow set the
    box."""
    return any(alike(value.shape, size, 4) for size in threshold_boxes(gray))


def expect_crop(value, gray, sheet, slack, mistakes, of_levels=()):
    """Fail unless a crop is the box of the ink on a sheet, with cleared paper, bright ink and gray edges.

    Args:
        sheet: ink 0..1 of the size of the picture.
        slack: pixels of difference that are allowed on each side.
        mistakes: to try on a box of the wrong size.
        of_levels: to try first on wrong levels.
    """
    box = box_of(sheet >= 0.5)
    ink = sheet[box]
    expect_picture(value)
    wanted = f"about {ink.shape[0]} x {ink.shape[1]}, the box of the ink"
    is_tight = alike(value.shape, ink.shape, 2 * slack)
    expect(is_tight, value, f"returned a box of {value.shape[0]} x {value.shape[1]} pixels", wanted, mistakes)
    shades = [*of_levels, hard_threshold, paper_not_cleared, ink_left_pale, ink_left_pale_between_specks]
    found, both = best_correlation(value, 255 * ink, slack)
    expect(found > 0.8, value, "returned a box whose strokes do not match the page", wanted, shades)
    moved, fixed = both
    paper = np.median(moved[slack:-slack, slack:-slack][fixed[slack:-slack, slack:-slack] == 0])
    expect(paper <= 40, value, f"left the paper at a level of {paper:.0f}", "paper that is 0 or nearly so", shades)
    full = np.median(moved[fixed == 255])
    expect(full >= 180, value, f"made the middle of the strokes {full:.0f}", "a level of 200 or more there", shades)
    soft = np.mean((value > 40) & (value < 215)) / max(np.mean((fixed > 40) & (fixed < 215)), 1e-9)
    expect(soft > 0.1, value, "has no gray left at the edges", "edges that are gray between ink and paper", shades)
    expect_input_unchanged(value)


@check(
    points=1,
    title="crop_to_ink cuts out the box of the ink and clears the paper in it",
    hints=(
        "In which rows is there any ink, and in which columns?",
        "Three steps: subtract the paper, decide which pixels are ink, and cut from the first to the last row and "
        "column that hold ink. Then stretch the levels, so that full ink is near 255.",
        "mask.any(axis=1) says which rows hold ink, np.flatnonzero where they are; cut rows[0] to rows[-1] + 1. The "
        "levels are (gray - paper) * 255 / full_ink, clipped to 0..255.",
    ),
)
def test_crop(submission, probe):
    rng = probe.rng
    for figure, height, width in (("seven", 44, 27), ("four", 25, 58)):
        sheet = lay_out(draw(figure, height, width, 5), rng, height + 31, width + 38, 6)
        drawing = as_bytes(255 * sheet)
        mistakes = [crop_wraps_around, not_cropped, rows_and_columns_swapped]
        expect_crop(submission.crop_to_ink(drawing), drawing, sheet, 1, mistakes, [crop_wraps_around])
    sheet = lay_out(draw("hook", 120, 84, 12), rng, 210, 190, 20)
    photograph = as_bytes(rng.integers(30, 50) + 130 * sheet + noise(rng, sheet.shape))
    mistakes = [crop_wraps_around, grain_sets_the_box]
    expect_crop(submission.crop_to_ink(photograph), photograph, sheet, 3, mistakes, [crop_wraps_around])


@check(
    points=1,
    title="crop_to_ink does not let a speck set the box",
    hints=(
        "How many pixels does a speck of dust have, and how many does the digit?",
        "Pixels of ink that touch form a connected component. Count the pixels of each one and drop "
        "those that are far smaller than the largest one; a second stroke of the digit is not that small.",
        "scipy.ndimage.label numbers the components, np.bincount counts their pixels; keep those with at least 4% of "
        "the largest one's, and take the box of what is kept.",
    ),
    after=[test_crop],
)
def test_specks(submission, probe):
    rng = probe.rng
    sheet = lay_out(draw("flag", 118, 80, 12), rng, 230, 200, 40)
    levels = rng.integers(20, 35) + 165 * sheet + noise(rng, sheet.shape)
    for row, column, size in zip((14, 20, -22, -16), (-15, 12, 16, -24), (1, 2, 3, 1), strict=True):
        top, left = row + rng.integers(-6, 7), column + rng.integers(-6, 7)
        levels[top : top + size, left : left + size] = 200
    photograph = as_bytes(levels)
    expect_crop(submission.crop_to_ink(photograph), photograph, sheet, 3, [speck_sets_the_box])
    sheet = lay_out(draw("five with its bar apart", 130, 84, 11), rng, 200, 190, 25)
    photograph = as_bytes(rng.integers(20, 35) + 165 * sheet + noise(rng, sheet.shape))
    expect_crop(submission.crop_to_ink(photograph), photograph, sheet, 3, [largest_spot_only])


@check(
    points=1,
    title="crop_to_ink does not let a shadow set the box",
    hints=(
        "Is the brightest paper darker than the palest ink, everywhere in the picture?",
        "Compare each pixel with the paper around it, not with one level for all. The paper under the strokes can be "
        "guessed: light changes slowly from place to place, but ink changes suddenly.",
        "paper = scipy.ndimage.grey_opening(smooth, size=a quarter of the longer side) follows a shadow but skips "
        "every narrow stroke; then gray - paper is ink alone.",
    ),
    after=[test_crop],
)
def test_shadow(submission, probe):
    rng = probe.rng
    for side in rng.permutation(4)[:2]:
        figure, height, width = ("four", 112, 78) if side % 2 else ("hook", 90, 110)
        corner = rng.integers(15, 110, 2)
        lit = rng.integers(12, 28)  # from the lit end of the sheet: the ink stays out of the shadow
        corner[1 if side % 2 else 0] = 130 - lit if side > 1 else lit
        sheet = np.zeros((height + 130, width + 130))
        sheet[corner[0] : corner[0] + height, corner[1] : corner[1] + width] = draw(figure, height, width, 11)
        seen = shadow(*sheet.shape, side) * (235 - 105 * sheet) + noise(rng, sheet.shape)
        photograph = as_bytes(255 - seen)
        expect_crop(submission.crop_to_ink(photograph), photograph, sheet, 3, [global_threshold])


@check(
    points=0.5,
    title="crop_to_ink says so when there is no ink",
    hints=(
        "What is the brightest pixel of a blank page, compared with the paper around it?",
        "Noise rises a few levels above the paper around it, ink at least 60. Choose a limit between the two. Below "
        "it, there is no ink.",
        'if the greatest contrast is below 30: raise ValueError("There is no ink on this page.")',
    ),
    after=[test_crop],
)
def test_blank_page(submission, probe):
    rng = probe.rng
    expect_no_ink(submission.crop_to_ink, np.zeros((40, 30), np.uint8))
    expect_no_ink(submission.crop_to_ink, np.zeros((1, 1), np.uint8))
    grainy = as_bytes(rng.integers(25, 50) + noise(rng, (120, 160)))
    expect_no_ink(submission.crop_to_ink, grainy)


# fit_to_box


@symptom("padded-to-a-square", question="What should be added around the digit in this step?")
def padded_to_a_square(value, gray, box_size=20):
    """The digit has the right size, but blank rows or columns were added to make it square."""
    height, width = fitted(gray, box_size)
    inked = size_of(value > 0)
    return value.shape == (box_size, box_size) and alike(inked, (height, width), 2) and min(inked) < box_size - 2


@symptom("width-and-height-swapped", question="Does Pillow take width or height first?")
def width_and_height_swapped(value, gray, box_size=20):
    """Width and height changed places: Pillow takes (width, height), a NumPy shape is (height, width)."""
    height, width = fitted(gray, box_size)
    return alike(value.shape, (width, height), 1) and abs(height - width) > 3


@symptom("stretched", question="Did your 1 grow fat?")
def stretched(value, gray, box_size=20):
    """Both sides were set to the size of the box, so the digit lost its proportions."""
    return value.shape == (box_size, box_size)


@symptom(
    "shorter-side-fitted", question="Which of the two sides must fit into the box, so that the other one does too?"
)
def shorter_side_fitted(value, gray, box_size=20):
    """The scale was taken from the wrong side, so the longer one sticks out of the box."""
    return max(value.shape) > box_size and (min(value.shape) == box_size or box_size in value.shape)


@symptom("fills-the-frame", question="How many of MNIST's 28 pixels does a digit's longest side take up?")
def fills_the_frame(value, gray, box_size=20):
    """The digit was scaled to the frame of 28 instead of the box of 20 in it."""
    return max(value.shape) == 28 and box_size != 28


@symptom("box-size-ignored", question="What is the second argument for?")
def box_size_ignored(value, gray, box_size=20):
    """The longest side is 20, whatever box was asked for."""
    return max(value.shape) == 20 and box_size != 20


@symptom("small-not-enlarged", question="How large must a digit of 7 x 5 pixels become?")
def small_not_enlarged(value, gray, box_size=20):
    """A small picture stayed small; it should grow until its longest side fills the box."""
    return max(gray.shape) < box_size and value.shape == gray.shape


@symptom("thin-side-vanished", question="How wide is the thinnest 1 that can still be seen?")
def thin_side_vanished(value, gray, box_size=20):
    """The shorter side of a very thin digit was rounded down to nothing."""
    return value.size == 0 and round(min(gray.shape) * box_size / max(gray.shape)) == 0


@symptom("thin-side-vanished", question="How wide is the thinnest 1 that can still be seen?")
def thin_side_refused(value, *arguments):
    """The shorter side of a very thin digit was rounded down to 0, and no picture can be resized to 0 pixels."""
    return value is None


@check(
    points=1,
    title="fit_to_box makes the longest side 20 and keeps the proportions",
    hints=(
        "By what single number must both height and width be multiplied?",
        "The longer side decides: the scale is the size of the box divided by the longer side. It is the same for both "
        "sides, whether the picture shrinks or grows. No side becomes 0.",
        "scale = box_size / max(gray.shape); round(height * scale) and round(width * scale), each at least 1. Pillow's "
        "resize takes (width, height).",
    ),
)
def test_fit_shape(submission, probe):
    rng = probe.rng
    sizes = [(160, 40), (45, 150), (90, 66), (7, 5), (3, 8), (48, 48), (300, 4)]
    sizes = [tuple(int(side + rng.integers(0, 2)) for side in size) for size in sizes]
    mistakes = [
        thin_side_vanished,
        padded_to_a_square,
        width_and_height_swapped,
        stretched,
        fills_the_frame,
        box_size_ignored,
        small_not_enlarged,
        shorter_side_fitted,
    ]
    for height, width in sizes:
        gray = as_bytes(255 * draw("seven", height, width, max(1, min(height, width) // 8)))
        try:
            small = submission.fit_to_box(gray)
        except SubmissionError as error:
            if error.type != "ValueError" or round(min(height, width) * 20 / max(height, width)) > 0:
                raise
            wanted = "a picture of 20 x 1, its shorter side at least one pixel"
            expect(False, None, f"raised {error.summary}", wanted, [thin_side_refused])
        else:
            expect_fit(small, gray, 20, mistakes)
    gray = as_bytes(255 * draw("hook", 80, 60, 9))
    for box_size in (12, 25):
        expect_fit(submission.fit_to_box(gray, box_size), gray, box_size, mistakes)
    one = np.full((1, 1), 255, np.uint8)
    expect_fit(submission.fit_to_box(one), one, 20, mistakes)


def expect_fit(value, gray, box_size, mistakes):
    height, width = fitted(gray, box_size)
    is_empty = isinstance(value, np.ndarray) and value.size == 0
    if not is_empty:
        expect_picture(value)
    fits = not is_empty and max(value.shape) == box_size and alike(value.shape, (height, width), 1)
    wanted = f"a picture of {height} x {width}"
    expect(fits, value, f"returned {describe(value)}", wanted, mistakes)
    expect_input_unchanged(value)


@symptom("skips-pixels", question="What happens to a line one pixel wide if you look at only every sixth pixel?")
def skips_pixels(value, gray, *box_size):
    """Most of the old pixels were skipped: fine lines vanish or turn bold by chance, and hard edges stay hard."""
    wanted = area_mean(gray, *value.shape)
    grays = ((value > 40) & (value < 215)).sum() / max(1, ((wanted > 40) & (wanted < 215)).sum())
    share = value.mean() / wanted.mean()
    return correlation(value.astype(float), wanted) < 0.75 or not 0.7 < share < 1.3 or grays < 0.5


@symptom("uint8-wraparound", question="What does a level of -3 become in bytes?")
def overshoot_wraps(value, gray, *box_size):
    """There are white dots on the paper: the filter gave levels below 0, and as bytes these start again at 255."""
    wanted = area_mean(gray, *value.shape)
    around = np.pad(wanted, 1)
    height, width = value.shape
    highest = np.max([around[r : r + height, c : c + width] for r in range(3) for c in range(3)], axis=0)
    return bool(((value > 180) & (highest < 40)).any())


@check(
    points=0.5,
    title="fit_to_box keeps edges gray and fine lines visible",
    hints=(
        "Six old pixels become one new pixel, and one of the six is ink. How bright should the new one be?",
        "Each new pixel is the mean of the old ones that it covers. Nearest-neighbor scaling looks at only one of "
        "them, and an interpolation meant for enlarging looks at two or four.",
        "Image.fromarray(gray).resize((width, height), Image.Resampling.BOX), or any other of Pillow's filters "
        "except NEAREST: they all widen with the reduction.",
    ),
    after=[test_fit_shape],
)
def test_fit_levels(submission, probe):
    rng = probe.rng
    gray = as_bytes(255 * draw("flag", 150, 104, 15))
    small = submission.fit_to_box(gray)
    mistakes = [hard_threshold, overshoot_wraps, skips_pixels]
    expect_picture(small)
    alike_as_drawn = alike(small.shape, fitted(gray, 20), 1)
    expect(alike_as_drawn, small, f"returned {describe(small)}", "a picture of 20 x 14")
    wanted = area_mean(gray, *small.shape)
    off = np.abs(small - wanted).mean()
    expect(off < 20, small, f"differs from the drawing by {off:.0f} levels on average", "the same drawing", mistakes)
    mid = ((small > 40) & (small < 215)).sum() / ((wanted > 40) & (wanted < 215)).sum()
    expect(mid > 0.3, small, "has hardly any gray at the edges", "edges that are gray", mistakes)
    lines = np.zeros((126, 90), np.uint8)
    for row, column in zip((20, 55, 95), (15, 40, 70), strict=True):
        lines[row + rng.integers(-5, 6)] = 255
        lines[:, column + rng.integers(-5, 6)] = 255
    small = submission.fit_to_box(lines)
    mistakes = [overshoot_wraps, skips_pixels]
    expect_picture(small)
    expect(alike(small.shape, (20, 14), 1), small, f"returned {describe(small)}", "a picture of 20 x 14")
    wanted = area_mean(lines, *small.shape)
    share = small.mean() / wanted.mean()
    found = correlation(small.astype(float), wanted)
    seen = f"made fine lines {share:.0%} as bright as they are on average, with a correlation of {max(found, 0):.0%}"
    expect(found > 0.75 and 0.7 < share < 1.3, small, seen, "a pale line for every fine line", mistakes)


# center_by_mass


@symptom("box-centered", question="Where does the ink balance? Is that the middle of the box?")
def box_centered(value, digit, size=28):
    """The digit was centered by its box, not by its ink: an L has most of its ink at the foot."""
    places = [{(size - side) // 2, (size - side + 1) // 2} for side in digit.shape]
    return any(np.array_equal(value, paste(digit, size, top, left)) for top in places[0] for left in places[1])


@symptom("not-centered", question="Where does the digit lie in the frame?")
def not_centered(value, digit, size=28):
    """The digit was put into the corner of the frame and never moved."""
    return np.array_equal(value, paste(digit, size, 0, 0))


@symptom("rows-and-columns-swapped", question="Which coordinate of the center counts rows?")
def center_swapped(value, digit, size=28):
    """The shifts down and to the right were swapped."""
    shift = size // 2 - mass_center(digit)[::-1]
    return matches_a_shift(value, digit, size, shift)


@symptom("shifted-the-wrong-way", question="If the ink hangs too far down, which way must it move?")
def shifted_the_wrong_way(value, digit, size=28):
    """The digit moved away from the middle, not toward it: the shift has the wrong sign."""
    back = np.round(mass_center(digit) - size // 2).astype(int)
    if np.array_equal(value, np.roll(paste(digit, size, 0, 0), back, axis=(0, 1))):
        return True
    middle = (size - np.array(digit.shape)) / 2
    shift = middle - (size / 2 - 0.5 - (middle + mass_center(digit)))
    return matches_a_shift(value, digit, size, shift)


@symptom("wraps-around", question="What should come in from the edge of the frame?")
def wraps_around(value, digit, size=28):
    """Ink that left the frame on one side came in again on the other."""
    exact = size // 2 - mass_center(digit)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            shift = np.round(exact + np.array([down, right])).astype(int)
            if np.array_equal(value, np.roll(paste(digit, size, 0, 0), shift, axis=(0, 1))):
                return True
    return False


@symptom("pushed-out-of-frame", question="How far may the digit move before its edge meets that of the frame?")
def pushed_out_of_frame(value, digit, size=28):
    """Balancing the digit pushed a part of it out of the frame; it has to stop at the edge."""
    return value is None or value.sum(dtype=float) < 0.97 * digit.sum(dtype=float)


def matches_a_shift(value, digit, size, shift):
    """True when a value is the digit, moved by about ``shift`` and clipped to the frame."""
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            place = np.round(shift + np.array([down, right])).astype(int)
            place = np.clip(place, 0, size - np.array(digit.shape))
            if np.array_equal(value, paste(digit, size, *place)):
                return True
    return False


CENTER_MISTAKES = [box_centered, not_centered, wraps_around, center_swapped, shifted_the_wrong_way, pushed_out_of_frame]


@check(
    points=1,
    title="center_by_mass puts the center of mass on the middle pixel, and keeps all ink in the frame",
    hints=(
        "Where would an L balance on the tip of a pencil: in the middle of its box?",
        "The center of mass is the mean row and the mean column of all pixels, weighted by their levels. Shift it to "
        "the middle, but not beyond the point where the digit meets the edge of the frame.",
        "top = round(size // 2 - mean row), clipped to 0..size - height; the same for left; then assign the digit to "
        "that part of an array of zeros.",
    ),
)
def test_center(submission, probe):
    rng = probe.rng
    cases = [("L", (20, 13), 28), ("seven", (12, 20), 28), ("flag", (20, 11), 33), ("L", (14, 16), 24)]
    for figure, (height, width), size in cases:
        digit = as_bytes(draw(figure, height, width, 3) * rng.integers(200, 256))
        expect_centered(submission.center_by_mass(*([digit] if size == 28 else [digit, size])), digit, size)
    dot = np.full((1, 1), 200, np.uint8)
    expect_centered(submission.center_by_mass(dot), dot, 28)
    heavy = np.zeros((20, 20), np.uint8)
    heavy[-1, :] = heavy[:, -1] = 40
    heavy[:5, :5] = 255
    for digit in (heavy, heavy[::-1, ::-1].copy(), heavy[:, ::-1].copy()):
        try:
            framed = submission.center_by_mass(digit)
        except SubmissionError as error:
            if error.type not in {"ValueError", "IndexError"}:
                raise
            wanted = "a frame of 28 x 28 that holds all of the ink"
            expect(False, None, f"raised {error.summary}", wanted, [pushed_out_of_frame])
        else:
            expect_centered(framed, digit, 28)
    expect_no_ink(submission.center_by_mass, np.zeros((20, 9), np.uint8))


def expect_centered(value, digit, size):
    expect_picture(value, (size, size))
    kept = value.sum(dtype=float) / digit.sum(dtype=float)
    seen = f"returned a frame with {kept:.0%} of the digit's ink"
    expect(0.97 < kept < 1.03, value, seen, "all of the ink and no more", CENTER_MISTAKES)
    wanted = paste(digit, size, *place_by_mass(digit, size))
    center, right_center = mass_center(value), mass_center(wanted)
    edges = "" if np.abs(right_center - size // 2).max() < 1 else ", as near the middle as the frame allows"
    expect(
        np.abs(center - size // 2).max() <= max(1.1, np.abs(right_center - size // 2).max() + 0.6),
        value,
        f"has its center of mass at row {center[0]:.1f}, column {center[1]:.1f}",
        f"about row {right_center[0]:.0f}, column {right_center[1]:.0f}{edges}",
        CENTER_MISTAKES,
    )
    found, _ = best_correlation(blurred(value), blurred(wanted), 1)
    expect(found > 0.75, value, "returned a frame with another picture in it", "the digit as it was", CENTER_MISTAKES)
    expect_input_unchanged(value)


# prepare_image


@symptom("not-inverted", question="Is the paper black or white in MNIST?")
def paper_is_bright(value, image):
    """The digit is dark on bright paper; in MNIST it is the other way around."""
    return np.median(np.concatenate([value[0], value[-1], value[:, 0], value[:, -1]])) > 100


@symptom("cropped-before-inverting", question="What does crop_to_ink take for ink when the page is still bright?")
def cropped_before_inverting(value, image):
    """The crop got a page of dark ink on bright paper and took bright paper for ink: the inversion comes after the crop
    or is missing."""
    return True  # `cropped_too_early` knows the result of this order


@symptom("fills-the-frame", question="How many of MNIST's 28 pixels does a digit's longest side take up?")
def digit_fills_the_frame(value, image):
    """The digit fills the frame of 28; MNIST's digits fill a box of 20 in it."""
    return max(size_of(value > 64)) > 23


@symptom("crop-left-out", question="What was scaled to 20 pixels: the ink, or the whole page?")
def crop_left_out(value, image):
    """The digit is too small: the whole page was scaled into the box, not the ink alone."""
    return max(size_of(value > 64)) < 16


@symptom("stretched", question="Did your 1 grow fat?")
def digit_stretched(value, image):
    """The digit is as wide as it is high, but on the page it was not: it lost its proportions."""
    return min(size_of(value > 64)) >= 18


@symptom("box-centered", question="Where does the ink balance? Is that the middle of the box?")
def digit_box_centered(value, image):
    """The digit was centered in the frame by its box, not by its ink."""
    box = box_of(value > 64)
    return all(abs((side.start + side.stop - 1) / 2 - 13.5) <= 1 for side in box)


@symptom("scaled-to-one", question="Which range do MNIST's pixels have before lesson 1 scales them?")
def scaled_to_one(value, image):
    """The levels run from 0 to 1; this function should return bytes, 0 to 255, as in MNIST's files."""
    return value.dtype.kind == "f" and value.max() <= 1


PREPARE_MISTAKES = [
    scaled_to_one,
    paper_is_bright,
    hard_threshold,
    digit_fills_the_frame,
    crop_left_out,
    digit_stretched,
]


@check(
    points=1,
    title="prepare_image prepares a photograph as the makers of MNIST prepared their digits",
    hints=(
        "In which order must your five functions be called, and which of them needs the border of the page?",
        "Gray, polarity, crop, box of 20, frame of 28: each takes what the one before it returned. Nothing else is "
        "needed.",
        "center_by_mass(fit_to_box(crop_to_ink(…))) with the first two functions inside, and nothing after it.",
    ),
    after=[
        test_grayscale,
        test_transparency,
        test_polarity,
        test_crop,
        test_specks,
        test_shadow,
        test_blank_page,
        test_fit_shape,
        test_fit_levels,
        test_center,
    ],
)
def test_prepare(submission, probe):
    for kind in ("pen", "drawing", "chalk"):
        image, ink = picture(probe.rng, kind)
        try:
            value = submission.prepare_image(image)
        except SubmissionError as error:
            if kind != "pen" or not says_no_ink(error) or cropped_first(submission, image):
                raise
            with suppress(SubmissionError):
                submission.prepare_image(image)  # again, as the latest call is the one that is shown
            expect(False, None, f"raised {error.summary}", "the digit on the page", [cropped_before_inverting])
        expect_prepared(value, ink, [cropped_too_early(submission, image)] if kind == "pen" else [])
    expect_no_ink(submission.prepare_image, np.full((50, 40, 3), 235, np.uint8))
    expect_no_ink(submission.prepare_image, np.full((1, 1), 255, np.uint8))


def says_no_ink(error):
    return error.type == "ValueError" and "no ink" in error.text.lower()


def cropped_too_early(submission, image):
    """The mistake, recognized by what the submission's own functions make of this image. They are called only where a
    result is wrong: a `prepare_image` that does everything by itself needs none of them."""
    return replace(
        cropped_before_inverting,
        shows=lambda value, *_: any(np.array_equal(value, wrong) for wrong in cropped_first(submission, image)),
    )


def cropped_first(submission, image):
    """What the submission's own functions make of a picture that is inverted after the crop or not at all; nothing if
    they find no ink in it then, or do not work."""
    invert, fit, center = submission.invert_if_needed, submission.fit_to_box, submission.center_by_mass
    try:
        ink = submission.crop_to_ink(submission.to_grayscale(image))
        small = fit(ink)
        framed = center(small)
        return [framed, invert(framed), center(invert(small)), center(fit(invert(ink)))]
    except SubmissionError:
        return []


def expect_prepared(value, ink, mistakes):
    """Fail unless a value is a digit like MNIST's, made of this ink; ``mistakes`` are tried before all others."""
    expect_picture(value, (28, 28), [scaled_to_one])
    mistakes = [*mistakes, *PREPARE_MISTAKES]
    small = area_mean(255 * ink, *fitted(ink, 20))
    wanted = paste(small, 28, *place_by_mass(small, 28))
    edge = np.median(np.concatenate([value[0], value[-1], value[:, 0], value[:, -1]]))
    expect(edge <= 40, value, f"has a border of level {edge:.0f}", "black paper around the digit", mistakes)
    brightest = value.max()
    expect(brightest >= 200, value, f"has no pixel above {brightest}", "ink near 255", mistakes)
    height, width = size_of(value > 64)
    right_height, right_width = size_of(wanted > 64)
    is_sized = 18 <= max(height, width) <= 21 and alike((height, width), (right_height, right_width), 2)
    seen = f"returned a digit of {height} x {width} pixels"
    expect(is_sized, value, seen, f"about {right_height} x {right_width}", mistakes)
    center = mass_center(value)
    off_center = [*mistakes, digit_box_centered]
    seen = f"has its center of mass at row {center[0]:.1f}, column {center[1]:.1f}"
    expect(np.abs(center - 14).max() <= 1.25, value, seen, "row 14, column 14, within a pixel", off_center)
    soft = ((value > 30) & (value < 225)).sum() / (value > 30).sum()
    expect(soft > 0.1, value, "has no gray left at the edges", "gray edges", mistakes)
    found, _ = best_correlation(blurred(value), blurred(wanted), 1)
    expect(found > 0.8, value, "returned a picture that is not the digit", "the digit on the page", mistakes)
    expect_input_unchanged(value)
