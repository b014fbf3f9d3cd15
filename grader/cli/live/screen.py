"""The whole terminal as one page that is redrawn in place and never scrolls."""

from rich.text import Text

from grader.cli.terminal import Terminal
from grader.feedback.text import Line

ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J"  # the alternate screen, no cursor, nothing on it
LEAVE = "\x1b[0m\x1b[?25h\x1b[?1049l"
HOME, END_OF_LINE, BELOW = "\x1b[H", "\x1b[K", "\x1b[J"


class Screen:
    """The terminal's alternate screen: what was there before comes back on close.

    Nothing is written into the last column: terminals disagree on where the cursor is after that.
    """

    def __init__(self, terminal: Terminal) -> None:
        self._terminal, self._console, self._frame = terminal, terminal.console, ""

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows that can be used now."""
        columns, rows = self._console.size
        return max(1, columns - 1), max(1, rows)

    def open(self) -> None:
        self._frame = ""
        self._write(ENTER)

    def close(self) -> None:
        _, rows = self.size
        self._write(f"\x1b[{rows};1H{END_OF_LINE}{LEAVE}")  # the first for terminals that have no alternate screen

    def draw(self, lines: list[Line]) -> None:
        """Show these lines and no others; those that do not fit are left out."""
        columns, rows = self.size
        shown = f"{END_OF_LINE}\r\n".join(self._styled(line, columns) for line in lines[:rows])
        frame = f"{HOME}{shown}{END_OF_LINE}{BELOW if len(lines) < rows else ''}"
        if (columns, rows, frame) != self._frame:
            self._frame = (columns, rows, frame)
            self._write(frame)

    def _styled(self, line: Line, columns: int) -> str:
        text = Text.assemble(*((self._terminal.plain(part), style) for part, style in line))
        text.truncate(columns)
        with self._console.capture() as captured:
            self._console.print(text, end="")
        return captured.get()

    def _write(self, text: str) -> None:
        self._console.file.write(text)
        self._console.file.flush()
