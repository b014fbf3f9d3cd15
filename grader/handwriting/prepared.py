"""Prepares a picture file step by step, and keeps notes for the user."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grader.handwriting.familiarity import doubts_about, ink_is_too_thick
from grader.handwriting.pages import Page, find_digits
from grader.handwriting.pictures import Pictures, Unreadable
from grader.handwriting.preparation import center_by_mass, crop_to_ink, fit_to_box, invert_if_needed, to_grayscale

STEPS = (to_grayscale, invert_if_needed, crop_to_ink, fit_to_box, center_by_mass)
WIDE = 1.5  # ratio of width to height; hardly any MNIST digit is that wide
THICK = "The strokes are too thick for the picture. Move the camera back to show more paper around the digit."
NO_PAGE = "Much of this does not look like digits. Is it a picture of handwriting?"


@dataclass(frozen=True)
class Prepared:
    """A picture on its way to its digits.

    Attributes:
        stages: the picture and the result of each step, by the step's name, in order; or only the last result. Of a
            page: the picture and the first two steps, which all digits share; or nothing.
        notes: sentences that a person should read before trusting the answer.
        digits: uint8 (n, 28, 28): what the network sees, in reading order.
        doubts: for each digit, why it may be none; "" where nothing speaks against it.
        page: where the digits are, if there are several; none if there is one.
        size: height and width of the picture, in pixels.
    """

    stages: dict[str, np.ndarray]
    notes: tuple[str, ...]
    digits: np.ndarray
    doubts: tuple[str, ...]
    page: Page | None
    size: tuple[int, int]


def prepare_file(path: Path, pictures: Pictures, every_stage: bool = False) -> Prepared:
    """Turn a picture file into digits like those of MNIST, as `prepare_image` of lesson 13 does with each.

    Args:
        every_stage: keep the result of each step. One takes up to 4 MB; the digit itself takes almost nothing.

    Raises:
        Unreadable: the file is not a picture, or there is no ink in it.
    """
    picture = pictures.open(path)
    notes = ["The file holds several pictures. Only the first was read."] if picture.has_more else []
    gray = to_grayscale(picture.pixels)
    bright = invert_if_needed(gray)
    stages = {"picture": picture.pixels, to_grayscale.__name__: gray, invert_if_needed.__name__: bright}
    page = find_digits(bright)
    if page.count > 1:
        digits, shared = np.stack([center_by_mass(fit_to_box(crop)) for crop in page.crops]), stages
        if page.left_out:
            notes.append(
                "One small mark was not taken for a digit and was left out."
                if page.left_out == 1
                else f"{page.left_out} small marks were not taken for digits and were left out."
            )
    else:
        shared = single(stages, bright, picture.pixels)
        digits = shared[center_by_mass.__name__][np.newaxis]
        height, width = shared[crop_to_ink.__name__].shape
        if width > WIDE * height:
            notes.append("The ink is much wider than it is high. Do two digits touch? Write them apart.")
    if ink_is_too_thick(bright):
        notes.append(THICK)
    size = (gray.shape[0], gray.shape[1])
    doubts = doubts_about(digits, page.left_out if page.count == 0 else 0)
    if page.count > 1 and sum(map(bool, doubts)) >= len(doubts) / 3:
        notes.append(NO_PAGE)
    several = page if page.count > 1 else None
    return Prepared(shared if every_stage else {}, tuple(notes), digits, doubts, several, size)


def single(stages: dict[str, np.ndarray], bright: np.ndarray, pixels: np.ndarray) -> dict[str, np.ndarray]:
    """All steps of a picture with one digit."""
    done = dict(stages)
    try:
        for step in (crop_to_ink, fit_to_box, center_by_mass):
            done[step.__name__] = step(list(done.values())[-1])
    except ValueError:
        raise Unreadable(no_ink(pixels)) from None
    return done


def no_ink(pixels: np.ndarray) -> str:
    """Why nothing is to be seen on a picture."""
    is_see_through = pixels.ndim == 3 and pixels.shape[2] == 4 and bool((pixels[..., 3] < 128).any())
    if is_see_through:
        return (
            "There is no ink in the picture: transparency counts as white paper, and light ink does not stand out from "
            "it. Save the picture with a dark background."
        )
    return "There is no ink in the picture: nothing stands out from the paper. Use a darker pen or more light."
