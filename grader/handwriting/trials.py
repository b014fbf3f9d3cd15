"""Remembers how networks did on test digits, so that `digits predict` tries each file only once.

The memory lies in the folder of the background processes, which only its owner can open, and may be lost at any time.
"""

import contextlib
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from grader.engine.judge.background import own_folder
from grader.engine.judge.processes import EngineError
from grader.files import write_atomically

MOST = 100  # networks


@dataclass(frozen=True)
class Trial:
    """The range of pixels that a network expects, in words, and its accuracy on test digits, 0 to 1."""

    pixels: str
    accuracy: float


def recall(contents: bytes) -> Trial | None:
    """What is known of a model file; None if it was not tried yet."""
    entry = remembered().get(key(contents))
    try:
        known = Trial(str(entry["pixels"]), float(entry["accuracy"])) if isinstance(entry, dict) else None
    except (KeyError, TypeError, ValueError):
        return None
    return known if known and 0 <= known.accuracy <= 1 else None


def remember(contents: bytes, trial: Trial) -> None:
    """Remember a trial, if there is a place for it."""
    latest = list((remembered() | {key(contents): asdict(trial)}).items())[-MOST:]
    with contextlib.suppress(OSError, EngineError):
        write_atomically(place(), json.dumps(dict(latest)), mode=0o600)


def remembered() -> dict[str, object]:
    try:
        entries = json.loads(place().read_text("utf-8"))
    except (OSError, EngineError, ValueError):
        return {}
    return entries if isinstance(entries, dict) else {}


def place() -> Path:
    return own_folder() / "trials.json"


def key(contents: bytes) -> str:
    return hashlib.sha256(contents).hexdigest()
