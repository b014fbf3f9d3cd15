"""The loss during training as a small chart made of characters."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from grader.feedback.text import Line, training_place, training_share

COLUMNS, ROWS = 48, 4
INDENT, AXIS = 9, 8  # columns to the left of the chart
BLOCKS, PLAIN_BLOCKS = " ▁▂▃▄▅▆▇█", "    ####"  # from an empty to a full character
FRAME, PLAIN_FRAME = ("│", "└", "─"), ("|", "+", "-")


def chart(
    heights: Sequence[float], labels: tuple[str, str], unicode: bool, rows: int, columns: int, indent: int
) -> Iterator[Line]:
    """Heights, each 0 to 1, as columns of characters.

    Args:
        labels: what stands at the top and at the floor, right-aligned in the first ``indent`` characters.
    """
    blocks, (side, corner, floor) = (BLOCKS, FRAME) if unicode else (PLAIN_BLOCKS, PLAIN_FRAME)
    for row in reversed(range(rows)):
        levels = [min(1.0, max(0.0, height * rows - row)) for height in heights]
        drawn = "".join(blocks[round(level * (len(blocks) - 1))] for level in levels)
        yield [(f"{labels[0] if row == rows - 1 else '':>{indent}} {side}", "quiet"), (drawn, "curve")]
    yield [(f"{labels[1]:>{indent}} {corner}", "quiet"), (floor * columns, "curve")]


class Curve:
    """What the runner reports about training, for display only: the latest training is drawn.

    Its memory use stays the same however much is reported.
    """

    def __init__(self) -> None:
        self._losses: list[float | None] = [None] * COLUMNS
        self._share = 0.0
        self._figures: dict[str, float] = {}

    def add(self, figures: dict[str, Any]) -> None:
        """Take one progress report."""
        share = training_share(figures)
        if share is None:
            return
        has_restarted = share < self._share
        losses: list[float | None] = [None] * COLUMNS if has_restarted else self._losses.copy()
        if figures.get("loss", -1) >= 0:
            losses[min(COLUMNS - 1, int(share * COLUMNS))] = figures["loss"]
        self._losses, self._share, self._figures = losses, share, figures

    def lines(self, unicode: bool, width: int = 80) -> Iterator[Line]:
        """The chart with the progress of the training below it; nothing before the first report."""
        if not self._figures:
            return
        indent = INDENT if width >= INDENT + AXIS + COLUMNS else 0
        room = min(COLUMNS, width - indent - AXIS)
        heights = narrowed(list(self._heights()), room / COLUMNS)
        if heights:
            top = max(loss for loss in self._losses if loss is not None)
            yield from chart(heights, (f"{top:.3g}"[:6], "0"), unicode, ROWS, room, indent + 6)
        left = indent + AXIS if indent else 3
        for line in textwrap.wrap(training_place(self._figures), max(10, width - left)):
            yield [(" " * left, ""), (line, "quiet")]

    def _heights(self) -> Iterator[float]:
        """The loss in each column as a fraction of the highest loss. Columns without a report repeat the last one."""
        known = [loss for loss in self._losses if loss is not None]
        last = next(iter(known), 0.0)
        for loss in self._losses[: int(self._share * COLUMNS) + 1] if known and max(known) > 0 else []:
            last = last if loss is None else loss
            yield last / max(known)


def narrowed(heights: list[float], share: float) -> list[float]:
    """Fewer columns of the same chart, evenly chosen."""
    count = int(len(heights) * max(0.0, share))
    return [heights[int(place * len(heights) / count)] for place in range(count)]
