"""The server behind `digits serve`: an exported network and the learner's `respond`, for everybody who can reach it."""

import asyncio
import errno
import json
import re
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler, stream_request_body

from grader.course import CourseError
from grader.deployment.listening import Connections
from grader.deployment.metrics import Metrics
from grader.deployment.own_code import Misbehaved, Reply
from grader.deployment.streams import AnsweringStream, error_json
from grader.deployment.worker import Busy, Job, Overdue, Stuck, Worker

MOST_BYTES = 1_000_000  # of a body that `respond` gets to see: it says itself that more than 20,000 are too many
MOST_HEAD_BYTES = 16_000
BACKLOG, IDLE_SECONDS, BODY_SECONDS = 256, 60, 10
MOST_WAITING, RESPOND_SECONDS, STOP_SECONDS = 64, 5.0, 6.0
LOOK_SECONDS, SUMMARY_SECONDS = 0.25, 10.0
CLIENT_LEFT = 499  # nobody gets this status: it counts the requests whose clients did not wait
MOST_KINDS = 100  # of failures that are told
USAGE = """\
A network that reads digits: {network}

POST /predict takes {{"image": ...}}: 28 lists of 28 whole numbers, 0 for paper and 255 for ink.

  python3 -c "print({{'image': [[0] * 28] * 28}})" | tr "'" '"' | curl --data @- {address}/predict

GET /healthz says whether it is ready, GET /metrics what it has counted.
"""


class Refused(HTTPError):
    """A request that is not answered, with a sentence that says why.

    Args:
        wait: seconds after which it may be sent again; 0 if that is of no use.
    """

    def __init__(self, status: int, sentence: str, wait: int = 0) -> None:
        super().__init__(status)
        self.sentence, self.wait = sentence, wait


class Service:
    """What all requests share.

    Args:
        network: its name.
        respond: the learner's, for this network. It may raise `Misbehaved`.
        say: prints a line in the terminal.
        connections: how many are open, when asked.
    """

    def __init__(
        self,
        network: str,
        respond: Callable[[bytes], Reply],
        say: Callable[[str], None],
        connections: Callable[[], float],
    ) -> None:
        self.network, self._say = network, say
        self.worker = Worker(respond, RESPOND_SECONDS, MOST_WAITING)
        self.metrics = Metrics(lambda: self.worker.waiting, connections)
        self.is_stopping = False
        self._told: set[str] = set()

    async def predict(self, job: Job[Reply]) -> Reply | None:
        """The learner's answer to a request; None if nobody waits for it any more.

        Raises:
            Refused: there is none.
        """
        try:
            reply = await self.worker.answer(job)
        except Busy:
            raise Refused(503, "Too many requests are waiting. Try again soon.", wait=1) from None
        except Stuck:
            raise Refused(503, "The server gives no answers now. Try again later.", wait=60) from None
        except Overdue:
            raise Refused(504, "The answer has taken too long.") from None
        except Misbehaved as error:
            self.say_once(error.kind, f"{error} The client got status 500. If this happens again, it is only counted.")
            raise Refused(500, "The server failed on this request.") from None
        if reply is not None and reply.status == 200:
            self.metrics.count_prediction(reply.answer)
        return reply

    def look(self) -> None:
        """Give up what takes too long, and say so."""
        if self.worker.look():
            said = f"respond has not returned after {self.worker.seconds:g} seconds: status 504."
            if self.worker.is_stuck:
                said += f" {self.worker.stuck} such calls are still running, so every request gets 503 until one ends."
            self.say_once(said, said)

    def summarize(self) -> None:
        """Say what has happened since the last time, if anything has."""
        if line := self.metrics.summary():
            self._say(f"{time.strftime('%H:%M:%S')}  {line}")

    def say_once(self, kind: str, sentence: str) -> None:
        """Print a sentence, unless one of its kind has been printed."""
        if kind not in self._told and len(self._told) < MOST_KINDS:
            self._told.add(kind)
            self._say(sentence)


