"""Statements sent through the database's driver itself: compiled once, with what their values need to go in and out.

For SQLAlchemy each execution is an object of its own with a life of events, which costs 35 of the 42 microseconds of a
small SELECT. What is executed here is what SQLAlchemy compiled, in its transaction, and its errors are SQLAlchemy's.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import BindParameter, ColumnDefault, Connection, Dialect, Executable
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import DefaultGenerator
from sqlalchemy.sql.selectable import SelectBase
from sqlalchemy.types import TypeEngine

#: More statements than the portal has; who makes one for each call must not fill the memory.
KNOWN = 1_000

Facts = Mapping[str, object]
Convert = Callable[[object], object]
Values = tuple[object, ...]
Parameters = tuple[object, ...] | dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A statement as one kind of database is sent it."""

    sql: str
    names: tuple[str, ...]
    """Of its parameters, in order."""
    constants: Facts
    """Those that the statement brings along."""
    incoming: Mapping[str, Convert]
    outgoing: tuple[tuple[int, Convert], ...]
    row: Callable[..., Values]
    by_name: bool
    """Whether the driver takes parameters by their names."""

    def parameters(self, facts: Facts) -> "Parameters":
        given = {**self.constants, **facts}
        for name, convert in self.incoming.items():
            given[name] = convert(given[name])
        return {name: given[name] for name in self.names} if self.by_name else tuple(given[name] for name in self.names)

    def values(self, row: Values) -> Values:
        if not self.outgoing:
            return row
        made = list(row)
        for at, convert in self.outgoing:
            made[at] = convert(made[at])
        return tuple(made)


def fetch_all(connection: Connection, statement: Executable, facts: Facts) -> list[Values]:
    """All rows, as the columns' types have them."""
    ready = _ready(statement, connection.dialect, tuple(facts))
    return [ready.values(row) for row in _execute(connection, ready, facts).fetchall()]


def fetch_one(connection: Connection, statement: Executable, facts: Facts) -> Values | None:
    """The first row; None if there is none."""
    ready = _ready(statement, connection.dialect, tuple(facts))
    row = _execute(connection, ready, facts).fetchone()
    return None if row is None else ready.values(row)


def fetch_named(connection: Connection, statement: Executable, facts: Facts) -> Values | None:
    """The first row with its columns by name; None if there is none."""
    ready = _ready(statement, connection.dialect, tuple(facts))
    row = _execute(connection, ready, facts).fetchone()
    return None if row is None else ready.row(*ready.values(row))


def run(connection: Connection, statement: Executable, facts: Facts) -> int:
    """Carry it out; how many rows it changed."""
    ready = _ready(statement, connection.dialect, tuple(facts))
    return int(_execute(connection, ready, facts).rowcount)


def run_for_each(connection: Connection, statement: Executable, rows: Sequence[Facts]) -> None:
    """Carry it out once for each of ``rows``, which have the same names."""
    ready = _ready(statement, connection.dialect, tuple(rows[0]))
    _execute(connection, ready, [ready.parameters(row) for row in rows])


def _execute(connection: Connection, ready: Ready, facts: "Facts | list[Parameters]") -> DBAPICursor:
    """The driver's cursor after it was sent the statement; many times for a list of parameters.

    :raises DBAPIError: what SQLAlchemy makes of the driver's errors; a lost connection is known as such.
    """
    is_many = isinstance(facts, list)
    parameters: Any = facts if isinstance(facts, list) else ready.parameters(facts)
    if connection._has_events or connection.engine._has_events:
        connection.dispatch.before_cursor_execute(connection, None, ready.sql, parameters, None, is_many)
    cursor = connection.connection.cursor()
    try:
        (cursor.executemany if is_many else cursor.execute)(ready.sql, parameters)
    except BaseException as err:
        if isinstance(err, connection.dialect.loaded_dbapi.Error) or not isinstance(err, Exception):
            connection._handle_dbapi_exception(err, ready.sql, parameters, cursor, None)
        raise
    return cursor


@lru_cache(maxsize=KNOWN)
def _ready(statement: Executable, dialect: Dialect, names: tuple[str, ...]) -> Ready:
    """Made once for each statement, which must be one that is made once itself. ``names``: what it will be given.

    :raises TypeError: one of its values is not known before it is executed.
    """
    element = cast(ClauseElement, statement)
    is_read = isinstance(statement, SelectBase)
    compiled = element.compile(dialect=dialect, column_keys=None if is_read else list(names))
    assert isinstance(compiled, SQLCompiler)
    binds = {name: bind for bind, name in compiled.bind_names.items()}
    expanded = compiled.construct_expanded_state(dict.fromkeys(names))
    parameters = tuple(expanded.positiontup or expanded.parameters)
    into = {name: _into(binds[name].type, dialect) for name in names if name in binds}
    said = {name: value for name, value in expanded.parameters.items() if name in parameters and name not in names}
    return Ready(
        sql=expanded.statement,
        names=parameters,
        constants=dict(_constants(compiled, binds, said)),
        incoming={name: convert for name, convert in into.items() if convert},
        outgoing=tuple(_outgoing(compiled, dialect)),
        row=_row_of(compiled),
        by_name=not compiled.positional,
    )


def _constants(
    compiled: SQLCompiler, binds: Mapping[str, BindParameter[object]], said: Facts
) -> Iterator[tuple[str, object]]:
    """What the statement says itself, and what its columns have where nothing is said, as the driver takes it."""
    defaults = {column.key: column.default for column in (*compiled.insert_prefetch, *compiled.update_prefetch)}
    for name, value in said.items():
        default = defaults.get(name)
        if default is not None:
            value = _default(name, default)
        bind = binds[name if name in binds else name.rpartition("_")[0]]  # One of a list: status_1_2 is of status_1.
        convert = _into(bind.type, compiled.dialect)
        yield name, convert(value) if convert else value


def _default(name: str, default: DefaultGenerator) -> object:
    if not isinstance(default, ColumnDefault) or callable(default.arg):
        raise TypeError(f"{name} has to be said: its default is made for each row.")
    return default.arg


def _row_of(compiled: SQLCompiler) -> Callable[..., Values]:
    return cast(Callable[..., Values], namedtuple("Row", [one.name for one in compiled._result_columns], rename=True))


def _into(type_: TypeEngine[object], dialect: Dialect) -> Convert | None:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _outgoing(compiled: SQLCompiler, dialect: Dialect) -> Iterator[tuple[int, Convert]]:
    for at, column in enumerate(compiled._result_columns):
        convert = column.type.dialect_impl(dialect).result_processor(dialect, None)
        if convert is not None:
            yield at, convert
