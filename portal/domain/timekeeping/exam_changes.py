"""What a change of an exam does to those who are in it: never less time, and a later closing at once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import or_, select

from portal.db import db
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import allowances, budget, running_clock, time_account
from portal.models import Allowance, Attempt, Exam, ResumeState, TimeEntry
from portal.models import AttemptStatus as S
from portal.models.attempts.attempt import PRE_START, RUNNING

#: So many attempts are read together: a hall of 1,500 in a few statements.
TOGETHER = 500
#: A course's publish has no person; the learner reads that the course team gave the time.
MOVED = Cause(actor=Actor.STAFF, reason="The closing time was extended.")


def follow(exam: Exam, cause: Cause = MOVED, *, now: datetime) -> list[Attempt]:
    """Let a closing that has been moved later reach every attempt under way; only inside ``writing()``.

    An earlier closing, another length, or an exam that is switched off changes nothing for them: they keep
    what they were promised. Returns the attempts whose deadline changed. A second call changes nothing.
    """
    closes_at = budget.exam_closes_at(exam)
    behind = [
        one for one in _under_way(exam) if budget.later(one.promised_close_at, closes_at) != one.promised_close_at
    ]
    return [one for some in _together(behind) for one in _follow_all(exam, some, cause, now=now)]


def _follow_all(exam: Exam, some: Sequence[Attempt], cause: Cause, *, now: datetime) -> list[Attempt]:
    rows, granted = _rows_of(some), allowances.kept_for(exam, [one.learner_id for one in some])
    changed = []
    for attempt in some:
        began_at, theirs = attempt.promised_at or now, granted.get(attempt.learner_id, [])
        in_force = [one for one in theirs if allowances.is_valid(one, began_at)]
        if _follow_one(attempt, rows.get(attempt.id, []), in_force, cause, now=now):
            changed.append(attempt)
    return changed


def _follow_one(
    attempt: Attempt, rows: Sequence[TimeEntry], in_force: Sequence[Allowance], cause: Cause, *, now: datetime
) -> bool:
    if attempt.is_running:
        known = running_clock.known_from(attempt, rows, in_force, now=now)
        if time_account.end_break(attempt, now=now):
            known = running_clock.known(attempt, now=now)
        return time_account.settle(attempt, known, cause, now=now)
    promise = running_clock.promise_to(attempt)
    attempt.promised_close_at = promise.closes_at
    attempt.window_closes_at = budget.closes_for(promise.closes_at, in_force)
    return False


def _under_way(exam: Exam) -> list[Attempt]:
    """Who runs, and who may continue from an attempt that was suspended; each held until the transaction ends."""
    waits = (Attempt.status == S.ERROR) & (Attempt.resume_state != ResumeState.RESUMED)
    query = select(Attempt).where(
        Attempt.exam_id == exam.id,
        Attempt.promised_at.is_not(None),
        Attempt.archived_at.is_(None),
        or_(Attempt.status.in_(RUNNING | PRE_START), waits),
    )
    held = query.order_by(Attempt.id).with_for_update(of=Attempt).execution_options(populate_existing=True)
    return list(db.session.scalars(held))


def _together(attempts: Sequence[Attempt]) -> Iterator[Sequence[Attempt]]:
    for first in range(0, len(attempts), TOGETHER):
        yield attempts[first : first + TOGETHER]


def _rows_of(attempts: Sequence[Attempt]) -> dict[int, list[TimeEntry]]:
    """By attempt."""
    ids, found = [attempt.id for attempt in attempts], defaultdict(list)
    for row in db.session.scalars(select(TimeEntry).where(TimeEntry.attempt_id.in_(ids)).order_by(TimeEntry.id)):
        found[row.attempt_id].append(row)
    return found
