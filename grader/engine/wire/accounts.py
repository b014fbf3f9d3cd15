"""What is told of a runner: what it has had of the processors, and how it ended."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Usage:
    """What a runner and all that it has started have had so far, in seconds."""

    processor: float = 0.0
    waiting: float = 0.0  # for a processor, ready to run; summed over all threads

    def since(self, before: "Usage") -> "Usage":
        """The part of it that came after an earlier look. Of what has ended in between, some is not known any more."""
        return Usage(max(0.0, self.processor - before.processor), max(0.0, self.waiting - before.waiting))

    def at_least(self, before: "Usage") -> "Usage":
        """This, where it is more than an earlier look has found: what has ended since is in that one alone."""
        return Usage(max(self.processor, before.processor), max(self.waiting, before.waiting))


@dataclass(frozen=True)
class Ending:
    """How a runner ended: its exit status (negative: by that signal), and whether something outside of it and of the
    grader has ended it, such as an administrator, or the machine when it had no memory left."""

    status: int
    is_from_outside: bool = False
