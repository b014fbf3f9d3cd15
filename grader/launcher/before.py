"""What `./digits` answers before anything is installed: help, the version and the map. Standard library only."""

import shutil
import sys
import tomllib
from pathlib import Path

from grader.launcher.menu import menu, rows, wrapped

COMMAND = 17  # columns for a command
ROOT = Path(__file__).parent.parent.parent
HELLO = (
    "Hello! This course takes you from raw pixels to a network that reads your handwriting.",
    "Each lesson has an exercise. Write a few functions, save, and in seconds you see what is right, what is wrong, "
    "and which mistake you made.",
    "Check as often as you like. Hints cost no points, and your best result counts.",
)
MISSING = "Your points are safe, but the environment is missing. The next command that grades something makes it."
FIRST = "The first of these commands installs the course's packages, in half a minute or so:"
NOW = {
    "./digits watch": "grades exercise 1 each time you save it",
    "./digits lab": "opens lesson 1 in your browser",
    "./digits demo": "shows three submissions being graded",
}


def answer(arguments: list[str]) -> bool:
    """Answer a command line that needs no packages. Returns whether it was one."""
    width = min(shutil.get_terminal_size().columns, 80)
    if not arguments:
        greeting = wrapped(MISSING, width) if has_progress() else [*hello(width), "", *wrapped(FIRST, width)]
        lines = [*lessons(width), "", *greeting, *rows(NOW, "  ", COMMAND, width)]
    elif arguments in (["--version"], ["-V"]):
        lines = [f"digits {version()}"]
    elif arguments in (["--help"], ["-h"], ["help"]):
        lines = list(menu(width))
    else:
        return False
    encoding = sys.stdout.encoding or "ascii"
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
    return True


def has_progress() -> bool:
    return any((folder / ".digits" / "progress.json").is_file() for folder in (Path.cwd(), ROOT))


def hello(width: int) -> list[str]:
    """The welcome, in five lines of a usual terminal."""
    return [line for text in HELLO for line in wrapped(text, width)]


def lessons(width: int) -> list[str]:
    entries = tomllib.loads((ROOT / "grader" / "course.toml").read_text("utf-8"))["lesson"]
    rows = (f"  {number:>2}  {entry['title']}" for number, entry in enumerate(entries, start=1))
    return [row if len(row) <= width else f"{row[: width - 3].rstrip()}..." for row in rows]


def version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])
