"""How the board looks in a terminal: a table, and for each of one's own networks what beats it."""

import textwrap
from collections.abc import Collection, Iterator, Sequence

from grader.board.rows import Row, best_first, better_in
from grader.feedback.text import Line

NARROW = 72  # columns below which every network takes two lines
OWN = ("★", "*")  # before one's own networks; the same in ASCII
LONGEST_NAME = 22
INDENT = " " * 5


def table(rows: Sequence[Row], own: Collection[Row], width: int, unicode: bool) -> Iterator[Line]:
    """The networks by accuracy, with what each of them costs."""
    is_narrow = width < NARROW
    if not is_narrow:
        titles = f"{'right':>7}  {'95% interval':<14}  {'parameters':>10}  {'training':>8}  {'reading':>7}"
        yield [(f"   {'':<{LONGEST_NAME}} {titles}", "quiet")]
    for row in best_first(rows):
        mark, style = (OWN[0 if unicode else 1], "good") if row in own else (" ", "")
        name, low, high = shortened(row.name), *row.interval
        right, interval = f"{row.accuracy:.2%}", f"{100 * low:.2f} to {100 * high:.2f}"
        if is_narrow:
            yield [(f" {mark} {name:<{LONGEST_NAME}} ", style), (f"{right:>7}", "title")]
            costs = f"training {times(row.training)}, reading {times(row.reading)}"
            told = f"{interval}, {row.parameters:,} parameters, {costs}"
            for line in textwrap.wrap(told, width, initial_indent=INDENT, subsequent_indent=INDENT):
                yield [(line, "quiet")]
        else:
            costs = f"{row.parameters:>10,}  {times(row.training):>8}  {times(row.reading):>7}"
            start = (f" {mark} {name:<{LONGEST_NAME}} ", style)
            yield [start, (f"{right:>7}", "title"), (f"  {interval:<14}", "quiet"), (f"  {costs}", "")]


def remark(row: Row, others: Sequence[Row]) -> str:
    """What beats one of the learner's networks, or that nothing does."""
    beaten = [(other, better_in(other, row)) for other in best_first(others)]
    other, ways = next(((other, ways) for other, ways in beaten if ways), (None, []))
    if other is None:
        return f"{row.name}: no network of the course beats it."
    listed = ways[0] if len(ways) == 1 else f"{', '.join(ways[:-1])} and {ways[-1]}"
    return f"{row.name}: {other.name} beats it, with {listed}, and is clearly worse in nothing."


def times(ratio: float | None) -> str:
    """A multiple of the reference's time, with two digits that count."""
    if ratio is None:
        return "?"
    return f"{ratio:.2f}" if ratio < 1 else f"{ratio:.1f}" if ratio < 10 else f"{ratio:.0f}"


def shortened(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
