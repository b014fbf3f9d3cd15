"""Keeps new connections from beginning while those that are there are taken. A container gets a copy of this file.

Closing a listening socket resets the connections that the system has accepted and the program has not. Taking them
first is not enough: while that is done, others come.
"""

import ctypes
import socket
import struct
import sys
from collections.abc import Iterable

SO_ATTACH_FILTER = 26  # of Linux; Python does not name it
LOAD_FLAGS, AND, IF_EQUAL, RETURN = 0x30, 0x54, 0x15, 0x06
SYN, SYN_ACK = 0x02, 0x12
NO_SYN = (  # instructions for the system, each (code, skip if true, skip if false, value)
    (LOAD_FLAGS, 0, 0, 13),  # the byte of a TCP header that holds the flags
    (AND, 0, 0, SYN_ACK),
    (IF_EQUAL, 0, 1, SYN),
    (RETURN, 0, 0, 0),  # a packet that begins a connection is dropped
    (RETURN, 0, 0, 0xFFFFFFFF),  # any other is taken whole
)


def refuse_new(listening: Iterable[socket.socket]) -> bool:
    """Let the system drop packets that begin a new connection; returns whether it can, which is so on Linux."""
    packed = b"".join(struct.pack("HBBI", *instruction) for instruction in NO_SYN)
    program = ctypes.create_string_buffer(packed)
    given = struct.pack("HL", len(NO_SYN), ctypes.addressof(program))
    if sys.platform != "linux":
        return False
    try:
        for each in listening:
            each.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, given)
    except OSError:
        return False
    return True
