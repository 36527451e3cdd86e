"""Lets the write of a row fail, as a full disk would: through SQLAlchemy, not by patching the portal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from portal.db import Model


@contextmanager
def failing(model: type[Model], when: str, trip: Callable[[Any], None]) -> Iterator[None]:
    """While it is open, ``trip(row)`` is called before a row of ``model`` is inserted or updated, and may raise.

    ``when``: "before_insert" or "before_update" (SQLAlchemy, mapper events).
    """

    def called(mapper: object, connection: object, row: Any) -> None:
        trip(row)

    event.listen(model, when, called)
    try:
        yield
    finally:
        event.remove(model, when, called)
