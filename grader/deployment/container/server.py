"""Serves a digit recognizer: POST /predict, GET /healthz. It needs the standard library and deployment.py."""

import io
import json
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

MOST_BYTES = 20_000  # of a body
MOST_READ = 1_000_000  # of a body that has more
SECONDS = 5  # for all of a request to arrive, and for each part of an answer to be taken; docker stop waits for 10
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
            self.answer(200, {"status": "ok"})
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
        try:
            status, answer = respond(body, NETWORK)
            json.dumps(answer)
            return int(status), answer
        except Exception:
            traceback.print_exc()
            return 500, {"error": "The server failed at this request."}

    def send_error(self, code, message=None, explain=None):
        """As http.server calls it, too, for what it does not understand."""
        self.answer(code, {"error": message or HTTPStatus(code).phrase})

    def answer(self, status, answer):
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class Server(socketserver.ThreadingTCPServer):
    """A thread for each connection. server_close waits for those under way."""

    # Not http.server's own: it looks up the name of this machine at its start, which can take long in a container.
    allow_reuse_address = True
    request_queue_size = 128
    timeout = 0.1  # seconds for which handle_request waits for a connection
    is_stopping = False

    def __init__(self, address):
        super().__init__(address, Handler)
        self.free = threading.BoundedSemaphore(MOST_CONNECTIONS)

    def process_request(self, request, client_address):
        self.free.acquire()
        super().process_request(request, client_address)

    def process_request_thread(self, request, client_address):
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.free.release()


def main():
    server = Server(("", int(os.environ.get("PORT", "8000"))))
    # A signal only sets a mark: it may arrive where Python holds the lock of its threads, and starting one would block.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: setattr(server, "is_stopping", True))
    sys.stderr.write(f"Ready on port {server.server_address[1]}.\n")
    while not server.is_stopping:
        server.handle_request()
    for _ in range(server.request_queue_size):  # who has connected already is answered as well
        if select.select([server], [], [], 0)[0]:
            server.handle_request()
    server.server_close()


if __name__ == "__main__":
    NETWORK = load_exported("network.npz")
    main()
