"""What the clock of an attempt is, or would be after a change: the one place that works it out, for verbs and previews.

:func:`known` reads what a clock depends on; :func:`work_out` adds it up and asks nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select

from portal.db import db
from portal.domain.timekeeping import allowances, budget
from portal.domain.timekeeping.budget import EntryFacts, Grant, Promise, Resumption
from portal.domain.timekeeping.exam_clock import Clock
from portal.models import Allowance, Attempt, Exam, ResumeState, TimeEntry, TimeEntryKind
from portal.models.attempts.resume_state import WAY_ON

GRANTED = (TimeEntryKind.BASE, TimeEntryKind.MULTIPLIER, TimeEntryKind.EXTRA)
PAUSES = (TimeEntryKind.PAUSE, TimeEntryKind.INTERRUPTION, TimeEntryKind.BREAK)
#: Rows that move the deadline and are no part of the learner's own time.
NOT_OWN = (*PAUSES, TimeEntryKind.REOPENED)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of the time log, written down or only supposed."""

    kind: TimeEntryKind
    seconds: int
    is_open: bool = False


@dataclass(frozen=True, kw_only=True)
class Known:
    """All that the clock of an attempt depends on."""

    started_at: datetime
    promise: Promise
    rows: tuple[Row, ...]
    has_seconds: Mapping[TimeEntryKind, int]
    """What allowances have given so far, also in the attempts that this one resumes."""
    in_force: tuple[Allowance, ...]
    paused_at: datetime | None = None
    break_used_before_seconds: int = 0

    @property
    def is_on_a_break(self) -> bool:
        return self.paused_at is not None and any(r.is_open and r.kind is TimeEntryKind.BREAK for r in self.rows)


def work_out(
    known: Known, *, rows: Sequence[Row] = (), in_force: Sequence[Allowance] | None = None, now: datetime
) -> Clock:
    """Add it all up and let the window cut. ``rows``: supposed besides; ``in_force``: supposed instead."""
    granted = known.in_force if in_force is None else tuple(in_force)
    more = _differences(known, granted)
    account = [*known.rows, *rows]
    still = sum(row.seconds for row in account if row.kind in NOT_OWN)
    own = sum(row.seconds for row in account) - still + sum(part.seconds for part in more)
    window_closes_at = budget.closes_for(known.promise.closes_at, granted)
    uncut = known.started_at + timedelta(seconds=own + still)
    breaks = sum(row.seconds for row in account if row.kind is TimeEntryKind.BREAK and not row.is_open)
    bank, used = budget.break_bank_seconds(granted), known.break_used_before_seconds + breaks
    return Clock(
        more=more,
        own_seconds=own,
        deadline_at=max(min(uncut, window_closes_at) if window_closes_at else uncut, known.started_at),
        window_closes_at=window_closes_at,
        paused_at=known.paused_at,
        break_bank_seconds=bank,
        break_used_seconds=used,
        break_ends_at=_break_ends_at(known, max(0, bank - used), window_closes_at, now=now),
    )


def _differences(known: Known, granted: Sequence[Allowance]) -> tuple[Grant, ...]:
    wanted = {part.kind: part.seconds for part in budget.grants(known.promise.limit_seconds, granted)}
    kinds = [kind for kind in GRANTED if kind is not TimeEntryKind.BASE]
    parts = [Grant(kind=k, seconds=wanted.get(k, 0) - known.has_seconds.get(k, 0)) for k in kinds]
    return tuple(part for part in parts if part.seconds)


def _break_ends_at(
    known: Known, left_seconds: int, window_closes_at: datetime | None, *, now: datetime
) -> datetime | None:
    """When an open break is over. Where its minutes have just been taken back that is now: so far it was one."""
    if known.paused_at is None or not known.is_on_a_break:
        return None
    empty_at = max(known.paused_at + timedelta(seconds=left_seconds), now)
    return min(empty_at, window_closes_at) if window_closes_at else empty_at


def known(attempt: Attempt, *, now: datetime) -> Known:
    """Read it for a started attempt. A break that is over counts as ended, though nobody has written it down."""
    entries = db.session.scalars(
        select(TimeEntry).where(TimeEntry.attempt_id == attempt.id).order_by(TimeEntry.id)
    ).all()
    return known_from(attempt, entries, in_force_for(attempt, now=now), now=now)


def known_from(
    attempt: Attempt, entries: Sequence[TimeEntry], in_force: Sequence[Allowance], *, now: datetime
) -> Known:
    """The same, for whoever has read rows and allowances already."""
    has = granted_seconds(attempt) if attempt.resumes_id else _sums(entries)
    found = Known(
        started_at=attempt.started_at or now,
        promise=promise_to(attempt, has),
        rows=tuple(Row(kind=e.kind, seconds=e.seconds, is_open=_is_open(e)) for e in entries),
        has_seconds=has,
        in_force=tuple(in_force),
        paused_at=attempt.paused_at,
        break_used_before_seconds=_used_before(attempt),
    )
    is_over = attempt.break_ends_at is not None and now >= attempt.break_ends_at
    return _without_break(found, attempt.break_ends_at) if is_over and attempt.break_ends_at else found


def _without_break(found: Known, ended_at: datetime) -> Known:
    paused_seconds = round((ended_at - (found.paused_at or ended_at)).total_seconds())
    rows = tuple(replace(row, seconds=paused_seconds, is_open=False) if row.is_open else row for row in found.rows)
    return replace(found, rows=rows, paused_at=None)


