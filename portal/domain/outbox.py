"""Promises to tell somebody, written in the transaction of the change that caused them."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from portal.db import db
from portal.models import Attempt, OutboxMessage


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
    return put_new(topic, now=now, key=key or uuid4().hex, attempt=attempt, available_at=available_at, payload=payload)


def put_new(
    topic: str,
    *,
    now: datetime,
    key: str,
    attempt: Attempt | None = None,
    available_at: datetime | None = None,
    payload: dict[str, Any] | None = None,
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
