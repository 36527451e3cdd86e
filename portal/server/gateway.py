"""Between two ways of talking to a web application: granian's, and WSGI, which Flask speaks."""

import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol
from wsgiref.types import WSGIApplication, WSGIEnvironment

from granian.rsgi import Scope

from portal.server.bodies import Body, Source

log = logging.getLogger(__name__)

Headers = list[tuple[str, str]]
#: The headers that WSGI knows under names of their own.
BARE = frozenset({"CONTENT_TYPE", "CONTENT_LENGTH"})


class Exchange(Source, Protocol):
    """The body of a request, and where its answer goes."""

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None: ...


class Watcher(Protocol):
    """One request as granian hands it over."""

    scope: Scope
    proto: Exchange

    def done(self) -> None:
        """Whoever was not answered by now is answered 500."""


def environ_of(scope: Scope) -> WSGIEnvironment:
    """The request as WSGI has it, without its body. Several headers of a name become one."""
    server, _, port = scope.server.rpartition(":")
    environ: WSGIEnvironment = {
        "GATEWAY_INTERFACE": "CGI/1.1",
        "SERVER_SOFTWARE": "granian",
        "SERVER_PROTOCOL": "HTTP/1.0" if scope.http_version == "1" else f"HTTP/{scope.http_version}",
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        _add(environ, name, value)
    if "HTTP_HOST" not in environ and scope.authority:
        environ["HTTP_HOST"] = scope.authority
    return environ


def _add(environ: WSGIEnvironment, name: str, value: str) -> None:
    if "_" in name:
        return  # `X_Forwarded_For` would be taken for `X-Forwarded-For`, which only our proxies may say.
    key = name.upper().replace("-", "_")
    if key not in BARE:
        key = f"HTTP_{key}"
    if key in environ:
        value = f"{environ[key]}{';' if key == 'HTTP_COOKIE' else ','}{value}"
    environ[key] = value


def put_body(environ: WSGIEnvironment, body: Body) -> None:
    """A body that came in pieces has a length by now."""
    environ["wsgi.input"] = body.file
    environ["CONTENT_LENGTH"] = str(body.length)
    environ.pop("HTTP_TRANSFER_ENCODING", None)


class Reply:
    """What the application says, collected: a slow reader must hold no thread."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: Headers = []
        self._parts: list[bytes] = []

    def __call__(self, status: str, headers: Headers, exc_info: object = None, /) -> Callable[[bytes], object]:
        self.status, self.headers = int(status[:3]), headers
        return self._parts.append

    def collect(self, parts: Iterable[bytes]) -> bytes:
        self._parts.extend(parts)
        return self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)


@contextmanager
def _closing(parts: Iterable[bytes]) -> Iterator[None]:
    """What the application gave wants to hear when it has been read."""
    try:
        yield
    finally:
        if close := getattr(parts, "close", None):
            close()


def answer(application: WSGIApplication, environ: WSGIEnvironment) -> tuple[int, Headers, bytes]:
    """Status, headers and body; a fault that the application let through is a bare 500."""
    reply = Reply()
    try:
        parts = application(environ, reply)
        with _closing(parts):
            content = reply.collect(parts)
    except Exception:
        log.exception("%s %s failed in the server", environ["REQUEST_METHOD"], environ["PATH_INFO"])
        return 500, [("Content-Type", "text/plain; charset=utf-8")], b"Something failed on our side. Try again."
    return reply.status, reply.headers, content