@stream_request_body  # so a body that is too long is refused before it is here
class Asked(RequestHandler):
    """A request. What it may not do, and what fails, is answered with JSON and a sentence."""

    allowed = "GET"  # the method that its address takes

    def initialize(self, service: Service) -> None:
        self.service = service
        self.body = bytearray()
        self.is_whole = False  # the body has arrived
        self._patience: asyncio.TimerHandle | None = None
        self.stream: AnsweringStream = self.request.connection.stream  # type: ignore[union-attr]
        self.stream.is_asked = True

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")

    def prepare(self) -> None:
        self.request.connection.set_max_body_size(sys.maxsize)  # type: ignore[union-attr]  # this class looks itself
        length = self.request.headers.get("Content-Length", "0")
        if re.fullmatch("[0-9]+", length) and (len(length) > 12 or int(length) > MOST_BYTES):
            raise self.too_long()
        self._patience = asyncio.get_running_loop().call_later(BODY_SECONDS, self.lose_patience)

    def data_received(self, chunk: bytes) -> None:
        self.body += chunk
        if len(self.body) > MOST_BYTES:
            self.body.clear()
            self.refuse(self.too_long())

    def too_long(self) -> Refused:
        return Refused(413, f"The body has more than {MOST_BYTES:,} bytes.")

    def lose_patience(self) -> None:
        if not self.is_whole:
            self.refuse(Refused(408, f"The body has not arrived within {BODY_SECONDS} seconds."))

    def refuse(self, refused: Refused) -> None:
        """Answer before the whole body is here; the connection cannot be used again."""
        if not self._finished:
            self.send_error(refused.status_code, exc_info=(Refused, refused, None))

    async def answer(self) -> None:
        """Answer the whole request with the method `on_get` or `on_post` of its address."""
        self.is_whole = True
        if self._finished:  # refused before it was whole
            return
        name = "get" if self.request.method == "HEAD" else str(self.request.method).lower()
        method = getattr(self, f"on_{name}", None)
        if method is None:
            raise Refused(405, f"This address takes {self.allowed} requests, not {self.request.method}.")
        await method()

    get = head = post = put = patch = delete = options = answer

    def write_error(self, status_code: int, **details: Any) -> None:
        error = details.get("exc_info", (None, None, None))[1]
        sentence = "The server failed on this request."
        if isinstance(error, Refused):
            sentence = error.sentence
            if error.wait:
                self.set_header("Retry-After", str(error.wait))
        elif status_code == 405:
            sentence = "There is no such kind of request here."
        if status_code == 405:
            self.set_header("Allow", self.allowed)
        self.send(status_code, error_json(sentence))

    def send(self, status: int, contents: bytes, kind: str = "application/json") -> None:
        """Answer. The connection stays open for another request, unless it cannot be used again."""
        self.set_status(status)
        self.set_header("Content-Type", kind)
        if self.service.is_stopping or not self.is_whole:
            self.set_header("Connection", "close")
        sent = self.finish(contents)
        if self.service.is_stopping:
            sent.add_done_callback(lambda _: self.stream.close())

    def on_finish(self) -> None:
        if self._patience:
            self._patience.cancel()
        self.stream.is_asked = False
        self.service.metrics.count(self.get_status())

    def on_connection_close(self) -> None:
        if self._patience:
            self._patience.cancel()
        super().on_connection_close()

    def compute_etag(self) -> None:
        """None: nothing here stays as it is."""

    def log_exception(self, *details: Any) -> None:
        """What the learner's code raises is said by the service."""


class Start(Asked):
    """How to ask, in plain text."""

    async def on_get(self) -> None:
        own, port = self.stream.socket.getsockname()[:2]  # not what the client calls it, which could be a command
        text = USAGE.format(network=self.service.network, address=address_of(own, port))
        self.send(200, text.encode(), "text/plain; charset=utf-8")


