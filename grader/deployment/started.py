"""Starts `digits serve` as a program of its own, for lessons and benchmarks."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.course import CourseError

ADDRESS = re.compile(r"http://[\w.:\[\]-]+")  # a kernel may ask for colors, and their codes follow
STOP_SECONDS = 15


@contextmanager
def served(*arguments: str, folder: Path | None = None) -> Iterator[str]:
    """A running `digits serve`, on a free port of this machine, by its address. It ends with the context.

    Args:
        arguments: of the command, as they would be typed: `served("cnn", "--reference")`.
        folder: the learner's; by default, the current one.

    Raises:
        CourseError: it has not started; the message is what it said.
    """
    with subprocess.Popen(
        [sys.executable, "-P", "-c", "from grader.cli import main; main()", "serve", *arguments, "--port", "0"],
        cwd=folder,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        start_new_session=True,  # Ctrl-C in the notebook is not for the server
    ) as process:
        assert process.stdout
        said = ""
        try:
            for line in process.stdout:
                said += line
                if found := ADDRESS.search(line):
                    threading.Thread(target=process.stdout.read, daemon=True).start()  # so that it can go on printing
                    yield found[0]
                    return
            raise CourseError(" ".join(said.split()).removeprefix("digits: ") or "The server has not started.")
        finally:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
            process.kill()
