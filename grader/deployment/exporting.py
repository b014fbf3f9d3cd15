"""Exports a network, and sees what the exported file makes of the test digits. Each step has a process of its own.

A file is written whole or not at all: it takes the place of an older one only once it is complete and has been tried.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from grader.course import CourseError
from grader.data import load_mnist
from grader.deployment.container import NETWORK, fill
from grader.engine.judge.source import Source
from grader.training.process import child

ENDINGS = {"npz": ".npz", "onnx": ".onnx", "litert": ".tflite", "litert-int8": ".tflite"}
MOST_OFF = 0.001  # a probability of a file that keeps all numbers as float32
MOST_CHANGED = 0.02  # labels of a file with rounded weights, as a share

Say = Callable[[str], None]


@dataclass(frozen=True)
class Trial:
    """The test digits that were read before and after the export.

    Attributes:
        before: probabilities (n, 10) of the network in Keras.
        after: those of the exported file. The digits are the first n of the test set; n is less than all 10,000 where
            the exercise is too slow for them.
        labels: the true labels, uint8 (n,).
    """

    before: np.ndarray
    after: np.ndarray
    labels: np.ndarray

    @property
    def changed(self) -> int:
        """How many digits have another label now."""
        return int((self.before.argmax(axis=1) != self.after.argmax(axis=1)).sum())

    @property
    def difference(self) -> float:
        """The largest difference of a probability."""
        return float(np.abs(self.before - self.after).max())

    @property
    def accuracies(self) -> tuple[float, float]:
        """The share that is read right, before and after."""
        before, after = (float((each.argmax(axis=1) == self.labels).mean()) for each in (self.before, self.after))
        return before, after


def silent(_: str) -> None:
    """Show nothing of what a process prints or does."""


def export_npz(network: Path, target: Path, source: Source) -> None:
    """Write a network with the exercise's own `export_network`.

    Args:
        network: a .keras file.
        target: the .npz file; an existing one is replaced.
        source: the exercise of lesson 15.

    Raises:
        CourseError: the exercise is not finished, fails, refuses the network or writes no file; or the network cannot
            be loaded, or the file cannot be saved there. An existing file is as it was.
    """
    with placed(target) as draft:
        export_draft(network, "npz", draft, source)


def export_file(
    network: Path, form: str, target: Path, source: Source | None = None, doing: Say = silent, printed: Say = silent
) -> Trial | CourseError:
    """Write a network in one of the formats of `ENDINGS`, and try the file.

    Args:
        source: the exercise, for npz.
        doing: is told what happens next, in a few words.
        printed: is told each line that the exercise prints.

    Returns:
        What came of the trial. An npz is kept even if the exercise cannot read it yet: then why that is.

    Raises:
        CourseError: as `export_npz`; or a file of another format gives other answers than Keras.
    """
    with placed(target) as draft:
        told = export_draft(network, form, draft, source, doing, printed)
        doing("reading the test digits")
        job = {"format": form, "file": str(draft), "form": told["form"], "scale": told["scale"]}
        try:
            trial = tried(told, job | as_job(source), draft.parent, printed)
        except CourseError as error:
            if form != "npz":
                raise
            return error
        if form != "npz":
            expect_same(trial, form)
        return trial


def export_container(network: Path, folder: Path, source: Source, doing: Say = silent, printed: Say = silent) -> Trial:
    """Write a folder that `docker build` understands: a server with the network and the exercise, for NumPy alone.

    Raises:
        CourseError: as `export_npz`; or the exercise cannot read the file yet, or does not answer requests.
    """
    with placed(folder) as draft:
        file = draft.parent / NETWORK  # not in the folder yet, where the exercise might leave other files
        told = export_draft(network, "npz", file, source, doing, printed)
        draft.mkdir()
        file = file.rename(draft / NETWORK)
        module = fill(draft, source, load_mnist()[1][0][0])
        doing("reading the test digits")
        job = {"format": "npz", "file": str(file), "module": str(module)}
        return tried(told, job | as_job(source), draft.parent, printed)


def export_draft(
    network: Path, form: str, draft: Path, source: Source | None, doing: Say = silent, printed: Say = silent
) -> dict[str, Any]:
    """Let a process with TensorFlow write a draft; returns what that process told."""
    doing("starting TensorFlow")
    job = {"network": str(network.absolute()), "format": form, "draft": str(draft)} | as_job(source)
    return carried_out("grader.deployment.child", "export", job, draft.parent, doing, printed)


def tried(told: dict[str, Any], job: dict[str, Any], folder: Path, printed: Say) -> Trial:
    """Let a process without TensorFlow read the test digits with an exported file."""
    done = carried_out("grader.deployment.trial", "trial", job, folder, silent, printed)
    after = np.array(done["probabilities"])
    labels = load_mnist()[1][1]
    return Trial(np.array(told["probabilities"])[: len(after)], after, labels[: len(after)])


def expect_same(trial: Trial, form: str) -> None:
    """See that a file gives the answers of the network, but for what rounding its weights explains.

    Raises:
        CourseError: it does not.
    """
    is_same = trial.changed <= MOST_CHANGED * len(trial.labels) and (
        form == "litert-int8" or trial.difference <= MOST_OFF
    )
    if not is_same:
        raise CourseError(
            f"The exported file gives other answers than Keras, so it was not kept: {trial.changed} of "
            f"{len(trial.labels):,} test digits get another label, and a probability is off by {trial.difference:.2g}."
        )


def carried_out(module: str, task: str, job: dict[str, Any], folder: Path, doing: Say, printed: Say) -> dict[str, Any]:
    """What a process ends with.

    Raises:
        CourseError: it fails.
    """
    done = dict[str, Any]()
    with child(module, task, job, folder) as reports:
        for report in reports:
            match report:
                case {"exporting": _}:
                    doing("exporting")
                case {"printed": text}:
                    printed(text)
                case {"problem": problem, "is_for_check": is_for_check}:
                    raise CourseError(
                        f"{problem}{' Check your code: ./digits check deployment' if is_for_check else ''}"
                    )
                case {"done": answer}:
                    done = answer
    return done


def as_job(source: Source | None) -> dict[str, Any]:
    """The exercise, as a process takes it."""
    if source is None:
        return {}
    return {"name": source.name, "code": source.code.decode("utf-8", "replace"), "cells": list(source.cells)}


@contextmanager
def placed(target: Path) -> Iterator[Path]:
    """A place for a draft, which takes the place of the target if nothing goes wrong.

    Raises:
        CourseError: nothing can be written there.
    """
    try:
        drafts = Path(tempfile.mkdtemp(prefix=f".{target.stem}.", suffix=".draft", dir=target.parent))
    except OSError as error:
        raise cannot_write(target, error) from None
    try:
        draft = drafts / target.name
        yield draft
        replace(target, draft, drafts / "old")
    except OSError as error:
        raise cannot_write(target, error) from None
    finally:
        shutil.rmtree(drafts, ignore_errors=True)


def replace(target: Path, draft: Path, old: Path) -> None:
    """Give a draft its name. No system replaces one folder by another in one step."""
    if not target.is_dir():
        os.replace(draft, target)
        return
    os.rename(target, old)
    try:
        os.rename(draft, target)
    except OSError:
        os.rename(old, target)
        raise


def cannot_write(target: Path, error: OSError) -> CourseError:
    return CourseError(f"{target} cannot be written ({error.strerror or error}).")
