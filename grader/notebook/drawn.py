"""`draw()` and `drawings()`: the page for drawing in a notebook, and what was drawn and kept there."""

from collections.abc import Callable
from typing import Any

import numpy as np

from grader.course import CourseError, find_workspace
from grader.draw.drawings import load_drawings
from grader.notebook.check import in_sentences, running_shell

Prepare = Callable[[np.ndarray], np.ndarray]


def draw(*models: Any, prepare: Prepare | None = None, **named: Any) -> None:
    """Show a page on which you draw a digit and watch networks read it.

    Args:
        models: your own networks, to choose from beside the course's: Keras models; the arrays (weights, bias, …) of
            dense layers with ReLU between them, as a tuple or a dict; or class means, floats (10, 784) in 0..1.
        prepare: your own ``prepare_image``, which the page then offers beside the course's.
        named: more networks, each under a name of your choice: ``draw(mine=model, with_dropout=other)``.
    """
    listed = {f"mine {number}" if number > 1 else "mine": model for number, model in enumerate(models, 1)}
    in_sentences(lambda: show_page(listed | named, prepare))


def show_page(models: dict[str, Any], prepare: Prepare | None) -> None:
    if running_shell() is None:
        raise CourseError("draw() shows its page in a notebook. From a terminal: ./digits draw")
    from IPython.display import display

    from grader.draw.widget import DrawWidget

    display(DrawWidget(models, prepare, find_workspace()))  # type: ignore[no-untyped-call]


def drawings(prepare: Prepare | None = None) -> tuple[np.ndarray, np.ndarray]:
    """The digits that you have drawn and kept in ``./digits draw`` or ``draw()``: a test set in your own handwriting.

    Args:
        prepare: turns a page, uint8 (224, 224) with dark ink on white paper, into a digit, uint8 (28, 28): your own
            ``prepare_image``. By default, the course's.

    Returns:
        The digits, uint8 (n, 28, 28), oldest first, and what you said they are, integers (n,). Pages without ink are
        left out.
    """
    from grader.handwriting.preparation import prepare_image

    digits, kept = list[np.ndarray](), list[int]()
    for page, label in zip(*load_drawings(find_workspace()), strict=True):
        try:
            prepare_image(page)
        except ValueError:  # no ink, so there is nothing to read
            continue
        digits.append(np.asarray((prepare or prepare_image)(page)))
        kept.append(int(label))
    return np.array(digits, np.uint8).reshape(-1, 28, 28), np.array(kept, int)
