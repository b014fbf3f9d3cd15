"""The end of an exception's text that Python adds only where it prints a traceback itself: Did you mean: 'labels'?"""

import builtins
import difflib
import sys
from collections.abc import Iterable
from typing import Any

from grader.engine.runner.exceptions import traceback_of

MOST_NAMES = 1000  # that are compared, as many as Python itself compares at most
LONGEST_NAME = 40  # characters; Python suggests nothing for longer ones


def suggestion(error: BaseException) -> str:
    """What Python would suggest for a name that does not exist, with a blank before it; nothing if it has no idea."""
    try:
        if type(error) is NameError:
            return for_name(error.name, names_at(error))
        if type(error) is AttributeError and error.obj is not None:
            return did_you_mean(error.name, dir(error.obj))
    except BaseException:  # a class of the submission's own may say anything about its attributes
        pass
    return ""


def for_name(name: object, known: Iterable[str]) -> str:
    """A known name that is spelled nearly the same, or a module that has to be imported."""
    if name in sys.stdlib_module_names:
        return f". Did you forget to import '{name}'?"
    return did_you_mean(name, known)


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """The known name that is spelled most like another one, as a question."""
    if type(name) is not str or len(name) > LONGEST_NAME:
        return ""
    public = [other for other in known if type(other) is str and (name.startswith("_") or not other.startswith("_"))]
    close = difflib.get_close_matches(name, public[:MOST_NAMES], n=1, cutoff=0.7)
    return f". Did you mean: '{close[0]}'?" if close and len(close[0]) <= LONGEST_NAME else ""


def names_at(error: BaseException) -> list[str]:
    """The names that can be used where an exception was raised: local, global, built in."""
    place: Any = traceback_of(error)
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    own = [] if place is None else [*place.tb_frame.f_locals, *place.tb_frame.f_globals]
    return [*own, *dir(builtins)]
