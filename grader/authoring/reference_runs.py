"""What every training run of a reference needs: a fresh process, the solution as a module, and its test accuracy."""

import importlib.util
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from types import ModuleType
from typing import TypeVar

import numpy as np

from grader.authoring.stubs import solution_path
from grader.course import find_lesson
from grader.data import load_mnist

Result = TypeVar("Result")
TEST_BATCH = 1000


def in_fresh_process(function: Callable[..., Result], *arguments: object) -> Result:
    """Call a module's function in a new Python process. Runs then share no caches and no random state, and Keras stays
    out of this process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), initializer=silence) as pool:
        return pool.submit(function, *arguments).result()


def silence() -> None:
    """Keep TensorFlow's startup messages off the screen; no setting stops them all. Exceptions are still reported."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def load_solution(slug: str) -> ModuleType:
    """The reference solution of an exercise as a module."""
    path = solution_path(find_lesson(slug))
    spec = importlib.util.spec_from_file_location(f"solution_{slug}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be imported.")
    solution = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(solution)
    return solution


def accuracy_on_test(predict: Callable[[np.ndarray], np.ndarray], images: np.ndarray) -> float:
    """The fraction of the 10,000 test digits that a network classifies correctly.

    Args:
        predict: takes 1000 images and returns 1000 rows of probabilities.
        images: the test digits in the form that ``predict`` expects.
    """
    _, (_, labels) = load_mnist()
    rows = [np.asarray(predict(images[start : start + TEST_BATCH])) for start in range(0, len(images), TEST_BATCH)]
    return float(np.mean(np.concatenate(rows).argmax(axis=1) == labels))
