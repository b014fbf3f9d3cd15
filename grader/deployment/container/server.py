"""Serves a digit recognizer: POST /predict, GET /healthz. It needs the two modules beside it and network.npz."""

import contextlib
import io
import json
import math
import os
import select
import signal
import socketserver
import sys
import threading
import time
import traceback
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler

from deployment import load_exported, respond
from no_new_connections import refuse_new

MOST_BYTES = 20_000  # of a body
MOST_READ = 1_000_000  # of a body that has more
SECONDS = 5  # for all of a request to arrive, and for each part of an answer to be taken
STOP_SECONDS = 8  # for what is under way when the server has to stop; docker stop kills it after 10
NO_BODY = {204, 304}  # statuses whose answers hold nothing
MOST_CONNECTIONS = 64  # at a time; others wait in line
PLACES = "There are POST /predict and GET /healthz."


class InTime(io.RawIOBase):
    """What arrives on a connection until its time is over, however slowly it comes."""

    def __init__(self, connection):
        self.connection, self.ends = connection, time.monotonic() + SECONDS

    def readable(self):
        return True

    def readinto(self, buffer):
        self.connection.settimeout(max(self.ends - time.monotonic(), 0.001))
        try:
            return self.connection.recv_into(buffer)
        finally:
            self.connection.settimeout(SECONDS)  # for the answer


class Handler(BaseHTTPRequestHandler):
    """One request. All answers are JSON, those to mistakes too."""

    server_version = sys_version = ""  # nobody needs to know which Python this is

    def setup(self):
        super().setup()
        self.rfile = io.BufferedReader(InTime(self.connection))

    def handle(self):
        try:
            super().handle()
        except ConnectionError:
            pass  # the sender has left

    def do_GET(self):
        if self.path == "/healthz":
            self.answer(200, json.dumps({"status": "ok"}))
        elif self.path == "/predict":
            self.send_error(405, "Send the image with POST.")
        else:
            self.send_error(404, PLACES)

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit() and len(length) < 20):
            self.send_error(411, "Say the size of the body in Content-Length.")
            return
        try:
            # Also what is refused: if it were left unread, the sender might not get the answer.
            body = self.rfile.read(min(int(length), MOST_READ))
        except TimeoutError:
            self.send_error(408, f"The body did not arrive within {SECONDS} seconds.")
            return
        if self.path != "/predict":
            self.send_error(404, PLACES)
        elif int(length) > MOST_BYTES:
            self.send_error(413, f"The body has more than {MOST_BYTES:,} bytes.")
        else:
            self.answer(*self.predict(body))

    def predict(self, body):
        """The status and the JSON of what respond returns, if it returns such an answer."""
        try:
            returned = respond(body, self.server.network)
            if type(returned) is not tuple or len(returned) != 2:
                raise TypeError(f"respond returned {type(returned).__name__}, not (status, answer)")
            status, answer = returned
            if type(status) is bool or not isinstance(status, int) or not 200 <= status < 600 or status in NO_BODY:
                raise ValueError(f"respond returned status {status!r}")
            return status, json.dumps(answer, allow_nan=False)
        except BaseException:  # an exit() as well: the others are to get their answers
            log(printable(traceback.format_exc()))
            return 500, json.dumps({"error": "The server failed at this request."})

    def send_error(self, code, message=None, explain=None):
        """As http.server calls it, too, for what it does not understand."""
        self.answer(code, json.dumps({"error": message or HTTPStatus(code).phrase}))

    def log_message(self, template, *values):
        log(f"{self.address_string()} {printable(template % values)}\n")

    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class Server(socketserver.ThreadingTCPServer):
    """A thread for each connection."""

    # Not http.server's own: it looks up the name of this machine at its start, which can take long in a container.
    allow_reuse_address = True
    daemon_threads = True  # one that hangs does not keep the process
    request_queue_size = 128
    timeout = 0.1  # seconds for which handle_request waits for a connection
    ends = math.inf  # when to give up what is under way; finite as soon as the server has to stop

    def __init__(self, address):
        super().__init__(address, Handler)
        self.free = threading.BoundedSemaphore(MOST_CONNECTIONS)

    def process_request(self, request, client_address):
        if not self.has_free():
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except RuntimeError as error:  # the system gives no further thread
            self.free.release()
            self.shutdown_request(request)
            log(f"{error}\n")

    def process_request_thread(self, request, client_address):
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.free.release()

    def has_free(self):
        """Wait for a free place; returns whether there was one in time."""
        while not self.free.acquire(timeout=self.timeout):
            if time.monotonic() > self.ends:
                return False
        return True

    def stop(self, *_):
        """Mark that the server has to stop. A signal does no more: it may come where Python holds the lock of its
        threads, and starting one would block."""
        self.ends = min(self.ends, time.monotonic() + STOP_SECONDS)

    def finish(self):
        """Answer all that have connected, as far as there is time, and nobody else."""
        if refuse_new([self.socket]):
            time.sleep(0.05)  # until those are complete that had begun before
        while select.select([self], [], [], 0)[0] and time.monotonic() < self.ends:
            self.handle_request()
        self.server_close()
        for _ in range(MOST_CONNECTIONS):
            if not self.has_free():
                break


def printable(text):
    """A text with escapes for what a terminal might obey."""
    return "".join(
        character if character.isprintable() or character == "\n" else ascii(character)[1:-1] for character in text
    )


def log(text):
    """Write to the log. If nobody reads it, that is no reason to leave a request without its answer."""
    with contextlib.suppress(OSError):
        sys.stderr.write(text)


def main():
    port = os.environ.get("PORT", "8000")
    if not (port.isascii() and port.isdigit() and len(port) < 6 and int(port) < 65_536):
        sys.exit(f"PORT is {port!r}. Use a number from 0 to 65535.")
    server = Server(("", int(port)))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, server.stop)
    server.network = load_exported("network.npz")
    log(f"Ready on port {server.server_address[1]}.\n")
    while server.ends == math.inf:
        server.handle_request()
    server.finish()
    os._exit(0)  # without waiting for a thread that respond may have started


if __name__ == "__main__":
    main()
