"""Keeps the old environment until a new one in its place is complete, even if the launcher is killed in between.

The parts of the old one move into PART one by one; once all are there, it is renamed OLD. They come back the same way.
So what lies around always tells whether the rest of the folder is old or new.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from grader.launcher.place import LOCK, LOG, MARK, STAMP, VENV, Problem, say

OLD = os.path.join(VENV, "digits-old")
PART, GONE = OLD + ".part", OLD + ".gone"  # on its way, there or back; no longer needed
STAYS = {os.path.basename(path) for path in (LOCK, LOG, OLD, PART, GONE)}
BACK = "The old environment is back in place."


def is_kept() -> bool:
    return os.path.exists(OLD) or os.path.exists(PART)


@contextmanager
def replacing() -> Iterator[None]:
    """While a new environment is made: the old one comes back if that fails."""
    try:
        if os.path.exists(STAMP) or not os.path.exists(MARK):  # else what is here was never completed
            move_aside()
        yield
    except Problem as problem:
        if put_back():
            raise Problem(f"{problem} {BACK}", problem.status) from problem
        raise
    except BaseException:
        put_back()
        raise
    drop()


def recover() -> None:
    """Finish what a launcher that was killed has left."""
    remove(GONE)
    if os.path.exists(OLD) and os.path.exists(STAMP):  # the new environment is complete
        drop()
    elif put_back():
        say(f"The last rebuild did not finish. {BACK}")


def clear() -> None:
    for name in parts(VENV):
        remove(os.path.join(VENV, name))


def move_aside() -> None:
    if names := parts(VENV):
        os.mkdir(PART)
        move(names, VENV, PART)
        os.rename(PART, OLD)


def put_back() -> bool:
    """Put the old environment in the place of what was made since. Returns whether there was one."""
    if os.path.exists(OLD):
        clear()
        os.rename(OLD, PART)
    if not os.path.exists(PART):
        return False
    move(reversed(parts(PART)), PART, VENV)
    os.rmdir(PART)
    return True


def drop() -> None:
    if os.path.exists(OLD):
        os.rename(OLD, GONE)
        remove(GONE)


def parts(folder: str) -> list[str]:
    """What makes up an environment, in the order in which it may go: while a part is missing, no start may trust the
    stamp, or take an environment without a mark for somebody else's."""
    names = {entry.name for entry in os.scandir(folder)} - STAYS
    stamp, mark = os.path.basename(STAMP), os.path.basename(MARK)
    return sorted(names, key=lambda name: (name != stamp, name == mark))


def move(names: Iterable[str], here: str, there: str) -> None:
    for name in names:
        os.rename(os.path.join(here, name), os.path.join(there, name))


def remove(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.remove(path)
