"""Checks of exercise 11: augmentation."""

import dataclasses
from typing import Any

import numpy as np
from scipy import ndimage

from grader.api import (
    SubmissionError,
    check,
    expect,
    expect_accuracy,
    expect_array,
    expect_close,
    expect_input_unchanged,
    expect_model,
    expect_untrained,
    measure,
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
    outputs_of,
    shrinks,
)

SIGMAS = 7  # how far the share of a right random number may lie from its mean: beyond this in 1 of 10**11 cases
TRAINING_IMAGES, TRAINING_EPOCHS = 10_000, 3
TEST_SHIFT = 4  # pixels, up to which the test digits are shifted
MOST_TURN, MOST_SHIFT = 45 / 360, 0.3  # of a full turn; of the picture

# shift


# Oracle
def shifted(images: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """The images shifted, blank where nothing came in."""
    distances = [0, rows, columns, 0][: images.ndim]
    return ndimage.shift(images, distances, order=0, mode="constant", cval=0, prefilter=False)


def blank(images: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Where a shift leaves free places."""
    return ~shifted(np.ones(images.shape, bool), rows, columns)


WRAPS_AROUND = "wraps-around", "What comes in from the edge: blank paper, or what left the picture on the other side?"


@mistake(*WRAPS_AROUND)
def wraps_around(images, rows, columns):
    """What leaves the picture on one side comes in again on the other, as in np.roll."""
    return np.roll(images, (rows, columns), axis=(1, 2))


@mistake("wraps-around", question="Along how many axes does something come in from the edge?")
def wraps_columns(images, rows, columns):
    """Blank paper came in along one axis; along the other, what left the picture came in again on the opposite side."""
    return np.roll(shifted(images, rows, 0), columns, axis=2)


@mistake("wraps-around", question="Along how many axes does something come in from the edge?")
def wraps_rows(images, rows, columns):
    """Blank paper came in along one axis; along the other, what left the picture came in again on the opposite side."""
    return np.roll(shifted(images, 0, columns), rows, axis=1)


@mistake("shifts-other-axis", question="Which axis of (n, height, width) do you move along when you go down a picture?")
def shifts_other_axis(images, rows, columns):
    """Rows and columns are swapped: what should go down went to the right."""
    return shifted(images, columns, rows)


@mistake("shifts-other-axis", question="Which axis of (n, height, width) is the first of the picture itself?")
def shifts_the_batch(images, rows, columns):
    """The images were moved along the batch axis: some are gone, and blank ones came in."""
    return ndimage.shift(images, [rows, columns, *[0] * (images.ndim - 2)], order=0, prefilter=False)


@mistake("shifts-other-axis", question="Which axis of (n, height, width, 1) is the last of the picture itself?")
def shifts_the_channel(images, rows, columns):
    """The last two axes were taken for rows and columns, but with a channel axis they are columns and channel."""
    return ndimage.shift(images, [*[0] * (images.ndim - 2), rows, columns], order=0, prefilter=False)


@mistake("shifted-the-wrong-way", question="After a shift by 2 rows, which row holds what was in row 0?")
def both_the_wrong_way(images, rows, columns):
    """The images went the opposite way: positive rows move them down, positive columns to the right."""
    return shifted(images, -rows, -columns)


@mistake("shifted-the-wrong-way", question="After a shift by 2 rows, which row holds what was in row 0?")
def rows_the_wrong_way(images, rows, columns):
    """The rows went the opposite way: row 0 is at the top, so positive rows move the images down."""
    return shifted(images, -rows, columns)


@mistake("shifted-the-wrong-way", question="After a shift by 2 columns, which column holds what was in column 0?")
def columns_the_wrong_way(images, rows, columns):
    """The columns went the opposite way: positive columns move the images to the right."""
    return shifted(images, rows, -columns)


@mistake("one-axis-only", question="Which line of your function uses rows, and which uses columns?")
def rows_only(images, rows, columns):
    """The images were shifted by rows, but not by columns."""
    return shifted(images, rows, 0)


@mistake("one-axis-only", question="Which line of your function uses rows, and which uses columns?")
def columns_only(images, rows, columns):
    """The images were shifted by columns, but not by rows."""
    return shifted(images, 0, columns)


WHITE_FILL = "white-fill", "Which number stands for paper in MNIST, and which for ink?"


@symptom(*WHITE_FILL)
def white_fill(result, images, rows, columns):
    """The gap that the shift leaves is not filled with 0, so a bar of ink moves in with the digit."""
    free, right = blank(images, rows, columns), shifted(images, rows, columns)
    filling = result[free]
    return filling.min() == filling.max() != 0 and np.allclose(result[~free], right[~free], atol=1e-6)


@mistake("old-ink-stays", question="What is in the gap before you write the shifted part?")
def old_ink_stays(images, rows, columns):
    """The shifted part was written over a copy of the images, so the old ink is still there in the gap."""
    return np.where(blank(images, rows, columns), images, shifted(images, rows, columns))


@mistake("repeats-the-edge", question="What should come in from the edge: blank paper, or more of what is there?")
def repeats_the_edge(images, rows, columns):
    """The outermost row and column were repeated into the gap; blank paper should come in."""
    return ndimage.shift(images, [0, rows, columns, 0][: images.ndim], order=0, mode="nearest", prefilter=False)


@mistake("reflects-the-edge", question="What should come in from the edge: blank paper, or its mirror image?")
def reflects_the_edge(images, rows, columns):
    """The picture was reflected into the gap; blank paper should come in."""
    return ndimage.shift(images, [0, rows, columns, 0][: images.ndim], order=0, mode="reflect", prefilter=False)


@symptom("loses-dtype", question="What is the dtype of an array that np.zeros makes?")
def loses_dtype(result, images, *arguments):
    """The pixels are right, but they came back in a different dtype."""
    return result.dtype != images.dtype


@symptom("drops-the-channel-axis", question="What shape did the images have when they came in?")
def drops_the_channel_axis(result, images, *arguments):
    """The images came with a channel axis, and it is gone."""
    return images.ndim == 4 and result.shape == images.shape[:3]


SHIFT_MISTAKES = [
    wraps_around,
    both_the_wrong_way,
    rows_the_wrong_way,
    columns_the_wrong_way,
    shifts_other_axis,
    shifts_the_batch,
    shifts_the_channel,
    rows_only,
    columns_only,
    wraps_columns,
    wraps_rows,
    old_ink_stays,
    repeats_the_edge,
    reflects_the_edge,
    white_fill,
    drops_the_channel_axis,
]


ONLY_POSITIVE_SHIFTS = "only-positive-shifts", "What does images[:, -2:] select, and what does images[:, :2]?"


@mistake(*ONLY_POSITIVE_SHIFTS)
def negative_bounds(images, rows, columns):
    """The bounds of the slices became negative, and a negative bound counts from the end: only shifts down and to the
    right come out correct."""
    result = np.zeros_like(images)
    result[:, rows:, columns:] = images[:, : images.shape[1] - rows, : images.shape[2] - columns]
    return result


@mistake(*ONLY_POSITIVE_SHIFTS)
def negative_bounds_from_the_end(images, rows, columns):
    """The bounds of the slices became negative, and a negative bound counts from the end: only shifts down and to the
    right come out correct."""
    result = np.zeros_like(images)
    result[:, rows:, columns:] = images[:, :-rows, :-columns]
    return result


@mistake("only-positive-shifts", question="What does your function do with a shift of -2?")
def negative_as_none(images, rows, columns):
    """A negative shift was ignored. It should move the images up, or to the left."""
    return shifted(images, max(rows, 0), max(columns, 0))


@mistake("only-positive-shifts", question="What does your function do with a shift of -2?")
def negative_as_positive(images, rows, columns):
    """A negative shift had the effect of a positive one. It should move the images up, or to the left."""
    return shifted(images, abs(rows), abs(columns))


@symptom(*ONLY_POSITIVE_SHIFTS)
def negative_refused(error, *arguments):
    """Shifts down and to the right work. With a negative shift, the bounds of your slices become negative, and a
    negative bound counts from the end, so the two sides no longer have the same size."""
    return isinstance(error, SubmissionError) and "shape" in error.text


NEGATIVE_MISTAKES = [
    negative_bounds,
    negative_bounds_from_the_end,
    negative_as_none,
    negative_as_positive,
    negative_refused,
]


def expect_shifted(
    submission: Any, images: np.ndarray, rows: int, columns: int, others: Any = (), form: str = ""
) -> None:
    """Fail unless shift moves the images and keeps shape, dtype and its input.

    Args:
        others: mistakes to try before all others, on the exception too if it raises one.
        form: what is expected instead of an exception.
    """
    try:
        result = submission.shift(images, rows, columns)
    except SubmissionError as error:
        known = any(other.shows and other.shows(error, images, rows, columns) for other in others)
        expect(not known, error, f"raised {error.summary}", form, others)
        raise
    mistakes = [*others, *SHIFT_MISTAKES]
    expect_array(result, images.shape, mistakes=mistakes)
    expect_close(result, shifted(images, rows, columns), rtol=1e-6, mistakes=mistakes)
    expect_array(result, images.shape, str(images.dtype), mistakes=[loses_dtype])
    expect_input_unchanged(result)


@check(
    points=1,
    title="shift moves images up or down and left or right, and blank paper moves in",
    hints=(
        "Draw a picture of 3 x 3 numbers and shift it down by one row: which rows of the old one are in the new one, "
        "and where?",
        "Start from a blank array and copy into it the part that stays in the picture. For a shift down, that part "
        "starts in row 0 of the old picture; for a shift up, it starts lower down. So the two signs need two cases, or "
        "max.",
        "kept = max(height - abs(rows), 0), to_top = max(rows, 0), from_top = max(-rows, 0); then "
        "shifted[:, to_top : to_top + kept, …] = images[:, from_top : from_top + kept, …]",
    ),
)
def test_shift(submission, probe):
    images = probe.images(4)
    down, right = int(probe.rng.integers(2, 6)), int(probe.rng.integers(7, 11))
    expect_shifted(submission, images, down, right)
    for rows, columns in ((-down, right), (right, -down), (-right, -down - 1)):
        expect_shifted(submission, images, rows, columns, NEGATIVE_MISTAKES, "images shifted up or to the left")


@symptom("minus-zero", question="What does images[:, :-0] select?")
def minus_zero(result, images, rows, columns):
    """If the shift along an axis is 0, the images are lost: -0 is 0, so a slice that should end 0 pixels before the end
    is empty."""
    if isinstance(result, SubmissionError):
        return "shape" in result.text
    return result.size != images.size or not result.any()


@symptom("shift-beyond-the-picture", question="How many of an image's 28 rows stay in the picture after a shift by 30?")
def beyond_the_picture(result, images, rows, columns):
    """A shift by the picture's own size or more leaves nothing but blank paper. Your function fails only there."""
    return True


@symptom("assumes-28-by-28", question="How does your function know how many rows and columns an image has?")
def assumes_28_by_28(result, images, *arguments):
    """Images of 28 x 28 come out right and others do not: your function takes that size for granted."""
    return True


@check(
    points=1,
    title="shift keeps shape and dtype, whatever the size of the images and of the shift",
    after=[test_shift],
    hints=(
        "What should be left of an image of 28 rows that is shifted down by 30?",
        "Height and width are images.shape[1] and [2], with or without a channel axis. height - abs(rows) rows stay "
        "in the picture, but never fewer than 0; np.zeros_like keeps the dtype.",
        "kept = max(height - abs(rows), 0), then shifted[:, a : a + kept] = images[:, b : b + kept] with a and b never "
        "negative",
    ),
)
def test_shift_forms(submission, probe):
    images = probe.images(3)
    for rows, columns in ((0, 3), (-2, 0), (0, 0), (4, 0), (0, -5)):
        expect_shifted(submission, images, rows, columns, [minus_zero], "images shifted along one axis at most")
    with_channel = probe.images(3)[..., np.newaxis]
    for rows, columns in ((3, -5), (-4, 2)):
        expect_shifted(submission, with_channel, rows, columns)
    for images in (
        probe.normal(2, 28, 28).astype("float32"),
        probe.normal(1, 28, 28, 1),
        probe.rng.integers(-500, 500, (2, 28, 28), dtype=np.int16),
    ):
        expect_shifted(submission, images, -3, 6)
    form = "shifted images of their own size"
    for images in (probe.images(2, 17, 36), probe.images(1, 40, 9)[..., np.newaxis], probe.images(3, 5, 7)):
        for rows, columns in ((2, -4), (-3, 1)):
            expect_shifted(submission, images, rows, columns, [assumes_28_by_28], form)
    images = probe.images(2, 12, 9)
    for rows, columns in ((12, 0), (0, -9), (15, 2), (-14, 1), (3, 11), (-2, -10), (40, -40)):
        expect_shifted(submission, images, rows, columns, [beyond_the_picture], "blank images")


# random_shift


class Shifts:
    """Which shifts explain the images that came back: ``rows`` and ``columns`` of each, where one was ``found``."""

    def __init__(self, result: np.ndarray, images: np.ndarray, reach: int) -> None:
        self.result, self.images = result, images
        self.rows, self.columns = np.zeros(len(images), int), np.zeros(len(images), int)
        self.found = np.zeros(len(images), bool)
        for rows in range(-reach, reach + 1):
            for columns in range(-reach, reach + 1):
                same = ~self.found & equal_images(result, shifted(images, rows, columns))
                self.rows[same], self.columns[same] = rows, columns
                self.found |= same

    @property
    def both(self) -> np.ndarray:
        """All distances on one axis."""
        return np.concatenate([self.rows, self.columns])


def equal_images(result: np.ndarray, images: np.ndarray) -> np.ndarray:
    """For every image: do the two agree up to rounding?"""
    return np.isclose(result, images, rtol=1e-5, atol=1e-6).reshape(len(images), -1).all(axis=1)


def explained(result: np.ndarray, images: np.ndarray, max_shift: int, wrong: Any) -> bool:
    """True when every image is what a wrong way of shifting makes of it, by some distance in reach."""
    left = np.ones(len(images), bool)
    for rows in range(-max_shift, max_shift + 1):
        for columns in range(-max_shift, max_shift + 1):
            left &= ~equal_images(result, wrong(images, rows, columns))
    return not left.any()


@symptom(*WRAPS_AROUND)
def wraps_at_random(result, images, max_shift, rng):
    """What leaves the picture on one side comes in again on the other, as in np.roll."""
    return explained(result, images, max_shift, wraps_around.reenact)


@symptom(*WHITE_FILL)
def white_at_random(result, images, max_shift, rng):
    """The free places are filled with ink: a bar of it moves in with the digit."""
    full = 255 if images.max() > 1 else 1
    return explained(
        result, images, max_shift, lambda x, r, c: np.where(blank(x, r, c), full, shifted(x, r, c)).astype(x.dtype)
    )


@symptom("fractional-shifts", question="Which distances does your generator draw: whole numbers, or fractions too?")
def fractional_shifts(result, images, max_shift, rng):
    """There are gray levels that no image had before: the distances were not whole numbers, so pixels were mixed."""
    new = [np.mean(~np.isin(after, before)) for before, after in zip(images[:50], result[:50], strict=True)]
    return np.mean(new) > 0.2


@symptom("shifts-too-far", question="What is the largest number that your code can draw?")
def shifts_too_far(result, images, max_shift, rng):
    """Some images were shifted by more than max_shift."""
    return bool(Shifts(result, images, 2 * max_shift + 1).found.all())


def near(hits: np.ndarray, share: float) -> bool:
    """True when something happened as often as it is expected to, chance aside."""
    return abs(np.mean(hits) - share) < SIGMAS * np.sqrt(share * (1 - share) / len(hits))


@symptom("one-shift-for-all", question="How many random numbers does a batch of a hundred images need?")
def one_shift_for_all(shifts, *arguments):
    """The whole batch was shifted by the same distance."""
    return len(set(zip(shifts.rows.tolist(), shifts.columns.tolist(), strict=True))) == 1


@symptom("nothing-shifted", question="What does your function return: the images that came in, or the shifted ones?")
def nothing_shifted(shifts, *arguments):
    """Every image came back unshifted."""
    return not shifts.both.any()


@symptom("one-axis-only", question="How many random numbers does a single image need?")
def one_axis_at_random(shifts, *arguments):
    """The images were shifted along one axis only."""
    return not shifts.rows.any() or not shifts.columns.any()


@symptom("same-shift-on-both-axes", question="Can one of your images move down without moving sideways?")
def same_on_both_axes(shifts, *arguments):
    """Rows and columns were always shifted by the same number, so images move along a diagonal only."""
    return np.array_equal(shifts.rows, shifts.columns) or np.array_equal(shifts.rows, -shifts.columns)


@symptom("exclusive-upper-bound", question="What is the largest number that rng.integers(-2, 2) can draw?")
def exclusive_upper_bound(shifts, images, max_shift, rng):
    """No image was shifted by max_shift itself down or to the right: the upper bound of rng.integers is exclusive."""
    return shifts.both.max() == max_shift - 1 and shifts.both.min() == -max_shift


@symptom(
    "exclusive-upper-bound", question="Which numbers can rng.integers(-2, 2) draw, and which can rng.integers(0, 0)?"
)
def nothing_to_draw(error, *arguments):
    """With max_shift=0, your code has no number to draw from, because the upper bound of rng.integers (and of a range)
    is exclusive. For the same reason, no image is ever shifted by max_shift itself down or to the right."""
    return error.type == "ValueError" and any(words in error.text for words in ("high <= 0", "a cannot be empty"))


@symptom("only-positive-shifts", question="What is the smallest number that your code can draw?")
def only_down_and_right(shifts, *arguments):
    """Images moved down and to the right only, never up or to the left."""
    return shifts.both.min() >= 0


@symptom("ends-too-rare", question="Which numbers between -2 and 2 does int turn into 0, and which into 2?")
def truncated(shifts, images, max_shift, rng):
    """Fractions were drawn and cut off, so 0 occurs twice as often as the other numbers, and the longest shifts are too
    rare or never occur."""
    return np.abs(shifts.both).max() < max_shift or near(shifts.both == 0, 1 / (max_shift + 1))


@symptom("ends-too-rare", question="Which numbers between -2 and 2 are rounded to 2, and which to 1?")
def rounded(shifts, images, max_shift, rng):
    """The longest shifts are too rare. Fractions round to each end from one side only, so an end occurs half as
    often as the numbers in between."""
    return near(np.abs(shifts.both) == max_shift, 1 / (2 * max_shift))


RESULT_MISTAKES = [
    wraps_at_random,
    white_at_random,
    fractional_shifts,
    shifts_too_far,
    drops_the_channel_axis,
]
DISTANCE_MISTAKES = [
    nothing_shifted,
    one_shift_for_all,
    one_axis_at_random,
    only_down_and_right,
    same_on_both_axes,
    exclusive_upper_bound,
    truncated,
    rounded,
]


def expect_random_shifts(result: Any, images: np.ndarray, max_shift: int) -> Shifts:
    """Fail unless every image came back shifted by whole numbers up to ``max_shift``; returns by how much."""
    expect_array(result, images.shape, mistakes=RESULT_MISTAKES)
    shifts = Shifts(result, images, max_shift)
    lost = int(np.sum(~shifts.found))
    returned = (
        f"returned {lost} of {len(images)} images that are not the original image shifted by allowed whole numbers"
    )
    expected = f"each image shifted by -{max_shift} to {max_shift} pixels" if max_shift else "the images as they were"
    expect(not lost, result, returned, expected, RESULT_MISTAKES)
    expect_array(result, images.shape, str(images.dtype), mistakes=[loses_dtype])
    return shifts


@check(
    points=1,
    title="random_shift returns every image, shifted by whole numbers up to max_shift",
    after=[test_shift_forms],
    hints=(
        "What may change about the third image of a batch, and what may not: its dtype, its place in the batch?",
        "Take the images one after another, draw a whole number of rows and of columns for each, and let your shift do "
        "the work. It expects a batch, so give it a batch of one.",
        "rows, columns = rng.integers(-max_shift, max_shift + 1, size=2), then "
        "shifted[i : i + 1] = shift(images[i : i + 1], rows, columns), with shifted = np.empty_like(images)",
    ),
)
def test_random_shift(submission, probe):
    for images, max_shift in (
        (probe.images(30, 13, 16), 3),
        (probe.images(20), 5),
        (probe.images(12, 10, 11)[..., np.newaxis], 2),
        (probe.rng.uniform(0.1, 1, (10, 12, 14)).astype("float32"), 1),
        (probe.images(1), 4),
        (probe.images(6), 0),
    ):
        try:
            result = submission.random_shift(images, max_shift, probe.generator())
        except SubmissionError as error:
            empty = max_shift == 0 and nothing_to_draw.shows(error)
            expect(not empty, error, f"raised {error.summary}", "the images as they were", [nothing_to_draw])
            raise
        expect_random_shifts(result, images, max_shift)
        expect_input_unchanged(result)


@symptom("global-randomness", question="What else might draw random numbers between two calls of your function?")
def global_randomness(result, *arguments):
    """The same generator, in the same state, gave different shifts: the random numbers came from somewhere else."""
    return True


@symptom("seeded-inside", question="What does a network learn if a digit gets the same shift in every epoch?")
def seeded_inside(result, *arguments):
    """Two different generators gave the same shifts: the random numbers are the same in every call."""
    return True


@check(
    points=1,
    title="each image gets its own shift: every distance, both ends included, rows and columns independent",
    after=[test_random_shift],
    hints=(
        "Draw a thousand shifts of up to 2 pixels and count them: how often should each of -2, -1, 0, 1 and 2 occur?",
        "Draw two whole numbers for every image, all of them from rng. The upper bound of rng.integers is exclusive.",
        "rng.integers(-max_shift, max_shift + 1, size=(len(images), 2))",
    ),
)
def test_distances(submission, probe):
    images, reach = probe.images(1600, 9, 11), 2
    generator = probe.generator()
    first = submission.random_shift(images, reach, generator)
    shifts = expect_random_shifts(first, images, reach)
    for axis, distances in (("rows", shifts.rows), ("columns", shifts.columns)):
        seen = sorted(set(distances.tolist()))
        returned = f"shifted {len(images)} images by {', '.join(map(str, seen))} {axis}"
        expect(seen == [-2, -1, 0, 1, 2], shifts, returned, "-2, -1, 0, 1 and 2, each of them", DISTANCE_MISTAKES)
    pairs = len(set(zip(shifts.rows.tolist(), shifts.columns.tolist(), strict=True)))
    returned = f"gave {len(images)} images only {pairs} of the 25 pairs of rows and columns"
    expect(pairs == 25, shifts, returned, "all of them", DISTANCE_MISTAKES)
    for number in (-2, -1, 0, 1, 2):
        hits = shifts.both == number
        returned = f"drew {number} in {np.mean(hits):.0%} of all cases"
        expect(near(hits, 0.2), shifts, returned, "about 20%: one of five numbers", DISTANCE_MISTAKES)
    again = submission.random_shift(images, reach, generator)
    expect_random_shifts(again, images, reach)
    returned, expected = "gave other shifts than before", "the same ones from a generator in the same state"
    expect(np.array_equal(first, again), again, returned, expected, [global_randomness])
    other = submission.random_shift(images, reach, probe.generator())
    expect_random_shifts(other, images, reach)
    returned, expected = "gave the same shifts as before", "different ones from another generator"
    expect(not np.array_equal(first, other), other, returned, expected, [seeded_inside])


# build_augmented_cnn


@symptom("turns-for-degrees", question="What does a factor of 0.5 mean: half a degree, or half a turn?")
def refused_degrees(error):
    """RandomRotation counts in full turns, not in degrees: 10 degrees are 10 / 360 of a turn."""
    return "Rotation" in error.code


@symptom("pixels-for-fractions", question="What fraction of 28 pixels is 3 pixels?")
def refused_pixels(error):
    """RandomTranslation counts in fractions of the picture, not in pixels: 3 pixels out of 28 are 3 / 28."""
    return "Translation" in error.code


@symptom("compile-returns-none", question="What does model.compile return, and what does your function return?")
def compile_returns_none(value):
    """model.compile changes the model and returns None; your function passed that None on."""
    return value is None


@symptom("scaled-twice", question="What is the largest pixel that your first convolution sees?")
def rescales_inside(model):
    """The model divides by 255 itself, but the images it gets are already scaled."""
    return True


def built(submission: Any) -> Any:
    """A model of the learner's function."""
    try:
        model = submission.build_augmented_cnn()
    except SubmissionError as error:
        refused = "`factor` argument should be a number" in error.text
        returned = "passes a layer a factor outside its range of -1 to 1"
        expect(
            not refused, error, returned, "a fraction of the picture or of a turn", [refused_degrees, refused_pixels]
        )
        raise
    return expect_model(model, [compile_returns_none])


@check(
    points=1,
    title="the model turns (28, 28, 1) images into ten probabilities and is compiled",
    hints=(
        "Which of lesson 10's requirements for a network appear here again?",
        "Ten outputs from a softmax, a cross-entropy for the kind of labels you will pass to fit, and the metric "
        "accuracy. Factors of the random layers are fractions: of the picture, or of a full turn.",
        'model.compile(keras.optimizers.Adam(0.003), loss="sparse_categorical_crossentropy", metrics=["accuracy"]), '
        "then return model.",
    ),
)
def test_model(submission, probe):
    model = built(submission)
    expect_probabilities(outputs_of(model, probe.images(16)[..., np.newaxis] / 255))
    rescales = any(shrinks(layer) for layer in model.layers)
    expect(not rescales, model, "scales its input down", "a model for images in 0..1", [rescales_inside])
    expect_compiled(model, one_hot="sparse" not in str(model.compiled["loss"]), optimizer=None)


@symptom("augments-at-inference", question="Should asking twice change the answer?")
def augments_at_inference(model):
    """Digits are shifted even when the model only predicts, so it answers differently every time."""
    return True


@symptom("no-augmentation", question="Which of your layers changes a digit, but only while the network learns?")
def no_augmentation(model):
    """No layer of the model shifts or changes digits in training."""
    return True


@check(
    points=1,
    title="augmentation is active during training, and only then",
    after=[test_model],
    hints=(
        "When may the model answer the same digit differently the second time: during fit, or after it?",
        "Keras's random layers know by themselves whether the model is being trained. They go before the first "
        "convolution, where there is still a picture to move.",
        "keras.layers.RandomTranslation(…) right after the input, and no training argument anywhere.",
    ),
)
def test_augments(submission, probe):
    model = built(submission)
    images = probe.images(32)[..., np.newaxis] / 255
    asked, asked_again = outputs_of(model, images), outputs_of(model, images)
    agrees = np.allclose(asked, asked_again, atol=1e-5)
    expect(agrees, model, "answers differently when asked twice", "the same answer", [augments_at_inference])
    trained, trained_again = (model.predict(images, training=True) for _ in range(2))
    changes = trained.shape == trained_again.shape and not np.allclose(trained, trained_again, atol=1e-6)
    kinds = [layer.type for layer in model.layers]
    layers = any(kind.startswith("Random") for kind in kinds) or model.is_self_reported
    returned = f"has the layers {', '.join(kinds)}"
    expect(layers, model, returned, "at least one that augments", [no_augmentation])
    expect(changes, model, "gives the same answers twice in training", "different ones, by chance", [no_augmentation])


def reach(layer: Any, *settings: str) -> float:
    """How far a random layer goes: the largest of some of its factors, either way; 0 where it has none."""
    found = [layer.settings.get(name) for name in settings]
    numbers = [number for value in found for number in (value if isinstance(value, tuple) else (value,))]
    return max((abs(number) for number in numbers if isinstance(number, (int, float))), default=0.0)


@symptom("flipped-digits", question="Write a 2 and look at it in a mirror: which digit is it?")
def flipped_digits(layer):
    """Digits are mirrored. A mirrored 2 is not a 2, and yet the network is told that it is."""
    return layer.type == "RandomFlip"


@symptom("turns-for-degrees", question="What does a factor of 0.5 mean: half a degree, or half a turn?")
def turns_for_degrees(layer):
    """RandomRotation counts in full turns, not in degrees: here digits come out at any angle, and a 6 as a 9."""
    return layer.type == "RandomRotation" and reach(layer, "factor") >= 1


@symptom("rotated-too-far", question="How far can you rotate a 6 before you read it as something else?")
def rotated_too_far(layer):
    """Digits are rotated so far that their labels are no longer true. The factor is a fraction of a full turn."""
    return layer.type == "RandomRotation" and reach(layer, "factor") > MOST_TURN + 1e-6


@symptom("shifted-too-far", question="How much of a digit is left in the picture after the longest shift?")
def shifted_too_far(layer):
    """Digits are shifted so far that parts of them leave the picture, and what is left could be any digit."""
    return layer.type == "RandomTranslation" and reach(layer, "height_factor", "width_factor") > MOST_SHIFT + 1e-6


@symptom(*WHITE_FILL)
def fills_with_ink(layer):
    """The layer fills the gaps at the edge with ink instead of blank paper."""
    return layer.settings.get("fill_mode") == "constant" and reach(layer, "fill_value") > 0


@symptom(*WRAPS_AROUND)
def wraps_inside(layer):
    """What leaves the picture on one side comes in again on the other."""
    return layer.settings.get("fill_mode") == "wrap"


@symptom("reflects-the-edge", question="What does your layer do at the edge unless you tell it otherwise?")
def reflects_inside(layer):
    """The layer fills the gaps at the edge with a reflection of what lies next to them. That is its default."""
    return layer.settings.get("fill_mode") == "reflect"


LABEL_CHANGES = [flipped_digits, turns_for_degrees, rotated_too_far, shifted_too_far]
FILLINGS = [fills_with_ink, wraps_inside, reflects_inside]


@check(
    points=1,
    title="a digit changed by the model in training is still that digit, on blank paper",
    after=[test_augments],
    hints=(
        "Which of your layers could turn a digit into another one, or into none at all?",
        "A shift and a small rotation leave the label true; mirroring and a half turn do not. Factors are fractions of "
        "the picture or of a full turn. The layer's argument fill_mode decides what moves in from the edge.",
        'RandomTranslation(4 / 28, 4 / 28, fill_mode="constant"), and nothing that mirrors or rotates.',
    ),
)
def test_keeps_labels(submission):
    model = built(submission)
    for layer in model.layers:
        known = next((known for known in LABEL_CHANGES if known.shows(layer)), None)
        expect(known is None, model, told(layer), "augmentation that leaves the label true", with_layer(known, layer))
    for layer in model.layers:
        known = next((known for known in FILLINGS if known.shows(layer)), None)
        mode, value = layer.settings.get("fill_mode"), layer.settings.get("fill_value")
        returned = f"has a {layer.type} that fills the gaps by {mode}" + f" {value}" * (mode == "constant")
        expect(known is None, model, returned, "blank paper: constant 0", with_layer(known, layer))


def told(layer: Any) -> str:
    """A layer that goes too far, in words."""
    distance = reach(layer, "height_factor", "width_factor")
    far = {
        "RandomFlip": "mirrors digits",
        "RandomRotation": f"rotates digits by up to {360 * reach(layer, 'factor'):.0f} degrees",
        "RandomTranslation": f"shifts digits by up to {distance:.2g} of the picture",
    }
    return f"has a {layer.type} that {far.get(layer.type, 'changes digits')}"


def with_layer(known: Any, layer: Any) -> list:
    """The mistake that a layer has been found to show, in a form that is asked about the model."""
    return [] if known is None else [dataclasses.replace(known, shows=lambda model: known.shows(layer))]


# train_augmented


@symptom("sparse-vs-one-hot", question="Is your label a number or a row of ten? Which of them does your loss expect?")
def other_labels(error, *arguments):
    """The labels went into fit in one form, but the model is compiled for the other: integers, or one-hot rows."""
    return True


@check(
    points=1,
    title="train_augmented prepares the digits, trains on them alone and returns the History",
    after=[test_model],
    hints=(
        "What do the images look like when they arrive, and what does the model take?",
        "The caller passes raw uint8 images without a channel axis. Scaling them and adding the axis is this "
        "function's job. Shifting them is the model's.",
        'x = images.astype("float32")[..., np.newaxis] / 255, then return model.fit(x, labels, epochs=epochs)',
    ),
)
def test_training_call(submission, probe):
    model = built(submission)
    images, labels = probe.images(200), probe.labels(200)
    probes = images[:20, :, :, np.newaxis] / 255
    before = outputs_of(model, probes)
    try:
        history = submission.train_augmented(model, images, labels, epochs=2)
    except SubmissionError as error:
        sparse = "sparse" in str(model.compiled["loss"])
        axes = {len(fit["y_shape"]) for fit in observed_fits() if "y_shape" in fit}
        unfit = axes == {2} if sparse else axes == {1}
        form = "one-hot rows" if sparse else "integer labels"
        wanted = "integers for this loss" if sparse else "one-hot rows for this loss"
        expect(not unfit, error, f"passed {form} to fit", wanted, [other_labels])
        raise
    expect_own_digits(history)
    expect_new_weights(history, before, outputs_of(model, probes))
    expect_history(history, epochs=2)
    expect_scaled_inside(history)
    expect_input_unchanged(history)


class Trained:
    """A trained model: the share of digits that it gets right as they are, and shifted."""

    def __init__(self, plain: float, moved: float) -> None:
        self.plain, self.moved = plain, moved


@symptom("shifted-too-little", question="What is the largest shift, in pixels, that your layer gives a 28 x 28 image?")
def shifted_too_little(trained, *arguments):
    """The network recognizes digits that are not shifted and misses shifted ones. In training, it has seen hardly any
    that were shifted by as much as 4 pixels."""
    return 1 - trained.moved > 3 * (1 - trained.plain)  # about 2 with shifts of 4 pixels, however little it learned


@symptom(
    "learned-too-little",
    question="How many updates do three epochs of 10,000 digits make with your batch size, and how large are they?",
)
def learned_too_little(trained, *arguments):
    """The size of the shifts is not the problem: the network also misses digits that are not shifted. It did not learn
    the task in three epochs: there were too few updates, or they were too small or too large."""
    return True


@check(
    points=2,
    title="after training, the network recognizes unseen digits that are shifted by up to 4 pixels",
    after=[test_keeps_labels, test_training_call],
    trains=True,
    hints=(
        "Which digits does your network miss: only shifted ones, or also those in the middle? If only shifted ones, "
        "how far does it shift digits in training? If both, how much can it learn in three epochs?",
        "Training must shift digits as far as the test does. And there are only three epochs: Adam's default learning "
        "rate is low for that, and large batches leave few updates.",
        'RandomTranslation(4 / 28, 4 / 28, fill_mode="constant"), batches of 32, Adam with 0.002 to 0.004.',
    ),
)
def test_accuracy(submission, probe, digits):
    split = digits.split(num_train=TRAINING_IMAGES, view="turned", channel_axis=True)
    moved = dataclasses.replace(split, x_test=shifted_each(split.x_test, probe.rng))
    model = built(submission)
    expect_untrained(model, split)
    submission.train_augmented(model, split.x_train, split.y_train, epochs=TRAINING_EPOCHS)
    trained = Trained(model.accuracy(split, num_test=2000), model.accuracy(moved))
    measure("accuracy where they stand", trained.plain)
    expect_accuracy(trained, trained.moved, [shifted_too_little, learned_too_little])


def shifted_each(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Each image shifted by whole numbers of rows and columns of its own, up to ``TEST_SHIFT``."""
    distances = rng.integers(-TEST_SHIFT, TEST_SHIFT + 1, (len(images), 2))
    result = np.empty_like(images)
    for rows, columns in np.unique(distances, axis=0):
        chosen = (distances == (rows, columns)).all(axis=1)
        result[chosen] = shifted(images[chosen], rows, columns)
    return result
