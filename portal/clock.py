"""The only reader of the wall clock; tests and simulations set it by hand."""

from collections.abc import Callable
from datetime import UTC, datetime


def _system() -> datetime:
    return datetime.now(UTC)


#: What :func:`now` asks. Replaced by tests, never by the portal itself.
source: Callable[[], datetime] = _system


def now() -> datetime:
    """The present moment in UTC."""
    return source()


def milliseconds(at: datetime) -> int:
    """A moment as whole milliseconds since 1970, the unit of the timer's messages."""
    return round(at.timestamp() * 1000)
