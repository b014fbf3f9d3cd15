"""`digits doctor`: what this machine can do and what is missing."""

import os
import platform
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from grader.cli.environment import damaged
from grader.cli.live.progress_line import progress
from grader.cli.terminal import Terminal
from grader.course import CourseError, find_workspace, ready_lessons
from grader.data import MNIST_PATH, DataError, read_archive
from grader.engine.isolation import STOPS_NOT
from grader.engine.judge import background
from grader.engine.judge.exposed import refuse_exposed
from grader.engine.judge.processes import Engine, EngineError

PACKAGES = ("tensorflow", "keras", "numpy", "matplotlib", "pytest", "nbgrader")
INDENT = 15


def examine() -> int:
    """Print every finding; returns 1 if something that the course needs is missing, else 0."""
    terminal, healthy = Terminal(), True
    for name, find in FINDINGS.items():
        for good, text in found_by(terminal, name, find):
            healthy &= good
            mark, style = ("✓", "good") if good else ("✗", "bad")
            first, *rest = textwrap.wrap(text, terminal.width - INDENT, break_on_hyphens=False) or [""]
            terminal.line((f" {mark if terminal.unicode else '+' if good else 'x'} ", style), f"{name:<12}", first)
            for line in rest:
                terminal.line(" " * INDENT, line)
    terminal.line()
    terminal.line(
        " Everything the course needs is here." if healthy else " Something is missing: see the marked lines above."
    )
    return 0 if healthy else 1


def found_by(terminal: Terminal, name: str, find: Callable[[], Iterator[tuple[bool, str]]]) -> list[tuple[bool, str]]:
    """What there is to say, while a line on the terminal says what is being looked at: some of it takes seconds."""
    with progress(terminal) as shown:
        shown.begin(f"looking at: {name}")
        return list(find())


def find_python() -> Iterator[tuple[bool, str]]:
    yield sys.version_info >= (3, 11), f"{platform.python_version()} on {platform.system()} {platform.machine()}"


def find_packages() -> Iterator[tuple[bool, str]]:
    for package in PACKAGES:
        try:
            yield True, f"{package} {version(package)}"
        except PackageNotFoundError:
            yield False, f"{package} is not installed. To repair the environment: ./digits --repair"
    for name, missing in damaged():
        yield False, f"{name} lacks {missing} of its files. To repair the environment: ./digits --repair"


def find_data() -> Iterator[tuple[bool, str]]:
    try:
        count = sum(len(labels) for key, labels in read_archive(MNIST_PATH).items() if key.startswith("y"))
        yield True, f"{count:,} digits, checksum correct"
    except DataError as error:
        yield False, str(error)


def find_course() -> Iterator[tuple[bool, str]]:
    missing = [lesson.stem for lesson in ready_lessons() if not lesson.work_path(find_workspace()).is_file()]
    yield (
        not missing,
        f"missing: {', '.join(missing)}. Restore each with ./digits reset NAME."
        if missing
        else f"exercises in {find_workspace()}",
    )


def find_machine() -> Iterator[tuple[bool, str]]:
    memory = ""
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = f", {os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB of memory"
    yield True, f"{os.cpu_count()} cores{memory}"


def find_runners() -> Iterator[tuple[bool, str]]:
    for runtime in ("numpy", "tensorflow"):
        started = time.monotonic()
        try:
            with Engine() as engine:
                engine.start(runtime).end()
                ready = time.monotonic() - started
                started = time.monotonic()
                engine.start(runtime).end()
                again = time.monotonic() - started
            yield True, f"{runtime}: starts in {ready:.1f} s, then in {1000 * again:.0f} ms for each submission"
        except EngineError as error:
            yield False, f"{runtime}: {error}"


def find_jupyter() -> Iterator[tuple[bool, str]]:
    """Notebooks need JupyterLab, Jupytext, and a kernel that starts."""
    try:
        from jupyter_client.manager import start_new_kernel

        names = f"JupyterLab {version('jupyterlab')}, Jupytext {version('jupytext')}"
        started = time.monotonic()
        kernel, client = start_new_kernel(kernel_name="python3", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        client.stop_channels()
        kernel.shutdown_kernel(now=True)
        yield True, f"{names}; a kernel starts in {time.monotonic() - started:.1f} s"
    except (ImportError, KeyError, RuntimeError, OSError) as error:
        yield False, f"no notebook can run ({error}). To repair the environment: ./digits --repair"


def find_isolation() -> Iterator[tuple[bool, str]]:
    with Engine() as engine:
        tier = engine.tier("numpy")
    yield True, f"{tier}. {STOPS_NOT[tier]}"
    try:
        refuse_exposed(tier, [Path.cwd()])
    except CourseError as error:
        yield False, str(error)


def find_background() -> Iterator[tuple[bool, str]]:
    names = background.running()
    yield True, f"ready for the next check: {', '.join(names)}" if names else "not running; the next check starts it"


FINDINGS: dict[str, Callable[[], Iterator[tuple[bool, str]]]] = {
    "Python": find_python,
    "package": find_packages,
    "data": find_data,
    "course": find_course,
    "machine": find_machine,
    "runner": find_runners,
    "Jupyter": find_jupyter,
    "isolation": find_isolation,
    "background": find_background,
}
