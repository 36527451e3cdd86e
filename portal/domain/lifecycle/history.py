"""Writes down what happened to an attempt, and reads it back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.db.fast import insert_one
from portal.domain import access
from portal.domain.errors import BadInput
from portal.models import Attempt, EndedBy, Event, HistoryEntry, User
from portal.models import AttemptStatus as S


class Actor(StrEnum):
    """Which kind of person or machine acted."""

    LEARNER = "learner"
    STAFF = "staff"
    PROCTOR = "proctor"
    REVIEWER = "reviewer"
    PROVIDER = "provider"
    SWEEPER = "sweeper"
    PORTAL = "portal"


#: In these capacities nobody acts on an attempt of their own.
FOR_OTHERS = frozenset({Actor.STAFF, Actor.PROCTOR, Actor.REVIEWER})


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why something happened to an attempt: who did it, in which capacity, and the reason they gave."""

    actor: Actor
    user: User | None = None
    reason: str = ""


def check_reason(cause: Cause) -> None:
    """For what nobody of the team may do without saying why. :raises BadInput: it says nothing."""
    if not cause.reason.strip():
        raise BadInput("reason", "Enter a reason. It is saved with the attempt.")


def record(
    attempt: Attempt, cause: Cause, *, from_status: str | None, now: datetime, event: Event = Event.MOVED
) -> HistoryEntry:
    """Add a line and do no more: what follows from it, :mod:`portal.domain.lifecycle.transitions` enqueues.

    The attempt's present status is what it became. What is given back is a copy of the line, no part of the session.

    :raises NotAllowed: somebody of the course team changes their own attempt. Every change passes here.
    """
    if cause.actor in FOR_OTHERS:
        access.check_not_own(attempt.learner_id, cause.user)
    facts = {
        "attempt_id": attempt.id, "from_status": from_status, "to_status": attempt.status, "event": event, "at": now,
        "actor": cause.actor, "by_id": cause.user.id if cause.user else None, "reason": cause.reason,
    }  # fmt: skip
    # A line is written once and never changed, and what follows from it needs its number at once.
    return HistoryEntry(**facts, id=insert_one(HistoryEntry, facts))


def list_of(attempt: Attempt, event: Event) -> list[HistoryEntry]:
    """The lines about one kind of event, oldest first."""
    lines = select(HistoryEntry).where(HistoryEntry.attempt_id == attempt.id, HistoryEntry.event == event)
    return list(db.session.scalars(lines.order_by(HistoryEntry.id)))


def list_for(attempt: Attempt) -> list[HistoryEntry]:
    lines = select(HistoryEntry).where(HistoryEntry.attempt_id == attempt.id).order_by(HistoryEntry.id)
    return list(db.session.scalars(lines.options(joinedload(HistoryEntry.by))))


def find(line: int | None) -> HistoryEntry | None:
    return db.session.get(HistoryEntry, line) if line else None


def events_by(attempt: Attempt, by: User, events: Collection[Event]) -> set[Event]:
    """Which of ``events`` this person has brought about."""
    lines = select(HistoryEntry.event).where(
        HistoryEntry.attempt_id == attempt.id, HistoryEntry.by_id == by.id, HistoryEntry.event.in_(events)
    )
    return set(db.session.scalars(lines))


def attempts_with(event: Event, by: User, attempt_ids: Sequence[int]) -> frozenset[int]:
    """Those of the attempts with which this person has brought ``event`` about."""
    if not attempt_ids:
        return frozenset()
    lines = select(HistoryEntry.attempt_id).where(
        HistoryEntry.attempt_id.in_(attempt_ids), HistoryEntry.by_id == by.id, HistoryEntry.event == event
    )
    return frozenset(db.session.scalars(lines))


def reasons(attempt: Attempt, event: Event) -> set[str]:
    """The reasons on the lines about one kind of event."""
    lines = select(HistoryEntry.reason).where(HistoryEntry.attempt_id == attempt.id, HistoryEntry.event == event)
    return set(db.session.scalars(lines))


def ended_at_once(attempt: Attempt, line: int | None) -> bool:
    """Whether the attempt ended or was archived in the moment of this line, right after it."""
    entry = find(line)
    if entry is None:
        return False
    later = select(HistoryEntry.id).where(
        HistoryEntry.attempt_id == attempt.id,
        HistoryEntry.id > entry.id,
        HistoryEntry.at == entry.at,
        HistoryEntry.event.in_((Event.MOVED, Event.ARCHIVED)),
    )
    return db.session.scalar(later.limit(1)) is not None


def why_ended(attempt: Attempt) -> str:
    """What the course team gave as its reason for ending the exam; empty where somebody else ended it."""
    if attempt.ended_by is not EndedBy.PROCTOR:
        return ""
    ends = select(HistoryEntry.reason).where(
        HistoryEntry.attempt_id == attempt.id, HistoryEntry.event == Event.MOVED, HistoryEntry.to_status == S.SUBMITTED
    )
    return db.session.scalar(ends.order_by(HistoryEntry.id.desc()).limit(1)) or ""
