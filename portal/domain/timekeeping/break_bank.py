"""The minutes for which a learner may stop their own clock: what is in the bank, what is used, when it is empty."""

from datetime import datetime, timedelta

from portal.models import Attempt


def ends_at(attempt: Attempt) -> datetime | None:
    """When a break that began when the clock stopped is over: the bank is empty, or the exam closes."""
    if attempt.paused_at is None:
        return None
    empty_at = attempt.paused_at + timedelta(seconds=unspent_seconds(attempt))
    return min(empty_at, attempt.window_closes_at) if attempt.window_closes_at else empty_at


def unspent_seconds(attempt: Attempt) -> int:
    """What the bank held when the present break began, or holds now."""
    return max(0, attempt.break_bank_seconds - attempt.break_used_seconds)


def left_seconds(attempt: Attempt, *, now: datetime) -> int:
    """What the bank holds now, also in the middle of a break; rounded up, as what is left always is."""
    if attempt.break_ends_at is None or attempt.paused_at is None:
        return unspent_seconds(attempt)
    used = min(now, attempt.break_ends_at) - attempt.paused_at
    return max(0, unspent_seconds(attempt) - max(0, int(used.total_seconds())))
