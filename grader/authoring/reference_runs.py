"""What every measurement of a training here needs: a process of its own, and a reference solution to call."""

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


def alone(function: Callable[..., Result], *arguments: object) -> Result:
    """Call a function of a module in a fresh Python, so that no training warms another one's caches or shares its
    random numbers, and Keras stays out of this process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), initializer=silence) as pool:
        return pool.submit(function, *arguments).result()


def silence() -> None:
    """Keep TensorFlow's greetings, which it writes whatever it is told, off the screen; exceptions come out anyway."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def load_solution(slug: str) -> ModuleType:
    """The reference solution of an exercise as a module."""
    spec = importlib.util.spec_from_file_location(f"solution_{slug}", solution_path(find_lesson(slug)))
    solution = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(solution)
    return solution


def accuracy_on_test(read: Callable[[np.ndarray], np.ndarray], images: np.ndarray) -> float:
    """Share of the 10 000 test digits that are read right.

    Args:
        read: takes 1000 images and returns 1000 rows of probabilities.
        images: the test digits in the form that it takes.
    """
    _, (_, labels) = load_mnist()
    rows = [np.asarray(read(images[start : start + TEST_BATCH])) for start in range(0, len(images), TEST_BATCH)]
    return float(np.mean(np.concatenate(rows).argmax(axis=1) == labels))
