"""The zygote: imports the libraries once, never computes with them, and forks a runner for each submission.

Importing TensorFlow takes seconds; a fork takes milliseconds. A child of a process that has only *imported* TensorFlow
works; after a single operation it would hang, and with a second thread it might. Hence the rules: import, run nothing,
and refuse to fork with more than one thread.

On the control socket the zygote first says ``ready TIER PID``, or ``damaged NAME`` if that library is missing. The
judge then writes ``fork`` or ``fork CORE`` (and passes the runner's end of a fresh socket along), ``end PID``, or
``reap PID`` for a runner that is ending by itself.
The zygote answers with a line each: the process id or an error, or how the runner ended, ``STATUS`` or, if something
else has ended it, ``STATUS outside``.
"""

import gc
import importlib
import os
import selectors
import signal
import socket
import sys
import threading
import warnings
from pathlib import Path

import numpy as np

from grader.engine.isolation import Tier, bubblewrap, confine, landlock, root
from grader.engine.isolation.confine import CannotConfine, Confined, Confiner, Layers
from grader.engine.isolation.removal import Leftovers
from grader.engine.runner import operations
from grader.engine.runner.server import serve
from grader.engine.wire.channel import Channel

IDLE_SECONDS = 300  # a shared zygote that was not used for so long ends
PATIENCE = 1.0  # seconds for a runner that is ending by itself
LINE_WIDTH = 60  # of the arrays that a submission prints: what a window of 80 columns has beside the label
LIBRARIES = {"numpy": ("numpy",), "tensorflow": ("numpy", "tensorflow", "keras")}


def main() -> None:
    """``zygote RUNTIME private|shared DESCRIPTOR [DISABLED LAYER…]``: a control socket, or a listening one."""
    runtime, kind, descriptor, disabled_layers = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
    given = socket.socket(fileno=descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl-C is for the judge, who closes the control socket
    warnings.simplefilter("ignore", DeprecationWarning)  # of Python 3.12, about forking with threads: there are none
    if sys.platform == "linux" and not bubblewrap.is_around() and not root.can_be_made():
        bubblewrap.wrap("grader.engine.runner.zygote", sys.argv[1:])
    gc.disable()  # imports make hardly any garbage, and looking for it takes a quarter of their time
    try:
        import_libraries(runtime)
    except ImportError as error:
        say_that_the_environment_is_damaged(given, kind, error)
        raise
    as_root = os.geteuid() == 0
    if as_root:
        os.chmod(".", 0o711)  # for runners that are other users, each in a folder of its own
    tier = enter_tier(Path.cwd())
    confiner = Confiner(tier, runtime, as_root, Layers(**dict.fromkeys(disabled_layers, False)))
    gc.freeze()  # so that a collection in a child does not copy every page
    gc.enable()
    Server(confiner, given if kind == "shared" else None, given if kind == "private" else None).serve()


class Server:
    """Answers one judge over a control socket of its own, or any number who connect to a listening one.

    A private zygote ends with its judge; a shared one when no judge has been connected for a while.
    """

    def __init__(self, confiner: Confiner, listener: socket.socket | None, control: socket.socket | None) -> None:
        self.confiner = confiner
        self.listener = listener
        self.runners: dict[socket.socket, dict[int, Confined]] = {}  # by the judge who asked for them
        self.leftovers = Leftovers()  # of runners that have ended
        self.selector = selectors.DefaultSelector()
        if listener:
            self.selector.register(listener, selectors.EVENT_READ)
        if control:
            self.welcome(control)

    def serve(self) -> None:
        """Answer judges until the last one has gone, or none has come for `IDLE_SECONDS`."""
        while self.listener or self.runners:
            self.leftovers.clear_some()
            events = self.selector.select(0.01 if self.leftovers else None if self.runners else IDLE_SECONDS)
            if not events and not self.leftovers:
                return
            for key, _ in events:
                if key.fileobj is self.listener:
                    self.welcome(self.listener.accept()[0])
                elif isinstance(key.fileobj, socket.socket):
                    self.answer(key.fileobj)

    def welcome(self, control: socket.socket) -> None:
        """Take on a judge, and say that the zygote is ready."""
        try:
            control.sendall(f"ready {self.confiner.tier} {os.getpid()}\n".encode())
        except OSError:  # it has hung up already; the others must not notice
            control.close()
            return
        self.runners[control] = {}
        self.selector.register(control, selectors.EVENT_READ)

    def answer(self, control: socket.socket) -> None:
        """Carry out one command; a judge that is gone or sends nonsense is dropped, and its runners end."""
        runners = self.runners[control]
        try:
            command, descriptors, _, _ = socket.recv_fds(control, 64, 1)
            match command.split():
                case [b"fork", *core] if descriptors and len(core) < 2:
                    bound_to = int(core[0]) if core else None
                    control.sendall(self.fork(runners, descriptors[0], bound_to).encode() + b"\n")
                    return
                case [b"end" | b"reap" as how, pid] if int(pid) in runners:
                    patience = PATIENCE if how == b"reap" else 0
                    status, is_from_outside = self.end(runners.pop(int(pid)), patience)
                    control.sendall(b"%d%s\n" % (status, b" outside" if is_from_outside else b""))
                    return
        except (OSError, ValueError):
            pass
        self.selector.unregister(control)
        control.close()
        for runner in self.runners.pop(control).values():
            self.end(runner)

    def end(self, runner: Confined, patience: float = 0) -> tuple[int, bool]:
        """End a runner as `confine.end` does. Its folder is removed between the commands that follow."""
        self.leftovers.add(runner.folder)
        return confine.end(runner, patience)

    def fork(self, runners: dict[int, Confined], descriptor: int, core: int | None = None) -> str:
        """Start a runner that serves a socket; returns its process id, or why there is none."""
        try:
            if threading.active_count() != 1 or count_threads() > 1:
                raise CannotConfine("the zygote has more than one thread and must not fork")
            runner = self.confiner.start(lambda: serve(Channel(socket.socket(fileno=descriptor))), descriptor, core)
        except (CannotConfine, OSError) as error:
            return " ".join(f"error {error}".split())
        finally:
            os.close(descriptor)
        runners[runner.pid] = runner
        return str(runner.pid)


def import_libraries(runtime: str) -> None:
    """Import what submissions need and what the runner needs, with one thread."""
    for library in LIBRARIES[runtime]:
        importlib.import_module(library)
    np.set_printoptions(linewidth=LINE_WIDTH)
    if runtime == "tensorflow":
        from grader.engine.runner import fits  # noqa: F401
    operations.load()


def say_that_the_environment_is_damaged(given: socket.socket, kind: str, error: ImportError) -> None:
    """Tell the judge that waits which library is missing. No submission has run here yet."""
    control = given.accept()[0] if kind == "shared" else given
    with control:
        control.sendall(f"damaged {error.name or 'a package'}\n".encode("ascii", "replace"))


def enter_tier(place: Path) -> Tier:
    """Isolate the zygote itself, as well as this machine allows; returns the tier for its runners."""
    if sys.platform != "linux":
        return "none"
    if bubblewrap.is_around():
        return "bubblewrap"
    try:
        root.enter(place)
        return "namespaces"
    except OSError:
        return "landlock" if landlock.version() else "none"


def count_threads() -> int:
    """The threads of this process as the kernel counts them, those of libraries included."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 1  # no /proc: threading's own count must do


if __name__ == "__main__":
    main()
