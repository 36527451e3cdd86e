"""Opening an attempt again that was submitted: by the course team, with so many minutes, before it was judged."""

import math
from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.answers import scores
from portal.domain.attempts import eligibility
from portal.domain.errors import BadInput, NotNow
from portal.domain.lifecycle import history, transitions
from portal.domain.lifecycle.history import Cause
from portal.domain.reviews import review_versions
from portal.domain.timekeeping import running_clock, time_account
from portal.domain.timekeeping.exam_clock import Clock
from portal.domain.timekeeping.running_clock import Known, Row
from portal.models import Attempt, Event, TimeEntry, TimeEntryKind
from portal.models import AttemptStatus as S

LARGEST_MINUTES = 24 * 60


def why_not(attempt: Attempt, *, now: datetime) -> str:
    """Why it cannot be opened again now, and what to do instead; empty when it can."""
    if attempt.status is not S.SUBMITTED or attempt.archived_at is not None:
        return "This attempt is not submitted, so you cannot reopen it."
    if _is_proctored(attempt):
        return "Reset the attempt to let the learner take the exam again. Its proctoring recording has ended."
    if review_versions.current(attempt) is not None:
        return "Reset the attempt to let the learner take the exam again. A reviewer has already decided on it."
    if scores.are_shown(attempt, now=now):
        return "Reset the attempt to let the learner take the exam again. They have already seen the marks."
    return _why_not_for_others(attempt) or _why_no_room(attempt, now=now)


def may_ever_be(attempt: Attempt) -> bool:
    """Whether it is worth while for its learner's page to look out for it; asks the database nothing."""
    is_submitted = attempt.status is S.SUBMITTED and attempt.archived_at is None
    return is_submitted and not _is_proctored(attempt) and not scores.are_shown_at_once(attempt.exam)


def was_reopened(attempt: Attempt) -> bool:
    again = select(TimeEntry.id).where(TimeEntry.attempt_id == attempt.id, TimeEntry.kind == TimeEntryKind.REOPENED)
    return db.session.scalar(again.limit(1)) is not None


def _is_proctored(attempt: Attempt) -> bool:
    return attempt.taking_as_proctored or attempt.provider_slug is not None


def _why_not_for_others(attempt: Attempt) -> str:
    """What else the learner has done since."""
    if ref := eligibility.newer_ref(attempt):
        return f"Reopen the newer attempt instead (reference {ref}). The learner has started this exam again."
    other = eligibility.clock_elsewhere(attempt)
    if other is None:
        return ""
    return f"Wait until the learner submits another exam (reference {other.ref}). Their clock is running there."


def _why_no_room(attempt: Attempt, *, now: datetime) -> str:
    closes_at = running_clock.closes_at(attempt, now=now)
    if closes_at is None or now < closes_at:
        return ""
    return "Grant a longer window first. The exam has closed for this learner, so no time would be left."


def foresee(attempt: Attempt, minutes: int, *, now: datetime) -> Clock:
    """The clock that :func:`reopen` would give; writes nothing."""
    known = running_clock.known(attempt, now=now)
    return running_clock.work_out(known, rows=_rows(attempt, known, minutes * 60, now=now), now=now)


def reopen(attempt: Attempt, minutes: int, cause: Cause, *, now: datetime) -> None:
    """Let the learner continue with their answers until ``minutes`` from now, or until the exam closes.

    Its marks go, and are worked out anew when it is submitted again; what came too late stays apart.

    :raises BadInput: no reason, or minutes that make no sense. :raises NotNow: it cannot be; says what can.
    """
    history.check_reason(cause)
    if not 1 <= minutes <= LARGEST_MINUTES:
        raise BadInput("minutes", "Enter between 1 and 1440 minutes (24 hours).")
    if reason := why_not(attempt, now=now):
        raise NotNow(reason)
    _reckon(attempt, minutes * 60, cause, now=now)
    attempt.completed_at, attempt.ended_by = None, None
    attempt.points, attempt.points_possible = None, None
    transitions.move(attempt, S.STARTED, cause, now=now, event=Event.REOPENED)


def _reckon(attempt: Attempt, seconds: int, cause: Cause, *, now: datetime) -> None:
    """Rows that leave ``seconds`` from now. What was not used is given up; the time in between is nobody's."""
    ended_at = attempt.completed_at or now
    known = running_clock.known(attempt, now=now)
    for part in running_clock.work_out(known, now=now).more:
        time_account.add_row(attempt, part.kind, part.seconds, now=now, cause=cause)
    for row in _rows(attempt, known, seconds, now=now):
        is_given = row.kind is TimeEntryKind.ADDED
        is_unused = row.kind is TimeEntryKind.UNUSED
        at = now if is_given else ended_at
        entry = time_account.add_row(attempt, row.kind, row.seconds, now=at, cause=None if is_unused else cause)
        entry.ended_at = now if row.kind is TimeEntryKind.REOPENED else None
    time_account.settle_again(attempt, cause, now=now)


def _rows(attempt: Attempt, known: Known, seconds: int, *, now: datetime) -> list[Row]:
    began_at, ended_at = attempt.started_at or now, attempt.completed_at or now
    more = sum(part.seconds for part in running_clock.work_out(known, now=now).more)
    total = sum(row.seconds for row in known.rows) + more
    used = min(math.ceil((ended_at - began_at).total_seconds()), total)
    until_now = math.ceil((now - began_at).total_seconds())
    rows = [Row(kind=TimeEntryKind.UNUSED, seconds=used - total)] if total > used else []
    rows.append(Row(kind=TimeEntryKind.REOPENED, seconds=until_now - used))
    return [*rows, Row(kind=TimeEntryKind.ADDED, seconds=seconds)]
