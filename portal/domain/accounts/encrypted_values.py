"""Every value that is encrypted at rest: which secret key opens it, and encrypting it anew with the present one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Select, Table, Text, select, type_coerce, update

from portal.db import db, encrypted
from portal.db.encrypted import EncryptedText, State
from portal.db.fast import change

#: What people call a row, where its table has one of these.
NAMES = ("slug", "name")
#: Of a long column a start looks at so many of its oldest and its newest values.
GLANCE = 50


@dataclass(frozen=True, kw_only=True)
class Value:
    """One stored value. ``says`` is empty where no key opens it."""

    column: Column[object]
    row_key: object
    name: str
    stored: str
    state: State
    says: str

    @property
    def title(self) -> str:
        """What it belongs to: ``provider acme`` or, where rows have no names, ``review``."""
        return f"{self.column.table.name.replace('_', ' ')} {self.name}".strip()


def columns() -> list[Column[object]]:
    """Every column that is encrypted, whoever made it."""
    tables = db.metadata.sorted_tables
    return [column for table in tables for column in table.columns if isinstance(column.type, EncryptedText)]


def values() -> Iterator[Value]:
    """Every value there is, as it stands now."""
    for column in columns():
        yield from _read(column, _all(column))


def locked(found: Iterator[Value]) -> Counter[str]:
    """How many of these no key opens, by what they belong to."""
    return Counter(one.title for one in found if one.state is State.LOCKED)


def glance() -> Counter[str]:
    """For a start, which should not take long: like :func:`locked`, and all is counted only where some are locked."""
    some = [one for column in columns() for one in _ends(column)]
    return locked(values()) if locked(iter(some)) else Counter()


def renew(batch: Sequence[Value]) -> int:
    """Encrypt these with the present key, inside ``writing()``; how many. What somebody else changed is left alone."""
    changed = 0
    for one in batch:
        table, key = _table(one.column), _key(one.column)
        same = type_coerce(one.column, Text) == one.stored
        again = update(table).where(key == one.row_key, same).values({one.column.name: one.says})
        changed += change(again)
    return changed


def _ends(column: Column[object]) -> Iterator[Value]:
    query, key = _all(column), _key(column)
    yield from _read(column, query.order_by(key).limit(GLANCE))
    yield from _read(column, query.order_by(key.desc()).limit(GLANCE))


def _all(column: Column[object]) -> Select[*tuple[Any, ...]]:
    name = next((column.table.c[one] for one in NAMES if one in column.table.c), None)
    chosen = [_key(column), type_coerce(column, Text), *([] if name is None else [name])]
    return select(*chosen).where(column.is_not(None))


def _read(column: Column[object], query: Select[*tuple[Any, ...]]) -> Iterator[Value]:
    for row_key, stored, *name in db.session.execute(query):
        state, says = encrypted.state_of(stored)
        yield Value(
            column=column, row_key=row_key, name=str(name[0]) if name else "", stored=stored, state=state, says=says
        )


def _table(column: Column[object]) -> Table:
    table = column.table
    assert isinstance(table, Table)
    return table


def _key(column: Column[object]) -> Column[object]:
    return next(iter(_table(column).primary_key.columns))
