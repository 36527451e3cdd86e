"""Stopping a clock on purpose: the learner's own break out of their bank, a pause by the course team, and its end."""

from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.errors import NotNow
from portal.domain.lifecycle import history
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import break_bank, running_clock, time_account
from portal.models import Attempt, TimeEntry, TimeEntryKind, User


def take(attempt: Attempt, learner: User, *, now: datetime) -> None:
    """The learner stops their own clock, for as long as their bank has minutes. A second press does nothing.

    :raises NotNow: the bank is empty, or the clock does not run.
    """
    time_account.end_break(attempt, now=now)
    if attempt.is_paused:
        return
    if not break_bank.unspent_seconds(attempt):
        raise NotNow("You have no break time left.")
    cause = Cause(actor=Actor.LEARNER, user=learner)
    time_account.pause_clock(attempt, TimeEntryKind.BREAK, cause, now=now)
    attempt.break_ends_at = break_bank.ends_at(attempt)


def pause(attempt: Attempt, cause: Cause, *, learner_may_end: bool = False, now: datetime) -> None:
    """The course team stops the clock, also that of a learner on a break: from now on it costs their bank nothing.

    :raises BadInput: no reason. :raises NotNow: the clock does not run.
    """
    history.check_reason(cause)
    if attempt.break_ends_at is not None:
        time_account.resume_clock(attempt, cause, now=now)
    time_account.pause_clock(attempt, TimeEntryKind.PAUSE, cause, now=now)
    stopped = open_row(attempt)
    if stopped is not None and stopped.kind is TimeEntryKind.PAUSE:
        stopped.learner_may_end = learner_may_end


def resume_clock(attempt: Attempt, learner: User, *, now: datetime) -> None:
    """Let the learner continue: after a break, or after a pause that the team lets them end. Running, nothing happens.

    :raises NotNow: somebody else decides when it continues.
    """
    time_account.end_break(attempt, now=now)
    if not attempt.is_paused:
        return
    if not learner_may_end(open_row(attempt)):
        raise NotNow(
            "The course team has paused your exam and will let you continue as soon as they can. Nothing is lost."
        )
    time_account.resume_clock(attempt, Cause(actor=Actor.LEARNER, user=learner), now=now)


def learner_may_end(stopped: TimeEntry | None) -> bool:
    return stopped is not None and (stopped.kind is TimeEntryKind.BREAK or stopped.learner_may_end)


def open_row(attempt: Attempt) -> TimeEntry | None:
    """The row of the account for which the clock is paused; None while it runs."""
    query = select(TimeEntry).where(
        TimeEntry.attempt_id == attempt.id,
        TimeEntry.kind.in_(running_clock.PAUSES),
        TimeEntry.ended_at.is_(None),
    )
    return db.session.scalar(query) if attempt.is_paused else None
