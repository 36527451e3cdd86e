"""Ends what nobody ended: breaks that are used up, running attempts past their hard stop, unstarted ones too late."""

import logging
import time
import traceback
from collections.abc import Callable, Sequence
from datetime import datetime

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.domain import attempts, ending_faults, time_account
from portal.models import Attempt, Course, Exam
from portal.models.attempt import ON_A_BREAK_SQL, PRE_START, RUNNING_SQL

log = logging.getLogger(__name__)

#: Several in one transaction, because each commit waits for the disk; few, because learners' writes wait for it.
TOGETHER = 10
#: Between two batches, so that whoever waits to write gets a turn.
BREATH_SECONDS = 0.005

End = Callable[[Attempt], bool]


def hand_in_overdue(now: datetime) -> int:
    """Hand in every running attempt past its hard stop; how many. Harmless to repeat."""
    overdue = (
        select(Attempt.id)
        .where(
            RUNNING_SQL,  # In the index's own words, or SQLite does not use it.
            Attempt.is_paused.is_(False),
            Attempt.hard_stop_at <= now,
        )
        .order_by(Attempt.hard_stop_at)
    )
    stores_timed_out = bool(current_app.config["ALLOW_TIMED_OUT_STATE"])

    def end(attempt: Attempt) -> bool:
        return attempts.hand_in_overdue(attempt, now=now, stores_timed_out=stores_timed_out)

    return _end_all(db.session.scalars(overdue).all(), end, now=now)


def end_breaks(now: datetime) -> int:
    """Write down every break that is used up; how many. The clock went on by itself, at its own moment."""
    used_up = select(Attempt.id).where(ON_A_BREAK_SQL, Attempt.break_ends_at <= now)
    return _end_all(
        db.session.scalars(used_up).all(), lambda attempt: time_account.end_break(attempt, now=now), now=now
    )


def expire_unstarted(now: datetime) -> int:
    """Expire every attempt that was not started before its window closed; how many. Harmless to repeat."""
    closed = (
        select(Attempt.id)
        .join(Exam, Exam.id == Attempt.exam_id)
        .join(Course, Course.id == Exam.course_id)
        .where(
            func.coalesce(Exam.closes_at, Course.ends_at) <= now,
            Attempt.status.in_(PRE_START),
            Attempt.archived_at.is_(None),
        )
    )
    return _end_all(db.session.scalars(closed).all(), lambda attempt: attempts.expire(attempt, now=now), now=now)


def _end_all(ids: Sequence[int], end: End, *, now: datetime) -> int:
    """Each on its own: what stands in the way of one is kept with it, and tried again ever more rarely."""
    ended, ids = 0, ending_faults.due(ids, now=now)
    for first in range(0, len(ids), TOGETHER):
        with writing() as session:
            ended += sum(_end_one(session, attempt_id, end, now) for attempt_id in ids[first : first + TOGETHER])
        time.sleep(BREATH_SECONDS)
    return ended


def _end_one(session: Session, attempt_id: int, end: End, now: datetime) -> bool:
    """End one attempt. Whoever holds it now will end it themselves; one that fails does not stop the others."""
    free = select(Attempt).where(Attempt.id == attempt_id).with_for_update(of=Attempt, skip_locked=True)
    try:
        with session.begin_nested():
            attempt = session.scalar(free.execution_options(populate_existing=True))
            return attempt is not None and end(attempt)
    except Exception as err:
        if ending_faults.note(attempt_id, _named(err), now=now):
            log.exception("Attempt number %d could not be ended; the others are. It is tried again.", attempt_id)
        return False


def _named(err: Exception) -> str:
    """The kind of fault and where it came up; not its text, which may be a learner's."""
    frames = traceback.extract_tb(err.__traceback__)
    return f"{type(err).__name__} in {frames[-1].name}" if frames else type(err).__name__
