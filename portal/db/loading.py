"""Reading rows into the session by one statement that is compiled once: objects like those of any query, only sooner.

A query of the session finds out for each row what to do with each column. What the learner's minute begins with, an
attempt with its exam, course and learner, took 290 microseconds so, and takes a third of it here.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Generic, TypeVar, cast

from sqlalchemy import ColumnElement, Select, UnaryExpression, select
from sqlalchemy.orm import ColumnProperty, InstrumentedAttribute, Mapper, MapperProperty, Session, class_mapper
from sqlalchemy.orm.attributes import instance_dict, instance_state

from portal.db import driver
from portal.db.driver import Facts, Values

Loaded = TypeVar("Loaded")
Order = UnaryExpression[int] | UnaryExpression[str] | UnaryExpression[datetime | None]


class Loading(Generic[Loaded]):
    """A statement for rows of a model with those they point at: ``Loading(Attempt, Attempt.exam, Exam.course)``.

    Each model stands in it once. What a row points at must exist. A deferred column is read if it is named.
    """

    def __init__(
        self,
        model: type[Loaded],
        *along: "InstrumentedAttribute[object]",
        beside: "tuple[type[object], ColumnElement[bool]] | None" = None,
        where: Sequence[ColumnElement[bool]],
        order_by: Sequence[Order] = (),
        most: int | None = None,
        is_held: bool = False,
    ) -> None:
        """``beside``: a table to look at only, and how it is joined.

        ``is_held``: hold the model's own rows until the transaction ends, where the database can.
        """
        named = {one.property for one in along if isinstance(one.property, ColumnProperty)}
        relations = [one for one in along if one.property not in named]
        mappers = [class_mapper(model), *(one.property.mapper for one in relations)]
        self._parts = [_Part(mapper, named) for mapper in mappers]
        self._links = [(mappers.index(one.property.parent), one.key) for one in relations]
        query: Select[*tuple[object, ...]] = select(*(column for part in self._parts for column in part.columns))
        for attribute in relations:
            query = query.join_from(
                attribute.parent.class_, attribute.property.mapper.class_, attribute.property.primaryjoin
            )
        if beside is not None:
            query = query.join_from(model, *beside)
        query = query.where(*where).order_by(*order_by).limit(most)
        self._statement = query.with_for_update(of=mappers[0].local_table) if is_held else query

    def one(self, session: Session, facts: Facts) -> Loaded | None:
        """The first; None if there is none. What is in the session already gets the values of now."""
        session.flush()
        row = driver.fetch_one(session.connection(), self._statement, facts)
        return None if row is None else self._settled(session, row)

    def all(self, session: Session, facts: Facts) -> list[Loaded]:
        session.flush()
        rows = driver.fetch_all(session.connection(), self._statement, facts)
        return [self._settled(session, row) for row in rows]

    def _settled(self, session: Session, row: Values) -> Loaded:
        at, settled = 0, []
        for part in self._parts:
            settled.append(part.settled(session, row[at : at + part.width]))
            at += part.width
        for number, (parent, name) in enumerate(self._links, 1):
            instance_dict(settled[parent])[name] = settled[number]
        return cast(Loaded, settled[0])


class _Part:
    """One model's share of the columns."""

    def __init__(self, mapper: "Mapper[object]", named: "AbstractSet[MapperProperty[object]]") -> None:
        self._mapper = mapper
        self._names = tuple(one.key for one in mapper.column_attrs if not one.deferred or one in named)
        self.columns = tuple(mapper.column_attrs[name].columns[0] for name in self._names)
        self.width = len(self._names)
        [key] = mapper.primary_key
        self._key = self._names.index(mapper.get_property_by_column(key).key)

    def settled(self, session: Session, values: Values) -> object:
        """The session's object for the row, with these values."""
        key = self._mapper.identity_key_from_primary_key((values[self._key],))
        found = session.identity_map.get(key)
        made = found if found is not None else self._mapper.class_manager.new_instance()
        state, known = instance_state(made), instance_dict(made)
        known.update(zip(self._names, values, strict=True))
        if found is None:
            state.key, state.session_id = key, session.hash_key
            session.identity_map.add(state)
        state._commit_all(known, session.identity_map)
        return made
