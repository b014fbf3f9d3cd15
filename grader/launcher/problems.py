"""Turns the output of a failed step, or an error, into one sentence that helps."""

import os
import re
import shutil

from grader.launcher.network import Way
from grader.launcher.place import FIRST, LAST, LOG, VENV, Problem

OFFLINE = (
    r"NewConnection|NameResolution|ConnectTimeout|ReadTimeout|getaddrinfo|ProxyError|SSLError|ConnectionReset"
    r"|error sending request|dns error|tcp connect error|operation timed out|connection closed before"
)


def explain(output: str, doing: str = "", status: int = 0, way: Way | None = None) -> Problem:
    """The problem that an output shows.

    Args:
        output: what a step has printed, or the text of an error if there was none.
        doing: the step: what failed.
        status: how it ended.
        way: to the package index, if it is known.
    """
    code = 1
    if is_disk_full(output):
        text = "The disk is full. The course needs about 4 GB, some of it in the temporary folder."
    elif lacking := missing_package(output):
        text = (
            f"No {lacking} can be found for this computer and its Python. The course is made for Python "
            f"{FIRST[0]}.{FIRST[1]} to {LAST[0]}.{LAST[1]}, 64-bit."
        )
    elif is_offline(output):
        text = no_index(way)
    elif has(output, r"Errno (1|13|30)\]|WinError 5\]|Permission denied|Read-only file system"):
        text, code = f"{VENV} cannot be written to. Use a folder of your own, or name one in DIGITS_VENV.", 2
    elif not doing:
        text, code = f"{VENV} cannot be used: {output}.", 2
    elif status < 0 or status == 137 or has(output, "MemoryError"):
        text = f"{doing} was killed, perhaps because memory ran out. Close other programs, then try again."
    else:
        text = f"{doing} failed with status {status}: {last_error(output)}."
    return Problem(text + (f" Full log: {LOG}" if doing else ""), code)


def no_index(way: Way | None) -> str:
    """That the index cannot be reached: which one, and what to check."""
    where, check = (f" {way}", way.setting) if way else ("", "pip's settings if you made any")
    return f"The package index cannot be reached{where}. Check the network{check and f', and {check}'}; then try again."


def has(output: str, pattern: str) -> bool:
    return re.search(pattern, output, re.IGNORECASE) is not None


def is_disk_full(output: str) -> bool:
    said = has(output, r"Errno (28|122)\]|WinError 112\]|No space left on device|os error (28|122|112)\b")
    return said or (os.path.isdir(VENV) and shutil.disk_usage(VENV).free < 2**20)  # too full, maybe, for a log


def is_offline(output: str) -> bool:
    return has(output, OFFLINE) or has(output, "No matching distribution found for")


def missing_package(output: str) -> str | None:
    """The requirement that the index has, but not for this machine.

    "versions: none" is what pip says without a network, too; but then it never got as far as the build tools.
    """
    lacking = re.search(r"No matching distribution found for ([^\s,;]+)", output)
    built = has(output, "build dependencies: .*done") and not has(output, OFFLINE)
    return lacking[1] if lacking and (has(output, "from versions: (?!none)") or built) else None


def last_error(output: str) -> str:
    """The last line in which an installer says what went wrong, without an address."""
    errors = [line for line in re.findall(r"(?im)^\s*(?:error|cause): *(.*)$", output) if "://" not in line]
    return (errors or ["it gave no reason"])[-1].strip().rstrip(".")
