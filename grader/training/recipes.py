"""How the functions of each exercise make a trained network. Keras is imported only where it trains."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Call = Callable[..., Any]  # call("build_model", …) calls the exercise's function of that name
Settings = dict[str, int]  # what to pass on: epochs, batch_size


class Unusable(Exception):
    """The exercise's functions work, but what they return is no network; the message is a sentence."""


@dataclass(frozen=True)
class Recipe:
    """How to train the network of one exercise.

    Attributes:
        functions: what the exercise must have written.
        train: calls them, with ``call``, the training digits as they are in the data (uint8 (n, 28, 28) and labels
            (n,)) and the settings; returns the trained Keras model.
        settings: the ones that its training takes.
        defaults: settings unless they are asked for; for all others, those of the exercise hold.
        predictor: the exercise has functions of its own to save its network and read digits with it.
    """

    functions: tuple[str, ...]
    train: Callable[[Call, np.ndarray, np.ndarray, Settings], Any]
    settings: frozenset[str] = frozenset({"epochs", "batch_size"})
    defaults: Settings = field(default_factory=dict)
    predictor: bool = False


def softmax_regression(call: Call, images: np.ndarray, labels: np.ndarray, settings: Settings) -> Any:
    weights, bias = call("train", flat(images), labels, **settings)
    return layered([np.asarray(weights), np.asarray(bias)])


def backpropagation(call: Call, images: np.ndarray, labels: np.ndarray, settings: Settings) -> Any:
    params = call("train", flat(images), labels, **settings)
    return layered([np.asarray(params[name]) for name in ("W1", "b1", "W2", "b2")])


def dense(call: Call, images: np.ndarray, labels: np.ndarray, settings: Settings) -> Any:
    model = call("compile_model", call("build_model"))
    call("train_model", model, images, labels, **settings)
    return model


def learning_curves(call: Call, images: np.ndarray, labels: np.ndarray, settings: Settings) -> Any:
    training, validation = call("stratified_split", scaled(images), labels)
    model = call("build_model")
    call("fit_with_validation", model, training, validation, **settings)
    return model


def regularization(call: Call, images: np.ndarray, labels: np.ndarray, settings: Settings) -> Any:
    model = call("build_regularized_model")
    stopping = call("early_stopping")
    call(FIT, model, scaled(images), labels, validation_split=0.2, callbacks=[stopping], **settings)
    return model


def cnn(call: Call, images: np.ndarray, labels: np.ndarray, settings: Settings) -> Any:
    model = call("build_cnn")
    call("train_cnn", model, images, labels, **settings)
    return model


def augmentation(call: Call, images: np.ndarray, labels: np.ndarray, settings: Settings) -> Any:
    model = call("build_augmented_cnn")
    call("train_augmented", model, images, labels, **settings)
    return model


def capstone(call: Call, images: np.ndarray, labels: np.ndarray, settings: Settings) -> Any:
    model = call("build_model")
    call("train_model", model, images, labels, **settings)
    return model


EPOCHS_ONLY = frozenset({"epochs"})
FIT = "fit"  # not the exercise's: Keras trains the exercise's model
NUMPY = {"epochs": 10}  # one, the default of these exercises, is for quick trials

RECIPES = {
    "softmax_regression": Recipe(("gradients", "train"), softmax_regression, defaults=NUMPY),
    "backpropagation": Recipe(("forward", "backward", "train"), backpropagation, defaults=NUMPY),
    "dense": Recipe(("build_model", "compile_model", "train_model"), dense),
    "learning_curves": Recipe(("stratified_split", "build_model", "fit_with_validation"), learning_curves),
    "regularization": Recipe(
        ("build_regularized_model", "early_stopping"),
        regularization,
        defaults={"epochs": 30, "batch_size": 64},
    ),
    "cnn": Recipe(("build_cnn", "train_cnn"), cnn),
    "augmentation": Recipe(("build_augmented_cnn", "train_augmented"), augmentation, EPOCHS_ONLY),
    "capstone": Recipe(
        ("build_model", "train_model", "save_predictor", "load_predictor"), capstone, EPOCHS_ONLY, predictor=True
    ),
}


def scaled(images: np.ndarray) -> np.ndarray:
    """The digits as most networks of the course take them: float32 in 0..1."""
    return images.astype(np.float32) / 255


def flat(images: np.ndarray) -> np.ndarray:
    """The same, one row of 784 numbers for each."""
    return scaled(images).reshape(len(images), -1)


def layered(arrays: list[np.ndarray]) -> Any:
    """A network of NumPy, given as weights and biases in turn, as a Keras model: (28, 28) in 0..1 to probabilities."""
    import keras

    sizes = [bias.size for bias in arrays[1::2]]
    hidden = [keras.layers.Dense(size, activation="relu") for size in sizes[:-1]]
    last = keras.layers.Dense(sizes[-1], activation="softmax")
    model = keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), *hidden, last])
    try:
        model.set_weights(arrays)
    except ValueError:
        shapes = ", ".join(str(array.shape) for array in arrays)
        raise Unusable(f"The trained arrays do not fit together; their shapes are {shapes}.") from None
    return model
