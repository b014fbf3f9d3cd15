"""What came back and what was expected as two small pictures, where both are images."""

from typing import Any

import numpy as np

Rows = list[list[float]]
DIGIT = (28, 28)
SIDES = range(5, 65)  # of any other array that is shown as an image
VISIBLE = 0.05  # of full ink: a smaller difference is left to the words
GREATEST = 1e30  # so that no difference overflows


def pictures(value: Any, expected: Any) -> tuple[tuple[str, Rows], ...]:
    """The first image of two stacks that looks different: ("your output", rows) and ("expected", rows).

    Rows hold ink from 0 to 1. Each picture has a scale of its own, from 0 (or the least number, if that is below 0) to
    its largest number. Nothing comes back where one of the two is no image, or where no eye would see a difference.
    """
    for ours, theirs in zip(images(value), images(expected), strict=False):
        shown, wanted = ink(ours), ink(theirs)
        if shown.shape != wanted.shape or np.abs(shown - wanted).max() > VISIBLE:
            return ("your output", shown.round(3).tolist()), ("expected", wanted.round(3).tolist())
    return ()


def images(array: Any) -> np.ndarray:
    """An array as a stack of images (n, rows, columns); an empty one where it is none."""
    none = np.empty((0, *DIGIT))
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "biuf":
        return none
    if array.shape[-1:] == (DIGIT[0] * DIGIT[1],):  # one row for each digit
        array = array.reshape(*array.shape[:-1], *DIGIT)
    elif array.shape[-3:] == (*DIGIT, 1):  # a channel
        array = array[..., 0]
    is_image = array.shape[-2:] == DIGIT or (array.ndim == 2 and all(side in SIDES for side in array.shape))
    if not is_image or not np.isfinite(array).all():
        return none
    stack: np.ndarray = array.reshape(-1, *array.shape[-2:])
    return stack


def ink(image: np.ndarray) -> np.ndarray:
    """An image as float64 from 0 to 1: its least number (or 0, if that is less) is paper, its largest is full ink."""
    image = np.clip(image.astype("float64"), -GREATEST, GREATEST)
    paper = min(0.0, image.min())
    scaled: np.ndarray = (image - paper) / (image.max() - paper or 1.0)
    return scaled
