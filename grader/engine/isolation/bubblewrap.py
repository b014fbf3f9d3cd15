"""Bubblewrap, for machines on which only that program may make namespaces: it wraps the zygote, and all its runners.

Inside, little more than the interpreter exists, nothing lasts, and there is no network. A runner gets no namespaces of
its own there, so limits, Landlock and seccomp keep it from its siblings.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from grader.engine.isolation import root

MARK = "DIGITS_INSIDE_BUBBLEWRAP"
SCRATCH_SIZE = 512 << 20  # bytes, for all runners together
TRY_SECONDS = 10


def is_around() -> bool:
    """True in a process that `wrap` has started over."""
    return MARK in os.environ


def wrap(module: str, arguments: list[str]) -> None:
    """Start this process over, inside of bubblewrap, as ``python -m module arguments``.

    Returns only if that cannot be done here: there is no bubblewrap, or it may do no more than we may.
    """
    program = shutil.which("bwrap")
    if program and works(program):
        os.execv(program, [program, *options(), sys.executable, "-IBm", module, *arguments])


def works(program: str) -> bool:
    """True where bubblewrap can start a program with all of `options`."""
    nothing = [program, *options(), "/bin/sh", "-c", "exit 0"]
    try:
        return subprocess.run(nothing, check=False, stderr=subprocess.DEVNULL, timeout=TRY_SECONDS).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def options() -> list[str]:
    """The arguments of bubblewrap: the folders of `root.allowed`, read-only, of this package the engine alone, and a
    scratch folder."""
    package = root.PACKAGE
    made = [
        "--cap-drop",
        "ALL",
        "--die-with-parent",
        "--unshare-user",
        "--uid",
        str(root.NOBODY),
        "--gid",
        str(root.NOBODY),
        "--unshare-ipc",
        "--unshare-net",
        "--unshare-uts",
    ]
    for path in root.allowed():
        made += (
            ["--symlink", os.readlink(path), str(path)] if path.is_symlink() else ["--ro-bind", str(path), str(path)]
        )
        if package.is_relative_to(path):
            made += ["--tmpfs", str(package)]
    for path in (package / "__init__.py", package / "definitions.py", package / "engine"):  # all that a runner needs
        made += ["--ro-bind", str(path), str(path)]
    for device in root.devices():
        made += ["--dev-bind", device, device]
    made += ["--ro-bind", "/proc", "/proc", "--size", str(SCRATCH_SIZE), "--tmpfs", root.SCRATCH]
    for name, value in {"HOME": root.SCRATCH, "KERAS_HOME": str(Path(root.SCRATCH, "keras")), MARK: "1"}.items():
        made += ["--setenv", name, value]
    return [*made, "--chdir", root.SCRATCH]
