"""Serves the page on this machine alone: its files, the course's networks, and what needs the learner's own work.

Every address begins with a secret token, so no page from elsewhere can ask for anything. Host and Origin are checked as
well: a name that an attacker points to this machine is not a name of ours.
"""

import asyncio
import json
import mimetypes
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler

from grader.connections import LimitedServer
from grader.course import CourseError
from grader.draw.bundle import PAGE
from grader.draw.course_networks import FAMILIAR, course_networks
from grader.draw.drawings import SIDE, Drawings
from grader.draw.server.own import OwnNetworks, OwnPreparation, own_networks
from grader.engine.judge.processes import AnyEngine, EngineError

FILES = {path.name: path for path in PAGE.iterdir() if path.suffix in {".html", ".js", ".css"}}
HOST = "127.0.0.1"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
MOST_BYTES = 1_000_000  # of a request
IDLE_SECONDS = 120  # of a connection
OWN = "own:"  # before the names of the learner's networks

Result = TypeVar("Result")


class Refused(HTTPError):
    """A request that is not answered, with a sentence that says why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(status)
        self.sentence = sentence


class Served:
    """What all requests share.

    Args:
        make_engine: starts what the sandbox needs; called when the learner's own work is first asked for.
    """

    def __init__(self, workspace: Path, make_engine: Callable[[], AnyEngine]) -> None:
        self.workspace, self.drawings = workspace, Drawings(workspace)
        self.course = {network.id: network for network in course_networks()}
        self._make_engine = make_engine
        self._worker = ThreadPoolExecutor(1)  # what runs in the sandbox has its turn, one after another
        self.hosts: frozenset[str] = frozenset()  # names under which the server is asked

    @cached_property
    def _engine(self) -> AnyEngine:
        return self._make_engine()

    @cached_property
    def networks(self) -> OwnNetworks:
        return OwnNetworks(self.workspace, self._engine)

    @cached_property
    def preparation(self) -> OwnPreparation:
        return OwnPreparation(self.workspace, self._engine)

    async def in_turn(self, work: Callable[[], Result]) -> Result:
        """What some work in the sandbox returns, once that of earlier requests is done."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)

    def close(self) -> None:
        self._worker.shutdown(wait=False, cancel_futures=True)


class Asked(RequestHandler):
    """A request: answered only to the page itself."""

    is_abandoned = False  # nobody waits for the answer any more

    def initialize(self, served: Served) -> None:
        self.served = served

    def on_connection_close(self) -> None:
        self.is_abandoned = True

    async def in_turn(self, work: Callable[[], Result]) -> Result:
        """What some work in the sandbox returns, unless the page has gone meanwhile."""

        def unless_abandoned() -> Result:
            if self.is_abandoned:
                raise Refused(409, "The page has gone.")
            return work()

        return await self.served.in_turn(unless_abandoned)

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        origin = self.request.headers.get("Origin")
        if self.request.host not in self.served.hosts:
            raise Refused(403, "This server answers only at its own address.")
        if origin is not None and origin not in {f"http://{host}" for host in self.served.hosts}:
            raise Refused(403, "Only the page of ./digits draw may use this server.")

    def write_error(self, status_code: int, **details: Any) -> None:
        """Answer with one sentence."""
        error = details.get("exc_info", (None, None, None))[1]
        sentence = "The server failed. Reload the page."
        if status_code == 405:
            sentence = f"This address does not answer {self.request.method} requests."
        if isinstance(error, Refused):
            sentence = error.sentence
        elif isinstance(error, (CourseError, EngineError)):
            self.set_status(409)
            sentence = str(error)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(sentence)

    def log_exception(self, *details: Any) -> None:
        """Nothing goes to the terminal: the page says what happened."""

    def levels(self, side: int) -> np.ndarray:
        """The body as gray levels, uint8 (side, side)."""
        if len(self.request.body) != side * side:
            raise Refused(400, f"A picture of {side}×{side} gray levels was expected.")
        return np.frombuffer(self.request.body, np.uint8).reshape(side, side)

    def send(self, contents: bytes, kind: str) -> None:
        self.set_header("Content-Type", kind)
        self.finish(contents)


class PageFile(Asked):
    def get(self, name: str) -> None:
        path = FILES.get(name or "index.html")
        if path is None:
            raise Refused(404, "There is no such page here.")
        self.send(path.read_bytes(), f"{mimetypes.guess_type(path.name)[0]}; charset=utf-8")


