"""What `./digits` answers before anything is installed: help, the version, the map, and a command that does not exist.
Standard library only."""

import os
import shutil
import sys
import tomllib
from difflib import get_close_matches
from pathlib import Path

from grader.launcher.menu import HIDDEN, MENU, menu, rows, wrapped
from grader.launcher.place import Problem

COMMAND = 17  # columns for a command
ROOT = Path(__file__).parent.parent.parent
HELLO = (
    "Hello! This course takes you from raw pixels to a network that reads your handwriting.",
    "Each lesson has an exercise. Write a few functions, save, and in seconds you see what is right, what is wrong, "
    "and which mistake you made.",
    "Check as often as you like. Hints cost no points, and your best result counts.",
)
MISSING = "Your points are safe, but the environment is missing. The next command that grades something makes it."
LATER = "The first command that grades something installs the course. After that, {} shows everything."
HELP = {"--help", "-h"}
FIRST = "The first of these commands installs the course's packages, in half a minute or so:"
NOW = {
    "./digits watch": "grades exercise 1 each time you save it",
    "./digits lab": "opens lesson 1 in your browser",
    "./digits demo": "shows three submissions being graded",
}


def answer(arguments: list[str]) -> bool:
    """Answer a command line that needs no packages. Returns whether it was one.

    Raises:
        Problem: it names a command that does not exist.
    """
    width = min(shutil.get_terminal_size().columns, 80)
    arguments = [argument for argument in arguments if argument != "--debug"]
    known = {name: text for group in MENU.values() for name, text in group.items()}
    command = named(arguments)
    if not arguments:
        greeting = wrapped(MISSING, width) if has_progress() else [*hello(width), "", *wrapped(FIRST, width)]
        lines = [*lessons(width), "", *greeting, *rows(NOW, "  ", COMMAND, width)]
    elif arguments in (["--version"], ["-V"]):
        lines = [f"digits {version()}"]
    elif arguments[0] in HELP or arguments == ["help"]:
        lines = list(menu(width))
    elif command and command not in [*known, *HIDDEN]:
        raise Problem(unknown(command, [*known, *HIDDEN], slug_of(arguments[0])), 2)
    elif command in known and is_help(arguments):
        lines = [*wrapped(known[command], width), "", *wrapped(LATER.format(f"{program()} {command} --help"), width)]
    else:
        return False
    encoding = sys.stdout.encoding or "ascii"
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
    return True


def named(arguments: list[str]) -> str | None:
    """The command that a command line names, perhaps only to ask about it."""
    word = arguments[1] if arguments[:1] == ["help"] and len(arguments) > 1 else "".join(arguments[:1])
    return word if word and not word.startswith("-") else None


def is_help(arguments: list[str]) -> bool:
    return arguments[0] == "help" or bool(HELP.intersection(arguments))


def unknown(name: str, known: list[str], exercise: str | None) -> str:
    """What `grader.cli.usage` says about a command that does not exist, perhaps because it is an exercise."""
    near = [f"{program()} check {exercise}"] if exercise else get_close_matches(name, known, n=2, cutoff=0.7)
    meant = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"There is no command {name}.{meant} For help: {program()} --help"


def slug_of(word: str) -> str | None:
    """The exercise that a word names, if it names one."""
    slugs = (entry["slug"] for entry in entries())
    return next((slug for number, slug in enumerate(slugs, start=1) if word in (slug, str(number))), None)


def program() -> str:
    """How to start this program in the current folder."""
    return "./digits" if os.name != "nt" and Path.cwd() == ROOT else "digits"


def has_progress() -> bool:
    return any((folder / ".digits" / "progress.json").is_file() for folder in (Path.cwd(), ROOT))


def hello(width: int) -> list[str]:
    """The welcome, in five lines of a usual terminal."""
    return [line for text in HELLO for line in wrapped(text, width)]


def lessons(width: int) -> list[str]:
    rows = (f"  {number:>2}  {entry['title']}" for number, entry in enumerate(entries(), start=1))
    return [row if len(row) <= width else f"{row[: width - 3].rstrip()}..." for row in rows]


def entries() -> list[dict[str, str]]:
    return list(tomllib.loads((ROOT / "grader" / "course.toml").read_text("utf-8"))["lesson"])


def version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])
