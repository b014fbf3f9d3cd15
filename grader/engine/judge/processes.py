"""Runner processes, as the judge sees them: started in milliseconds from a zygote, ended for certain."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

import numpy as np

from grader.course import Runtime
from grader.engine.isolation import TIERS, Tier
from grader.engine.isolation.removal import remove_tree
from grader.engine.judge.memory import LIMITS, MemoryWatch
from grader.engine.wire.accounts import Ending, Usage
from grader.engine.wire.channel import MAX_TENSOR_BYTES, Channel, Left, Message

START_SECONDS = 120  # an import of TensorFlow on a slow disk
FORK_SECONDS = 30
CLEANING_SECONDS = 2  # for which a judge waits at its end

Result = TypeVar("Result")

ENVIRONMENT = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",  # large pages: half the time of a fork, which copies their table
    "GRPC_VERBOSITY": "NONE",
    "KERAS_BACKEND": "tensorflow",
    "MPLBACKEND": "Agg",
    "OPENBLAS_NUM_THREADS": "1",  # one thread until after the fork
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


class EngineError(Exception):
    """The grader itself cannot work here. Never a student's fault."""


class DamagedEnvironment(EngineError):
    """A library of the course cannot be imported."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The environment is damaged: {name} cannot be imported. To repair it: ./digits --repair")


class AnyChannel(Protocol):
    """The judge's end of a connection: a `Channel`, or what stands in for one."""

    def send(self, structure: dict[str, Any], tensors: Sequence[np.ndarray] = (), left: Left | None = None) -> None:
        """Send one message."""

    def receive(self, left: Left | None = None, most_bytes: int = MAX_TENSOR_BYTES) -> Message:
        """Wait for one message."""
        raise NotImplementedError

    def has_pending_data(self) -> bool:
        """True when the other side has said something or is gone."""
        raise NotImplementedError


class AnyMemory(Protocol):
    """What is known of a runner's memory, in bytes: a `MemoryWatch`, or what stands in for one."""

    peak: int
    limit: int
    exceeded: Literal["memory", "threads"] | None
    usage: Usage

    def look(self) -> Usage:
        """What it has had of the processors so far."""
        raise NotImplementedError


class AnyRunner(Protocol):
    """A runner as a `Client` needs it: a `RunnerProcess`, or one in the judge's own process."""

    @property
    def channel(self) -> AnyChannel:
        """The connection to it."""

    @property
    def memory(self) -> AnyMemory:
        """What it uses."""

    def interrupt(self) -> None:
        """Let the thread that waits for it wait no longer."""

    def end(self, is_ending: bool = False) -> Ending:
        """End it; returns how it ended."""
        raise NotImplementedError


class AnyEngine(Protocol):
    """What starts runners for a session: an `Engine`, or `grader.engine.runner.local.LocalEngine`."""

    def warm(self, runtime: Runtime) -> None:
        """Get ready to start runners of a runtime."""

    def tier(self, runtime: Runtime) -> Tier:
        """How well the runners of a runtime are isolated."""
        raise NotImplementedError

    def start(self, runtime: Runtime, core: int | None = None) -> AnyRunner:
        """Start a runner, bound to one core if it is named."""
        raise NotImplementedError


class RunnerProcess:
    """One running runner and the judge's end of its socket."""

    def __init__(self, zygote: "Zygote", pid: int, channel: Channel) -> None:
        self.channel = channel
        self._zygote, self._pid = zygote, pid
        self.memory = MemoryWatch(pid, LIMITS[zygote.runtime])
        self.ending: Ending | None = None
        self._is_interrupted = False

    def interrupt(self) -> None:
        """Let the thread that waits for this runner wait no longer, and end it. Any other thread may call this."""
        self._is_interrupted = True
        self.channel.shut_down()

    def end(self, is_ending: bool = False) -> Ending:
        """Kill the runner and what it started; returns how it ended.

        Args:
            is_ending: it is ending by itself, and how it does that is of interest.
        """
        if self.ending is None:
            self.memory.stop()
            ending = self._zygote.end(self._pid, is_ending and not self._is_interrupted)
            is_ours = self._is_interrupted or self.memory.exceeded is not None
            self.ending = Ending(ending.status, ending.is_from_outside and not is_ours)
            self.channel.close()  # not before: a runner that is hung up on ends by itself, perhaps before that
        return self.ending


