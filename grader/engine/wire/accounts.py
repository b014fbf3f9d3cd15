"""What is told of a runner: what it has had of the processors, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Usage:
    """What a runner and all that it has started have had so far, in seconds."""

    processor: float = 0.0
    threads: Mapping[int, tuple[float, float]] = field(default_factory=dict)  # by id: seconds it ran, and waited to run
    cores: int = 1  # that it may use

    @property
    def waiting(self) -> float:
        """The seconds for which others kept it from running: the longest time that one of its threads has waited for a
        processor, without that for which its other threads may have held the processor. Threads that wake up together
        wait for nobody but each other."""
        return max((wait - (self.processor - ran) / self.cores for ran, wait in self.threads.values()), default=0.0)

    def since(self, before: "Usage") -> "Usage":
        """The part of it that came after an earlier look. Of what has ended in between, some is not known any more."""
        threads = {}
        for thread, (ran, wait) in self.threads.items():
            ran_before, waited_before = before.threads.get(thread, (0.0, 0.0))
            threads[thread] = max(0.0, ran - ran_before), max(0.0, wait - waited_before)
        return Usage(max(0.0, self.processor - before.processor), threads, self.cores)

    def at_least(self, before: "Usage") -> "Usage":
        """This, with what an earlier look has found of threads that have ended since."""
        return Usage(max(self.processor, before.processor), {**before.threads, **self.threads}, self.cores)


@dataclass(frozen=True)
class Ending:
    """How a runner ended: its exit status (negative: by that signal), and whether something outside of it and of the
    grader has ended it, such as an administrator, or the machine when it had no memory left."""

    status: int
    is_from_outside: bool = False
