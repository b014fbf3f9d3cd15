"""The page as a widget in a notebook, which asks the kernel for networks, and keeps drawings in the workspace."""

from collections.abc import Callable
from typing import Any

import anywidget
import numpy as np
import traitlets

from grader.course import CourseError, find_workspace
from grader.draw.bundle import PAGE, bundled
from grader.draw.course_networks import FAMILIAR, course_networks
from grader.draw.drawings import SIDE, Drawings
from grader.draw.network import Network, NotComputable, dense, nearest_mean, of_keras
from grader.draw.packing import pack

SPREAD = 1000.0  # how sure nearest means are of themselves, see `nearest_mean`
Answer = tuple[Any, list[bytes]]


class DrawWidget(anywidget.AnyWidget):
    """The page. Make one with `draw`."""

    networks: traitlets.List[Any] = traitlets.List().tag(sync=True)
    first = traitlets.Unicode().tag(sync=True)
    second = traitlets.Unicode().tag(sync=True)
    prepares = traitlets.Bool().tag(sync=True)

    def __init__(self, models: dict[str, Any], prepare: Callable[[np.ndarray], np.ndarray] | None) -> None:
        self._esm = bundled("widget.js")  # read only when a widget is made
        self._css = (PAGE / "style.css").read_text("utf-8")
        self._models, self._prepare, self._drawings = models, prepare, Drawings(find_workspace())
        self._course = {network.id: network for network in course_networks()}
        course = [network.listed() for network in self._course.values()]
        own = [{"id": name, "title": name, "group": "Yours"} for name in models]
        first = (own or course)[-1]["id"]
        super().__init__(networks=course + own, first=first, second=course[0]["id"], prepares=prepare is not None)
        self.on_msg(self._answer)

    def _answer(self, _: Any, asked: Any, buffers: list[Any]) -> None:
        """Answer a question of the page; what goes wrong is told in a sentence."""
        number = asked.get("number")
        try:
            answer, parts = self._answered(asked, bytes(buffers[0]) if buffers else b"")
        except CourseError as error:
            self.send({"number": number, "problem": str(error)})
        except Exception as error:  # of the learner's function or model
            self.send({"number": number, "problem": f"{type(error).__name__}: {error}"})
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
                return vars(self._drawings.keep(picture(levels, SIDE), int(asked["label"]))), []
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
        return [pack(network, {"title": name, "note": "Yours."})]


def draw(*models: Any, prepare: Callable[[np.ndarray], np.ndarray] | None = None, **named: Any) -> DrawWidget:
    """Draw a digit in the notebook and watch networks read it.

    Args:
        models: your own networks, to choose from beside the course's: Keras models; arrays (weights, bias, …) of dense
            layers with ReLU between them, as a tuple or a dict; or class means, floats (10, 784) in 0..1.
        named: the same, each under a name.
        prepare: your own ``prepare_image``, to use instead of the course's.
    """
    listed = {f"mine {number}" if number > 1 else "mine": model for number, model in enumerate(models, 1)}
    return DrawWidget(listed | named, prepare)


def network_of(model: Any) -> Network:
    """A learner's model as the page computes it.

    Raises:
        NotComputable: it has something in it that the page does not know.
    """
    if hasattr(model, "get_weights"):
        return of_keras(model)
    arrays = list(model.values()) if isinstance(model, dict) else model
    if isinstance(arrays, np.ndarray) and arrays.shape == (10, 784):
        return nearest_mean(arrays, SPREAD)
    if not isinstance(arrays, (tuple, list)) or len(arrays) % 2 or not arrays:
        raise CourseError("draw takes Keras models, arrays (weights, bias, …) of dense layers, or ten class means.")
    pairs = list(zip(arrays[::2], arrays[1::2], strict=True))
    activations = ["relu"] * (len(pairs) - 1) + ["softmax"]
    return Network(
        tuple(
            dense(f"dense {number}", np.asarray(kernel), np.asarray(bias), activation)
            for number, ((kernel, bias), activation) in enumerate(zip(pairs, activations, strict=True), 1)
        )
    )


def picture(levels: bytes, side: int) -> np.ndarray:
    return np.frombuffer(levels, np.uint8).reshape(side, side)


def probabilities(model: Any, digit: np.ndarray) -> list[float]:
    """What a Keras model that the page cannot compute makes of a digit, uint8 (28, 28); it takes 0..1."""
    inputs = digit.reshape(1, *model.input_shape[1:]) / np.float32(255)
    return [float(share) for share in np.asarray(model(inputs, training=False))[0]]


def prepared(prepare: Callable[[np.ndarray], np.ndarray] | None, gray: np.ndarray) -> list[int]:
    """A drawing, prepared by the learner's own function: 784 levels."""
    digit = np.asarray(prepare(gray.copy())) if prepare else gray
    if digit.shape != (28, 28):
        raise CourseError(f"Your function returned an array of shape {digit.shape} instead of (28, 28).")
    return [int(level) for level in digit.ravel()]
