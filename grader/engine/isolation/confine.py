"""Starts a confined runner: called in a zygote, returns there, and runs the runner's body inside all the layers.

Three processes take part. The zygote forks a *helper*, which makes the namespaces and ends; the helper's child is the
*init* of the new PID namespace, which mounts, forks the runner and waits for it. When the init ends, everything in its
namespace ends with it. It reports on a pipe: its process id, then "ready", and in the end how the runner ended.
"""

import os
import select
import signal
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from grader.engine.isolation import landlock, limits, root, seccomp, system
from grader.engine.isolation.tiers import Tier

SCRATCH_OPTIONS = "size=256m,nr_inodes=4096,mode=700"
SHM_OPTIONS = "size=64m,nr_inodes=256,mode=700"
FIRST_ID, NUMBER_OF_IDS = 200_000, 60_000  # user ids for the runners of a grader that is root: a fresh one each
OWN_PROC = ("/proc/self", "/proc/cpuinfo", "/proc/meminfo")  # what TensorFlow reads, where /proc shows all processes
MAX_DESCRIPTORS = 4096
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    "CUDA_VISIBLE_DEVICES": "-1",
    "KERAS_BACKEND": "tensorflow",
    "MPLBACKEND": "Agg",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


@dataclass(frozen=True)
class Layers:
    """Which layers of isolation are on. All of them are; only tests turn one off, to see an attack get through."""

    namespaces: bool = True
    limits: bool = True
    landlock: bool = True
    seccomp: bool = True


@dataclass
class Confined:
    """A running runner: the process to kill, the pipe that says how it ended, and its folder if it has a real one."""

    pid: int
    report: int
    folder: str | None
    is_guarded: bool  # the runner cannot end its init


class CannotConfine(Exception):
    """A layer of isolation could not be set up, so nothing was run."""


class Confiner:
    """Starts confined runners. One per zygote, which must have one thread only.

    Args:
        tier: what this machine allows.
        runtime: "numpy" or "tensorflow"; decides on limits.
        as_root: the grader is root, outside of any user namespace of its own.
    """

    def __init__(self, tier: Tier, runtime: str, as_root: bool, layers: Layers) -> None:
        self.tier, self.runtime, self.as_root, self.layers = tier, runtime, as_root, layers
        self.has_namespaces = tier == "namespaces" and layers.namespaces
        # Without a root of its own, the runner still has to read the interpreter's folders as the user it becomes.
        # Where only root may, in root's home for instance, it stays root, but without any of root's privileges.
        self._may_be_another = tier == "landlock" and as_root and root.is_open_to_all(Path.cwd())
        self._lifeline, self._lifelines_end = os.pipe()  # an init that reads its end knows that the zygote is gone
        if self.has_namespaces:
            system.adopt_orphans()

    def start(self, body: Callable[[], None], keep: int, core: int | None = None) -> Confined:
        """Run ``body`` in a confined process.

        Args:
            body: what the runner does.
            keep: the one descriptor beside 0, 1 and 2 that stays open in it.
            core: the one that it and all that it starts are bound to; any, unless one is named.

        Raises:
            CannotConfine: a step failed; nothing of ``body`` has run.
        """
        reading, writing = os.pipe()
        folder = None if self.tier == "namespaces" else tempfile.mkdtemp(prefix="runner-", dir=os.getcwd())
        child = os.fork()
        if child == 0:
            self._run(body, keep, writing, folder, core)
        os.close(writing)
        first = read_line(reading)
        if self.has_namespaces:
            os.waitpid(child, 0)
        ready = read_line(reading) if first.isdecimal() else ""
        if ready != "ready":
            os.close(reading)
            raise CannotConfine(ready or first or "the process that prepares the runner has ended")
        return Confined(int(first), reading, folder, is_guarded=self.tier != "none" and self.layers.seccomp)

    def _run(self, body: Callable[[], None], keep: int, report: int, folder: str | None, core: int | None) -> NoReturn:
        """In the child: everything, and never back to the zygote's own code."""
        status = 1
        try:
            os.close(self._lifelines_end)
            os.setsid()
            if core is not None and hasattr(os, "sched_setaffinity"):
                os.sched_setaffinity(0, {core})
            if self.has_namespaces:
                self._make_namespaces(report)
            else:
                self._make_group(report, folder)
            self._isolate({0, 1, 2, keep}, report, folder or root.SCRATCH)
            body()
            status = 0
        except BaseException as error:
            os.write(report, f"{type(error).__name__}: {error}\n".encode())
        finally:
            os._exit(status)

    def _make_namespaces(self, report: int) -> None:
        """In the helper: make namespaces, fork the init, end. Returns in the runner alone."""
        user = FIRST_ID + os.getpid() % NUMBER_OF_IDS if self.as_root else root.NOBODY
        flags = system.CLONE_NEWPID | system.CLONE_NEWNS | system.CLONE_NEWIPC | system.CLONE_NEWUTS
        flags |= system.CLONE_NEWNET | (0 if self.as_root else system.CLONE_NEWUSER)
        system.unshare(flags)
        if not self.as_root:
            root.map_ids(inside=root.NOBODY, user=0, group=0)
        waiting, told = os.pipe()
        init = os.fork()
        if init:
            os.write(report, b"%d\n" % init)
            os._exit(0)
        os.close(told)
        os.read(waiting, 1)  # until the helper has ended: its word comes first, even where the init is faster
        os.close(waiting)
        mount_private_places(user)
        runner = os.fork()
        if runner:
            self._wait_as_init(runner, report)
        system.drop_bounding_set()
        if self.as_root:
            become(user)
        system.drop_capabilities()

    def _make_group(self, report: int, folder: str | None) -> None:
        """Without namespaces: the child itself becomes the init of a process group. Returns in the runner alone."""
        os.write(report, b"%d\n" % os.getpid())
        if self.tier != "none":
            system.adopt_orphans()
        runner = os.fork()
        if runner:
            self._wait_as_init(runner, report)
        if self.tier == "none":
            return
        user = FIRST_ID + os.getppid() % NUMBER_OF_IDS
        if folder and self._may_be_another:
            os.chown(folder, user, user)
        system.drop_bounding_set()
        if self._may_be_another:
            become(user)
        system.drop_capabilities()

    def _wait_as_init(self, runner: int, report: int) -> NoReturn:
        """In the init: reap whatever ends, and end when the runner or the zygote does."""
        if self.tier != "none":
            system.hide_from_others()
            system.set_no_new_privileges()
        woken, wake = os.pipe()
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        close_descriptors({0, 1, 2, report, woken, wake, self._lifeline})
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)  # there is a child: the runner, until this ends
            if pid == runner:
                os.write(report, b"%d\n" % os.waitstatus_to_exitcode(status))
                os._exit(0)
            if pid:
                continue
            readable, _, _ = select.select([self._lifeline, woken], [], [])
            if self._lifeline in readable:
                os._exit(1)
            os.read(woken, 512)

    def _isolate(self, keep: set[int], report: int, home: str) -> None:
        """In the runner: the layers that a process sets up for itself; then it says that it is ready."""
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        close_descriptors(keep | {report})
        os.chdir(home)
        tempfile.tempdir = None  # to be found again, here
        os.environ.update({"HOME": home, "TMPDIR": home})
        if self.tier != "none":
            system.die_with_parent(signal.SIGKILL)
            system.set_no_new_privileges()
            threads = {name: value for name, value in os.environ.items() if name.startswith("TF_NUM_")}
            os.environ.clear()
            os.environ.update(ENVIRONMENT | threads | {"HOME": home, "TMPDIR": home})
            if self.layers.limits:
                limits.set_limits(self.runtime, alone=self.has_namespaces or self._may_be_another)
            if self.layers.landlock:
                readable = ["/"] if self.tier == "namespaces" else [*map(str, root.without_package()), *OWN_PROC]
                landlock.restrict(readable, [home, "/dev/shm"] if self.tier == "namespaces" else [home], root.devices())
            if self.layers.seccomp:
                seccomp.restrict(alone=not self.has_namespaces)
        os.write(report, b"ready\n")
        os.close(report)


