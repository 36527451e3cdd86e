"""The arithmetic of time: what a learner is granted, when the window cuts it, when to warn. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.models import Allowance, AllowanceKind, Exam, ExamKind, TimeEntryKind

#: Totals in seconds below which the warnings change: from -> (low, critical), in seconds.
LONG_EXAM_SECONDS, SHORT_EXAM_SECONDS = 30 * 60, 10 * 60


@dataclass(frozen=True, kw_only=True)
class Grant:
    """One part of a learner's own time, before the window cuts it."""

    kind: TimeEntryKind
    seconds: int
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class EntryFacts:
    """What a learner should know before they press Start."""

    grants: tuple[Grant, ...]
    own_seconds: int
    would_get_seconds: int
    """What they would have if they started now; smaller than ``own_seconds`` when the window cuts."""
    opens_at: datetime | None
    closes_at: datetime | None
    full_until_at: datetime | None
    """Until when a start still gives all of their minutes; None when nothing cuts."""
    break_bank_seconds: int = 0

    @property
    def is_cut(self) -> bool:
        return self.would_get_seconds < self.own_seconds


def grants(exam: Exam, allowances: Sequence[Allowance]) -> tuple[Grant, ...]:
    """Base, then the largest multiplier, then the sum of extra minutes."""
    base = exam.time_limit_minutes * 60
    parts = [Grant(kind=TimeEntryKind.BASE, seconds=base)]
    percents = [a.percent or 100 for a in allowances if a.kind is AllowanceKind.MULTIPLIER]
    if percents and max(percents) > 100:
        # Whole seconds, rounded up: what is granted is never rounded away.
        parts.append(Grant(kind=TimeEntryKind.MULTIPLIER, seconds=-(-base * (max(percents) - 100) // 100)))
    extra = sum(a.minutes or 0 for a in allowances if a.kind is AllowanceKind.EXTRA_MINUTES) * 60
    if extra:
        parts.append(Grant(kind=TimeEntryKind.EXTRA, seconds=extra))
    return tuple(parts)


def break_bank_seconds(allowances: Sequence[Allowance]) -> int:
    """For how long a learner may stop their clock. The largest counts: an exam's is not added to the course's."""
    return 60 * max((a.minutes or 0 for a in allowances if a.kind is AllowanceKind.BREAK_BANK), default=0)


def window_closes_at(exam: Exam, allowances: Sequence[Allowance]) -> datetime | None:
    """When the exam closes for this learner: its own closing time, later by their longest window allowance.

    A timed exam without one closes with its course, as in edx-proctoring.
    """
    closes_at = exam.closes_at
    if closes_at is None and exam.kind is ExamKind.TIMED:
        closes_at = exam.course.ends_at
    if closes_at is None:
        return None
    longer = max((a.minutes or 0 for a in allowances if a.kind is AllowanceKind.LONGER_WINDOW), default=0)
    return closes_at + timedelta(minutes=longer)


def entry_facts(exam: Exam, allowances: Sequence[Allowance], *, now: datetime) -> EntryFacts:
    """The numbers of the entry page, as they would be for a start at ``now`` (or at the opening, if later)."""
    parts = grants(exam, allowances)
    own_seconds = sum(part.seconds for part in parts)
    closes_at = window_closes_at(exam, allowances)
    begins_at = max(now, exam.opens_at) if exam.opens_at else now
    would_get = own_seconds
    if closes_at is not None:
        would_get = max(0, min(own_seconds, int((closes_at - begins_at).total_seconds())))
    return EntryFacts(
        grants=parts,
        own_seconds=own_seconds,
        would_get_seconds=would_get,
        opens_at=exam.opens_at,
        closes_at=closes_at,
        full_until_at=closes_at - timedelta(seconds=own_seconds) if closes_at else None,
        break_bank_seconds=break_bank_seconds(allowances),
    )


def thresholds_seconds(own_seconds: int) -> tuple[int, int]:
    """When the clock looks low, and when critical, for a learner's own total."""
    if own_seconds >= LONG_EXAM_SECONDS:
        return 600, 120
    if own_seconds >= SHORT_EXAM_SECONDS:
        return 300, 60
    return own_seconds // 5, own_seconds // 20


def poll_seconds(left_seconds: float) -> int:
    """When the server wants the next question of a visible page."""
    if left_seconds > 600:
        return 30
    return 15 if left_seconds > 120 else 10
