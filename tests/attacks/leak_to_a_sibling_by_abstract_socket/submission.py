"""Leaves a daemon behind that listens on an abstract socket, for the runner that comes next."""

import os
import socket
import time
from contextlib import suppress

NAMES = ["\0digits_attack", "/tmp/digits_attack.socket", "/dev/shm/digits_attack.socket"]


def listen():
    for name in NAMES:
        try:
            server = socket.socket(socket.AF_UNIX)
            server.bind(name)
            server.listen()
            os.dup(server.fileno())
        except OSError:
            pass


def label_counts(labels, num_classes=10):
    with suppress(OSError):  # it is refused
        if os.fork() == 0:
            os.setsid()
            listen()
            time.sleep(60)
    listen()
    os._exit(1)


def one_hot(labels, num_classes=10):
    found = []
    for name in NAMES:
        try:
            socket.socket(socket.AF_UNIX).connect(name)
            found.append(name)
        except OSError:
            pass
    raise LookupError(f"found {found}" if found else "nothing was found")
