"""Loads the learner's exercise into a lesson."""

import sys
import traceback
from pathlib import Path
from types import ModuleType

from grader.course import find_lesson, find_workspace


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
