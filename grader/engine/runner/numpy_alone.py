"""Makes a runner a place like a small server: nothing but NumPy and the standard library can be imported there."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType

ALLOWED = frozenset({*sys.stdlib_module_names, "numpy"})
OUR_OWN = frozenset({"__main__", "grader", "msgspec"})  # what the runner itself works with, imported already


class OnlyNumPy(MetaPathFinder):
    """Stands before Python's own finders, and refuses what is not allowed as if it were not installed."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        """None, so that the others look for it.

        Raises:
            ModuleNotFoundError: it is neither NumPy's nor the standard library's.
        """
        if root(fullname) not in ALLOWED:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)


def enforce() -> None:
    """From now on, in this process. A library that was imported earlier has to be imported again, and cannot be."""
    for name in list(sys.modules):
        if root(name) not in ALLOWED | OUR_OWN:
            del sys.modules[name]
    sys.meta_path.insert(0, OnlyNumPy())


def root(name: str) -> str:
    """The package that a module belongs to."""
    return name.partition(".")[0]
