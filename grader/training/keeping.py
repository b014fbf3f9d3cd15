"""Puts a trained network in its place. An older one is kept beside it under a number."""

import contextlib
import itertools
import os
import secrets
import shutil
from pathlib import Path

FOLDER = "models"  # in the workspace


def draft_beside(target: Path) -> Path:
    """A file name for a draft in the folder of a target, with its ending, which Keras asks for."""
    return target.with_name(f".{target.stem}.{secrets.token_hex(4)}.draft{target.suffix}")


def check_place(target: Path) -> None:
    """Look, before a training of minutes, whether its network can be saved.

    Raises:
        OSError: it cannot.
    """
    trial = draft_beside(target)
    trial.touch(exist_ok=False)
    trial.unlink()


def put_in_place(draft: Path, target: Path) -> Path | None:
    """Give a draft its name, in one step; returns where the older file of that name is kept now, if there was one."""
    kept = keep_older(target) if target.exists() else None
    os.replace(draft, target)
    return kept


def keep_older(target: Path) -> Path:
    """Another name for the file: dense.1.keras, dense.2.keras …, the first that is free. It also keeps its own."""
    for number in itertools.count(1):
        kept = target.with_name(f"{target.stem}.{number}{target.suffix}")
        with contextlib.suppress(FileExistsError):
            try:
                os.link(target, kept)
            except FileExistsError:
                raise
            except OSError:  # a file system without links
                with kept.open("xb") as copy, target.open("rb") as original:
                    shutil.copyfileobj(original, copy)
            return kept
    raise AssertionError("unreachable")
