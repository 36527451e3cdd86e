"""Attempts that should have ended by themselves and did not: kept once each, tried ever more rarely, told to people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import contains_eager

from portal.db import db
from portal.models import Attempt, EndingFault, Exam
from portal.models.attempts.attempt import PRE_START, RUNNING, RUNNING_SQL

#: Between tries, doubled each time; whoever is waiting can end the attempt by hand in the meantime.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=10)
#: After so long without a fault, the next one is a new one.
FORGOTTEN_AFTER = timedelta(days=1)
#: As long as an honest sweep may take; what is open longer hangs.
HANGS_AFTER = timedelta(minutes=1)
MOST_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Hanging:
    """An attempt that is open although its time is long over."""

    attempt: Attempt
    fault: EndingFault | None
    """None: nobody has tried yet, so perhaps nothing works in the background."""


def due(ids: Sequence[int], *, now: datetime) -> list[int]:
    """Those of ``ids`` that may be tried now, in their order."""
    if not ids:
        return []
    resting = set(db.session.scalars(select(EndingFault.attempt_id).where(EndingFault.again_at > now)))
    return [one for one in ids if one not in resting]


def note(attempt_id: int, fault: str, *, now: datetime) -> bool:
    """Keep that an attempt could not be ended, inside ``writing()``. Whether this is news, and worth a log line."""
    known = db.session.scalar(select(EndingFault).filter_by(attempt_id=attempt_id))
    is_old = known is not None and now - known.last_at > FORGOTTEN_AFTER
    if known is None:
        known = EndingFault(attempt_id=attempt_id, first_at=now, times=0, fault="")
        db.session.add(known)
    elif is_old:
        known.first_at, known.times = now, 0
    is_news = is_old or known.fault != fault
    known.times = 1 if is_news else known.times + 1
    known.fault, known.last_at = fault, now
    known.again_at = now + min(FIRST_WAIT * 2 ** min(known.times - 1, 10), LONGEST_WAIT)
    return is_news


def count_open(*, now: datetime) -> int:
    """Attempts whose hard stop is past and that are still open, in the whole portal. One read by index."""
    return db.session.scalar(select(func.count(Attempt.id)).where(RUNNING_SQL, _is_past_its_stop(now))) or 0


def hanging(course_ids: Sequence[int], *, now: datetime) -> list[Hanging]:
    """Those of some courses, the longest first; each leaves the list by itself when it has ended."""
    query = (
        select(Attempt, EndingFault)
        .join(Attempt.exam)
        .outerjoin(EndingFault, EndingFault.attempt_id == Attempt.id)
        .where(Exam.course_id.in_(course_ids), Attempt.archived_at.is_(None), hangs(now))
        .options(contains_eager(Attempt.exam).joinedload(Exam.course))
        .order_by(Attempt.hard_stop_at, Attempt.id)
    )
    found = db.session.execute(query.limit(MOST_SHOWN)).all()
    return [Hanging(attempt=attempt, fault=fault) for attempt, fault in found]


def hangs(now: datetime) -> ColumnElement[bool]:
    """Open past its end, or on a break that does not end, or never begun and cannot expire; of what still counts."""
    runs = Attempt.status.in_(RUNNING)
    overdue = and_(runs, or_(_is_past_its_stop(now), Attempt.break_ends_at <= now - HANGS_AFTER))
    is_tried = exists().where(EndingFault.attempt_id == Attempt.id).correlate(Attempt)
    return or_(overdue, and_(Attempt.status.in_(PRE_START), is_tried))


def _is_past_its_stop(now: datetime) -> ColumnElement[bool]:
    return and_(Attempt.is_paused.is_(False), Attempt.hard_stop_at <= now - HANGS_AFTER)
