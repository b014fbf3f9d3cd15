"""The commands by what people want to do. Standard library only: `--help` answers before anything is installed."""

import textwrap
from collections.abc import Iterator

INTRODUCTION = "Digits: from raw pixels to convolutional networks, graded in seconds."
START = "New here? Run ./digits for the map of the course, then ./digits watch."
MORE = "Every command has help: ./digits check --help."

MENU = {  # group: {command: what it does, the first sentence of its own help}
    "Learn": {
        "next": "Show what to do next: what to read, edit and run.",
        "check": "Check your work: one exercise, or all of them.",
        "watch": "Check an exercise each time you save it.",
        "try": "Repeat the failing call yourself, at a Python prompt.",
        "hint": "Get unstuck: a question, the concept, a worked hint.",
        "solution": "Compare your code with the reference, once yours passes.",
        "reset": "Start an exercise over. Your old file is kept.",
        "draw": "Draw a digit in your browser and watch networks read it.",
        "lab": "Open the lessons as notebooks in JupyterLab.",
        "quiz": "Answer the prediction questions of a lesson.",
        "train": "Train your own network on all 60,000 digits and keep it.",
        "board": "Compare your networks with the course's: accuracy, size, time.",
        "export": "Write a trained network for places without Keras.",
        "serve": "Answer requests over HTTP with your exported network.",
        "predict": "Recognize your own handwritten digits in pictures.",
        "update": "Get the newest version of the course.",
        "help": "Show what a command does and which options it has.",
    },
    "Teach": {
        "demo": "See the grader at work, in half a minute or so.",
        "grade": "Grade one submission, as an instructor.",
        "class": "For instructors: grade a whole class, report, export.",
    },
    "Maintain": {
        "doctor": "Show what this machine can do and what is missing.",
        "test": "Run the project's own tests.",
        "dev": "For maintainers: build, calibrate, measure.",
    },
}
HIDDEN = ("list", "predict-it")  # earlier names, which still work
OPTIONS = {
    "--help": "Show this page, or the help of a command.",
    "--version": "Print the version.",
    "--repair": "Rebuild the environment; your work stays as it is.",
    "--debug": "Show the traceback if the grader itself fails.",
}
INDENT = 13


def menu(width: int) -> Iterator[str]:
    """The lines of the help, at most ``width`` columns wide."""
    yield from wrapped(INTRODUCTION, width)
    yield ""
    yield from wrapped(START, width)
    yield from wrapped(MORE, width)
    for group, commands in MENU.items():
        yield from section(group, commands, width)
    yield from section("Options", OPTIONS, width)


def section(title: str, commands: dict[str, str], width: int) -> Iterator[str]:
    yield ""
    yield f"{title}:"
    yield from rows(commands, "  ", INDENT - 2, width)


def rows(commands: dict[str, str], margin: str, column: int, width: int) -> Iterator[str]:
    """Commands and what they do, in two columns."""
    indent = margin + " " * column
    for name, text in commands.items():
        start = f"{margin}{name:<{column}}"
        yield from textwrap.wrap(text, max(width, 30), initial_indent=start, subsequent_indent=indent)


def wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(width, 30), break_on_hyphens=False)
