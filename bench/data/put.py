"""Puts many rows into a table at once, past the ORM."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from sqlalchemy import Connection, insert

Row = dict[str, Any]
AT_ONCE = 5_000


def put(connection: Connection, model: type[Any], rows: Iterable[Row]) -> None:
    table, source = model.__table__, iter(rows)
    while batch := list(islice(source, AT_ONCE)):
        connection.execute(insert(table), batch)
