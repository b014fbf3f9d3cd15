"""Starts a process that runs a learner's own code, such as the one that trains, and ends it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from grader.course import CourseError

QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "GRPC_VERBOSITY": "NONE", "KERAS_BACKEND": "tensorflow", "MPLBACKEND": "Agg"}
PATIENCE = 5  # seconds for a process that was told to end


@contextmanager
def training(job: dict[str, Any], folder: Path) -> Iterator[Iterator[dict[str, Any]]]:
    """Train in a process of its own, in a folder; inside the context, iterate over its reports.

    Args:
        job: slug, name, code, cells, settings and draft, as `grader.training.child` takes it.

    Raises:
        CourseError: the process ends without saying why.
    """
    with child("grader.training.child", "training", job, folder) as reports:
        yield reports


@contextmanager
def child(module: str, task: str, job: dict[str, Any], folder: Path) -> Iterator[Iterator[dict[str, Any]]]:
    """Run a module in a process of its own, in a folder; inside the context, iterate over its reports.

    Its end does not depend on the process: it is stopped if the context is left early, by Ctrl-C for instance.

    Args:
        module: reads the job, as JSON, and writes reports, of which the last has ``done`` or ``problem``.
        task: what it does, in one word for a message.

    Raises:
        CourseError: the process ends without saying why.
    """
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", module],
        cwd=folder,
        env=os.environ | QUIET,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        start_new_session=True,  # ctrl-C in the terminal reaches the command alone
    )
    try:
        yield reports_of(process, task, job)
    finally:
        end(process)


def reports_of(process: "subprocess.Popen[str]", task: str, job: dict[str, Any]) -> Iterator[dict[str, Any]]:
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps(job))
    process.stdin.close()
    is_told = False
    for line in process.stdout:
        report = json.loads(line)
        is_told = is_told or not report.keys().isdisjoint(("done", "problem"))
        yield report
    if not is_told:
        raise CourseError(f"The {task} ended without a result ({how_it_ended(process.wait())}).")


def how_it_ended(status: int) -> str:
    if status == -signal.SIGKILL:
        return "the system ended it, perhaps for want of memory"
    return f"signal {-status}" if status < 0 else f"exit status {status}"


def end(process: "subprocess.Popen[str]") -> None:
    """End the process, if it still runs."""
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for stream in (process.stdin, process.stdout):
        if stream:
            stream.close()
