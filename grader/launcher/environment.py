"""The environment itself: whose it is, whether it can stay, and how an empty one is made."""

import os
import subprocess
import sys
import time
from typing import IO

from grader.launcher import aside
from grader.launcher.place import (
    CONFIG,
    DEFAULT,
    MARK,
    SOURCES,
    STAMP,
    VENV,
    WINDOWS,
    Problem,
    header,
    in_scripts,
    read,
    say,
)
from grader.launcher.problems import explain
from grader.launcher.progress import Progress
from grader.launcher.running import run

QUIET = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
HAS_PIP = """
import sys
assert sys.version_info >= (3, 11)
try:
    import pip
except ImportError:
    import ensurepip
    ensurepip.bootstrap()
"""


def check_folders() -> None:
    """Never empty a folder that may hold somebody's work."""
    for path in SOURCES:
        if not os.path.isfile(path):
            raise Problem(f"{os.path.basename(path)} is missing. Start digits in the complete course folder.", 2)
    if os.path.lexists(VENV) and not os.path.isdir(VENV):
        raise Problem(f"{VENV} is in the way: it is a file, not a folder. Rename it, then try again.", 2)
    names = set(os.listdir(VENV) if os.path.exists(VENV) else ()) - aside.STAYS
    if names and not is_ours() and not works():
        raise Problem(f"{VENV} is in the way: it is not an environment. Rename it, then try again.", 2)


def is_ours() -> bool:
    """Whether the environment was made by the launcher, or lies where only an environment belongs."""
    return os.path.exists(MARK) or aside.is_kept() or (VENV == DEFAULT and os.path.exists(CONFIG))


def works() -> bool:
    """Whether the environment has a Python that is new enough, and pip (or can get it)."""
    command = [in_scripts(VENV, "python"), "-c", HAS_PIP]
    try:
        return os.path.exists(CONFIG) and subprocess.run(command, check=False, **QUIET).returncode == 0  # type: ignore[call-overload]
    except OSError:
        return False


def can_stay(is_repair: bool) -> bool:
    """Whether to install into the environment as it is, rather than make it again."""
    if os.path.exists(MARK) and is_repair:
        return False
    try:
        if read(STAMP).startswith(header()):  # complete, but for another state of the project's files
            return True
    except OSError:
        pass
    return not os.path.exists(MARK) and works()  # made by hand: never to be emptied


def find_python() -> str:
    """The Python to make the environment with: the one beneath, if this one is in an environment itself."""
    python = getattr(sys, "_base_executable", None) or sys.executable
    if subprocess.run([python, "-c", "import venv, ensurepip"], check=False, **QUIET).returncode:  # type: ignore[call-overload]
        name = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise Problem(
            f"Python {name} has no venv and ensurepip modules. On Debian or Ubuntu: sudo apt install "
            f"python{name}-venv (or python3-venv).",
            2,
        )
    return python


def make(python: str, progress: Progress, lock: IO[str]) -> None:
    """Make an empty environment, in place of what was never completed."""
    progress.stage("Making an environment.")
    aside.clear()
    open(MARK, "w").close()
    status, output = run([python, "-m", "venv", VENV], progress, lock)
    if status:
        raise explain(output, "Making the environment", status)


def take(lock: IO[str]) -> None:
    """Wait for our turn. The system lets go of the lock when its holder ends, however that happens."""
    started, is_told = time.monotonic(), False
    while not is_taken(lock):
        if time.monotonic() - started > 1 and not is_told:
            is_told = True
            say("Another digits command is installing. Waiting until it is done.")
        time.sleep(0.1)


def is_taken(lock: IO[str]) -> bool:
    """Try to take the lock; a file system without locks is no reason to stop."""
    import errno

    try:
        if WINDOWS:
            import msvcrt

            lock.seek(0)
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
    return True
