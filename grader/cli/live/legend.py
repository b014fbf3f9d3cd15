"""The keys of `digits watch`: the lines at the bottom of its page, and the page that explains them."""

import textwrap
from collections.abc import Iterator, Mapping

from grader.feedback.text import Line

KEYS = {  # key: (name, what it does); the line at the bottom leaves out those without a name
    "h": ("hint", "the next hint for the check to fix first: a question, the concept, a worked hint"),
    "a": ("all", "every check in full, or only the first to fix"),
    "e": ("edit", "open your editor where the first check fails ($VISUAL, $EDITOR, VS Code or nano)"),
    "l": ("list", "all exercises with their points; choose one"),
    "n": ("next", "the next exercise (the right arrow does the same)"),
    "p": ("", "the previous exercise (the left arrow does the same)"),
    "c": ("check", "check again without saving"),
    "r": ("reset", "replace your file with a fresh stub; your old file is kept"),
    "?": ("help", "this page"),
    "q": ("quit", "leave (Ctrl-C does the same)"),
}
LIST_KEYS = {"Enter": "open", "Esc": "back", "q": "quit"}
FEWEST = ("?", "q")  # the keys that a low window still names
INTRODUCTION = (
    "Save the file in your editor to check it again: quick checks run first, training last and in the background. "
    "Saving again stops it and starts over. The arrow keys, PgUp, PgDn and the space bar scroll."
)


def page_keys(shown: int, hints: int) -> dict[str, str]:
    """The keys of the page of an exercise, with how many hints of the check to fix first are open."""
    named = {key: name for key, (name, _) in KEYS.items() if name}
    return named | ({"h": f"hint {shown}/{hints}"} if shown else {})


def keys_lines(named: Mapping[str, str], width: int, most: int) -> list[Line]:
    """The keys in lines of at most this width; if those are more than ``most``, only the keys nobody can do without."""
    for chosen in (named, {key: name for key, name in named.items() if key in FEWEST} or named):
        lines = wrapped(chosen, width)
        if len(lines) <= most:
            break
    return lines


def wrapped(named: Mapping[str, str], width: int) -> list[Line]:
    lines: list[Line] = [[]]
    used = 0
    for key, name in named.items():
        parts: Line = [(f" {key}", "title"), (f" {name} ", "quiet")]
        length = sum(len(text) for text, _ in parts)
        if used and used + length - 1 > width:  # the last space may be cut off
            lines.append([])
            used = 0
        lines[-1] += parts
        used += length
    return lines


def help_lines(width: int) -> Iterator[Line]:
    """The page that explains the keys."""
    for line in textwrap.wrap(INTRODUCTION, max(10, width - 2)):
        yield [(f" {line}", "")]
    yield []
    for key, (name, meaning) in KEYS.items():
        yield from key_lines(key, name or "previous", meaning, width)


def key_lines(key: str, name: str, meaning: str, width: int) -> Iterator[Line]:
    for number, line in enumerate(textwrap.wrap(meaning, max(10, width - 17))):
        yield [
            (f"   {key if number == 0 else ' '}  ", "title"),
            (f"{name if number == 0 else '':<10} ", ""),
            (line, ""),
        ]
