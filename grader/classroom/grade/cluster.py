"""Sends submissions to the workers of a Dask cluster, which grade them as this machine would.

The workers get the secret seed, and their verdicts are trusted: they are the instructor's own machines.
"""

import atexit
import logging
import platform
import socket
import threading
from collections.abc import Sequence
from concurrent.futures import CancelledError
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from grader.classroom.grade.queue import checks_fingerprint
from grader.classroom.grade.workers import Grader, Stopped, Work, failed
from grader.classroom.students import safe_for_display
from grader.course import CourseError, Runtime
from grader.engine.judge.processes import EngineError
from grader.verdict import Verdict

CONNECT_SECONDS = 20


class ClusterGrader:
    """Takes the place of a `Grader`: the same verdicts, from other machines.

    Args:
        address: of the scheduler, for instance tcp://10.0.0.1:8786.
        places: which no submission may be able to read, such as the course folder, where workers have them, too.

    Raises:
        CourseError: there is no such scheduler, it has no workers, or Dask is not installed.
    """

    def __init__(self, address: str, allow_unsafe: bool = False, places: Sequence[Path] = ()) -> None:
        try:
            from distributed import Client
            from distributed.comm import get_address_host_port
        except ImportError:
            raise CourseError("--cluster needs Dask. Install it with: pip install distributed") from None
        for name in filter(lambda name: name.startswith("distributed"), logging.root.manager.loggerDict):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # the sentences below say what matters
        try:
            socket.create_connection(get_address_host_port(address), CONNECT_SECONDS).close()  # Client would be noisy
            self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError):  # TimeoutError is the former
            raise CourseError(
                f"There is no Dask scheduler at {address!r}. Give its address like this: tcp://HOST:8786"
            ) from None
        self._address, self._allow_unsafe = address, allow_unsafe
        self._places = tuple(place.resolve() for place in places)
        self._futures: set[Any] = set()
        self._lock = threading.Lock()
        self._is_stopped = False

    def places(self, runtimes: set[Runtime]) -> int:
        """How many submissions the cluster grades at a time."""
        places = sum(self._client.nthreads().values())
        if not places:
            raise CourseError(
                f"The cluster at {self._address} has no workers yet. Start one: dask worker {self._address}"
            )
        return places

    def grade(self, work: Work) -> Verdict:
        """Grade one submission on a worker; on another one if that worker is lost.

        Raises:
            Stopped: `stop` was called.
            CourseError: a worker has no sandbox, or shows the course in it, or has another version of the course.
            EngineError: the cluster is gone, or its workers cannot grade.
        """
        from distributed import KilledWorker

        lesson = work.lesson
        with self._lock:
            if self._is_stopped:
                raise Stopped
            todo = (grade_here, work, checks_fingerprint(lesson), self._allow_unsafe, self._places)
            future = self._client.submit(*todo, pure=False)
            self._futures.add(future)
        try:
            return Verdict.from_dict(future.result())
        except KilledWorker:
            return failed(lesson, "grader_error", "Several workers were lost while they graded this.")
        except (CourseError, EngineError):
            raise
        except (CancelledError, Exception) as error:
            if self._is_stopped:
                raise Stopped from None
            raise EngineError(
                f"The cluster at {self._address} is gone or cannot grade ({first_line(error)}). All results so far "
                "are safe. Run the command again; it continues where it stopped."
            ) from None
        finally:
            with self._lock:
                self._futures.discard(future)

    def stop(self) -> None:
        """Stop waiting for verdicts; from any thread."""
        with self._lock:
            self._is_stopped = True
            futures = list(self._futures)
        self._client.cancel(futures)

    def close(self) -> None:
        self._client.close()


def grade_here(work: Work, checks: bytes, allow_unsafe: bool, places: tuple[Path, ...]) -> dict[str, Any]:
    """On a worker: grade one submission; returns the verdict as a dictionary."""
    if not work.lesson.is_ready or checks_fingerprint(work.lesson) != checks:
        raise CourseError(
            f"The worker on {platform.node()} has another version of the course. Install the same version there and "
            "restart the worker."
        )
    shared = tuple(place for place in places if place.exists())
    try:
        return asdict(own_grader(allow_unsafe, (*shared, *own_folder())).grade(work))
    except CourseError as error:
        raise CourseError(f"The worker on {platform.node()} grades nothing: {error}") from None


@cache
def own_grader(allow_unsafe: bool, places: tuple[Path, ...]) -> Grader:
    """The one grader of this worker process, for all its threads."""
    grader = Grader(allow_unsafe, places)
    atexit.register(grader.close)
    return grader


def own_folder() -> tuple[Path, ...]:
    """Where this worker puts work that does not fit into its memory, submissions and the seed among it."""
    from distributed import get_worker

    try:
        return (Path(get_worker().local_directory),)
    except ValueError:  # this is no worker
        return ()


def first_line(error: BaseException) -> str:
    return safe_for_display(f"{type(error).__name__}: {error}".partition("\n")[0].strip(": "))
