"""The root that runners live in: an allow-list of read-only folders, a few devices, a place to write and one for /proc.

Never ``/`` and never a home folder: only what the interpreter and its packages need.
"""

import os
import stat
import sys
from pathlib import Path

from grader.engine.isolation import system

SYSTEM = ("/lib", "/lib64", "/lib32", "/bin", "/sbin", "/etc/ld.so.cache", "/etc/localtime")  # links stay links
PREFIXES = ("/usr", "/usr/local")
IN_PREFIX = (
    "bin",
    "sbin",
    "lib",
    "lib64",
    "lib32",
    "libexec",
    "share",
    "pyvenv.cfg",
)  # no src, where people put theirs
SCRATCH = "/scratch"  # where a runner can write; /tmp is another name for it
DEVICES = ("null", "full", "random", "urandom")  # no zero: a shared mapping of it is memory that no limit counts
PACKAGE = Path(__file__).parents[2]  # a runner sees neither checks nor data
NOBODY = 65534
PASSWORDS = f"root:x:0:0::/:/bin/false\nlearner:x:{NOBODY}:{NOBODY}::/scratch:/bin/false\n"


def devices() -> list[str]:
    """The paths of the devices that a runner may use."""
    return [f"/dev/{name}" for name in DEVICES]


def enter(place: Path) -> None:
    """Make a root below ``place`` and make it this process's own, in a mount namespace of its own.

    Raises:
        OSError: this machine does not allow it.
    """
    leave_other_mounts_alone()
    new = place / "root"
    new.mkdir(exist_ok=True)
    system.mount("tmpfs", str(new), "tmpfs", system.MS_NOSUID | system.MS_NODEV, "size=1m,nr_inodes=1k,mode=755")
    for name in (SCRATCH[1:], "proc", "dev/shm", "etc"):
        (new / name).mkdir(parents=True)
    (new / "etc/passwd").write_text(PASSWORDS)
    for device in DEVICES:
        (new / "dev" / device).touch()
    for source in allowed():
        bind(source, new)
        if PACKAGE.is_relative_to(source):
            system.mount("tmpfs", f"{new}{PACKAGE}", "tmpfs", system.MS_NOSUID | system.MS_NODEV, "size=4k,mode=000")
    if not (new / "tmp").exists():  # an environment below /tmp keeps that from being the runner's own
        (new / "tmp").symlink_to(SCRATCH)
    system.make_read_only(str(new))
    for device in DEVICES:
        system.mount(f"/dev/{device}", f"{new}/dev/{device}", None, system.MS_BIND)
    system.mount("/proc", f"{new}/proc", None, system.MS_BIND | system.MS_REC)
    system.pivot_root(str(new))


def can_be_made() -> bool:
    """True where `enter` may make its namespaces; tried in a process that ends at once."""
    child = os.fork()
    if child == 0:
        try:
            leave_other_mounts_alone()
            os._exit(0)
        except OSError:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0


def leave_other_mounts_alone() -> None:
    """A namespace for mounts, and one for users unless this is root, in which nothing spreads back."""
    user, group = os.geteuid(), os.getegid()
    system.unshare(system.CLONE_NEWNS | (0 if user == 0 else system.CLONE_NEWUSER))
    if user:
        map_ids(inside=0, user=user, group=group)
    system.mount("none", "/", None, system.MS_REC | system.MS_PRIVATE)


def map_ids(inside: int, user: int, group: int) -> None:
    """Map one user and one group of the outer user namespace to an id in the one just made."""
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{inside} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{inside} {group} 1")


def allowed() -> list[Path]:
    """What a runner may read, without what lies in a folder that is allowed already."""
    prefixes = {
        *PREFIXES,
        *(each for prefix in (sys.base_prefix, sys.prefix) for each in (prefix, os.path.realpath(prefix))),
    }
    wanted = [Path(path) for path in SYSTEM] + [Path(prefix, name) for prefix in prefixes for name in IN_PREFIX]
    chosen: list[Path] = []
    for path in sorted(set(wanted), key=lambda path: len(path.parts)):
        if os.path.lexists(path) and not any(path.is_relative_to(folder) for folder in chosen):
            chosen.append(path)
    return chosen


def without_package() -> list[Path]:
    """Like `allowed`, with the entries around this package in place of a folder that holds it. For Landlock, which can
    only add: what lies in an allowed folder cannot be taken away again."""
    return list(dict.fromkeys(part for path in allowed() for part in _around(path)))


def _around(path: Path) -> list[Path]:
    real, package = path.resolve(), PACKAGE.resolve()  # a link to a folder opens that folder
    if real == package or real.is_relative_to(package):
        return []
    if not package.is_relative_to(real):
        return [real]
    return [part for entry in sorted(real.iterdir()) for part in _around(entry)]


def readable_around(path: Path) -> Path | None:
    """The folder around a file or folder that every runner may read, if there is one."""
    real = path.resolve()
    if real.is_relative_to(PACKAGE):
        return None
    return next((folder for folder in allowed() if real.is_relative_to(folder.resolve())), None)


def is_open_to_all(place: Path) -> bool:
    """True if any user may read the interpreter and its packages, and pass through a folder."""
    folders = [Path(os.path.realpath(prefix)) for prefix in (sys.base_prefix, sys.prefix)]
    on_the_way = {above for folder in (*folders, place) for above in (folder, *folder.parents)}
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in on_the_way)


def bind(source: Path, new: Path) -> None:
    """Show a file or folder at the same place below the new root."""
    target = Path(f"{new}{source}")
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_symlink():
        target.symlink_to(os.readlink(source))
        return
    if source.is_dir():
        target.mkdir(exist_ok=True)
    else:
        target.touch()
    system.mount(str(source), str(target), None, system.MS_BIND | system.MS_REC)
