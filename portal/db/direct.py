"""Writes the few rows of a small transaction with one statement each, past SQLAlchemy's unit of work.

The unit of work sorts rows by their relations, groups them and asks every mapper: a quarter of the processor time of
*Begin* and *Start*. Where all that changed are columns, the statements it comes to are these. Whatever is more than
that, or many rows, stays with it. The figures are in ``docs/performance.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import cast

from sqlalchemy import Update, bindparam, event, insert, inspect, update
from sqlalchemy.orm import InstanceState, Session, make_transient, make_transient_to_detached
from sqlalchemy.orm.base import NO_VALUE
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.dml import ReturningInsert

from portal.db import driver, shapes
from portal.db.shapes import Shape

#: More than these are better written together, as the unit of work does it.
MOST_ROWS = 8
#: In the session's ``info``: which rows were inserted past the unit of work.
INSERTED = "inserted past the unit of work"
#: The objects of those that are not committed yet.
NEW = "new past the unit of work"

Values = dict[str, object]


@dataclass(frozen=True)
class Row:
    """A row that is to be written, and what changes in it."""

    state: "InstanceState[object]"
    shape: Shape
    values: Values


def write(session: Session) -> None:
    """For a session that is about to flush: write all its rows, or leave all of them to the unit of work.

    :raises StaleDataError: a row that counts its changes was changed by somebody else, as the unit of work has it.
    """
    changed, new = list(session.dirty), list(session.new)
    if session.deleted or len(changed) + len(new) > MOST_ROWS:
        return
    updates, inserts = [_changed(one) for one in changed], [_new(one) for one in new]
    if None in updates or None in inserts:
        return
    for row in sorted((row for row in updates if row), key=_order):
        _update(session, row)
    for row in filter(None, inserts):
        _insert(session, row)


def note_inserted(session: Session, model: type, facts: Mapping[str, object]) -> None:
    """Let whoever listens for commits know that there is a new row, however it was inserted, and what is in it."""
    session.info.setdefault(INSERTED, []).append((model, facts))


def take_inserted(session: Session) -> list[tuple[type, Mapping[str, object]]]:
    """The new rows, by model; asked once at the end of a transaction."""
    found: list[tuple[type, Mapping[str, object]]] = session.info.pop(INSERTED, [])
    return found


def _changed(instance: object) -> Row | None:
    """What changed in a stored row; None where it is more than columns."""
    state = _state_of(instance)
    shape = shapes.shape_of(state.mapper)
    if shape is None or not shape.is_simple(state):
        return None
    if any(name not in state.dict for name in filter(None, (shape.key, shape.version))):
        return None
    values: Values = {}
    for name, before in state.committed_state.items():
        value = state.dict.get(name, NO_VALUE)
        if value is NO_VALUE or isinstance(value, ClauseElement) or name in {shape.key, shape.version}:
            return None
        if before is NO_VALUE or not shape.columns[name].type.compare_values(value, before):
            values[name] = value
    return Row(state, shape, values)


def _new(instance: object) -> Row | None:
    """All columns of a new row; None where the database, or a relation, has to say some of them."""
    state = _state_of(instance)
    shape = shapes.shape_of(state.mapper)
    if shape is None or not shape.is_simple(state) or state.dict.get(shape.key) is not None:
        return None
    values: Values = {}
    for name, column in shape.columns.items():
        if name == shape.key:
            continue
        value = state.dict[name] if name in state.dict else shape.default(name)
        if isinstance(value, ClauseElement) or (value is None and column.type.should_evaluate_none):
            return None
        values[name] = value
    if shape.version:
        values[shape.version] = 1
    return Row(state, shape, values)


def _update(session: Session, row: Row) -> None:
    shape, known = row.shape, row.state.dict
    if row.values:
        facts = {shape.columns[name].key: value for name, value in row.values.items()}
        facts["of_row"] = known[shape.key]
        if shape.version:
            before = known[shape.version]
            facts |= {"of_version": before, shape.columns[shape.version].key: before + 1}
        if driver.run(session.connection(), _updating(shape), facts) != 1:
            raise StaleDataError(f"A row of {shape.table.name} was changed by somebody else.")
        if shape.version:
            known[shape.version] = before + 1
    row.state._commit_all(known, session.identity_map)


def _insert(session: Session, row: Row) -> None:
    facts = {row.shape.columns[name].key: value for name, value in row.values.items()}
    [number] = cast(driver.Values, driver.fetch_one(session.connection(), _inserting(row.shape), facts))
    instance = row.state.obj()
    session.expunge(instance)
    row.state.dict.update({**row.values, row.shape.key: number})
    make_transient_to_detached(instance)
    session.add(instance)
    session.info.setdefault(NEW, []).append(instance)
    note_inserted(session, type(instance), row.values)


@event.listens_for(Session, "after_commit")
def _keep_new(session: Session) -> None:
    session.info.pop(NEW, None)


@event.listens_for(Session, "after_rollback")
def _forget_new(session: Session) -> None:
    """They are in no table. Their numbers are given to others, which the session must not take for them."""
    for instance in session.info.pop(NEW, ()):
        if instance in session:
            session.expunge(instance)
        make_transient(instance)


def _order(row: Row) -> tuple[str, int]:
    """Always the same, so that two transactions never wait for each other."""
    return row.shape.table.name, row.state.dict[row.shape.key]


def _state_of(instance: object) -> "InstanceState[object]":
    return cast("InstanceState[object]", inspect(instance))


@cache
def _updating(shape: Shape) -> Update:
    """Which columns it sets, its values say."""
    statement = update(shape.table).where(shape.columns[shape.key] == bindparam("of_row"))
    if shape.version:
        statement = statement.where(shape.columns[shape.version] == bindparam("of_version"))
    return statement


@cache
def _inserting(shape: Shape) -> "ReturningInsert[int]":
    return insert(shape.table).returning(shape.columns[shape.key])
