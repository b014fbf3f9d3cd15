"""Prepares a picture file step by step, and keeps notes for the user."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grader.handwriting.pictures import Pictures, Unreadable
from grader.handwriting.preparation import center_by_mass, crop_to_ink, fit_to_box, invert_if_needed, to_grayscale

STEPS = (to_grayscale, invert_if_needed, crop_to_ink, fit_to_box, center_by_mass)
WIDE = 1.5  # ratio of width to height; hardly any MNIST digit is that wide


@dataclass(frozen=True)
class Prepared:
    """A picture on its way to a digit.

    Attributes:
        stages: the picture and the result of each step, by the step's name, in order; or only the last result.
        notes: sentences that a person should read before trusting the answer.
    """

    stages: dict[str, np.ndarray]
    notes: tuple[str, ...]

    @property
    def digit(self) -> np.ndarray:
        """uint8 (28, 28): what the network sees."""
        return self.stages[STEPS[-1].__name__]


def prepare_file(path: Path, pictures: Pictures, every_stage: bool = False) -> Prepared:
    """Turn a picture file into a digit like those of MNIST, as `prepare_image` of lesson 13 does.

    Args:
        every_stage: keep the result of each step. One takes up to 4 MB; the digit itself takes almost nothing.

    Raises:
        Unreadable: the file is not a picture, or there is no ink in it.
    """
    picture = pictures.open(path)
    stages = {"picture": picture.pixels}
    try:
        for step in STEPS:
            stages[step.__name__] = step(list(stages.values())[-1])
    except ValueError:
        raise Unreadable(
            "There is no ink in the picture: nothing stands out from the paper. Use a darker pen or more light."
        ) from None
    height, width = stages[crop_to_ink.__name__].shape
    notes = []
    if picture.has_more:
        notes.append("The file holds several pictures. Only the first was read.")
    if width > WIDE * height:
        notes.append("The ink is much wider than it is high. Is there more than one digit? Show one per picture.")
    kept = stages if every_stage else {name: stages[name] for name in list(stages)[-1:]}
    return Prepared(kept, tuple(notes))
