"""Trains the networks that come with the page for drawing, and measures what digits have in common for it."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from grader.authoring.reference_runs import in_fresh_process, load_solution
from grader.course import find_lesson
from grader.data import load_mnist
from grader.draw.course_networks import FAMILIAR, FOLDER
from grader.draw.network import Layer, Network, Weight, nearest_mean, nearest_neighbors, of_keras
from grader.draw.packing import pack, unpack
from grader.files import write_atomically

SEED = 17
STORED = 800  # digits among which the neighbors are
SELDOM = 0.01  # pixels with ink in fewer of the training digits get no weight in a dense layer: they would be noise
COMPONENTS = 30  # axes of the familiarity
HELD_OUT, SHARE = 6, 99.8  # every sixth training digit sets its limit, so that this percentage of them is within it
KEPT_BITS = 8


@dataclass(frozen=True)
class Plan:
    """A network that comes with the page: its lesson's slug, the name of its file, its title, its bits per weight."""

    slug: str
    name: str
    title: str
    bits: int

    @property
    def path(self) -> Path:
        return FOLDER / f"{find_lesson(self.slug).number:02}_{self.name}.bin"


PLANS = (  # as few bits as cost about half a point of accuracy at most
    Plan("baseline", "nearest_mean", "the nearest mean", 6),
    Plan("baseline", "neighbors", "three nearest neighbors", 3),
    Plan("softmax_regression", "softmax_regression", "softmax regression", 6),
    Plan("backpropagation", "backpropagation", "a hidden layer in NumPy", 4),
    Plan("dense", "dense", "a dense network in Keras", 3),
    Plan("learning_curves", "learning_curves", "two hidden layers", 3),
    Plan("regularization", "regularization", "a dense network with dropout", 3),
    Plan("cnn", "cnn", "two convolutions", 4),
    Plan("augmentation", "augmentation", "trained on shifted digits", 4),
    Plan("capstone", "capstone", "the capstone network", 4),
)


def write_networks() -> list[Path]:
    """Train and write all of them; returns the files."""
    FOLDER.mkdir(exist_ok=True)
    for plan in PLANS:
        in_fresh_process(write_network, plan)
    write_familiar()
    return [*(plan.path for plan in PLANS), FAMILIAR]


def write_network(plan: Plan) -> None:
    """Train one, and write its file, which says how the network does with its weights rounded."""
    network, lesson = make(plan), find_lesson(plan.slug)
    accuracy = accuracy_of(unpack(pack(network, {}, plan.bits))[0])
    parameters = sum(weight.values.size for layer in network.layers for weight in layer.weights)
    size = f"{STORED:,} stored digits" if plan.name == "neighbors" else f"{parameters:,} parameters"
    note = f"{size}, {accuracy:.1%} of the test digits correct, at {plan.bits} bits per weight."
    about = {"title": plan.title, "lesson": lesson.number, "accuracy": accuracy, "parameters": parameters, "note": note}
    write_atomically(plan.path, pack(network, about, plan.bits))


def make(plan: Plan) -> Network:
    if plan.name == "nearest_mean":
        return means_of_training_digits()
    if plan.name == "neighbors":
        images, labels = load_mnist()[0]
        return nearest_neighbors(images[:STORED], labels[:STORED])
    import keras

    from grader.training.recipes import FIT, RECIPES

    keras.utils.set_random_seed(SEED)
    recipe, solution = RECIPES[plan.slug], load_solution(plan.slug)
    (images, labels), _ = load_mnist()

    def call(name: str, *rest: Any, **named: Any) -> Any:
        return rest[0].fit(*rest[1:], **named) if name == FIT else getattr(solution, name)(*rest, **named)

    return without_seldom_pixels(of_keras(recipe.train(call, images, labels, recipe.defaults)))


