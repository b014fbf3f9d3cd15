"""The Linux system calls behind isolation, which Python 3.11 has no functions for. Numbers: the kernel's headers."""

import ctypes
import os
import platform
from typing import Any

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 0x1, 0x2, 0x4, 0x8
MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 0x20, 0x1000, 0x4000, 0x40000
MNT_DETACH = 2

MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV = 0x1, 0x2, 0x4
AT_FDCWD, AT_RECURSIVE = -100, 0x8000

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 4, 22, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 36, 38
PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
LAST_CAPABILITY = 63
CAPABILITY_VERSION_3 = 0x20080522

# System calls that are numbered alike on every architecture that came after 2019, and two that are not.
MOUNT_SETATTR, LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 442, 444, 445, 446
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
CAPSET = {"x86_64": 126, "aarch64": 91}

MACHINE = platform.machine()
_libc = ctypes.CDLL(None, use_errno=True)

Argument = int | bytes | ctypes.Array[Any] | ctypes.Structure | ctypes.c_long | ctypes.c_ulong | ctypes.c_size_t | None


def call(name: str, *arguments: Argument) -> int:
    """Call a function of the C library; raises OSError with its errno if it returns -1."""
    result: int = getattr(_libc, name)(*(_pass(argument) for argument in arguments))
    if result == -1:
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")
    return result


def system_call(number: int, *arguments: Argument) -> int:
    """Make a system call that the C library has no function for."""
    return call("syscall", ctypes.c_long(number), *arguments)


def unshare(flags: int) -> None:
    """Move this process into new namespaces, named by ``CLONE_NEW…`` flags."""
    call("unshare", flags)


def mount(source: str, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    """Mount a file system, as mount(2) does."""
    encoded = [text.encode() if text is not None else None for text in (source, target, kind, options)]
    call("mount", encoded[0], encoded[1], encoded[2], ctypes.c_ulong(flags), encoded[3])


class MountAttributes(ctypes.Structure):
    """``struct mount_attr`` of mount_setattr(2)."""

    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "userns_fd")]


def make_read_only(path: str) -> None:
    """Make a mount and all below it read-only, without devices and set-user-id programs (Linux 5.12)."""
    attributes = MountAttributes(set=MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)
    size = ctypes.sizeof(attributes)
    system_call(MOUNT_SETATTR, AT_FDCWD, path.encode(), AT_RECURSIVE, attributes, ctypes.c_size_t(size))


def pivot_root(new_root: str) -> None:
    """Make a mount the root of this process and detach the old one."""
    os.chdir(new_root)
    system_call(PIVOT_ROOT[MACHINE], b".", b".")
    call("umount2", b".", MNT_DETACH)
    os.chdir("/")


def set_no_new_privileges() -> None:
    """Let no program that this process starts gain privileges, by a set-user-id bit for instance."""
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def die_with_parent(signal_number: int) -> None:
    """Be sent a signal when the parent ends. A change of user ids afterwards would undo it."""
    call("prctl", PR_SET_PDEATHSIG, signal_number, 0, 0, 0)


def drop_bounding_set() -> None:
    """Give up the way back to any capability; while there still is the right to do so."""
    for capability in range(LAST_CAPABILITY + 1):
        try:
            call("prctl", PR_CAPBSET_DROP, capability, 0, 0, 0)
        except OSError:
            return  # past the last one that this kernel knows


def drop_capabilities() -> None:
    """Give up every capability."""
    call("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    system_call(CAPSET[MACHINE], header, (ctypes.c_uint32 * 6)())


def hide_from_others() -> None:
    """Let no process of the same user look into this one."""
    call("prctl", PR_SET_DUMPABLE, 0, 0, 0, 0)


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ends."""
    call("prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _pass(argument: object) -> object:
    return ctypes.byref(argument) if isinstance(argument, ctypes.Structure) else argument
