"""A platform's server on a port of this machine: keeps every event it is sent, and answers as it is told."""

import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from standardwebhooks.webhooks import Webhook


class Arrived(NamedTuple):
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    def verified(self, secret: str) -> dict[str, Any]:
        """What it says, if the independent library finds the signature good; else it raises."""
        return Webhook(secret).verify(self.body, self.headers)


class Receiver:
    """``receiver.answers.append(503)`` decides the next answer; 200 where nothing is decided."""

    def __init__(self) -> None:
        self.arrived: list[Arrived] = []
        self.answers: deque[int | tuple[int, dict[str, str], bytes]] = deque()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks?from=invigil"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                receiver.arrived.append(Arrived(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                told = receiver.answers.popleft() if receiver.answers else 200
                status, headers, reply = told if isinstance(told, tuple) else (told, {}, b"heard")
                self.send_response(status)
                for name, value in {"Content-Length": str(len(reply)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        return Handler
