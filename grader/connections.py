"""A web server with a limit on its connections, which `digits draw` and `digits serve` share."""

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream


class LimitedServer(HTTPServer):
    """Turns connections beyond a number away, so that no program can use up what a process may open.

    Attributes:
        most_connections: how many may be open at a time.
        open_now: how many are.
    """

    most_connections = 64
    open_now = 0

    def handle_stream(self, stream: IOStream, address: tuple) -> None:
        if self.open_now >= self.most_connections:
            self.refuse(stream)
            return
        self.open_now += 1
        super().handle_stream(stream, address)

    def refuse(self, stream: IOStream) -> None:
        """Do away with a connection that is one too many."""
        stream.close()

    def on_close(self, server_conn: object) -> None:
        self.open_now -= 1
        super().on_close(server_conn)
