"""Who works on which promise: claims with a lease, and how each of them ends."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import Select, Table, bindparam, select, update
from sqlalchemy.sql.dml import Update

from portal.db import db, past_the_orm, writing
from portal.jobs.lanes import Lane
from portal.models import OutboxMessage

#: Longer than a whole batch may take when each of its sends runs into its time limit.
LEASE = timedelta(minutes=2)
BATCH = 10
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=1)
#: With the waits above, the last try comes about twelve hours after the first.
MOST_TRIES = 20
#: What must not lie in the database longer than it takes to send it.
SECRET_FIELDS = frozenset({"link"})
#: Statements on the table itself: no promise is held in memory meanwhile.
_TABLE = cast(Table, OutboxMessage.__table__)
_MINE = update(_TABLE).where(
    _TABLE.c.id == bindparam("of"), _TABLE.c.lease_token == bindparam("held"), _TABLE.c.done_at.is_(None)
)
#: An error is for a person to read in a list; a whole trace belongs in the log.
LONGEST_ERROR = 500


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A promise that is ours to keep until the lease runs out."""

    id: int
    key: str
    topic: str
    attempt_id: int | None
    payload: dict[str, Any]
    created_at: datetime
    tries: int
    token: str
    leased_until: datetime


class NotKept(RuntimeError):
    """A promise that could not be kept, by one who knows better than we when to try again. No wait: never."""

    def __init__(self, why: str, *, wait: timedelta | None) -> None:
        super().__init__(why)
        self.wait = wait


def is_any_due(now: datetime, lane: Lane | None = None) -> bool:
    """A cheap look, so that an idle portal writes nothing."""
    return db.session.scalar(_due(now, lane).limit(1)) is not None


def claim(now: datetime, limit: int = BATCH, lane: Lane | None = None) -> list[Claimed]:
    """Take up to ``limit`` due promises. Nobody else gets them until they are finished or the lease runs out.

    ``lane``: only of its topics.
    """
    token, until = uuid4().hex, now + LEASE
    pick = _due(now, lane).order_by(OutboxMessage.available_at, OutboxMessage.id).limit(limit)
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
    with writing() as session:
        rows = session.execute(take).all()
    return [Claimed(**row._mapping, token=token, leased_until=until) for row in sorted(rows)]


def finish(message: Claimed, *, now: datetime, note: str = "") -> bool:
    """Note that the promise is kept. False when the lease had run out and somebody else took it.

    ``note``: it is over, but the other side did not say yes; what it said.
    """
    payload = {name: said for name, said in message.payload.items() if name not in SECRET_FIELDS}
    return _settle(message, done_at=now, payload=payload, last_error=note[:LONGEST_ERROR])


def put_off(message: Claimed, why: str, *, now: datetime, wait: timedelta | None = None) -> bool:
    """Try again later, each time later than before unless told when; after the last try give up."""
    if message.tries >= MOST_TRIES:
        return give_up(message, why, now=now)
    error = why[:LONGEST_ERROR]
    return _settle(message, available_at=now + (wait or wait_after(message.tries)), last_error=error)


def leave_alone(message: Claimed, why: str, *, now: datetime, wait: timedelta) -> bool:
    """Try again after ``wait``; this was none."""
    return _settle(message, available_at=now + wait, tries=message.tries - 1, last_error=why[:LONGEST_ERROR])


def give_up(message: Claimed, why: str, *, now: datetime) -> bool:
    """No further try; a person may revive it."""
    return _settle(message, dead_at=now, last_error=why[:LONGEST_ERROR])


def wait_after(tries: int) -> timedelta:
    """Doubles with each try, up to an hour; a quarter more or less, so that many do not come back at once."""
    doubled = FIRST_WAIT.total_seconds() * 2.0 ** min(tries - 1, 16)
    wait_seconds = min(doubled, LONGEST_WAIT.total_seconds())
    return timedelta(seconds=wait_seconds * random.uniform(0.75, 1.25))


def revive(keys: Sequence[str], *, now: datetime) -> int:
    """Give the promises of these keys that were given up all their tries again; how many there were."""
    again = (
        update(_TABLE)
        .where(_TABLE.c.key.in_(keys), _TABLE.c.dead_at.is_not(None))
        .values(dead_at=None, tries=0, available_at=now, lease_token=None)
    )
    with writing():
        return _count(again)


def _due(now: datetime, lane: Lane | None) -> Select[int]:
    due = select(OutboxMessage.id).where(
        OutboxMessage.done_at.is_(None), OutboxMessage.dead_at.is_(None), OutboxMessage.available_at <= now
    )
    return due.where(lane.takes) if lane else due


def _settle(message: Claimed, **values: Any) -> bool:
    with writing():
        return _count(_MINE.values(lease_token=None, **values), of=message.id, held=message.token) == 1


def _count(change: Update, **named: Any) -> int:
    result = past_the_orm().execute(change, named)
    return result.rowcount