class Zygote:
    """The judge's side of a process that has imported a runtime's libraries and forks runners.

    It starts at once and gets ready in the background: `tier` and `fork` wait for it. The other end is in
    `grader.engine.runner.zygote`.
    """

    def __init__(self, runtime: Runtime, control: socket.socket, on_close: Callable[[], None] = lambda: None) -> None:
        self.runtime = runtime
        self._control, self._on_close = control, on_close
        self._ready: tuple[Tier, int] | None = None
        self._turn = threading.Lock()  # a command and its answer belong together, whichever thread asks

    @classmethod
    def private(cls, runtime: Runtime, disabled_layers: tuple[str, ...] = (), threads: int | None = None) -> "Zygote":
        """Start one that only this judge talks to; it ends when this is closed.

        Args:
            runtime: "numpy" or "tensorflow".
            disabled_layers: layers of isolation that its runners do without; only tests name any.
            threads: how many a runner computes with; as many as TensorFlow likes, unless said otherwise.
        """
        home = Path(tempfile.mkdtemp(prefix="digits-"))
        ours, theirs = socket.socketpair()
        with theirs:
            process = spawn(runtime, "private", theirs, home, disabled_layers, threads)

        def clean_up() -> None:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if not remove_tree(home, CLEANING_SECONDS):
                subprocess.Popen(["rm", "-rf", str(home)], stderr=subprocess.DEVNULL, start_new_session=True)

        return cls(runtime, ours, clean_up)

    @property
    def tier(self) -> Tier:
        """How well its runners are isolated; waits until the zygote is ready."""
        return self._wait()[0]

    @property
    def pid(self) -> int:
        """The zygote's process id; waits until it is ready."""
        return self._wait()[1]

    def fork(self, core: int | None = None) -> RunnerProcess:
        """Start a runner, bound to one core if it is named."""
        self._wait()
        ours, theirs = socket.socketpair()
        with theirs, self._turn:
            try:
                socket.send_fds(self._control, [b"fork" if core is None else b"fork %d" % core], [theirs.fileno()])
            except OSError:
                raise EngineError("The process that starts runners has ended.") from None
            answer = self._answer(FORK_SECONDS)
        if not answer.isdecimal():
            raise EngineError(f"No runner could be started: {answer.removeprefix('error ')}.")
        return RunnerProcess(self, int(answer), Channel(ours))

    def end(self, pid: int, is_ending: bool) -> Ending:
        """Kill one runner; returns how it ended."""
        try:
            with self._turn:
                self._control.sendall(b"%s %d" % (b"reap" if is_ending else b"end", pid))
                status, *outside = self._answer(FORK_SECONDS).split()
                return Ending(int(status), bool(outside))
        except (OSError, EngineError):
            return Ending(-signal.SIGKILL, is_from_outside=True)  # the zygote is gone, and its runners with it

    def close(self) -> None:
        """Close the connection to the zygote; the runners that were started through it end."""
        self._control.close()
        self._on_close()

    def _wait(self) -> tuple[Tier, int]:
        """What the zygote says when it is ready: the tier and its process id."""
        with self._turn:
            if self._ready is not None:
                return self._ready
            state, *words = self._answer(START_SECONDS).split()
            if state == "damaged":
                raise DamagedEnvironment(" ".join(words))
            tier, pid = words
            (known,) = (name for name in TIERS if name == tier)
            self._ready = known, int(pid)
            return self._ready

    def _answer(self, seconds: float) -> str:
        line, deadline = b"", time.monotonic() + seconds
        while not line.endswith(b"\n"):
            try:
                self._control.settimeout(max(0.001, deadline - time.monotonic()))
                received, problem = self._control.recv(1), "has ended"
            except TimeoutError:
                received, problem = b"", f"gave no answer within {seconds:g} s"
            except OSError as error:
                received, problem = b"", f"has ended ({error.strerror})"
            if not received:
                self._control.close()  # an answer that comes late must not be taken for the next one's
                raise EngineError(f"The process that starts runners {problem}. `digits doctor` may say why.")
            line += received
        return line.decode().strip()


