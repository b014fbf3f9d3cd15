"""The whole terminal as one page that is redrawn in place and never scrolls."""

from rich.text import Text

from grader.cli.terminal import Terminal
from grader.feedback.text import Line

ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J"  # alternate screen, cursor hidden, cleared
LEAVE = "\x1b[0m\x1b[?25h\x1b[?1049l"
HOME, END_OF_LINE, BELOW = "\x1b[H", "\x1b[K", "\x1b[J"


class Screen:
    """The terminal's alternate screen. Closing it restores what was shown before.

    Nothing is written in the last column, because terminals disagree about where the cursor goes next.
    """

    def __init__(self, terminal: Terminal) -> None:
        self._terminal, self._console = terminal, terminal.console
        self._drawn: tuple[int, int, str] | None = None  # columns, rows and text

    @property
    def size(self) -> tuple[int, int]:
        """The columns and rows that can be used now."""
        columns, rows = self._console.size
        return max(1, columns - 1), max(1, rows)

    def open(self) -> None:
        self._drawn = None
        self._write(ENTER)

    def close(self) -> None:
        _, rows = self.size
        self._write(
            f"\x1b[{rows};1H{END_OF_LINE}{LEAVE}"
        )  # the first part is for terminals without an alternate screen

    def draw(self, lines: list[Line]) -> None:
        """Show exactly these lines, as many as fit."""
        columns, rows = self.size
        shown = f"{END_OF_LINE}\r\n".join(self._styled(line, columns) for line in lines[:rows])
        frame = f"{HOME}{shown}{END_OF_LINE}{BELOW if len(lines) < rows else ''}"
        if (columns, rows, frame) != self._drawn:
            self._drawn = (columns, rows, frame)
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
