"""Measures a server as strangers see it: they come at their own pace, whether or not it keeps up.

A loop that sends a request, waits for the answer and sends the next one is polite: it waits while the server is slow,
so it hardly ever meets it then, and its latencies look fine. This is called coordinated omission. Here each request has
its time beforehand, and its latency counts from that time, so a queue shows.
"""

import asyncio
import math
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

MOST_CONNECTIONS = 128
TIMEOUT_SECONDS = 30


@dataclass
class Load:
    """What a load test has seen.

    Attributes:
        latencies: for each request with status 200, the seconds from the moment at which it was due to its answer.
        failed: how many requests have got another answer, or none.
        seconds: from the first moment to the last answer.
    """

    latencies: list[float] = field(default_factory=list)
    failed: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Good answers per second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, percent: float) -> float:
        """The latency, in seconds, that so many percent of the good answers do not exceed; nan without any."""
        ordered = sorted(self.latencies)
        return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)] if ordered else math.nan


def load(address: str, body: bytes, rate: float, seconds: float) -> Load:
    """Send the same request to a server's /predict at a constant rate.

    Args:
        address: of the server, such as http://127.0.0.1:8000.
        body: of each request.
        rate: requests per second.
        seconds: for how long.
    """
    measured = Load()
    # In a thread of its own: a notebook's has a running loop already.
    thread = threading.Thread(target=lambda: asyncio.run(Generator(address, body, measured).run(rate, seconds)))
    thread.start()
    thread.join()
    return measured


class Generator:
    """Sends requests over connections that stay open, each with one request at a time, and as many as it takes."""

    def __init__(self, address: str, body: bytes, measured: Load) -> None:
        place = urlsplit(address)
        self._host, self._port = place.hostname or "", place.port or 80
        head = f"POST /predict HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Length: {len(body)}\r\n\r\n"
        self._request, self._measured = head.encode() + body, measured
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._places = asyncio.Semaphore(MOST_CONNECTIONS)

    async def run(self, rate: float, seconds: float) -> None:
        began = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            for number in range(round(rate * seconds)):
                due = began + number / rate
                await asyncio.sleep(due - time.perf_counter())
                tasks.create_task(self._send(due))
        self._measured.seconds = time.perf_counter() - began
        for _, writer in self._free:
            writer.close()

    async def _send(self, due: float) -> None:
        """Send one request and note how it went."""
        try:
            async with self._places, asyncio.timeout(TIMEOUT_SECONDS):
                is_good = await self._exchange()
        except (OSError, EOFError, ValueError, TimeoutError):
            is_good = False
        if is_good:
            self._measured.latencies.append(time.perf_counter() - due)
        else:
            self._measured.failed += 1

    async def _exchange(self) -> bool:
        """Send the request and read its answer; returns whether its status is 200."""
        reader, writer = self._free.pop() if self._free else await asyncio.open_connection(self._host, self._port)
        is_kept = False
        try:
            writer.write(self._request)
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin1").lower()
            length = int(head.partition("\r\ncontent-length:")[2].partition("\r\n")[0])
            await reader.readexactly(length)
            is_kept = "\r\nconnection: close" not in head
            return head.split()[1] == "200"
        finally:
            if is_kept:
                self._free.append((reader, writer))
            else:
                writer.close()
