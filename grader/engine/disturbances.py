"""Tells what the machine has done to a submission from what the submission does: the former is never held against it.

A machine runs out of memory and kills whatever is largest, an administrator ends a process, sixty processes of somebody
else take all of the processor. What was judged meanwhile is judged again, with fresh runners.
"""

from dataclasses import dataclass

from grader.engine.judge.client import CallTimedOut, RunnerGone


@dataclass(frozen=True)
class Disturbance:
    """One kind of it.

    Attributes:
        tries: how many more may follow the one that was spoiled.
        is_certain: the submission cannot have brought it about.
        message: what to say if it happens in all of them.
    """

    tries: int
    is_certain: bool
    message: str = ""


BUSY = Disturbance(
    1, True, "The machine was too busy to grade this, also when it was judged again. Grade it again later."
)
ENDED = Disturbance(
    3, True, "Something other than the grader ended the runner again and again. Has the machine run out of memory?"
)
KILLED = Disturbance(1, False)  # by the machine, or by itself: then it will be again
STOPPED = Disturbance(1, False)  # with the whole machine perhaps, or it sleeps: then it will again


def disturbance(error: Exception | None) -> Disturbance | None:
    """What may have been done to the submission, if an exception of its runner is a sign of that."""
    if isinstance(error, CallTimedOut):
        return BUSY if error.was_starved else STOPPED if error.stood_still else None
    if isinstance(error, RunnerGone):
        return ENDED if error.is_from_outside else KILLED if error.was_killed else None
    return None
