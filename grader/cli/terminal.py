"""The terminal: the one place that knows about color, width and the characters that can be shown."""

import io
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text
from rich.theme import Theme

from grader.feedback.text import Line, feedback, folded
from grader.verdict import CheckResult

WIDTH = 80
THEME = Theme(
    {
        "good": "green",
        "bad": "red",
        "quiet": "dim",
        "title": "bold",
        "name": "bold magenta",
        "question": "cyan",
        "curve": "blue",
        "heading": "bold",
    }
)


class Terminal:
    """Where a command prints: in color on a terminal unless NO_COLOR is set, and in ASCII if that is all it can show.
    With ``record`` it prints nowhere and keeps everything for a picture."""

    def __init__(self, record: bool = False) -> None:
        forced: dict[str, Any] = {"force_terminal": True, "width": WIDTH, "file": io.StringIO()} if record else {}
        self.console = Console(theme=THEME, highlight=False, soft_wrap=True, record=record, **forced)
        self.width = min(self.console.width, WIDTH) if self.console.is_terminal else WIDTH
        self.unicode = can_show("✓·│━…×", sys.stdout.encoding)

    def line(self, *parts: str | tuple[str, str]) -> None:
        """Print one line of styled parts. Markup is not interpreted, so no text can style itself."""
        text = Text()
        for part in parts:
            content, style = (part, "") if isinstance(part, str) else part
            text.append(self.plain(content), style)
        self.console.print(text)

    def lines(self, lines: Iterable[Line]) -> None:
        for line in lines:
            self.line(*((self.plain(text), style) for text, style in line))

    def result(self, result: CheckResult) -> None:
        self.lines(feedback(result, self.width, self.unicode))

    def folded(self, results: Sequence[CheckResult]) -> None:
        self.lines(folded(results, self.width, self.unicode))

    def plain(self, text: str) -> str:
        """The text, in ASCII if that is all the terminal can show."""
        if self.unicode:
            return text
        for fancy, simple in (("…", "..."), ("·", "-"), ("×", "x"), ("→", "->"), ("—", "-")):
            text = text.replace(fancy, simple)
        return text.encode("ascii", "replace").decode()


def can_show(text: str, encoding: str | None) -> bool:
    try:
        text.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
