"""Runner processes, as the judge sees them: started in milliseconds from a zygote, ended for certain."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grader.engine.channel import Channel
from grader.engine.isolation import Tier
from grader.engine.memory import LIMITS, MemoryWatch

START_SECONDS = 120  # an import of TensorFlow on a slow disk
FORK_SECONDS = 30

ENVIRONMENT = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "GRPC_VERBOSITY": "NONE",
    "KERAS_BACKEND": "tensorflow",
    "MPLBACKEND": "Agg",
    "OPENBLAS_NUM_THREADS": "1",  # one thread until after the fork
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


class EngineError(Exception):
    """The grader itself cannot work here. Never a student's fault."""


class RunnerProcess:
    """One running runner and the judge's end of its socket."""

    def __init__(self, zygote: "Zygote", pid: int, channel: Channel) -> None:
        self.channel = channel
        self._zygote, self._pid = zygote, pid
        self.memory = MemoryWatch(pid, LIMITS[zygote.runtime])
        self.exit_status: int | None = None

    def end(self) -> int:
        """Kill the runner and what it started; returns how it ended (negative: by that signal)."""
        if self.exit_status is None:
            self.memory.stop()
            self.channel.close()
            self.exit_status = self._zygote.end(self._pid)
        return self.exit_status


class Zygote:
    """A process that has imported a runtime's libraries and forks runners. See `grader.engine.zygote`.

    It starts at once and gets ready in the background: `fork` waits for it.
    """

    def __init__(self, runtime: str, missing_walls: tuple[str, ...] = ()) -> None:
        self.runtime = runtime
        self.home = Path(tempfile.mkdtemp(prefix="digits-"))
        self._control, theirs = socket.socketpair()
        environment = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL", "TMPDIR") if key in os.environ}
        environment |= ENVIRONMENT | {"HOME": str(self.home), "KERAS_HOME": str(self.home / "keras")}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-IBm", "grader.engine.zygote", runtime, str(theirs.fileno()), *missing_walls],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=self.home,
                env=environment,
                start_new_session=True,  # ctrl-C in the terminal reaches the judge alone
            )
        self._tier: Tier | None = None

    @property
    def tier(self) -> Tier:
        """How well its runners are isolated; waits until the zygote is ready."""
        if self._tier is None:
            self._tier = self._answer(START_SECONDS).removeprefix("ready ")
        return self._tier

    def fork(self) -> RunnerProcess:
        """Start a runner."""
        _ = self.tier  # that is, wait until it is ready
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._control, [b"fork"], [theirs.fileno()])
            except OSError:
                raise EngineError("The process that starts runners has ended.") from None
        answer = self._answer(FORK_SECONDS)
        if not answer.isdecimal():
            raise EngineError(f"No runner could be started: {answer.removeprefix('error ')}.")
        return RunnerProcess(self, int(answer), Channel(ours))

    def end(self, pid: int) -> int:
        """Kill one runner; returns its exit status."""
        try:
            self._control.sendall(b"end %d" % pid)
            return int(self._answer(FORK_SECONDS))
        except (OSError, EngineError):
            return -9  # the zygote is gone, and its runners with it

    def close(self) -> None:
        """End the zygote and all of its runners."""
        self._control.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def _answer(self, seconds: float) -> str:
        line, deadline = b"", time.monotonic() + seconds
        while not line.endswith(b"\n"):
            self._control.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                received = self._control.recv(1)
            except OSError:
                received = b""
            if not received:
                raise EngineError("The process that starts runners gives no answer. `digits doctor` may say why.")
            line += received
        return line.decode().strip()


class Engine:
    """The zygotes of one judge, started when they are first needed."""

    def __init__(self, missing_walls: tuple[str, ...] = ()) -> None:
        self._missing_walls = missing_walls  # only tests take walls away
        self._zygotes: dict[str, Zygote] = {}

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def warm(self, runtime: str) -> None:
        """Start the zygote of a runtime in the background."""
        if runtime not in self._zygotes:
            self._zygotes[runtime] = Zygote(runtime, self._missing_walls)

    def start(self, runtime: str) -> RunnerProcess:
        """Start a runner that holds a runtime's libraries."""
        self.warm(runtime)
        try:
            return self._zygotes[runtime].fork()
        except EngineError:  # it died; one fresh try
            self._zygotes.pop(runtime).close()
            self.warm(runtime)
            return self._zygotes[runtime].fork()

    def tier(self, runtime: str) -> Tier:
        """How well the runners of a runtime are isolated."""
        self.warm(runtime)
        return self._zygotes[runtime].tier

    def close(self) -> None:
        for zygote in self._zygotes.values():
            zygote.close()
        self._zygotes.clear()
