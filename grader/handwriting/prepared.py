"""Prepares a picture file step by step, and keeps what there is to say about it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grader.handwriting.pictures import Unreadable, open_picture
from grader.handwriting.preparation import center_by_mass, crop_to_ink, fit_to_box, invert_if_needed, to_grayscale

STEPS = (to_grayscale, invert_if_needed, crop_to_ink, fit_to_box, center_by_mass)
WIDE = 1.5  # times as wide as high: hardly one digit of MNIST is


@dataclass(frozen=True)
class Prepared:
    """A picture on its way to a digit.

    Attributes:
        stages: the picture and what each step has made of it, by the step's name, in order; or only the last of them.
        notes: sentences about what a person should know before they believe the answer.
    """

    stages: dict[str, np.ndarray]
    notes: tuple[str, ...]

    @property
    def digit(self) -> np.ndarray:
        """uint8 (28, 28): what the network sees."""
        return self.stages[STEPS[-1].__name__]


def prepare_file(path: Path, every_stage: bool = False) -> Prepared:
    """Turn a picture file into a digit like those of MNIST, as `prepare_image` of lesson 13 does.

    Args:
        every_stage: keep all that was made on the way. A stage takes up to 4 MB, and a digit next to nothing.

    Raises:
        Unreadable: the file is no picture, or there is no ink in it.
    """
    picture, has_more = open_picture(path)
    stages = {"picture": picture}
    try:
        for step in STEPS:
            stages[step.__name__] = step(list(stages.values())[-1])
    except ValueError:
        raise Unreadable("There is no ink in the picture: nothing stands out from the paper.") from None
    height, width = stages[crop_to_ink.__name__].shape
    notes = []
    if has_more:
        notes.append("The file holds several pictures; only the first was read.")
    if width > WIDE * height:
        notes.append("The ink is much wider than it is high: is there more than one digit?")
    kept = stages if every_stage else {name: stages[name] for name in list(stages)[-1:]}
    return Prepared(kept, tuple(notes))