def spawn(
    runtime: Runtime,
    kind: str,
    given: socket.socket,
    home: Path,
    disabled_layers: tuple[str, ...] = (),
    threads: int | None = None,
) -> subprocess.Popen[bytes]:
    """Start a zygote process.

    Args:
        kind: "private" if ``given`` is its control socket, "shared" if judges connect to it.
        home: its folder, where libraries may write while they are imported.
        disabled_layers: layers of isolation that its runners do without; only tests name any.
        threads: how many a runner computes with; as many as TensorFlow likes, unless said otherwise.
    """
    environment = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL", "TMPDIR") if key in os.environ}
    if threads:
        environment |= {"TF_NUM_INTRAOP_THREADS": str(threads), "TF_NUM_INTEROP_THREADS": str(threads)}
    return subprocess.Popen(
        [sys.executable, "-IBm", "grader.engine.runner.zygote", runtime, kind, str(given.fileno()), *disabled_layers],
        pass_fds=[given.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=home,
        env=environment | ENVIRONMENT | {"HOME": str(home), "KERAS_HOME": str(home / "keras")},
        start_new_session=True,  # ctrl-C in the terminal reaches the judge alone
    )


class Engine:
    """The zygotes of one judge, started when they are first needed.

    Args:
        connect: how to get at the zygote of a runtime; a private one unless said otherwise.
    """

    def __init__(self, connect: Callable[[Runtime], Zygote] = Zygote.private) -> None:
        self._connect = connect
        self._zygotes: dict[Runtime, Zygote] = {}
        self._turn = threading.Lock()
        self.replaced: list[str] = []  # why each zygote that was replaced had to be

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def warm(self, runtime: Runtime) -> None:
        """Start the zygote of a runtime in the background."""
        with self._turn:
            if runtime not in self._zygotes:
                self._zygotes[runtime] = self._connect(runtime)

    def tier(self, runtime: Runtime) -> Tier:
        """How well the runners of a runtime are isolated."""
        return self._retry_once(runtime, lambda zygote: zygote.tier)

    def zygote_pid(self, runtime: Runtime) -> int:
        """The process id of a runtime's zygote."""
        return self._retry_once(runtime, lambda zygote: zygote.pid)

    def start(self, runtime: Runtime, core: int | None = None) -> RunnerProcess:
        """Start a runner that holds a runtime's libraries.

        Args:
            core: the one that it and all that it starts are bound to; any, unless one is named.
        """
        return self._retry_once(runtime, lambda zygote: zygote.fork(core))

    def close(self) -> None:
        """End the zygotes, and with them their runners."""
        while self._zygotes:  # one by one: another thread may be connecting to one just now
            _, zygote = self._zygotes.popitem()
            zygote.close()

    def _retry_once(self, runtime: Runtime, ask: Callable[[Zygote], Result]) -> Result:
        """Ask a zygote; one that has died is replaced, once."""
        self.warm(runtime)
        zygote = self._zygotes[runtime]
        try:
            return ask(zygote)
        except DamagedEnvironment:
            raise  # so would the next one be
        except EngineError as error:
            with self._turn:
                if self._zygotes.get(runtime) is zygote:  # no other thread has replaced it yet
                    self.replaced.append(str(error))
                    self._zygotes.pop(runtime).close()
            self.warm(runtime)
            return ask(self._zygotes[runtime])
