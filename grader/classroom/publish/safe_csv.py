"""CSV that is data in every program: quoted throughout, and never a formula.

A spreadsheet runs a cell that begins with =, +, -, @ or a tab. As OWASP advises, an apostrophe goes in front of it;
also inside of a text, behind what another program may take for the end of a cell: a semicolon, a tab or a line end.
Where an apostrophe stands already it gets company, so taking one away from each such place always gives the original.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from grader.feedback.html import visible

Cell = str | float | int | None
FORMULA = re.compile(r"(?:^|(?<=[;\t\r\n]))(?=[^\S\t\r\n]*'*[=+\-@＝＋－＠])|^(?='*[\t\r\n])")


def csv_text(rows: Iterable[Sequence[Cell]]) -> str:
    """Rows as CSV. Numbers stay bare, text is quoted, None is an empty cell."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return file.getvalue()


def _harmless(cell: Cell) -> Cell:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return FORMULA.sub("'", visible(cell))
    return int(cell) if cell == int(cell) else cell
