"""How the next transaction of this thread begins: to read, or to write, waiting for the disk or not.

Each dialect is told in its own place for it (``do_begin``) and not by a listener: one listener on an engine makes
every connection look for others at every step, six of a hundred parts of a write.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from sqlalchemy.orm import Session


class Kind(StrEnum):
    """What a transaction is for."""

    READING = "reading"
    LASTING = "lasting"
    """It writes, and its end waits for the disk."""
    HASTY = "hasty"
    """It writes, and another one follows that waits for the disk and takes it along."""


class _Next(threading.local):
    kind = Kind.READING


_next = _Next()


@contextmanager
def beginning(kind: Kind) -> Iterator[None]:
    """Transactions that this thread begins meanwhile are of this kind."""
    _next.kind = kind
    try:
        yield
    finally:
        _next.kind = Kind.READING


def kind() -> Kind:
    """Of a transaction that begins now."""
    return _next.kind


def begin(session: Session, kind: Kind) -> None:
    """The transaction of a session that has none."""
    with beginning(kind):
        session.connection()
