"""Puts many rows into a table at once, past the ORM: straight over the driver, as the table's columns hold them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import Column, Connection, Dialect

Row = dict[str, Any]


def put(connection: Connection, model: type[Any], rows: Iterable[Row]) -> None:
    """All rows have the keys of the first. Columns that have a value of their own get it."""
    source = iter(rows)
    first = next(source, None)
    if first is None:
        return
    dialect, columns = connection.dialect, [c for c in model.__table__.columns if c.name in first or c.default]
    cells = [_cell(column, column.name in first, dialect) for column in columns]
    names = ", ".join(f'"{column.name}"' for column in columns)
    tuples = (tuple([cell(row) for cell in cells]) for row in chain([first], source))
    _send(connection, f'"{model.__table__.name}" ({names})', len(columns), tuples)


def _send(connection: Connection, where: str, width: int, tuples: Iterator[tuple[Any, ...]]) -> None:
    cursor: Any = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        cursor.executemany(f"INSERT INTO {where} VALUES ({', '.join('?' * width)})", tuples)
        return
    with cursor.copy(f"COPY {where} FROM STDIN") as copy:
        for one in tuples:
            copy.write_row(one)


def _cell(column: Column[Any], is_given: bool, dialect: Dialect) -> Callable[[Row], Any]:
    """What a row says for this column, as the driver takes it."""
    name = column.name
    told = column.type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is
    if is_given:
        return lambda row: told(row[name])
    default: Any = column.default
    if default.is_scalar:
        always = told(default.arg)
        return lambda row: always
    return lambda row: told(default.arg(_Given(row)))


@dataclass(frozen=True)
class _Given:
    """What a default that depends on the row asks."""

    row: Row

    def get_current_parameters(self) -> Row:
        return self.row


def _as_it_is(value: Any) -> Any:
    return value
