"""Resource limits of one runner, set by the kernel for each of its processes."""

import resource

MEBIBYTE = 1024 * 1024
GIBIBYTE = 1024 * MEBIBYTE

# These count what is reserved, used or not, and TensorFlow reserves much; where an allocation is refused, it crashes.
# So they lie far above what the memory watch allows to be used, and stop only what asks for absurd amounts.
ADDRESS_SPACE = {"numpy": 4 * GIBIBYTE, "tensorflow": 16 * GIBIBYTE}
DATA = {"numpy": 2 * GIBIBYTE, "tensorflow": 12 * GIBIBYTE}
THREADS = 512  # TensorFlow starts some for each core
FILE_SIZE = 64 * MEBIBYTE
DESCRIPTORS = 256


def set_limits(runtime: str, alone: bool) -> None:
    """Set all limits, hard and soft.

    Args:
        alone: the kernel counts the threads of no other program with the runner's.
    """
    limits = {
        resource.RLIMIT_AS: ADDRESS_SPACE[runtime],
        resource.RLIMIT_DATA: DATA[runtime],
        resource.RLIMIT_FSIZE: FILE_SIZE,
        resource.RLIMIT_NOFILE: DESCRIPTORS,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    if alone:
        limits[resource.RLIMIT_NPROC] = THREADS
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))
