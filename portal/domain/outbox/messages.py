"""The messages of the outbox: enqueued in the transaction of the change that caused them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, delete, select, update

from portal.db import db
from portal.db.direct import note_inserted
from portal.db.fast import change, insert_all
from portal.models import Attempt, OutboxMessage, Topic


@dataclass(frozen=True, kw_only=True)
class NewMessage:
    """A message under a key that cannot exist yet, such as one made of a new row's number."""

    topic: Topic
    key: str
    payload: dict[str, Any] = field(default_factory=dict)
    available_at: datetime | None = None
    """When to send it; None is at once."""


def enqueue(
    topic: Topic,
    *,
    now: datetime,
    key: str | None = None,
    attempt: Attempt | None = None,
    available_at: datetime | None = None,
    payload: dict[str, Any] | None = None,
) -> OutboxMessage:
    """Enqueue a message. The same key a second time gives back the first message and changes nothing."""
    if key is not None:
        earlier = db.session.scalar(select(OutboxMessage).where(OutboxMessage.key == key))
        if earlier is not None:
            return earlier
    new = enqueue_new(
        topic, now=now, key=key or uuid4().hex, attempt=attempt, available_at=available_at, payload=payload
    )
    db.session.flush()  # Before what :func:`enqueue_all` writes at once, so that the order is that of their making.
    return new


def enqueue_new(
    topic: Topic,
    *,
    now: datetime,
    key: str,
    attempt: Attempt | None = None,
    available_at: datetime | None = None,
    payload: dict[str, object] | None = None,
) -> OutboxMessage:
    """Enqueue a message under a key that cannot exist yet, such as one made of a new row's number; saves the look."""
    message = OutboxMessage(
        key=key,
        topic=topic,
        attempt_id=attempt.id if attempt else None,
        payload=payload or {},
        created_at=now,
        available_at=available_at or now,
        tries=0,
    )
    db.session.add(message)
    return message


def get(key: str) -> OutboxMessage:
    """One that is known to exist."""
    return db.session.scalars(select(OutboxMessage).where(OutboxMessage.key == key)).one()


def enqueue_all(new_messages: Sequence[NewMessage], *, attempt: Attempt, now: datetime) -> None:
    """Enqueue several messages with one statement, and without objects, which nobody would look at."""
    facts = {"attempt_id": attempt.id, "created_at": now, "tries": 0, "last_error": ""}
    told = [
        {"topic": new.topic, "key": new.key, "payload": new.payload, "available_at": new.available_at or now}
        for new in new_messages
    ]
    insert_all(OutboxMessage, [{**one, **facts} for one in told])


def make_due(attempt_ids: Select[int], *, now: datetime) -> None:
    """Make the messages about these attempts due at once that were enqueued for later and never tried."""
    waits = (
        OutboxMessage.attempt_id.in_(attempt_ids),
        OutboxMessage.done_at.is_(None),
        OutboxMessage.dead_at.is_(None),
        OutboxMessage.tries == 0,
        OutboxMessage.available_at > now,
    )
    if change(update(OutboxMessage).where(*waits).values(available_at=now)):
        note_inserted(db.session(), OutboxMessage, {})


def list_of_line(attempt: Attempt, line: int) -> list[OutboxMessage]:
    """The messages that a line of an attempt's history enqueued, without those to webhook endpoints."""
    begins = f"{attempt.ref}.{line}."
    found = select(OutboxMessage).where(OutboxMessage.attempt_id == attempt.id, OutboxMessage.key.startswith(begins))
    return list(db.session.scalars(found.order_by(OutboxMessage.id)))


def cancel(messages: Sequence[OutboxMessage]) -> bool:
    """Delete messages that nobody has tried to send. False where any of them was sent, or may have been."""
    numbers = [message.id for message in messages]
    untold = (OutboxMessage.id.in_(numbers), OutboxMessage.tries == 0, OutboxMessage.done_at.is_(None))
    return change(delete(OutboxMessage).where(*untold)) == len(numbers)
