"""Which messages are due, who has claimed one, and how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Select, and_, bindparam, not_, or_, select, update

from portal.db import db
from portal.db.fast import change, table_of
from portal.models import OutboxMessage

#: Statements on the table itself: no message is held in memory meanwhile.
_TABLE = table_of(OutboxMessage)
_MINE = update(_TABLE).where(
    _TABLE.c.id == bindparam("of"), _TABLE.c.lease_token == bindparam("held"), _TABLE.c.done_at.is_(None)
)


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A message that this process dispatches, until the lease runs out."""

    id: int
    key: str
    topic: str
    attempt_id: int | None
    payload: dict[str, Any]
    created_at: datetime
    tries: int
    token: str
    leased_until: datetime


@dataclass(frozen=True, kw_only=True)
class Topics:
    """Some of all topics. A name that ends with a dot means every topic that begins so."""

    names: Sequence[str]
    are_left_out: bool = False
    """These are not meant, but all others."""

    def includes(self, topic: str) -> bool:
        is_named = any(topic.startswith(one) if one.endswith(".") else topic == one for one in self.names)
        return is_named != self.are_left_out

    def condition(self) -> ColumnElement[bool]:
        topic = OutboxMessage.topic
        each = [topic.startswith(one) if one.endswith(".") else topic == one for one in self.names]
        return and_(*(not_(one) for one in each)) if self.are_left_out else or_(*each)


def is_any_due(now: datetime, topics: Topics | None = None) -> bool:
    """A cheap look, so that an idle portal writes nothing."""
    return db.session.scalar(_due(now, topics).limit(1)) is not None


def claim(now: datetime, *, until: datetime, limit: int, topics: Topics | None = None) -> list[Claimed]:
    """Take up to ``limit`` due messages: nobody else gets them before ``until``. Only inside ``writing()``."""
    token = uuid4().hex
    pick = _due(now, topics).order_by(OutboxMessage.available_at, OutboxMessage.id).limit(limit)
    if db.engine.dialect.name == "postgresql":
        pick = pick.with_for_update(skip_locked=True)
    # A CTE is worked out once; PostgreSQL may work a sub-query out for each row, and so take more than ``limit``.
    picked = pick.cte("picked")
    take = (
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(select(picked.c.id)))
        .values(available_at=until, lease_token=token, tries=OutboxMessage.tries + 1)
        .returning(
            OutboxMessage.id,
            OutboxMessage.key,
            OutboxMessage.topic,
            OutboxMessage.attempt_id,
            OutboxMessage.payload,
            OutboxMessage.created_at,
            OutboxMessage.tries,
        )
        .execution_options(synchronize_session=False)
    )
    rows = db.session.execute(take).all()
    return [Claimed(**row._mapping, token=token, leased_until=until) for row in sorted(rows)]


def settle(message: Claimed, **values: object) -> bool:
    """End the lease and write ``values`` down. False when it had run out and somebody else took the message."""
    mine = _MINE.values(lease_token=None, **values)
    return change(mine, {"of": message.id, "held": message.token}) == 1


def revive(keys: Sequence[str], *, now: datetime) -> int:
    """Give the dead letters among these keys all their tries again; how many there were."""
    again = (
        update(_TABLE)
        .where(_TABLE.c.key.in_(keys), _TABLE.c.dead_at.is_not(None))
        .values(dead_at=None, tries=0, available_at=now, lease_token=None)
    )
    return change(again)


def failing() -> Sequence[OutboxMessage]:
    """The dead letters, and the messages that failed and will be retried; oldest first."""
    query = select(OutboxMessage).where(OutboxMessage.done_at.is_(None), OutboxMessage.last_error != "")
    return db.session.scalars(query.order_by(OutboxMessage.id)).all()


def dead_letter_keys() -> list[str]:
    """The keys of all dead letters."""
    return list(db.session.scalars(select(OutboxMessage.key).where(OutboxMessage.dead_at.is_not(None))))


def _due(now: datetime, topics: Topics | None) -> Select[int]:
    due = select(OutboxMessage.id).where(
        OutboxMessage.done_at.is_(None), OutboxMessage.dead_at.is_(None), OutboxMessage.available_at <= now
    )
    return due.where(topics.condition()) if topics else due
