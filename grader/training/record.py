"""What a network's file says of its training. It stands in the file itself, so that it moves and is renamed with it.

A ``.keras`` file is a zip archive, and Keras leaves members alone that it does not know.
"""

import json
import math
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path

MEMBER = "digits-training.json"
MOST_BYTES = 10_000


@dataclass(frozen=True)
class Record:
    """How long a training took.

    Attributes:
        slug: the exercise whose functions were called.
        seconds: the time of the training alone, on the computer where it was.
        steps: the same, in steps of `grader.training.yardstick`.
    """

    slug: str
    seconds: float
    steps: float


def write_record(path: Path, record: Record) -> None:
    """Add a record to a network's file. A file that is no archive stays as it is: a learner may save in any form."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(MEMBER, json.dumps(asdict(record)))


def read_record(path: Path) -> Record | None:
    """The record in a network's file; None if there is none, or none that can be believed."""
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(MEMBER).file_size > MOST_BYTES:
                return None
            known = json.loads(archive.read(MEMBER))
        record = Record(str(known["slug"]), float(known["seconds"]), float(known["steps"]))
    except (OSError, zipfile.BadZipFile, KeyError, TypeError, ValueError, NotImplementedError, RuntimeError):
        return None
    is_possible = all(math.isfinite(number) and number > 0 for number in (record.seconds, record.steps))
    return record if is_possible else None
