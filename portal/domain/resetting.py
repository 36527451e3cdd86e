"""Resetting an attempt: its time log ends truly, what follows is named, and for ten minutes it can be undone."""

import math
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.db import db
from portal.domain import clock_state, consequences, eligibility, history, lifecycle, running_clock, time_account
from portal.domain.errors import NotNow
from portal.domain.history import Deed
from portal.models import Attempt, Event, TimeEntryKind
from portal.models.attempt import RUNNING

UNDO_WITHIN = timedelta(minutes=10)


def archive(attempt: Attempt, deed: Deed, *, now: datetime) -> None:
    """Reset an attempt: it is kept whole and no longer counts. Nothing is deleted; a second time does nothing.

    A clock that runs ends in this moment, and what was left of it is a row. Its provider is asked to remove it, and
    what it meant for credit and grade is undone.
    """
    if attempt.archived_at is not None:
        return
    if attempt.is_running:
        _end_log(attempt, deed, now=now)
    attempt.archived_at, attempt.archive_reason = now, deed.reason
    attempt.archived_by_id = deed.by.id if deed.by else None
    attempt.revision += 1  # An open page of it looks anew.
    lifecycle.happened(attempt, Event.ARCHIVED, deed, now=now)


def _end_log(attempt: Attempt, deed: Deed, *, now: datetime) -> None:
    """Close what is open, and give up what was not used."""
    time_account.end_break(attempt, now=now)
    if attempt.is_paused:
        time_account.go_on(attempt, deed, now=now)
    known = running_clock.known(attempt, now=now)
    total = sum(row.seconds for row in known.rows)
    used = min(math.ceil((now - known.started_at).total_seconds()), total)
    if total > used:
        time_account.add_row(attempt, TimeEntryKind.UNUSED, used - total, now=now, deed=deed)
        time_account.settle_again(attempt, deed, now=now)


def what_follows(attempt: Attempt, *, now: datetime) -> list[str]:
    """What a reset does to this attempt, a sentence each, for whoever is about to press the button."""
    lines = [f"Their {_number(attempt.answered_count, 'answer')} and the history are kept."]
    if attempt.is_running:
        left = clock_state.left_seconds(attempt, now=now) // 60
        lines.append(
            f"Their exam ends at once, with {_number(left, 'minute')} left. Their page says that it was reset."
        )
    if attempt.taking_as_proctored and attempt.provider_slug:
        lines.append("The provider is asked to remove the attempt and its recording.")
    if attempt.status in consequences.CREDITED and attempt.taking_as_proctored and not attempt.is_sample:
        lines.append("What it meant for credit and grade is taken back.")
    reason = eligibility.why_not_after_reset(attempt, now=now)
    lines.append(f"They cannot start again: {reason}" if reason else "They can start again from the beginning.")
    lines.append(why_never_undone(attempt) or "You can undo it for ten minutes, while they have not started again.")
    return lines


def why_never_undone(attempt: Attempt) -> str:
    """Why a reset of this attempt is final from the first moment; empty when it is not."""
    if attempt.provider_slug is None:
        return ""
    return "It cannot be undone, because the provider removes the attempt."


def why_no_undo(attempt: Attempt, *, now: datetime) -> str:
    """Why a reset cannot be undone now; empty when it can."""
    if attempt.archived_at is None:
        return "It has not been reset."
    if reason := why_never_undone(attempt):
        return reason
    if now >= attempt.archived_at + UNDO_WITHIN:
        return "Ten minutes have passed since the reset."
    newer = select(Attempt.ref).where(
        Attempt.exam_id == attempt.exam_id,
        Attempt.learner_id == attempt.learner_id,
        Attempt.id > attempt.id,
        Attempt.archived_at.is_(None),
    )
    if ref := db.session.scalar(newer.limit(1)):
        return f"The learner has started again since (reference {ref})."
    other = eligibility.clock_elsewhere(attempt) if attempt.status in RUNNING else None
    return f"The learner's clock runs in another exam (reference {other.ref})." if other else ""


def undo(attempt: Attempt, deed: Deed, *, now: datetime) -> None:
    """Let a reset attempt count again, with the time that was left. The time in between is nobody's.

    :raises NotNow: says why it cannot be undone.
    """
    if reason := why_no_undo(attempt, now=now):
        raise NotNow(reason)
    reset_at = attempt.archived_at or now
    attempt.archived_at, attempt.archived_by_id, attempt.archive_reason = None, None, None
    if attempt.status in RUNNING:
        _reopen_log(attempt, deed, reset_at, now=now)
    attempt.revision += 1
    history.record(attempt, deed, was=attempt.status, now=now, event=Event.RESET_UNDONE)


def _reopen_log(attempt: Attempt, deed: Deed, reset_at: datetime, *, now: datetime) -> None:
    given_up = [row for row in time_account.rows(attempt) if row.kind is TimeEntryKind.UNUSED and row.at == reset_at]
    for row in given_up:
        time_account.add_row(attempt, TimeEntryKind.UNUSED, -row.seconds, now=now, deed=deed)
    between = math.ceil((now - reset_at).total_seconds())
    stood = time_account.add_row(attempt, TimeEntryKind.REOPENED, between, now=reset_at, deed=deed)
    stood.ended_at = now
    time_account.settle_again(attempt, deed, now=now)


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
