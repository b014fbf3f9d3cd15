"""Trains the reference of lesson 14 once and keeps it, for `digits predict` where no learner's network is there yet."""

import subprocess
import sys
from pathlib import Path

from grader.authoring.stubs import solution_path
from grader.course import PACKAGE, REPOSITORY, find_lesson

REFERENCE_PATH = PACKAGE / "data" / "reference.keras"
EPOCHS = 6  # three times what the lesson has time for


def write_reference(path: Path = REFERENCE_PATH, seed: int = 14) -> Path:
    """Train on the 60 000 training digits, in a process of its own, and write the network without its optimizer."""
    solution = solution_path(find_lesson("capstone"))
    command = [sys.executable, "-c", PROGRAM, str(solution), str(path), str(seed), str(EPOCHS)]
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)
    return path


PROGRAM = """
import importlib.util, os, sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
from grader.data import load_mnist

solution_path, path, seed, epochs = sys.argv[1:]
spec = importlib.util.spec_from_file_location("solution", solution_path)
solution = importlib.util.module_from_spec(spec)
spec.loader.exec_module(solution)
keras.utils.set_random_seed(int(seed))
(images, labels), _ = load_mnist()
model = solution.build_model()
solution.train_model(model, images, labels, epochs=int(epochs))
solution.save_predictor(model, path)
"""
