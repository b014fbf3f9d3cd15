"""Starts a command that serves a page, and waits for its address."""

import os
import re
import subprocess
import sys
from pathlib import Path

DIGITS = Path(sys.executable).with_name("digits")


def start(arguments: list[str], folder: Path, address: re.Pattern[str], **variables: str):
    """Start `digits` in a learner's folder; returns the process, what it has printed, and its address."""
    process = subprocess.Popen(
        [DIGITS, *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"} | variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    printed = ""
    while not (found := address.search(printed)):
        line = process.stdout.readline()
        assert line, printed
        printed += line
    return process, printed, found[0]
