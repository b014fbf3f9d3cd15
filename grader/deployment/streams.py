"""Connections whose last answer arrives whole, and on which even broken HTTP is answered with a sentence."""

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from tornado.iostream import IOStream, UnsatisfiableReadError

LINGER_SECONDS = 2.0
MOST_LINGERING = 256
MOST_READ_OUT = 64_000_000  # bytes
MOST_BUFFERED = 2_000_000  # bytes of a connection
TORNADOS_REFUSAL = b"HTTP/1.1 400 Bad Request\r\n\r\n"  # all that it says to what is not HTTP


def error_json(sentence: str) -> bytes:
    """An error as every client gets it."""
    return json.dumps({"error": sentence}).encode()


def whole_answer(status: int, sentence: str, *headers: str) -> bytes:
    """An answer with its head, for where no handler can give one."""
    contents = error_json(sentence)
    head = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        "Content-Type: application/json",
        f"Content-Length: {len(contents)}",
        "Connection: close",
        *headers,
    ]
    return "\r\n".join([*head, "", ""]).encode() + contents


NO_HTTP = whole_answer(400, "This is not an HTTP request that can be understood.")
LONG_HEAD = whole_answer(431, "The headers of the request are too large.")


class Lingering:
    """Connections that are closed from this side, and not yet from the other.

    If a socket is closed while bytes of the other side are still unread, the system resets the connection, and the
    other side may lose the answer that was sent before. So this side says that it has no more to send, and reads what
    comes until the other side closes, too, or a moment is over.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, connection: socket.socket) -> None:
        """Close a connection in this way."""
        if len(self._tasks) >= MOST_LINGERING:
            connection.close()
            return
        task = asyncio.get_running_loop().create_task(read_out(connection))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Wait until all are closed."""
        if self._tasks:
            await asyncio.wait(self._tasks)


async def read_out(connection: socket.socket) -> None:
    """Close a connection once the other side has closed it."""
    with connection, contextlib.suppress(OSError, TimeoutError):
        connection.shutdown(socket.SHUT_WR)
        left = MOST_READ_OUT
        async with asyncio.timeout(LINGER_SECONDS):
            while left > 0 and (read := await asyncio.get_running_loop().sock_recv(connection, 65536)):
                left -= len(read)


class AnsweringStream(IOStream):
    """One connection.

    Attributes:
        is_asked: a request on it waits for its answer.
        last_active: when something was last read or written, in seconds of `time.monotonic`.
        last_taken: when the other side last took a part of an answer, or an answer for it to take was begun.

    Args:
        count: gets the status of an answer that no handler has given.
    """

    def __init__(self, connection: socket.socket, lingering: Lingering, count: Callable[[int], None]) -> None:
        super().__init__(connection, max_buffer_size=MOST_BUFFERED)
        self._lingering, self._count = lingering, count
        self.is_asked = False
        self.last_active = self.last_taken = time.monotonic()

    def read_from_fd(self, buf: Any) -> int | None:
        self.last_active = time.monotonic()
        return super().read_from_fd(buf)

    def write_to_fd(self, data: memoryview) -> int:
        taken = super().write_to_fd(data)
        if taken:
            self.last_active = self.last_taken = time.monotonic()
        return taken

    def write(self, data: Any) -> Any:
        self.last_active = time.monotonic()
        if not self.writing():
            self.last_taken = self.last_active
        if data == TORNADOS_REFUSAL:
            self._count(400)
            data = NO_HTTP
        return super().write(data)

    def close(self, exc_info: Any = False) -> None:
        if not self.closed():
            with contextlib.suppress(OSError):  # the other side has reset it
                if isinstance(exc_info, UnsatisfiableReadError):
                    self._count(431)
                    self.socket.send(LONG_HEAD)
                self._lingering.take(self.socket.dup())
        super().close(exc_info)

    def is_stalled(self, seconds: float) -> bool:
        """Whether the other side has taken nothing of an answer for so long."""
        return self.writing() and time.monotonic() - self.last_taken > seconds

    def is_idle(self, seconds: float) -> bool:
        """Whether it is open, nothing has happened for so long, and nothing has arrived that is not read yet."""
        if self.closed() or self.is_asked or self.writing() or time.monotonic() - self.last_active < seconds:
            return False
        try:
            return not self.socket.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except OSError:  # nothing is there, or the other side has gone
            return True
