"""The arithmetic of time: what a learner is granted, when the window cuts it, what a clock comes to. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
class Promise:
    """What an exam gives an attempt whatever becomes of the exam: how long it takes and when it closes.

    ``closes_at`` is the closing for everybody, before a longer window of one's own; None: never.
    """

    limit_seconds: int
    closes_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Resumption:
    """What an attempt that continues from another begins with."""

    kept_seconds: int | None
    """What was left on the clock; None where it never ran, so that the whole time is given."""
    has_seconds: Mapping[TimeEntryKind, int] = field(default_factory=dict)
    """What allowances have given already, by kind."""
    break_used_seconds: int = 0


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
    """Until when a start still gives all of their minutes and breaks; None when nothing cuts."""
    break_bank_seconds: int = 0
    begins_at: datetime | None = None
    """Now, or the opening if that is later."""

    @property
    def is_cut(self) -> bool:
        return self.would_get_seconds < self.own_seconds

    @property
    def cuts_breaks(self) -> bool:
        """Whether all minutes fit, but not with every break taken."""
        is_late = self.full_until_at is not None and self.begins_at is not None and self.full_until_at < self.begins_at
        return is_late and not self.is_cut and self.break_bank_seconds > 0

    @property
    def is_resumed(self) -> bool:
        return bool(self.grants) and self.grants[0].kind is TimeEntryKind.RESUMED


def exam_closes_at(exam: Exam) -> datetime | None:
    """When an exam closes for everybody. A timed one without a closing time closes with its course, as in edX."""
    if exam.closes_at is None and exam.kind is ExamKind.TIMED:
        return exam.course.ends_at
    return exam.closes_at


def promise_of(exam: Exam) -> Promise:
    """What a start would be promised now."""
    return Promise(limit_seconds=exam.time_limit_minutes * 60, closes_at=exam_closes_at(exam))


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two closings, of which None is never."""
    return max(one, other) if one is not None and other is not None else None


def grants(limit_seconds: int, allowances: Sequence[Allowance]) -> tuple[Grant, ...]:
    """Base, then the largest multiplier, then the sum of extra minutes."""
    parts = [Grant(kind=TimeEntryKind.BASE, seconds=limit_seconds)]
    percents = [a.percent or 100 for a in allowances if a.kind is AllowanceKind.MULTIPLIER]
    if percents and max(percents) > 100:
        # Whole seconds, rounded up: what is granted is never rounded away.
        seconds = -(-limit_seconds * (max(percents) - 100) // 100)
        parts.append(Grant(kind=TimeEntryKind.MULTIPLIER, seconds=seconds))
    extra = sum(a.minutes or 0 for a in allowances if a.kind is AllowanceKind.EXTRA_MINUTES) * 60
    if extra:
        parts.append(Grant(kind=TimeEntryKind.EXTRA, seconds=extra))
    return tuple(parts)


def own_seconds(exam: Exam, allowances: Sequence[Allowance]) -> int:
    """A learner's own total for an exam that they have not begun, before the window cuts it."""
    return sum(grant.seconds for grant in grants(exam.time_limit_minutes * 60, allowances))


def starting_grants(
    promise: Promise, allowances: Sequence[Allowance], resumed: Resumption | None = None
) -> tuple[Grant, ...]:
    """What a start gives. Whoever continues has what was kept, and what allowances have given or lost since."""
    whole = grants(promise.limit_seconds, allowances)
    if resumed is None or resumed.kept_seconds is None:
        return whole
    wanted = {grant.kind: grant.seconds for grant in whole}
    since = [
        Grant(kind=kind, seconds=wanted.get(kind, 0) - resumed.has_seconds.get(kind, 0))
        for kind in (TimeEntryKind.MULTIPLIER, TimeEntryKind.EXTRA)
    ]
    kept = Grant(kind=TimeEntryKind.RESUMED, seconds=resumed.kept_seconds)
    return (kept, *(grant for grant in since if grant.seconds))


def break_bank_seconds(allowances: Sequence[Allowance]) -> int:
    """For how long a learner may stop their clock. The largest counts: an exam's is not added to the course's."""
    return 60 * max((a.minutes or 0 for a in allowances if a.kind is AllowanceKind.BREAK_BANK), default=0)


def closes_for(closes_at: datetime | None, allowances: Sequence[Allowance]) -> datetime | None:
    """A closing for everybody, later by a learner's longest window allowance."""
    longer = max((a.minutes or 0 for a in allowances if a.kind is AllowanceKind.LONGER_WINDOW), default=0)
    return closes_at + timedelta(minutes=longer) if closes_at is not None else None


def window_closes_at(exam: Exam, allowances: Sequence[Allowance]) -> datetime | None:
    """When the exam closes for a learner who has not begun it."""
    return closes_for(exam_closes_at(exam), allowances)


def entry_facts(
    exam: Exam,
    allowances: Sequence[Allowance],
    *,
    now: datetime,
    promise: Promise | None = None,
    resumed: Resumption | None = None,
) -> EntryFacts:
    """The numbers before a start, as they would be for one at ``now`` (or at the opening, if later).

    ``promise`` and ``resumed``: of the attempt that continues; without them the exam's own.
    """
    promise = promise or promise_of(exam)
    parts = starting_grants(promise, allowances, resumed)
    own = max(0, sum(part.seconds for part in parts))
    closes_at = closes_for(promise.closes_at, allowances)
    opens_at = exam.opens_at if resumed is None else None  # Who continues has been in it already.
    begins_at = max(now, opens_at) if opens_at else now
    bank = max(0, break_bank_seconds(allowances) - (resumed.break_used_seconds if resumed else 0))
    return EntryFacts(
        grants=parts,
        own_seconds=own,
        would_get_seconds=_cut(own, begins_at, closes_at),
        opens_at=opens_at,
        closes_at=closes_at,
        full_until_at=closes_at - timedelta(seconds=own + bank) if closes_at else None,
        break_bank_seconds=bank,
        begins_at=begins_at,
    )


def _cut(own: int, begins_at: datetime, closes_at: datetime | None) -> int:
    """As much of a learner's own seconds as the window leaves."""
    return own if closes_at is None else max(0, min(own, int((closes_at - begins_at).total_seconds())))


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