def _is_open(entry: TimeEntry) -> bool:
    return entry.ended_at is None and entry.kind in PAUSES


def _sums(entries: Sequence[TimeEntry]) -> dict[TimeEntryKind, int]:
    return {kind: sum(e.seconds for e in entries if e.kind is kind) for kind in GRANTED}


def granted_seconds(attempt: Attempt) -> dict[TimeEntryKind, int]:
    """What allowances have given so far, by kind: here, and in the attempts that this one resumes."""
    chain, earlier = [attempt.id], attempt.resumes_id
    while earlier is not None:
        chain.append(earlier)
        earlier = db.session.scalar(select(Attempt.resumes_id).where(Attempt.id == earlier))
    sums = (
        select(TimeEntry.kind, func.sum(TimeEntry.seconds))
        .where(TimeEntry.attempt_id.in_(chain), TimeEntry.kind.in_(GRANTED))
        .group_by(TimeEntry.kind)
    )
    return {kind: int(seconds or 0) for kind, seconds in db.session.execute(sums)}


def _used_before(attempt: Attempt) -> int:
    """Of the break bank, by the attempts that this one continues from: a bank is for an exam, not for an attempt."""
    if attempt.resumes_id is None:
        return 0
    return db.session.scalar(select(Attempt.break_used_seconds).where(Attempt.id == attempt.resumes_id)) or 0


def promise_to(attempt: Attempt, has: Mapping[TimeEntryKind, int] | None = None) -> Promise:
    """What the exam has promised the attempt, and what it gives now where that is later."""
    now_given = budget.promise_of(attempt.exam)
    if attempt.limit_seconds is None:
        return replace(now_given, limit_seconds=(has or {}).get(TimeEntryKind.BASE) or now_given.limit_seconds)
    closes_at = budget.later(attempt.promised_close_at, now_given.closes_at)
    return Promise(limit_seconds=attempt.limit_seconds, closes_at=closes_at)


def in_force_for(attempt: Attempt, *, now: datetime) -> list[Allowance]:
    """The allowances that count for an attempt. One that counted at its start counts to its end."""
    return allowances.in_force(attempt.exam, attempt.learner_id, now=attempt.promised_at or attempt.started_at or now)


def after_adding(
    attempt: Attempt, minutes: int, *, in_force: Sequence[Allowance] | None = None, now: datetime
) -> Clock:
    """The clock of a running attempt with ``minutes`` more, or with a negative number fewer."""
    kind = TimeEntryKind.ADDED if minutes > 0 else TimeEntryKind.TAKEN
    rows = [Row(kind=kind, seconds=minutes * 60)]
    return work_out(known(attempt, now=now), rows=rows, in_force=in_force, now=now)


def closes_at(attempt: Attempt, *, now: datetime) -> datetime | None:
    """When the exam closes for this attempt: whatever is given ends then."""
    return budget.closes_for(promise_to(attempt).closes_at, in_force_for(attempt, now=now))


def before_start(exam: Exam, learner_id: int, latest: Attempt | None, *, now: datetime) -> EntryFacts:
    """What a start would give a learner whose newest attempt is ``latest``: of the exam, or of what continues."""
    if latest is None or not will_resume(latest):
        return budget.entry_facts(exam, allowances.in_force(exam, learner_id, now=now), now=now)
    return resumption(latest, in_force_for(latest, now=now), now=now)


def start_of(attempt: Attempt, *, now: datetime) -> tuple[EntryFacts, list[Allowance]]:
    """What a start of an attempt that has not begun gives, and the allowances that count for it."""
    in_force = in_force_for(attempt, now=now)
    if will_resume(attempt):
        return resumption(attempt, in_force, now=now), in_force
    return budget.entry_facts(attempt.exam, in_force, now=now), in_force


def resumption(attempt: Attempt, in_force: Sequence[Allowance], *, extra_seconds: int = 0, now: datetime) -> EntryFacts:
    """What a start gives that continues with what was kept of ``attempt``, or for it by the one that it resumes."""
    has = granted_seconds(attempt)
    kept = attempt.time_remaining_seconds
    used = attempt.break_used_seconds if attempt.started_at else _used_before(attempt)
    resumed = Resumption(
        kept_seconds=None if kept is None else kept + extra_seconds, has_seconds=has, break_used_seconds=used
    )
    return budget.entry_facts(attempt.exam, in_force, now=now, promise=promise_to(attempt, has), resumed=resumed)


def will_resume(latest: Attempt) -> bool:
    """Whether a start after ``latest`` continues with what was kept: of it, or of the one that it resumes."""
    if latest.resume_state in WAY_ON:
        return latest.resume_state is ResumeState.GRANTED
    if latest.is_suspended:
        return True
    return latest.resumes_id is not None and latest.started_at is None


def while_running(attempt: Attempt) -> EntryFacts:
    """The same numbers for an attempt whose clock has started: what it has, not what its exam would give now."""
    is_limited = attempt.limit_seconds is not None
    closes_at = attempt.window_closes_at if is_limited else budget.exam_closes_at(attempt.exam)
    return EntryFacts(
        grants=(Grant(kind=TimeEntryKind.BASE, seconds=attempt.own_seconds),),
        own_seconds=attempt.own_seconds,
        would_get_seconds=attempt.own_seconds,
        opens_at=attempt.exam.opens_at,
        closes_at=closes_at,
        full_until_at=None,
        break_bank_seconds=max(0, attempt.break_bank_seconds - attempt.break_used_seconds),
    )
