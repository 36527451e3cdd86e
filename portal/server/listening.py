"""The server's sockets: one for each process, so that none of them takes connections that another must answer."""

import resource
import socket
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from granian import Granian
from granian import _granian as native
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

_native: Any = native  # Its types are those of an older version.

#: Connections that the kernel keeps until a process takes them.
BACKLOG = 2048
#: Who does not read what was sent to them is gone.
UNREAD_SECONDS = 60
#: Open files that are neither connections nor bodies: database, logs, emails, calls of providers.
RESERVED_FILES = 256
#: More open files than this are of no use to one process.
MOST_FILES = 65_536
#: Of all headers of one request together, in bytes.
LONGEST_HEADERS = 64 * 1024
#: How long those who are being answered have when the server is stopped.
STOP_SECONDS = 10


def listen(host: str, port: int, processes: int) -> list[socket.socket]:
    """``processes`` sockets at one address; the kernel spreads connections evenly among them.

    :raises OSError: the address is taken, or is none of this machine's.
    """
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    with _bound(kind, host, port, shared=False) as tried:  # Shared ones would join whoever else listens here.
        port = tried.getsockname()[1]
    return [_bound(kind, host, port, shared=True) for _ in range(processes)]


def _bound(kind: socket.AddressFamily, host: str, port: int, *, shared: bool) -> socket.socket:
    made = socket.socket(kind)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, int(shared))
        _set_inherited(made)
        made.bind((host, port))
    except BaseException:
        made.close()
        raise
    return made


def _set_inherited(listener: socket.socket) -> None:
    """Options that each connection gets from it."""
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if unread := getattr(socket, "TCP_USER_TIMEOUT", None):  # Linux; elsewhere who does not read may stay.
        listener.setsockopt(socket.IPPROTO_TCP, unread, UNREAD_SECONDS * 1000)


def raise_file_limit() -> int:
    """Let this process and its children have as many open files as they may; how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if wanted > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return max(wanted, soft)


class Server(Granian):  # type: ignore[misc,valid-type]
    """Granian on sockets of ours, which outlive a process that fails: who waits there is answered by the next."""

    def __init__(self, listeners: list[socket.socket], *, most_connections: int, idle_seconds: int) -> None:
        """``most_connections`` of each process; one that is silent for ``idle_seconds`` between requests ends."""
        super().__init__(
            "portal",
            interface=Interfaces.RSGI,
            workers=len(listeners),
            backlog=BACKLOG,
            backpressure=most_connections,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(header_read_timeout=idle_seconds * 1000, max_buffer_size=LONGEST_HEADERS),
            websockets=False,
            log_enabled=False,
            respawn_failed_workers=True,
            workers_kill_timeout=STOP_SECONDS,
        )
        self._listeners = listeners

    def _init_shared_socket(self) -> None:
        self._ssp = self._shd = self._sso = None

    def _spawn_worker(self, idx: int, target: object, callback_loader: Callable[[], object]) -> object:
        backlog = () if sys.platform == "darwin" else (BACKLOG,)
        self._shd = _native.SocketHolder(self._listeners[idx].fileno(), False, *backlog)
        return super()._spawn_worker(idx, target, partial(self._alone, idx, callback_loader))

    def _alone(self, idx: int, callback_loader: Callable[[], object]) -> object:
        """In the new process: leave the sockets of the others, and the own one to granian."""
        for number, listener in enumerate(self._listeners):
            if number == idx:
                listener.detach()
            else:
                listener.close()
        return callback_loader()

    def _drop_shared_socket(self) -> None:
        for listener in self._listeners:
            listener.close()