class Predict(Asked):
    """What the learner's `respond` answers."""

    allowed = "POST"
    job: Job[Reply] | None = None

    async def on_post(self) -> None:
        asked = time.monotonic()
        self.job = Job(bytes(self.body))
        try:
            reply = await self.service.predict(self.job)
        finally:
            if self.job.began is not None:  # not turned away
                self.service.metrics.count_latency(time.monotonic() - asked)
        if reply is None:
            self.set_status(CLIENT_LEFT, "Client Closed Request")
        else:
            self.send(reply.status, reply.contents)

    def on_connection_close(self) -> None:
        if self.job:
            self.job.is_wanted = False
        super().on_connection_close()


class Health(Asked):
    """Whether requests should be sent here: not to a server that is about to stop, or that has no thread left."""

    async def on_get(self) -> None:
        service = self.service
        status = "stopping" if service.is_stopping else "stuck" if service.worker.is_stuck else "ok"
        told = {"status": status, "network": service.network, "waiting": service.worker.waiting}
        self.send(200 if status == "ok" else 503, json.dumps(told).encode())


class Counts(Asked):
    """The counts, for Prometheus."""

    async def on_get(self) -> None:
        self.send(200, self.service.metrics.text(), "text/plain; version=0.0.4; charset=utf-8")


class Elsewhere(Asked):
    """Any other address."""

    async def answer(self) -> None:
        self.is_whole = True
        raise Refused(404, "There is nothing here. POST /predict reads a digit, and GET / says how.")

    get = head = post = put = patch = delete = options = answer


class PredictionServer:
    """The server, listening from the start.

    Args:
        port: 0 for any that is free.

    Attributes:
        address: where it is.

    Raises:
        CourseError: it cannot listen there.
    """

    def __init__(
        self, network: str, respond: Callable[[bytes], Reply], say: Callable[[str], None], host: str, port: int
    ) -> None:
        sockets = listen(host, port)
        self.service = service = Service(network, respond, say, connections=lambda: len(self._connections.streams))
        handlers = {"/": Start, "/predict": Predict, "/healthz": Health, "/metrics": Counts}
        shared = {"service": service}
        application = Application(
            [(path, handler, shared) for path, handler in handlers.items()],
            default_handler_class=Elsewhere,
            default_handler_args=shared,
            log_function=lambda handler: None,
        )
        self._connections = Connections(
            application,
            sockets,
            service.metrics.count,
            idle_connection_timeout=IDLE_SECONDS,
            max_header_size=MOST_HEAD_BYTES,
        )
        self.address = address_of(host, sockets[0].getsockname()[1])
        self._watching = asyncio.get_running_loop().create_task(self._watch())

    async def _watch(self) -> None:
        """Look after the worker, and say now and then what has happened."""
        while True:
            until = time.monotonic() + SUMMARY_SECONDS
            while time.monotonic() < until:
                await asyncio.sleep(LOOK_SECONDS)
                self.service.look()
                self._connections.close_stalled(IDLE_SECONDS)
            self.service.summarize()

    async def stop(self, drain: float) -> int:
        """Answer every request that was accepted, then end; returns how many had to be cut off.

        Args:
            drain: seconds for which open connections may bring further requests.
        """
        self.service.is_stopping = True
        cut_off = await self._connections.end(drain, STOP_SECONDS)
        self._watching.cancel()
        self.service.summarize()
        return cut_off


def address_of(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def listen(host: str, port: int) -> list[socket.socket]:
    """Sockets that listen at an address.

    Raises:
        CourseError: that is not possible; with a sentence that says why.
    """
    if not host.strip():
        raise CourseError("--host is empty. Leave it out, or use 0.0.0.0 for all networks.")
    try:
        return bind_sockets(port, host, backlog=BACKLOG)
    except (socket.gaierror, UnicodeError):
        raise CourseError(f"There is no address {host}. Leave out --host, or use 0.0.0.0 for all networks.") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            said = f"Port {port} is taken by another program. Let the system choose one: ./digits serve --port 0"
        elif error.errno == errno.EACCES:
            said = f"Only an administrator may use port {port}. Choose a port from 1024: ./digits serve --port 8000"
        else:
            said = f"The server cannot listen at {host}, port {port} ({error.strerror or error})."
        raise CourseError(said) from None
