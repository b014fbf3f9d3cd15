"""Landlock: the process itself gives up all of the file system but an allow-list, all of TCP, and reaching out of its
own domain by signal or abstract socket. What the kernel does not know yet is left out; that there is Landlock at all is
checked when the tier is detected."""

import ctypes
import os
from collections.abc import Iterable

from grader.engine.isolation import system

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}  # by first version that has them
MAKE_CHARACTER_DEVICE, MAKE_BLOCK_DEVICE, IOCTL = 1 << 6, 1 << 11, 1 << 15
READ_ONLY = EXECUTE | READ_FILE | READ_DIR
FOR_DEVICES = MAKE_CHARACTER_DEVICE | MAKE_BLOCK_DEVICE | IOCTL
ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | 1 << 14 | IOCTL  # rights that make sense on what is no folder
TCP = {4: 0b11}
SCOPES = {6: 0b11}  # abstract unix sockets and signals

CREATE_VERSION = 1
RULE_PATH_BENEATH = 1


class Ruleset(ctypes.Structure):
    """``struct landlock_ruleset_attr``: which rights are given up unless a rule grants them."""

    _fields_ = [(name, ctypes.c_uint64) for name in ("files", "network", "scopes")]


class PathBeneath(ctypes.Structure):
    """``struct landlock_path_beneath_attr``: the rights on a file, or on a folder and all in it."""

    _pack_ = 1
    _layout_ = "ms"
    _fields_ = [("rights", ctypes.c_uint64), ("folder", ctypes.c_int32)]


def version() -> int:
    """The version of Landlock that the kernel has; 0 for none."""
    try:
        return system.system_call(system.LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), CREATE_VERSION)
    except OSError:
        return 0


def restrict(readable: Iterable[str], writable: Iterable[str], devices: Iterable[str]) -> None:
    """Keep read access below some paths, write access below others, and some devices; needs no_new_privs."""
    known = version()
    ruleset = Ruleset(files=_latest(FILE_RIGHTS, known), network=_latest(TCP, known), scopes=_latest(SCOPES, known))
    size = 24 if known >= 6 else 16 if known >= 4 else 8
    descriptor = system.system_call(system.LANDLOCK_CREATE_RULESET, ruleset, ctypes.c_size_t(size), 0)
    try:
        for path in readable:
            _allow(descriptor, path, READ_ONLY & ruleset.files)
        for path in writable:
            _allow(descriptor, path, ruleset.files & ~FOR_DEVICES)
        for path in devices:
            _allow(descriptor, path, (READ_FILE | WRITE_FILE) & ruleset.files)
        system.system_call(system.LANDLOCK_RESTRICT_SELF, descriptor, 0)
    finally:
        os.close(descriptor)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no permission
    try:
        if not os.path.isdir(path):
            rights &= ON_FILES
        rule = PathBeneath(rights=rights, folder=folder)
        system.system_call(system.LANDLOCK_ADD_RULE, ruleset, RULE_PATH_BENEATH, rule, 0)
    finally:
        os.close(folder)


def _latest(table: dict[int, int], known: int) -> int:
    return max((value for first, value in table.items() if first <= known), default=0)
