"""Makes the clocks of a lesson's kernel tell times that remember where they come from; test_lessons runs this first.

A claim that is computed from such a time would be false whenever the computer is busy, and so would an output that
depends on whether one exceeds a constant.
"""

import operator
import sys
import time


class Clocked(float):
    """A time, or a number computed from times."""

    def __lt__(self, other):
        return compared(operator.lt, self, other)

    def __gt__(self, other):
        return compared(operator.gt, self, other)

    def __le__(self, other):
        return compared(operator.le, self, other)

    def __ge__(self, other):
        return compared(operator.ge, self, other)


def compared(compare, taken, other):
    if called_in_a_cell(depth=3) and not isinstance(other, Clocked):
        raise AssertionError(f"The lesson compares a time with {other}; on a busy computer, it comes out differently.")
    return compare(float(taken), float(other))


def called_in_a_cell(depth):
    """Whether a cell makes the call; libraries may do with their clocks as they like."""
    return sys._getframe(depth).f_globals["__name__"] == "__main__"


def computed(operation):
    def method(self, *others):
        result = getattr(float, operation)(self, *map(float, others))
        return result if result is NotImplemented else Clocked(result)

    return method


def clocked(clock):
    return lambda: Clocked(clock()) if called_in_a_cell(depth=2) else clock()


for operation in ("add", "sub", "mul", "truediv"):
    for prefix in ("", "r"):
        setattr(Clocked, f"__{prefix}{operation}__", computed(f"__{prefix}{operation}__"))
time.perf_counter, time.process_time = map(clocked, (time.perf_counter, time.process_time))
