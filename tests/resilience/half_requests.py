"""Bytes on a socket, as no browser sends them: requests that stop in the middle, crawl or come in odd shapes."""

import resource
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_SECONDS = 60


def connected(port: int, *sent: bytes, source: int | None = None) -> socket.socket:
    """A connection on which ``sent`` has been said; ``source`` chooses one of eight addresses of this machine."""
    here = None if source is None else (f"127.0.0.{source % 8 + 1}", 0)
    line = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS, source_address=here)
    for part in sent:
        line.sendall(part)
    return line


def head(method: str, path: str, *headers: str) -> bytes:
    return "\r\n".join((f"{method} {path} HTTP/1.1", "Host: portal", *headers, "", "")).encode()


def half_sent(number: int = 0) -> bytes:
    """A request that says less than it announces, in one of several ways."""
    form = "Content-Type: application/x-www-form-urlencoded"
    ways = (
        head("POST", "/signin", form, "Content-Length: 100") + b"x",
        head("POST", "/signin", form, "Transfer-Encoding: chunked") + b"64\r\nx",
        head("POST", "/signin", form, "Content-Length: 100"),
        head("POST", "/signin", form, "Content-Length: 200000") + b"x" * 100_000,
    )
    return ways[number % len(ways)]


def rest(line: socket.socket) -> bytes:
    """Everything that still comes, until the other side ends the connection. :raises TimeoutError: it does not."""
    heard = b""
    while piece := line.recv(65536):
        heard += piece
    line.close()
    return heard


def crawl(line: socket.socket, content: bytes, *, pieces: int, seconds: float) -> None:
    """Send ``content`` piece by piece with a pause after each, ``seconds`` in all."""
    size = -(-len(content) // pieces)
    for at in range(0, len(content), size):
        line.sendall(content[at : at + size])
        time.sleep(seconds / pieces)  # A slow line is what this is about.


@contextmanager
def many_files() -> Iterator[int]:
    """As many open files as this process may have; how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        yield hard
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
