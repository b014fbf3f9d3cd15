"""Each layer of isolation does work of its own: with that one turned off, an attack gets through that all the others
let pass."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from conftest import READY

from grader.engine.isolation import landlock, seccomp
from grader.engine.judge.client import Client, RunnerGone
from grader.engine.judge.clock import Budget
from grader.engine.judge.processes import Engine, Zygote
from grader.engine.wire.requests import Call, Load

PIXELS = next(lesson for lesson in READY if lesson.slug == "pixels")
LAYERS = ("namespaces", "limits", "landlock", "seccomp")
SOON = 20  # seconds until a test that hangs fails instead

HOSTILE = b'''
"""Every function tries one thing and says whether it worked."""

import mmap
import os
import socket


def sees_the_judge(command):
    for pid in filter(str.isdecimal, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline") as file:
                if file.read() == command:
                    return True
        except OSError:
            pass
    return False


def opens_too_many_files():
    return works(lambda: [open("/dev/null") for _ in range(300)])


def asks_for_too_much_room():
    return works(lambda: mmap.mmap(-1, 5 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ))


def changes_what_the_kernel_shows():
    os.execv("/bin/sh", ["sh", "-c", "echo innocent > /proc/$$/comm"])


def keeps_a_file_in_memory():
    return works(lambda: os.memfd_create("hoard"))


def talks_to_the_kernel():
    return works(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0))


def works(action):
    try:
        action()
    except (OSError, MemoryError):
        return False
    return True
'''

ATTACKS = {  # the function: the one layer that stops it
    "sees_the_judge": "namespaces",
    "opens_too_many_files": "limits",
    "asks_for_too_much_room": "limits",
    "changes_what_the_kernel_shows": "landlock",
    "keeps_a_file_in_memory": "seccomp",
    "talks_to_the_kernel": "seccomp",
}


@pytest.fixture(scope="module")
def engine_without() -> Iterator[Callable[[str | None], Engine]]:
    """Engines whose runners lack one layer, or none; each is started when it is first needed."""
    engines: dict[str | None, Engine] = {}

    def find(missing: str | None) -> Engine:
        if missing not in engines:
            disabled = (missing,) if missing else ()
            engines[missing] = Engine(lambda runtime: Zygote.private(runtime, disabled))
        return engines[missing]

    if find(None).tier("numpy") != "namespaces" or not landlock.version():
        find(None).close()
        pytest.skip("this machine does not have all layers")
    yield find
    for engine in engines.values():
        engine.close()


@pytest.mark.parametrize("missing", [None, *LAYERS])
@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_gets_through_where_its_layer_is_missing_and_nowhere_else(attack, missing, engine_without):
    arguments = [Path("/proc/self/cmdline").read_text()] if attack == "sees_the_judge" else []
    client = Client(engine_without(missing).start("numpy"), PIXELS.limits, Budget(SOON))
    try:
        client.ask(Load("hostile.py", np.frombuffer(HOSTILE, np.uint8)))
        got_through = client.ask(Call(attack, arguments))
    except RunnerGone as gone:  # it has become another program
        got_through = gone.exit_status == 0
    finally:
        client.end()
    assert got_through is (ATTACKS[attack] == missing)


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_is_needed(layer):
    assert layer in ATTACKS.values()


HEADERS = {  # of the kernel, with the number of every system call: which column of our tables they are for
    "/usr/include/x86_64-linux-gnu/asm/unistd_64.h": 0,
    "/usr/include/asm-generic/unistd.h": 1,  # aarch64 has the generic table
}


@pytest.mark.parametrize(("header", "column"), HEADERS.items())
def test_the_numbers_of_system_calls_are_those_of_the_kernels_headers(header, column):
    if not Path(header).exists():
        pytest.skip("the kernel's headers are not installed")
    numbers = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", Path(header).read_text()))
    tables = seccomp.DENIED | seccomp.SELF_ONLY | seccomp.DENIED_ALONE
    tables |= {name: numbers for name, (numbers, _, _) in seccomp.REFUSED_ARGUMENTS.items()}
    tables |= {"clone": seccomp.CLONE, "clone3": (seccomp.CLONE3,) * 2, "mmap": seccomp.MMAP}
    known = {name: pair[column] for name, pair in tables.items() if name in numbers}  # an old header lacks some
    assert len(known) > 50
    missing = {name for name, number in known.items() if number is None}
    assert missing <= {"fork", "vfork", "chmod", "chown", "lchown", "utime", "utimes", "futimesat", "inotify_init"}
    assert known == {name: None if name in missing else int(numbers[name]) for name in known}
