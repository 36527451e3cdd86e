"""Promises to tell somebody, written in the transaction of the change that caused them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from portal.db import db
from portal.db_fast import insert_all
from portal.models import Attempt, OutboxMessage


@dataclass(frozen=True, kw_only=True)
class New:
    """A promise under a key that cannot exist yet, such as one made of a new row's number."""

    topic: str
    key: str
    payload: dict[str, object] = field(default_factory=dict)


def put(
    topic: str,
    *,
    now: datetime,
    key: str | None = None,
    attempt: Attempt | None = None,
    available_at: datetime | None = None,
    payload: dict[str, Any] | None = None,
) -> OutboxMessage:
    """Promise it. The same key a second time gives back the first promise and changes nothing."""
    if key is not None:
        earlier = db.session.scalar(select(OutboxMessage).where(OutboxMessage.key == key))
        if earlier is not None:
            return earlier
    new = put_new(topic, now=now, key=key or uuid4().hex, attempt=attempt, available_at=available_at, payload=payload)
    db.session.flush()  # Before what :func:`put_all` writes at once, so that the order is that of their making.
    return new


def put_new(
    topic: str,
    *,
    now: datetime,
    key: str,
    attempt: Attempt | None = None,
    available_at: datetime | None = None,
    payload: dict[str, object] | None = None,
) -> OutboxMessage:
    """Promise it under a key that cannot exist yet, such as one made of a new row's number; saves the look."""
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


def put_all(promises: Sequence[New], *, attempt: Attempt, now: datetime) -> None:
    """Promise several things at once: one statement, and no objects, which nobody would look at."""
    facts = {"attempt_id": attempt.id, "created_at": now, "available_at": now, "tries": 0, "last_error": ""}
    insert_all(
        OutboxMessage, [{"topic": one.topic, "key": one.key, "payload": one.payload, **facts} for one in promises]
    )
