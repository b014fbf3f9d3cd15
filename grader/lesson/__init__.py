"""The few functions that a lesson's code uses: to load the learner's work, show pictures and answer predictions."""

import os
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from grader.course import CourseError, find_lesson, find_workspace
from grader.figures import ShownFigure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PICTURES_VARIABLE = "DIGITS_PICTURES"  # set by `digits dev pictures`: the folder to save pictures in


class NotWritten(NotImplementedError):
    """Raised by a function that the learner has not written yet. IPython shows a sentence instead of a traceback."""

    def _render_traceback_(self) -> list[str]:  # called by IPython
        *_, place = traceback.walk_tb(self.__traceback__)
        code = place[0].f_code
        function = code.co_qualname.partition(".<locals>")[0]
        path = Path(code.co_filename)
        return [f"Write {function} in {path.parent.name}/{path.name} first, then run this cell again."]


def exercise(name: str) -> ModuleType:
    """Load the learner's file of an exercise as a module. Every call reads the file again.

    Args:
        name: the exercise's slug, for instance ``"dense"``.

    Returns:
        The module: ``exercise("dense").build_model()`` calls the learner's function.
    """
    lesson = find_lesson(name)
    path = lesson.exercise_path(find_workspace())
    module = ModuleType(f"exercise_{lesson.slug}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module
    vars(module)["NotImplementedError"] = NotWritten  # what a stub raises
    # Not with import: when a file is saved twice within a second, import would run the first version from its cache.
    exec(compile(path.read_bytes(), path, "exec"), vars(module))
    return module


def show(figure: "Figure", name: str) -> None:
    """Show a picture in the notebook, light or dark as the page is.

    While the course's pictures are being rebuilt, also save it as SVG.

    Args:
        figure: a Matplotlib figure. It is closed afterward.
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

        display(ShownFigure(figure, name))
    plt.close(figure)


def predict(name: str, number: int, answer: str) -> None:
    """Answer a prediction of a lesson, as `digits quiz` does in a terminal. Prints whether it is right, and why.

    Your answers do not affect your points.

    Args:
        name: the lesson's slug, for instance ``"dense"``.
        number: which of its predictions, from 1 on.
        answer: the letter of your choice.
    """
    from grader.progress.record import record_answer
    from grader.quiz import find_question

    letter = str(answer).strip().lower()
    try:
        lesson = find_lesson(name)
        question = find_question(lesson, number)
        if letter not in question.choices:
            raise CourseError(f"Answer with one of {', '.join(question.choices)}, in quotes.")
        print(question.reply(letter), question.reason, sep="\n")
    except CourseError as error:
        print(error)
        return
    try:
        record_answer(find_workspace(), lesson.slug, question.key, letter)
    except OSError as error:
        print(f"(Your answer could not be saved: {error.strerror}.)")
