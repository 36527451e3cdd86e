"""Resetting an attempt: its time log ends truly, what follows is named, and for ten minutes it can be undone."""

import math
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.db import db
from portal.domain.attempts import eligibility
from portal.domain.errors import NotNow
from portal.domain.lifecycle import consequences, history, transitions
from portal.domain.lifecycle.history import Cause
from portal.domain.outbox import cases, messages
from portal.domain.timekeeping import exam_clock, running_clock, time_account
from portal.models import Attempt, CaseKind, Event, OutboxMessage, Registration, Review, TimeEntryKind
from portal.models.attempts.attempt import RUNNING

#: Nobody outside is told of a reset before this is over, or the learner has started again.
UNDO_WITHIN = timedelta(minutes=10)
TOLD = "The reset has already changed the provider's records, the credit or the grade."


def archive(attempt: Attempt, cause: Cause, *, now: datetime) -> None:
    """Reset an attempt: it is kept whole and no longer counts. Nothing is deleted; a second time does nothing.

    A clock that runs ends in this moment, and what was left of it is a row. When it can no longer be undone, its
    provider is asked to remove it, and what it meant for credit and grade is taken back.
    """
    if attempt.archived_at is not None:
        return
    if attempt.is_running:
        _end_log(attempt, cause, now=now)
    attempt.archived_at, attempt.archive_reason = now, cause.reason
    attempt.archived_by_id = cause.user.id if cause.user else None
    attempt.revision += 1  # An open page of it looks anew.
    transitions.happened(attempt, Event.ARCHIVED, cause, tell_at=now + UNDO_WITHIN, now=now)


def make_final(attempt: Attempt, *, now: datetime) -> None:
    """The learner has started again with ``attempt``: what their earlier resets call for is done at once."""
    reset = select(Attempt.id).where(
        Attempt.exam_id == attempt.exam_id,
        Attempt.learner_id == attempt.learner_id,
        Attempt.archived_at > now - UNDO_WITHIN,
    )
    messages.make_due(reset, now=now)


def _end_log(attempt: Attempt, cause: Cause, *, now: datetime) -> None:
    """Close what is open, and give up what was not used."""
    time_account.end_break(attempt, now=now)
    if attempt.is_paused:
        time_account.resume_clock(attempt, cause, now=now)
    known = running_clock.known(attempt, now=now)
    total = sum(row.seconds for row in known.rows)
    used = min(math.ceil((now - known.started_at).total_seconds()), total)
    if total > used:
        time_account.add_row(attempt, TimeEntryKind.UNUSED, used - total, now=now, cause=cause)
        time_account.settle_again(attempt, cause, now=now)


def what_follows(attempt: Attempt, *, now: datetime) -> list[str]:
    """What a reset does to this attempt, a sentence each, for whoever is about to press the button."""
    lines = [f"The portal keeps their {_number(attempt.answered_count, 'answer')} and the history."]
    if attempt.is_running:
        left = exam_clock.left_seconds(attempt, now=now) // 60
        lines.append(f"Their exam ends immediately with {_number(left, 'minute')} left, and their page says why.")
    reason = eligibility.why_not_after_reset(attempt, now=now)
    lines.append(f"They cannot start again: {reason}" if reason else "They can start again from the beginning.")
    lines.append("You can undo this for ten minutes, unless they start again.")
    if attempt.provider_slug:
        lines.append("After that, the portal asks the provider to delete the attempt and its recording.")
    if consequences.takes_back_credit(attempt):
        lines.append("After that, the portal withdraws its credit and grade.")
    return lines


def why_no_undo(attempt: Attempt, *, now: datetime) -> str:
    """Why a reset cannot be undone now; empty when it can."""
    if attempt.archived_at is None:
        return "This attempt has not been reset."
    if now >= attempt.archived_at + UNDO_WITHIN:
        return "Ten minutes have passed since the reset."
    if ref := eligibility.newer_ref(attempt):
        return f"The learner has already started again (reference {ref})."
    if _is_starting_again(attempt):
        return "The learner is starting again now. The portal is registering them with the provider."
    if ref := _reset_after(attempt):
        return f"Another attempt was reset after this one (reference {ref}). Undo that first."
    if any(message.tries or message.done_at for message in _enqueued_by_reset(attempt)):
        return TOLD
    other = eligibility.clock_elsewhere(attempt) if attempt.status in RUNNING else None
    return f"The learner's clock is running in another exam (reference {other.ref})." if other else ""


def _reset_after(attempt: Attempt) -> str | None:
    """The last reset is undone first: what it takes back depends on the attempts that were reset before it."""
    later = select(Attempt.ref).where(
        Attempt.exam_id == attempt.exam_id,
        Attempt.learner_id == attempt.learner_id,
        Attempt.archived_at > attempt.archived_at,
    )
    return db.session.scalar(later.limit(1))


def _is_starting_again(attempt: Attempt) -> bool:
    asked = select(Registration.id).where(
        Registration.exam_id == attempt.exam_id,
        Registration.learner_id == attempt.learner_id,
        Registration.settled_at.is_(None),
    )
    return db.session.scalar(asked.limit(1)) is not None


def _enqueued_by_reset(attempt: Attempt) -> list[OutboxMessage]:
    """The messages that its newest reset enqueued."""
    resets = history.list_of(attempt, Event.ARCHIVED)
    return messages.list_of_line(attempt, resets[-1].id) if resets else []


def undo(attempt: Attempt, cause: Cause, *, now: datetime) -> None:
    """Let a reset attempt count again, with the time that was left. The time in between is nobody's.

    :raises NotNow: says why it cannot be undone.
    """
    if reason := why_no_undo(attempt, now=now):
        raise NotNow(reason)
    if not messages.cancel(_enqueued_by_reset(attempt)):
        raise NotNow(TOLD)
    reset_at = attempt.archived_at or now
    attempt.archived_at, attempt.archived_by_id, attempt.archive_reason = None, None, None
    if attempt.status in RUNNING:
        _reopen_log(attempt, cause, reset_at, now=now)
    attempt.revision += 1
    transitions.happened(attempt, Event.RESET_UNDONE, cause, now=now)
    _call_for_a_look(attempt, reset_at, now=now)


def _call_for_a_look(attempt: Attempt, reset_at: datetime, *, now: datetime) -> None:
    """What a provider reported meanwhile has changed nothing, so a reviewer looks at it."""
    reported = select(Review.id).where(Review.attempt_id == attempt.id, Review.made_at > reset_at)
    if db.session.scalar(reported.limit(1)) is None:
        return
    text = f"{attempt.exam.name}: decide which report counts. The provider reported on this attempt while it was reset."
    kind, course_id = CaseKind.REPORT_TO_DECIDE, attempt.exam.course_id
    cases.count_in(kind, text, key=f"{attempt.ref}.{kind}", course_id=course_id, attempt=attempt, now=now)


def _reopen_log(attempt: Attempt, cause: Cause, reset_at: datetime, *, now: datetime) -> None:
    unused = [row for row in time_account.rows(attempt) if row.kind is TimeEntryKind.UNUSED and row.at == reset_at]
    for row in unused:
        time_account.add_row(attempt, TimeEntryKind.UNUSED, -row.seconds, now=now, cause=cause)
    between = math.ceil((now - reset_at).total_seconds())
    row = time_account.add_row(attempt, TimeEntryKind.REOPENED, between, now=reset_at, cause=cause)
    row.ended_at = now
    time_account.settle_again(attempt, cause, now=now)


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
