"""The terminal: the one place that knows about color, width and the characters that can be shown."""

import io
import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text
from rich.theme import Theme

from grader.course import Lesson
from grader.feedback.text import Line, feedback, folded, title_lines, wrapped_line
from grader.verdict import CheckResult

WIDTH = 80
# Readable on black and on white: each of these has a contrast of at least 3.8 with both, as tests/test_colors.py
# measures. What the first sixteen colors look like is up to the terminal: blue is too dark on black there, and dim text
# too faint on white. A terminal that has no others gets those below, and plain text where gray would be.
COLORS = {"green": "color(28)", "red": "color(160)", "gray": "color(243)", "purple": "color(133)", "blue": "color(31)"}
FEW_COLORS = {"green": "green", "red": "red", "gray": "default", "purple": "magenta", "blue": "cyan"}


def theme(colors: Mapping[str, str]) -> Theme:
    """The styles by what they mean."""
    return Theme(
        {
            "good": colors["green"],
            "bad": colors["red"],
            "quiet": colors["gray"],
            "title": "bold",
            "name": f"bold {colors['purple']}",
            "question": colors["blue"],
            "curve": colors["blue"],
            "heading": "bold",
        }
    )


class Terminal:
    """Where a command prints: in color on a terminal unless NO_COLOR is set, and in ASCII if that is all it can show.
    With ``record`` it prints nowhere and keeps everything for a picture."""

    def __init__(self, record: bool = False) -> None:
        forced: dict[str, Any] = {"force_terminal": True, "width": WIDTH, "file": io.StringIO()} if record else {}
        self.console = Console(highlight=False, soft_wrap=True, record=record, **forced)
        self.colors = FEW_COLORS if self.console.color_system == "standard" else COLORS
        self.console.push_theme(theme(self.colors))
        self.width = min(self.console.width, WIDTH) if self.console.is_terminal else WIDTH
        self.unicode = can_show("✓·│━…×", sys.stdout.encoding)

    def line(self, *parts: str | tuple[str, str]) -> None:
        """Print one line of styled parts. Markup is not interpreted, so no text can style itself."""
        text = Text()
        for part in parts:
            content, style = (part, "") if isinstance(part, str) else part
            text.append(self.plain(content), style)
        self.console.print(text)

    def wrapped(self, *parts: str | tuple[str, str]) -> None:
        """Print a sentence of styled parts, in several lines if it is too long for one."""
        styled = ((part, "") if isinstance(part, str) else part for part in parts)
        self.lines(wrapped_line(((self.plain(text), style) for text, style in styled), self.width))

    def lines(self, lines: Iterable[Line]) -> None:
        for line in lines:
            self.line(*((self.plain(text), style) for text, style in line))

    def title(self, lesson: Lesson, beside: str = "") -> None:
        """Print the title of an exercise, with its file or what else belongs beside it."""
        self.lines(title_lines(lesson.number, lesson.title, beside, self.width))

    def result(self, result: CheckResult) -> None:
        self.lines(feedback(result, self.width, self.unicode))

    def folded(self, results: Sequence[CheckResult]) -> None:
        self.lines(folded(results, self.width, self.unicode))

    def paged(self, draw: Callable[[], None], allowed: bool = True) -> None:
        """Print what ``draw`` prints: in a pager if it is longer than the window and somebody is there to scroll."""
        with self.console.capture() as captured:
            draw()
        text = captured.get()
        is_read = self.console.is_terminal and not self.console.is_dumb_terminal and sys.stdin.isatty()
        is_long = text.count("\n") >= self.console.height
        if not (allowed and is_read and is_long and page(text)):
            self.console.file.write(text)
            self.console.file.flush()

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


def page(text: str) -> bool:
    """Show a long text in PAGER, or in less; returns whether there was such a program."""
    command = shlex.split(os.environ.get("PAGER", "")) or ["less"]
    found = shutil.which(command[0])
    if not found:
        return False
    variables = {"LESS": "-R", "LESSCHARSET": "utf-8"} | os.environ
    with subprocess.Popen([found, *command[1:]], stdin=subprocess.PIPE, env=variables) as pager:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the pager's
        try:
            pager.communicate(text.encode("utf-8", "replace"))
        except BrokenPipeError:
            pass  # closed before it has read everything
        finally:
            signal.signal(signal.SIGINT, before)
    return True