class Start(Asked):
    """Which networks there are, which two to show first, and what the page can do."""

    def get(self) -> None:
        course = [network.listed() for network in self.served.course.values()]
        own = own_networks(self.served.workspace)
        yours = [
            {"id": OWN + one.name, "title": f"my {one.name}", "group": "Your networks", "saved": str(one.saved)}
            for one in own
        ]
        first, second = course[-1]["id"], course[0]["id"]
        if own:  # the newest, beside the course's own of that lesson
            newest = max(own, key=lambda one: one.saved).name
            first, second = OWN + newest, next((id for id in self.served.course if id.endswith(f"_{newest}")), first)
        prepares = OwnPreparation.path_in(self.served.workspace).is_file()
        self.finish(json.dumps({"networks": course + yours, "first": first, "second": second, "prepares": prepares}))


class Familiar(Asked):
    def get(self) -> None:
        self.send(FAMILIAR.read_bytes(), "application/octet-stream")


class NetworkFile(Asked):
    """A network's file; 204 if the page cannot compute it, but `Predicted` can."""

    async def get(self, name: str) -> None:
        if name in self.served.course:
            contents: bytes | None = self.served.course[name].path.read_bytes()
        elif name.startswith(OWN):
            contents = await self.in_turn(lambda: self.served.networks.packed(name.removeprefix(OWN)))
        else:
            raise Refused(404, "There is no such network here.")
        if contents is None:
            self.set_status(204)
            self.finish()
        else:
            self.send(contents, "application/octet-stream")


class Predicted(Asked):
    async def post(self, name: str) -> None:
        own, digit = name.removeprefix(OWN), self.levels(28)
        row = await self.in_turn(lambda: self.served.networks.probabilities(own, digit))
        self.finish(json.dumps(row.tolist()))


class PreparedByOwn(Asked):
    async def post(self) -> None:
        gray = self.levels(SIDE)
        digit = await self.in_turn(lambda: self.served.preparation.prepare(gray))
        self.finish(json.dumps(digit.ravel().tolist()))


class DrawingList(Asked):
    def get(self) -> None:
        self.finish(json.dumps([vars(drawing) for drawing in self.served.drawings.all()]))

    def post(self) -> None:
        label = self.get_query_argument("label", "")
        if label not in set("0123456789"):
            raise Refused(400, "A label is one of the digits 0 to 9.")
        self.finish(json.dumps(vars(self.served.drawings.keep(self.levels(SIDE), int(label)))))


class DrawingFile(Asked):
    def get(self, name: str) -> None:
        contents = self.served.drawings.read(name)
        if contents is None:
            raise Refused(404, "This drawing no longer exists. Reload the page.")
        self.send(contents, "image/png")

    def delete(self, name: str) -> None:
        self.served.drawings.remove(name)
        self.finish("deleted")


class Elsewhere(Asked):
    """Any address without the token."""

    def prepare(self) -> None:
        raise Refused(403, "This address has no key. Open the full address that ./digits draw printed.")


class DrawServer:
    """The server, listening from the start.

    Attributes:
        address: where the page is, with the secret token in it.
    """

    def __init__(self, workspace: Path, make_engine: Callable[[], AnyEngine], port: int = 0) -> None:
        self.served = Served(workspace, make_engine)
        token = secrets.token_urlsafe(24)
        handlers = {
            "start": Start,
            "familiar[.]bin": Familiar,
            "networks/([^/]+)": NetworkFile,
            "predict/([^/]+)": Predicted,
            "prepare": PreparedByOwn,
            "drawings": DrawingList,
            r"drawings/([\w-]+)[.]png": DrawingFile,
            "(.*)": PageFile,
        }
        shared = {"served": self.served}
        routes: list[Any] = [(f"/{token}/{path}", handler, shared) for path, handler in handlers.items()]
        application = Application(
            routes, default_handler_class=Elsewhere, default_handler_args=shared, log_function=lambda handler: None
        )
        sockets = bind_sockets(port, HOST)
        port = sockets[0].getsockname()[1]
        self.served.hosts = frozenset({f"{HOST}:{port}", f"localhost:{port}"})
        self.address = f"http://{HOST}:{port}/{token}/"
        self._http = LimitedServer(application, max_body_size=MOST_BYTES, idle_connection_timeout=IDLE_SECONDS)
        self._http.add_sockets(sockets)

    def stop(self) -> None:
        self._http.stop()
        self.served.close()