def means_of_training_digits() -> Network:
    """The nearest mean, as sure of itself as is best for its cross-entropy on the training digits."""
    rows, labels = flat_training_digits()
    means = np.stack([rows[labels == digit].mean(axis=0) for digit in range(10)])
    squared = np.stack([((rows - mean) ** 2).sum(axis=1) for mean in means], axis=1)

    def cost(spread: float) -> float:
        logits = -squared * means.shape[1] / (2 * spread)
        largest = logits.max(axis=1)
        log_sum = np.log(np.exp(logits - largest[:, None]).sum(axis=1)) + largest
        return float((log_sum - logits[np.arange(len(labels)), labels]).mean())

    return nearest_mean(means, min(np.geomspace(100, 100_000, 61), key=cost))


def without_seldom_pixels(network: Network) -> Network:
    """A dense layer on the pixels, with weight 0 for those that are hardly ever inked."""
    first = next(index for index, layer in enumerate(network.layers) if layer.weights)
    layer = network.layers[first]
    if layer.type != "Dense" or layer.weights[0].values.shape[0] != 784:
        return network
    (images, _), _ = load_mnist()
    inked = (images > 0).mean(axis=0).ravel() >= SELDOM
    kernel = replace(layer.weights[0], values=layer.weights[0].values * inked[:, np.newaxis])
    layers = list(network.layers)
    layers[first] = replace(layer, weights=(kernel, *layer.weights[1:]))
    return replace(network, layers=tuple(layers))


def accuracy_of(network: Network) -> float:
    """The fraction of the 10,000 test digits that a network classifies correctly."""
    _, (images, labels) = load_mnist()
    return float(np.mean(computed_elsewhere(network, images).argmax(axis=1) == labels))


def computed_elsewhere(network: Network, images: np.ndarray) -> np.ndarray:
    """What a network makes of digits, uint8 (n, 28, 28), as Keras and scikit-learn compute it: (n, 10)."""
    *layers, last = network.layers
    scaled = images.reshape(-1, *network.input) * np.float32(network.scale)
    if last.type != "NearestNeighbors":
        return np.asarray(keras_model(network).predict(scaled, batch_size=1000, verbose=0))
    from sklearn.neighbors import KNeighborsClassifier

    stored, stored_labels = (weight.values for weight in last.weights)
    classifier = KNeighborsClassifier(last.settings["k"], algorithm="brute").fit(stored, stored_labels.astype(int))
    rows = keras_model(replace(network, layers=tuple(layers))).predict(scaled, batch_size=1000, verbose=0)
    shares: np.ndarray = classifier.predict_proba(rows)
    return shares


def keras_model(network: Network) -> Any:
    """The same network in Keras."""
    import keras

    layers = [getattr(keras.layers, layer.type)(**layer.settings) for layer in network.layers]
    model = keras.Sequential([keras.Input(network.input), *layers])
    model.set_weights([weight.values for layer in network.layers for weight in layer.weights])
    return model


def flat_training_digits() -> tuple[np.ndarray, np.ndarray]:
    (images, labels), _ = load_mnist()
    return images.reshape(-1, 784) / np.float32(255), labels


def write_familiar() -> None:
    """Measure the principal components of digits, and how much of a digit they usually leave."""
    rows, _ = flat_training_digits()
    is_held_out = np.arange(len(rows)) % HELD_OUT == 0
    mean = rows[~is_held_out].mean(axis=0)
    _, axes = np.linalg.eigh(np.cov(rows[~is_held_out].T))
    kept = Network(
        (Layer("Components", "digits", {}, (Weight("bias", mean), Weight("kernel", axes[:, ::-1][:, :COMPONENTS]))),)
    )
    (layer,) = unpack(pack(kept, {}, KEPT_BITS))[0].layers
    most = float(np.percentile(residuals(rows[is_held_out], *(weight.values for weight in layer.weights)), SHARE))
    write_atomically(FAMILIAR, pack(kept, {"most": most}, KEPT_BITS))


def residuals(rows: np.ndarray, mean: np.ndarray, axes: np.ndarray) -> np.ndarray:
    """The share of each digit, in squares, that the components (784, k) cannot express."""
    from_mean = rows - mean
    within = (from_mean @ (axes / np.linalg.norm(axes, axis=0))) ** 2
    left: np.ndarray = ((from_mean**2).sum(axis=1) - within.sum(axis=1)) / (rows**2).sum(axis=1)
    return left
