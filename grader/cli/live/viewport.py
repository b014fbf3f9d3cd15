"""Scrolling: the part of a text that is shown where it is higher than its room."""

from collections.abc import Sequence

from grader.feedback.text import Line


class Viewport:
    """Remembers the place. Until a key scrolls, the text is moved no further than it takes to see the part that counts.

    A key counts for the text as it was last shown.
    """

    def __init__(self) -> None:
        self._top, self._end, self._rows = 0, 0, 1  # first line shown, the last it can be, lines shown at once
        self._is_free = False  # a key has scrolled

    def reset(self) -> None:
        """Go back to the part that counts."""
        self._top, self._is_free = 0, False

    def press(self, key: str) -> bool:
        """Scroll, and return True, if the key is one that does."""
        page = max(1, self._rows - 1)
        steps = {"up": -1, "down": 1, "page up": -page, "page down": page, "space": page}
        ends = {"home": 0, "end": self._end}
        if key not in steps | ends:
            return False
        top = ends[key] if key in ends else self._top + steps[key]
        self._top, self._is_free = min(max(0, top), self._end), True
        return True

    def shown(self, lines: Sequence[Line], rows: int, start: int = 0, stop: int = 0, last: bool = False) -> list[Line]:
        """As many lines as there are rows; if some are left out, the last one says so.

        Args:
            start, stop: the part that counts, from line ``start`` to before ``stop``.
            last: where even that part is too high, its end counts more than its beginning.
        """
        if len(lines) <= rows:
            self._top = self._end = 0
            self._rows = max(1, rows)
            return [*lines, *([[]] * (rows - len(lines)))]
        self._rows = max(1, rows - 1)
        self._end = len(lines) - self._rows
        if not self._is_free:
            low, high = stop - self._rows, start
            self._top = max(min(self._top, high), low) if last else min(max(self._top, low), high)
        self._top = min(max(0, self._top), self._end)
        below = len(lines) - self._top - self._rows
        return [*lines[self._top : self._top + self._rows], note(self._top, below)][:rows]


def note(above: int, below: int) -> Line:
    """How many lines are left out, and how to see them."""
    counts = [f"{count} {where}" for count, where in ((above, "above"), (below, "below")) if count]
    return [(f"   … {', '.join(counts)} (arrows, space)", "quiet")]
