"""A server on loopback that answers as a test says: late, cut off, with errors, with redirects."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit


class Asked(NamedTuple):
    method: str
    target: str
    headers: dict[str, str]

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.target).query).items()}


@dataclass
class Reply:
    """cut: promise more bytes than come; hang: say nothing until the test is over; endless: never stop"""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    hang: bool = False
    endless: bool = False


@dataclass
class Loopback:
    answer: Callable[[Asked], Reply]
    address: str = ""
    asked: list[Asked] = field(default_factory=list)
    over: Event = field(default_factory=Event)


@contextmanager
def serving(answer: Callable[[Asked], Reply], wrap=None) -> Iterator[Loopback]:
    """Serve until the block ends; `wrap` makes the listening socket one of TLS."""
    loopback = Loopback(answer)

    class Handler(BaseHTTPRequestHandler):
        def handle_one(self) -> None:
            asked = Asked(
                self.command, self.path, {name.lower(): value for name, value in self.headers.items()}
            )
            loopback.asked.append(asked)
            reply = loopback.answer(asked)
            if reply.hang:
                loopback.over.wait(30)
                return
            with suppress(OSError):  # the other side may have had enough
                self._send(reply)

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if not reply.endless:
                self.send_header("Content-Length", str(len(reply.body) + (10 if reply.cut else 0)))
            self.end_headers()
            if self.command == "HEAD":
                return
            self.wfile.write(reply.body)
            while reply.endless and not loopback.over.is_set():
                self.wfile.write(b"x" * 65536)

        do_GET = do_HEAD = handle_one

        def log_message(self, *args) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request, client_address) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    if wrap:
        server.socket = wrap(server.socket)
    scheme = "https" if wrap else "http"
    loopback.address = f"{scheme}://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield loopback
    finally:
        loopback.over.set()
        server.shutdown()
        server.server_close()
