"""Writes down what happened to an attempt, and reads it back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain import consequences
from portal.models import Attempt, HistoryEntry, User


class Actor(StrEnum):
    """Which kind of person or machine acted."""

    LEARNER = "learner"
    STAFF = "staff"
    PROCTOR = "proctor"
    REVIEWER = "reviewer"
    PROVIDER = "provider"
    SWEEPER = "sweeper"
    PORTAL = "portal"


@dataclass(frozen=True, kw_only=True)
class Deed:
    """Who did it, in which capacity, and why."""

    actor: Actor
    by: User | None = None
    reason: str = ""


def record(attempt: Attempt, deed: Deed, *, was: str | None, now: datetime, event: str = "moved") -> HistoryEntry:
    """Add a line, and promise what follows from it. The attempt's present status is what it became.

    The line has its number as soon as something was promised; before that, from the next flush on.
    """
    entry = HistoryEntry(
        attempt_id=attempt.id,
        was=was,
        became=attempt.status,
        event=event,
        at=now,
        actor=deed.actor,
        by_id=deed.by.id if deed.by else None,
        reason=deed.reason,
    )
    db.session.add(entry)
    consequences.follow(attempt, entry, now=now)
    return entry


def list_for(attempt: Attempt) -> list[HistoryEntry]:
    lines = select(HistoryEntry).where(HistoryEntry.attempt_id == attempt.id).order_by(HistoryEntry.id)
    return list(db.session.scalars(lines.options(joinedload(HistoryEntry.by))))
