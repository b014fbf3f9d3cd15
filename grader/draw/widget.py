"""The page as a widget in a notebook, which asks the kernel for networks, and keeps drawings in the workspace."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets

from grader.course import CourseError
from grader.draw.bundle import PAGE, bundled
from grader.draw.course_networks import FAMILIAR, course_networks
from grader.draw.drawings import SIDE, Drawings
from grader.draw.network import Network, NotComputable, dense, nearest_mean, of_keras, scale_of
from grader.draw.packing import pack

SPREAD = 1000.0  # how sure nearest means are of themselves, see `nearest_mean`
FORMS = ((28, 28), (28, 28, 1), (784,))  # input shapes that networks of this course have
Answer = tuple[Any, list[bytes]]
Prepare = Callable[[np.ndarray], np.ndarray]


class DrawWidget(anywidget.AnyWidget):
    """The page. `grader.notebook.draw` makes one."""

    networks: traitlets.List[Any] = traitlets.List().tag(sync=True)
    first = traitlets.Unicode().tag(sync=True)
    second = traitlets.Unicode().tag(sync=True)
    prepares = traitlets.Bool().tag(sync=True)

    def __init__(self, models: dict[str, Any], prepare: Prepare | None, workspace: Path) -> None:
        """Show the course's networks and the learner's.

        Args:
            models: the learner's networks by the names under which they are listed; see `network_of`.
            prepare: the learner's ``prepare_image``, if they want to use it.
            workspace: in whose ``.digits/drawings`` drawings are kept.
        """
        for name, model in models.items():
            check_usable(name, model)
        self._esm = bundled("widget.js")  # read only when a widget is made
        self._css = (PAGE / "style.css").read_text("utf-8")
        self._models, self._prepare, self._drawings = models, prepare, Drawings(workspace)
        self._course = {network.id: network for network in course_networks()}
        course = [network.listed() for network in self._course.values()]
        own = [{"id": name, "title": name, "group": "Your networks"} for name in models]
        first = (own or course)[-1]["id"]
        super().__init__(networks=course + own, first=first, second=course[0]["id"], prepares=prepare is not None)
        self.on_msg(self._answer)

    def _answer(self, _: Any, asked: Any, buffers: list[Any]) -> None:
        """Answer a question of the page; what goes wrong is told in a sentence."""
        if not isinstance(asked, dict):
            return
        number = asked.get("number")
        try:
            answer, parts = self._answered(asked, bytes(buffers[0]) if buffers else b"")
        except CourseError as error:
            self.send({"number": number, "problem": str(error)})
        except (Exception, SystemExit) as error:  # of the learner's function or model
            self.send({"number": number, "problem": f"{type(error).__name__}: {error}".removesuffix(": ") + "."})
        else:
            self.send({"number": number, "answer": answer}, parts)

    def _answered(self, asked: dict[str, Any], levels: bytes) -> Answer:
        match asked["what"]:
            case "network":
                return None, self._packed(asked["id"])
            case "familiar":
                return None, [FAMILIAR.read_bytes()]
            case "predict":
                return probabilities(self._models[asked["id"]], picture(levels, 28)), []
            case "prepare":
                return prepared(self._prepare, picture(levels, SIDE)), []
            case "drawings":
                return [vars(drawing) for drawing in self._drawings.all()], []
            case "drawing":
                return None, [self._drawings.read(asked["id"]) or b""]
            case "keep":
                return vars(self._drawings.keep(picture(levels, SIDE), digit_of(asked["label"]))), []
            case "remove":
                self._drawings.remove(asked["id"])
        return None, []

    def _packed(self, name: str) -> list[bytes]:
        """A network's file; none if only the kernel can compute it."""
        if name in self._course:
            return [self._course[name].path.read_bytes()]
        try:
            network = network_of(self._models[name])
        except NotComputable:
            return []
        return [pack(network, {"title": name, "note": "Your network."})]


def check_usable(name: str, model: Any) -> None:
    """Refuse what reads no digits.

    Raises:
        CourseError: it is neither a Keras model from a digit to ten numbers, nor arrays that `network_of` takes.
    """
    if not is_keras(model):
        network_of(model)
    elif tuple(model.input_shape[1:]) not in FORMS or tuple(model.output_shape[1:]) != (10,):
        found = f"{name} maps {model.input_shape} to {model.output_shape}."
        wanted = "The page needs a model that maps (None, 28, 28), (None, 28, 28, 1) or (None, 784) to (None, 10)."
        raise CourseError(f"{found} {wanted}")


def is_keras(model: Any) -> bool:
    return hasattr(model, "get_weights") and hasattr(model, "input_shape")


def network_of(model: Any) -> Network:
    """A learner's model as the page computes it.

    Raises:
        NotComputable: it has something in it that the page does not know.
        CourseError: it is nothing that reads digits.
    """
    if is_keras(model):
        return of_keras(model)
    if isinstance(model, np.ndarray) and model.shape == (10, 784):
        return nearest_mean(model, SPREAD)
    given = model.values() if isinstance(model, dict) else model
    arrays = [np.asarray(array) for array in given] if isinstance(model, (dict, list, tuple)) else []
    if not fit_together(arrays):
        wanted = "a Keras model, the arrays (weights, bias, …) of dense layers, or class means of shape (10, 784)"
        raise CourseError(f"draw() can't use this model. Pass {wanted}.")
    pairs = list(zip(arrays[::2], arrays[1::2], strict=True))
    activations = ["relu"] * (len(pairs) - 1) + ["softmax"]
    return Network(
        tuple(
            dense(f"dense {number}", kernel, bias, activation)
            for number, ((kernel, bias), activation) in enumerate(zip(pairs, activations, strict=True), 1)
        )
    )


def fit_together(arrays: list[np.ndarray]) -> bool:
    """Whether these are weights and biases in turn, from 784 pixels to ten numbers."""
    inputs = 784
    for kernel, bias in zip(arrays[::2], arrays[1::2], strict=False):
        if kernel.ndim != 2 or kernel.shape[0] != inputs or bias.shape != (kernel.shape[1],):
            return False
        inputs = kernel.shape[1]
    return len(arrays) % 2 == 0 and len(arrays) > 0 and inputs == 10


def digit_of(label: Any) -> int:
    if label not in range(10):
        raise CourseError("A label is one of the digits 0 to 9.")
    return int(label)


def picture(levels: bytes, side: int) -> np.ndarray:
    return np.frombuffer(levels, np.uint8).reshape(side, side)


def probabilities(model: Any, digit: np.ndarray) -> list[float]:
    """What a Keras model that the page cannot compute makes of a digit, uint8 (28, 28)."""
    inputs = digit.reshape(1, *model.input_shape[1:]) * np.float32(scale_of(model))
    row = np.asarray(model(inputs, training=False))[0].astype(float)
    if row.min() < 0 or abs(row.sum() - 1) > 1e-3:  # logits: the softmax was left to the loss
        row = np.exp(row - row.max())
    return [float(share) for share in row / row.sum()]


def prepared(prepare: Prepare | None, gray: np.ndarray) -> list[int]:
    """A drawing, prepared by the learner's own function: 784 levels."""
    digit = np.asarray(prepare(gray.copy())) if prepare else gray
    if digit.shape != (28, 28):
        raise CourseError(f"Your prepare_image returned an array of shape {digit.shape} instead of (28, 28).")
    return [int(level) for level in digit.ravel()]
