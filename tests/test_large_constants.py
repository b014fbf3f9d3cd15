"""Data in a submission is noticed wherever it stands, and no honest code is taken for it."""

import base64
import json
import random
from pathlib import Path

import pytest
from conftest import TESTS

from grader.course import REPOSITORY
from grader.engine.judge.large_constants import has_large_constant
from grader.engine.judge.source import Source, as_source, read_source

HONEST = [
    *sorted((REPOSITORY / "solutions").glob("*.py")),
    *sorted((REPOSITORY / "exercises").glob("*.py")),
    *sorted((TESTS / "alternatives").glob("*/*.py")),
    *sorted((TESTS / "mistakes").glob("*/*.py")),
]
STUB = (REPOSITORY / "exercises" / "10_cnn.py").read_text("utf-8")
WEIGHTS = random.Random(0).randbytes(2362)  # as many as a network of 98% takes
TEXT = base64.b85encode(WEIGHTS).decode().replace("\\", "a")


def lines(text: str, width: int = 90) -> list[str]:
    return [text[start : start + width] for start in range(0, len(text), width)]


def names() -> str:
    return "\n".join(f"_{WEIGHTS[start : start + 12].hex()} = 0" for start in range(0, len(WEIGHTS), 12))


HIDDEN = {
    "string": f"WEIGHTS = {TEXT!r}",
    "bytes": f"WEIGHTS = {WEIGHTS!r}",
    "many strings": "WEIGHTS = [" + ", ".join(map(repr, lines(TEXT, 20))) + "]",
    "numbers": "WEIGHTS = " + repr([round(byte / 255 - 0.5, 2) for byte in WEIGHTS]),
    "one number": f"WEIGHTS = 0x{WEIGHTS.hex()}",
    "f-string": f"WEIGHTS = f{TEXT.replace('{', 'b').replace('}', 'c')!r}",
    "docstring": 'def weights():\n    """' + "\n    ".join(lines(TEXT.replace(chr(34), "d"))) + '\n    """',
    "docstring of words": 'def weights():\n    """' + " ".join(lines(TEXT.replace(chr(34), "d"), 7)) + '\n    """',
    "comments": "\n".join(f"# {line}" for line in lines(TEXT)),
    "names": names(),
    "arguments": "def weights(" + ", ".join(f"_{WEIGHTS[i : i + 12].hex()}" for i in range(0, 2362, 12)) + "): pass",
    "half of it": f"WEIGHTS = {TEXT[:1200]!r}",
}


@pytest.mark.parametrize("place", HIDDEN)
def test_data_is_noticed(place):
    assert has_large_constant(Source(f"{STUB}\n{HIDDEN[place]}\n".encode(), "cnn.py"))


def test_data_is_noticed_in_a_cell_that_is_not_python():
    cells = [STUB, f"this is not Python {TEXT}"]
    notebook = {
        "cells": [{"cell_type": "code", "source": cell, "metadata": {}, "outputs": []} for cell in cells],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    assert has_large_constant(as_source(json.dumps(notebook).encode(), "cnn.ipynb"))


@pytest.mark.parametrize("code", [b"\xff\xfe", b"def (", b"x = (" * 5000, b'"""', b"if 1:\n\tx\n        y"])
def test_what_is_not_python_is_no_fault(code):
    has_large_constant(Source(code, "cnn.py"))


def test_honest_code_is_not_taken_for_data():
    taken: list[Path] = [path for path in HONEST if has_large_constant(read_source(path))]
    assert len(HONEST) > 1000
    assert taken == []
