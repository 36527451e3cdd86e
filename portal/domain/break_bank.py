"""The minutes for which a learner may stop their own clock: what is in the bank, what is used, when it is empty."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.db import db
from portal.domain import timing
from portal.models import Allowance, Attempt, TimeEntry, TimeEntryKind


def fit(attempt: Attempt, account: Sequence[TimeEntry], in_force: Sequence[Allowance]) -> None:
    """Keep on the attempt what its bank holds and has given, and when an open break ends by itself."""
    breaks = [row for row in account if row.kind is TimeEntryKind.BREAK]
    attempt.break_bank_seconds = timing.break_bank_seconds(in_force)
    attempt.break_used_seconds = _used_before(attempt) + sum(row.seconds for row in breaks if row.ended_at)
    is_on_a_break = attempt.is_paused and any(row.ended_at is None for row in breaks)
    attempt.break_ends_at = ends_at(attempt) if is_on_a_break else None


def ends_at(attempt: Attempt) -> datetime | None:
    """When a break that began when the clock stopped is over: the bank is empty, or the exam closes."""
    if attempt.paused_at is None:
        return None
    empty_at = attempt.paused_at + timedelta(seconds=unspent_seconds(attempt))
    return min(empty_at, attempt.cut_at) if attempt.cut_at else empty_at


def unspent_seconds(attempt: Attempt) -> int:
    """What the bank held when the present break began, or holds now."""
    return max(0, attempt.break_bank_seconds - attempt.break_used_seconds)


def left_seconds(attempt: Attempt, *, now: datetime) -> int:
    """What the bank holds now, also in the middle of a break; rounded up, as what is left always is."""
    if attempt.break_ends_at is None or attempt.paused_at is None:
        return unspent_seconds(attempt)
    used = min(now, attempt.break_ends_at) - attempt.paused_at
    return max(0, unspent_seconds(attempt) - max(0, int(used.total_seconds())))


def _used_before(attempt: Attempt) -> int:
    """By the attempts that this one goes on from: a bank is for an exam, not for an attempt."""
    if attempt.resumes_id is None:
        return 0
    return db.session.scalar(select(Attempt.break_used_seconds).where(Attempt.id == attempt.resumes_id)) or 0
