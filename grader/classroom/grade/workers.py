"""Grades one submission of many on this machine."""

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from grader.classroom.grade.sharing import Cores, Turns
from grader.course import CourseError, Lesson, Runtime
from grader.data import read_ahead
from grader.engine.judge.exposed import refuse_exposed
from grader.engine.judge.memory import LIMITS
from grader.engine.judge.processes import Engine, Zygote
from grader.engine.judge.source import Source
from grader.engine.session import Session, load_checks
from grader.verdict import Outcome, Verdict

UNSAFE = (
    "This machine cannot keep a submission away from your files, so nothing was run. Grade on Linux, or add "
    "--allow-unsafe if you trust all who submitted."
)


@dataclass(frozen=True)
class Work:
    """One submission and everything that decides its verdict, on whichever machine it is graded."""

    lesson: Lesson
    source: Source
    seed: bytes


class AnyGrader(Protocol):
    """What can grade: this machine, or a cluster."""

    def places(self, runtimes: set[Runtime]) -> int: ...

    def grade(self, work: Work) -> Verdict: ...

    def stop(self) -> None: ...

    def close(self) -> None: ...


class Stopped(Exception):
    """The grading was interrupted; there is no verdict."""


class Grader:
    """Grades submissions on this machine, one for each thread that calls it."""

    def __init__(self, allow_unsafe: bool = False, places: Sequence[Path] = ()) -> None:
        """Prepare to grade.

        Args:
            places: which no submission may be able to read, such as the course folder.
        """
        # One thread for each runner: there are as many runners as cores, and more threads would only slow them down.
        self._engine = Engine(partial(Zygote.private, threads=1))
        self._allow_unsafe, self._places = allow_unsafe, places
        self._turns, self._cores = Turns(), Cores()
        self._sessions: set[Session] = set()
        self._lock = threading.Lock()
        self._is_stopped = False

    def places(self, runtimes: set[Runtime]) -> int:
        """How many submissions to grade at a time: one for each core, but no more than fit into memory if each uses
        all that it is allowed."""
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        return max(1, min(self._cores.count, memory // max(LIMITS[runtime] for runtime in runtimes)))

    def grade(self, work: Work) -> Verdict:
        """Grade one submission.

        Raises:
            Stopped: `stop` was called.
            CourseError: this machine has no sandbox for runners.
        """
        lesson = work.lesson
        try:
            self._engine.warm(lesson.runtime)
            read_ahead()  # while it imports its libraries
            tier = self._engine.tier(lesson.runtime)
            if tier == "none" and not self._allow_unsafe:
                raise CourseError(UNSAFE)
            refuse_exposed(tier, self._places)
            verdict = self._grade(lesson, work)
        except (CourseError, Stopped):
            raise
        except Exception as error:
            verdict = failed(lesson, "grader_error", f"The grader failed: {type(error).__name__}: {error}")
        if self._is_stopped:  # the result of an interrupted runner is not a verdict
            raise Stopped
        return verdict

    def _grade(self, lesson: Lesson, work: Work) -> Verdict:
        with (
            self._turns.one_of_many(),
            self._cores.one() as core,
            Session(lesson, work.source, self._engine, work.seed, core=core, alone=self._turns.alone) as session,
        ):
            with self._lock:
                if self._is_stopped:
                    raise Stopped
                self._sessions.add(session)
            try:
                return session.verdict()
            finally:
                with self._lock:
                    self._sessions.discard(session)

    def stop(self) -> None:
        """Interrupt all gradings; from any thread."""
        with self._lock:
            self._is_stopped = True
            for session in self._sessions:
                session.interrupt()

    def close(self) -> None:
        self._engine.close()


def failed(lesson: Lesson, outcome: Outcome, message: str) -> Verdict:
    """The verdict on a submission that could not be run."""
    points = sum(check.points for check in load_checks(lesson.checks_path))
    return Verdict(lesson.slug, outcome, points, "none", [], message=message)
