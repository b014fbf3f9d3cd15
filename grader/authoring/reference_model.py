"""Trains the reference of lesson 14 for `digits predict`, which uses it until the learner has a network."""

from pathlib import Path

from grader.authoring.reference_runs import in_fresh_process, load_solution
from grader.course import PACKAGE
from grader.data import load_mnist

REFERENCE_PATH = PACKAGE / "data" / "reference.keras"
EPOCHS = 6  # three times as many as in the lesson


def write_reference(path: Path = REFERENCE_PATH, seed: int = 14) -> Path:
    """Train on the 60,000 training digits in a fresh process, and save the network without its optimizer."""
    in_fresh_process(train_and_save, path, seed)
    return path


def train_and_save(path: Path, seed: int) -> None:
    import keras

    keras.utils.set_random_seed(seed)
    (images, labels), _ = load_mnist()
    solution = load_solution("capstone")
    model = solution.build_model()
    solution.train_model(model, images, labels, epochs=EPOCHS)
    solution.save_predictor(model, str(path))
