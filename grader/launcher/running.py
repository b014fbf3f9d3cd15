"""Runs one step of an installation with its output in the log, while a line on the terminal says how far it is."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from typing import IO

from grader.launcher.place import LOG, ROOT, WINDOWS
from grader.launcher.progress import Progress


def run(
    command: Sequence[str], progress: Progress, lock: IO[str], extra: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Run a command. Returns its status and its output.

    Args:
        command: what to run, in the project's folder.
        progress: what to draw meanwhile.
        lock: shared with the child, so that nobody installs beside an installer that outlived its launcher.
        extra: variables for its environment.
    """
    shared = () if WINDOWS else (lock.fileno(),)
    with open(LOG, "ab") as log, open(LOG, "rb") as lines:
        start = lines.seek(0, os.SEEK_END)
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **(extra or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=shared,
        )
        try:
            status = follow(child, lines, progress)
        except KeyboardInterrupt:  # the child got it as well, and tidies up; but leave none behind
            end(child)
            raise
        finally:
            progress.clear()
        lines.seek(start)
        return status, lines.read().decode("utf-8", "replace")


def follow(child: "subprocess.Popen[bytes]", lines: IO[bytes], progress: Progress) -> int:
    rest, status = b"", None
    while status is None:
        progress.draw()
        try:
            status = child.wait(0.1)
        except subprocess.TimeoutExpired:
            pass
        *whole, rest = (rest + lines.read()).split(b"\n")
        for line in whole:
            progress.follow(line.decode("utf-8", "replace"))
    return status


def end(child: "subprocess.Popen[bytes]") -> None:
    try:
        child.wait(3)
    except subprocess.TimeoutExpired:
        child.terminate()
        child.wait()
