"""The few names that a lesson's code uses: the learner's own functions, and pictures."""

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from grader.course import find_lesson, find_workspace

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PICTURES_VARIABLE = "DIGITS_PICTURES"  # set by `digits dev build --pictures`: the folder to save pictures in


def exercise(name: str) -> ModuleType:
    """Load the learner's own file of an exercise as a module, afresh at every call.

    Args:
        name: the exercise's slug, for instance ``"dense"``.

    Returns:
        The module: ``exercise("dense").build_model()`` calls the learner's function.
    """
    lesson = find_lesson(name)
    path = lesson.exercise_path(find_workspace())
    spec = importlib.util.spec_from_file_location(f"exercise_{lesson.slug}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def show(figure: "Figure", name: str) -> None:
    """Show a picture where the lesson runs; save it as SVG as well while the course's pictures are being rebuilt.

    Args:
        figure: a Matplotlib figure. It is closed afterwards.
        name: the picture's path in ``lessons/images`` without its ending, for instance ``"05_dense/curves"``.
    """
    import matplotlib.pyplot as plt

    folder = os.environ.get(PICTURES_VARIABLE)
    if folder:
        path = Path(folder) / f"{name}.svg"
        path.parent.mkdir(parents=True, exist_ok=True)
        with plt.rc_context({"svg.hashsalt": name}):  # the same drawing gives the same bytes
            figure.savefig(path, bbox_inches="tight", metadata={"Date": None})
    if "IPython" in sys.modules:
        from IPython.display import display

        display(figure)
    plt.close(figure)
