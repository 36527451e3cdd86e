"""What an open exam page is told about its clock."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.timekeeping import budget, exam_clock
from portal.domain.timekeeping.exam_clock import AnyRow
from portal.models import Attempt, Notice


def message(clock: AnyRow | Attempt, *, now: datetime) -> dict[str, object]:
    """The timer's message, in milliseconds since 1970 and lengths in milliseconds.

    While the clock is paused the deadline moves on with the present, so that what is left stays right.
    """
    deadline, hard_stop = exam_clock.deadline_of(clock, now=now), exam_clock.hard_stop_of(clock, now=now)
    left_seconds = (deadline - now).total_seconds() if deadline else 0.0
    low, critical = budget.thresholds_seconds(clock.own_seconds)
    return {
        "now": _milliseconds(now),
        "deadline": _milliseconds(deadline),
        "hard_stop": _milliseconds(hard_stop),
        "state": exam_clock.state_of(clock, now=now),
        "rev": clock.revision,
        "own_ms": clock.own_seconds * 1000,
        "low_ms": low * 1000,
        "crit_ms": critical * 1000,
        "poll_ms": 5000 if exam_clock.stopped_at(clock, now=now) else budget.poll_seconds(left_seconds) * 1000,
        "saved_at": _milliseconds(clock.saved_at),
    }


def notices(attempt_id: int, *, after_revision: int) -> Sequence[AnyRow]:
    """What the page has not shown yet, the newest two, oldest first."""
    query = select(Notice.id, Notice.kind, Notice.seconds, Notice.by_role, Notice.text, Notice.created_at).where(
        Notice.attempt_id == attempt_id, Notice.revision > after_revision
    )
    newest = db.session.execute(query.order_by(Notice.id.desc()).limit(2)).all()
    return newest[::-1]


def _milliseconds(at: datetime | None) -> int | None:
    return round(at.timestamp() * 1000) if at else None
