"""Hides packages from imports, so that code runs here as it does where they are not installed."""

from collections.abc import Callable
from importlib.abc import MetaPathFinder
from types import ModuleType

KERAS = frozenset({"tensorflow", "keras"})


class Missing(MetaPathFinder):
    """Hides packages that are installed here, but not where exported networks run."""

    def __init__(self, is_hidden: Callable[[str], bool]) -> None:
        self._is_hidden = is_hidden

    def find_spec(self, fullname: str, path: object = None, target: ModuleType | None = None) -> None:
        if self._is_hidden(fullname.partition(".")[0]):
            raise ModuleNotFoundError(f"No module named {fullname!r} where exported networks run", name=fullname)
