"""Reads picture files and has them decoded in the sandbox, wherever they come from."""

import math
import os
import stat
from pathlib import Path
from typing import BinaryIO

import numpy as np

from grader.api.errors import SubmissionError
from grader.course import Limits
from grader.engine.judge.client import CallTimedOut, Client, RunnerGone
from grader.engine.judge.clock import Budget
from grader.engine.judge.processes import AnyEngine
from grader.engine.wire.requests import LONGEST_SIDE, OpenPicture, Picture, in_parts
from grader.handwriting.words import name_of

MOST_MEGABYTES = 100  # of a file
LIMITS = Limits(seconds=10, training_seconds=10, total_seconds=math.inf)  # ten for each picture
DAMAGED = "The picture is damaged: the file is incomplete or holds something else. Save it again."
TOO_LARGE = "The picture needs too much memory. Make it smaller."


class Unreadable(Exception):
    """No digit can be read from a file; the message is a sentence for the user."""


class Pictures:
    """Opens one picture file after another."""

    def __init__(self, engine: AnyEngine) -> None:
        self._engine = engine
        self._client: Client | None = None  # none where no file has been read yet, or the last has ended its runner

    def open(self, path: Path) -> Picture:
        """Read a picture file.

        Returns:
            The first picture in it, upright, its longest side at most `LONGEST_SIDE`.

        Raises:
            Unreadable: the file does not exist, is not a picture, is damaged, or is far too large.
        """
        request = OpenPicture(in_parts(read_file(path)))
        if self._client is None:
            self._client = Client(self._engine.start("numpy"), LIMITS, Budget(LIMITS.total_seconds))
        try:
            picture = self._client.ask(request)
        except SubmissionError as error:
            known = {"NotAPicture": error.text, "MemoryError": TOO_LARGE}
            raise Unreadable(known.get(error.type, DAMAGED)) from None
        except CallTimedOut as error:
            self._client = None
            raise Unreadable(f"Reading the picture takes longer than {error.seconds:g} s. Save it again.") from None
        except RunnerGone as error:
            self._client = None
            raise Unreadable(TOO_LARGE if error.out_of_memory else DAMAGED) from None
        if not is_picture(picture.pixels):
            raise Unreadable(DAMAGED)
        return picture


def is_picture(pixels: np.ndarray) -> bool:
    """Whether an array has a form that the preparation takes."""
    height_and_width, channels = pixels.shape[:2], pixels.shape[2:]
    return (
        pixels.dtype == np.uint8
        and pixels.ndim >= 2
        and channels in {(), (3,), (4,)}
        and all(0 < side <= LONGEST_SIDE for side in height_and_width)
    )


def read_file(path: Path) -> bytes:
    """The bytes of an ordinary file."""
    with open_file(path) as file:
        try:
            contents = file.read(MOST_MEGABYTES * 10**6 + 1)
        except OSError as error:
            raise Unreadable(f"The file cannot be read ({error.strerror}).") from None
    if len(contents) > MOST_MEGABYTES * 10**6:
        raise Unreadable(f"The file is larger than {MOST_MEGABYTES} MB. Make the picture smaller.")
    return contents


def open_file(path: Path) -> BinaryIO:
    """Open an ordinary file. Pipes and devices are refused: they may never end."""
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            raise Unreadable("There is no picture in this folder.")
        if not stat.S_ISREG(mode):
            raise Unreadable("This is not an ordinary file. Name a picture file.")
        return open(path, "rb")
    except FileNotFoundError:
        if name_of(path).startswith(("https://", "http://")):
            raise Unreadable("This is an address on the web. Download the picture, then name its file.") from None
        raise Unreadable("There is no such file. Check the path.") from None
    except (OSError, ValueError) as error:
        raise Unreadable(f"The file cannot be read ({getattr(error, 'strerror', None) or error}).") from None
