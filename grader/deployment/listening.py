"""Takes connections, and ends without losing a request.

A request is lost when its connection is closed before the answer is out. Four places need care:

- Requests under way: they are waited for.
- Open connections without a request: the next one may be on its way. So they stay open for a while and the next answer
  on them says `Connection: close`; those on which nothing comes for that long are closed. HTTP has no means against a
  request that crosses this end of an idle connection on its way; clients have to send it again (RFC 9112, 9.3.1).
- Connections that the system has accepted and this process has not: closing the listening socket would reset them. So
  a filter first keeps new ones from beginning, then those that are there are taken, and only then it is closed.
- The last bytes of an answer: see `Lingering`.
"""

import asyncio
import contextlib
import socket
import time
from collections.abc import Callable
from typing import Any

from tornado.iostream import IOStream
from tornado.web import Application

from grader.connections import LimitedServer
from grader.deployment.no_new_connections import refuse_new
from grader.deployment.streams import AnsweringStream, Lingering, whole_answer

MOST_CONNECTIONS = 256
TOO_MANY = whole_answer(503, "The server has too many connections. Try again soon.", "Retry-After: 1")
TICK = 0.05  # seconds
LEAST_SILENCE = 0.25  # seconds, so that what has just been read becomes a request


class Connections(LimitedServer):
    """All connections of a server.

    Args:
        sockets: where it listens.
        count: gets the status of each answer that no handler has given.
    """

    most_connections = MOST_CONNECTIONS

    # HTTPServer.__init__ takes anything and does nothing; its own beginning is `initialize`.
    def initialize(  # type: ignore[override]
        self, application: Application, sockets: list[socket.socket], count: Callable[[int], None], **options: Any
    ) -> None:
        super().initialize(application, **options)
        self.streams: set[AnsweringStream] = set()
        self._listening, self._count, self._lingering = sockets, count, Lingering()
        self.add_sockets(sockets)

    def handle_stream(self, stream: IOStream, address: tuple) -> None:
        own = AnsweringStream(stream.socket, self._lingering, self._count)
        self.streams.add(own)
        super().handle_stream(own, address)

    def refuse(self, stream: IOStream) -> None:
        self.streams.discard(stream)  # type: ignore[arg-type]
        self._count(503)
        stream.write(TOO_MANY)
        stream.close()

    def on_close(self, server_conn: Any) -> None:
        self.streams.discard(server_conn.stream)
        super().on_close(server_conn)

    def close_stalled(self, seconds: float) -> None:
        """Close the connections whose other side has taken nothing of an answer for so long."""
        for stream in list(self.streams):
            if stream.is_stalled(seconds):
                stream.close()

    async def end(self, drain: float, most: float) -> int:
        """Answer what has been accepted, then close all; returns how many requests were cut off.

        Args:
            drain: seconds for which an open connection may be silent before it is closed.
            most: seconds that all this may take beyond that.
        """
        began, silence = time.monotonic(), max(drain, LEAST_SILENCE)
        self.conn_params.no_keep_alive = True  # each connection ends with its next answer
        while self.streams and time.monotonic() < began + drain:
            await asyncio.sleep(TICK)
        if refuse_new(self._listening):
            await asyncio.sleep(TICK)  # until those are complete that had begun before
        self._take_waiting()
        self.stop()
        while self.streams and time.monotonic() < began + drain + most:
            for stream in list(self.streams):
                if stream.is_idle(silence):
                    stream.close()
            await asyncio.sleep(TICK)
        cut_off = sum(stream.is_asked or stream.writing() for stream in self.streams)
        for stream in list(self.streams):
            stream.close()
        await self._lingering.finish()
        return cut_off

    def _take_waiting(self) -> None:
        """Take all connections that the system has accepted."""
        for listening in self._listening:
            with contextlib.suppress(OSError):  # there are no more
                while True:
                    connection, address = listening.accept()
                    self.handle_stream(IOStream(connection), address)
