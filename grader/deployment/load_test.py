"""Measures a server as strangers see it: they come at their own pace, whether or not it keeps up.

A loop that sends a request, waits for the answer and sends the next one is polite: it waits while the server is slow,
so it hardly ever meets it then, and its latencies look fine. This is called coordinated omission. Here each request has
its time beforehand, and its latency counts from that time, so a queue shows.
"""

import asyncio
import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any
from urllib.parse import urlsplit

import numpy as np

MOST_CONNECTIONS = 128
TIMEOUT_SECONDS = 30


@dataclass
class Load:
    """What a load test has seen.

    Attributes:
        latencies: for each request with status 200, the seconds from when it should be sent to its answer.
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
    """Send the same request to a server's /predict at random moments, as independent people do (a Poisson process).

    Args:
        address: of the server, such as http://127.0.0.1:8000.
        body: of each request.
        rate: requests per second, on average.
        seconds: for how long.
    """
    gaps = np.random.default_rng(round(rate)).exponential(1 / rate, round(rate * seconds))
    return in_fresh_process(send_at, address, body, np.cumsum(gaps))


def capacity(address: str, body: bytes, seconds: float, clients: int = 16) -> float:
    """How many requests a server answers per second when some clients ask again as soon as they have an answer."""
    return in_fresh_process(keep_asking, address, body, clients, seconds).rate


def in_fresh_process(measure: Callable[..., Load], *arguments: Any) -> Load:
    """Measure in a process of its own: that of a notebook has changed asyncio, and may be busy."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure, *arguments).result()


def send_at(address: str, body: bytes, moments: np.ndarray) -> Load:
    generator = Generator(address, body)
    asyncio.run(generator.send_at(moments))
    return generator.measured


def keep_asking(address: str, body: bytes, clients: int, seconds: float) -> Load:
    generator = Generator(address, body)
    asyncio.run(generator.keep_asking(clients, seconds))
    return generator.measured


class Generator:
    """Sends requests over connections that stay open, each with one request at a time, and as many as it takes."""

    def __init__(self, address: str, body: bytes) -> None:
        place = urlsplit(address)
        self._host, self._port = place.hostname or "", place.port or 80
        head = f"POST /predict HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Length: {len(body)}\r\n\r\n"
        self._request, self.measured = head.encode() + body, Load()
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._places = asyncio.Semaphore(MOST_CONNECTIONS)

    async def send_at(self, moments: np.ndarray) -> None:
        """Send a request at each of some moments, in seconds from now on."""
        with self._timed() as began:
            async with asyncio.TaskGroup() as tasks:
                for moment in moments:
                    await asyncio.sleep(began + moment - time.perf_counter())
                    tasks.create_task(self._send(began + moment))

    async def keep_asking(self, clients: int, seconds: float) -> None:
        """Send requests one after another, over several connections at a time."""
        with self._timed() as began:

            async def ask() -> None:
                while (now := time.perf_counter()) < began + seconds:
                    await self._send(now)

            await asyncio.gather(*(ask() for _ in range(clients)))

    @contextmanager
    def _timed(self) -> Iterator[float]:
        began = time.perf_counter()
        yield began
        self.measured.seconds = time.perf_counter() - began
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
            self.measured.latencies.append(time.perf_counter() - due)
        else:
            self.measured.failed += 1

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