def become(user: int) -> None:
    """Be an ordinary user, in a group of the same number and in no other."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def end(confined: Confined, patience: float = 0) -> tuple[int, bool]:
    """Kill a runner and all that it started. Its folder stays.

    Args:
        patience: seconds to wait for one that is ending by itself, so that its own status is told and not ours.

    Returns:
        Its exit status, negative for a signal; and whether its init had ended without a word before it was killed here,
        which no runner can bring about.
    """
    has_ended, _, _ = select.select([confined.report], [], [], patience)
    reported = read_line(confined.report) if has_ended else ""
    is_from_outside = bool(has_ended) and not reported and confined.is_guarded
    for kill in (os.killpg, os.kill):
        try:
            kill(confined.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue
    status = os.waitstatus_to_exitcode(os.waitpid(confined.pid, 0)[1])
    reported = reported or read_line(confined.report)
    os.close(confined.report)
    return (int(reported) if reported.lstrip("-").isdecimal() else status), is_from_outside


def mount_private_places(user: int) -> None:
    """In the init: a scratch folder and /dev/shm that end with the namespace, and a /proc of its processes alone."""
    flags = system.MS_NOSUID | system.MS_NODEV
    system.mount("tmpfs", root.SCRATCH, "tmpfs", flags, f"{SCRATCH_OPTIONS},uid={user},gid={user}")
    system.mount("tmpfs", "/dev/shm", "tmpfs", flags | system.MS_NOEXEC, f"{SHM_OPTIONS},uid={user},gid={user}")
    try:
        system.mount("proc", "/proc", "proc", flags | system.MS_NOEXEC)
    except OSError:  # some containers do not allow it: then there is no /proc at all, which is stricter
        system.mount("tmpfs", "/proc", "tmpfs", flags | system.MS_RDONLY, "size=4k,mode=555")


def close_descriptors(keep: set[int]) -> None:
    """Close all descriptors below `MAX_DESCRIPTORS` but those to keep."""
    first = 0
    for descriptor in [*sorted(keep), MAX_DESCRIPTORS]:
        if first < descriptor:  # an empty range would be taken for all descriptors
            os.closerange(first, descriptor)
        first = descriptor + 1


def read_line(descriptor: int) -> str:
    """One line from a pipe, without its end; what there is of it if the other side closes first."""
    line = b""
    while not line.endswith(b"\n"):
        received = os.read(descriptor, 1)
        if not received:
            break
        line += received
    return line.decode("utf-8", "replace").strip()
