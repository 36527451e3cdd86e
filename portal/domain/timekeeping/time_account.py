"""An attempt's time log: rows that add up to its deadline, and the verbs that add them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain.errors import BadInput, NotNow
from portal.domain.lifecycle import history, transitions
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import exam_clock, notices, running_clock
from portal.domain.timekeeping.budget import EntryFacts, Promise
from portal.domain.timekeeping.exam_clock import Clock
from portal.domain.timekeeping.running_clock import NOT_OWN, PAUSES, Known
from portal.models import Allowance, Attempt, Event, NoticeKind, TimeEntry, TimeEntryKind

#: Taking time away never leaves less than this, so that nobody's exam ends under their hands.
LEAST_LEFT = timedelta(minutes=5)
LARGEST_GIFT_MINUTES = 24 * 60
#: Of a page without a script: there somebody has to read a line and press Save.
GRACE_OF_PLAIN_PAGES = timedelta(seconds=90)

#: What the history calls a clock that stops for such a row, and one that continues.
BEGAN = {
    TimeEntryKind.PAUSE: Event.PAUSE_BEGAN,
    TimeEntryKind.INTERRUPTION: Event.INTERRUPTION_BEGAN,
    TimeEntryKind.BREAK: Event.BREAK_BEGAN,
}
ENDED = {
    TimeEntryKind.PAUSE: Event.PAUSE_ENDED,
    TimeEntryKind.INTERRUPTION: Event.INTERRUPTION_ENDED,
    TimeEntryKind.BREAK: Event.BREAK_ENDED,
}


def rows(attempt: Attempt) -> list[TimeEntry]:
    query = select(TimeEntry).where(TimeEntry.attempt_id == attempt.id).order_by(TimeEntry.id)
    return list(db.session.scalars(query.options(joinedload(TimeEntry.by))))


def used_seconds(attempt: Attempt) -> int:
    """For how long the clock of an ended attempt ran, without the time that it was paused; 0 when it never did."""
    if attempt.started_at is None or attempt.completed_at is None:
        return 0
    paused_seconds = select(func.sum(TimeEntry.seconds)).where(
        TimeEntry.attempt_id == attempt.id, TimeEntry.kind.in_(NOT_OWN)
    )
    passed_seconds = int((attempt.completed_at - attempt.started_at).total_seconds())
    return max(0, passed_seconds - int(db.session.scalar(paused_seconds) or 0))


def open_account(attempt: Attempt, facts: EntryFacts, in_force: Sequence[Allowance], *, now: datetime) -> None:
    """Write the first rows at the moment of Start, keep what the exam promises, and set the deadline.

    ``facts``: what was foretold of this start. Who continues from another attempt keeps that one's promise.
    """
    promise = running_clock.promise_to(attempt)
    attempt.limit_seconds, attempt.promised_close_at = promise.limit_seconds, promise.closes_at
    attempt.promised_at = attempt.promised_at or now
    account = [add_row(attempt, grant.kind, grant.seconds, now=now) for grant in facts.grants]
    known = running_clock.known_from(attempt, account, in_force, now=now)
    _store(attempt, running_clock.work_out(known, now=now), known.promise)


def recount(attempt: Attempt, cause: Cause, *, now: datetime) -> bool:
    """Bring a running attempt in line with the allowances and the window now in force; True when its time changed.

    What changed is a row of its own, so the account still says who, when and why. Harmless twice.
    """
    end_break(attempt, now=now)
    return settle(attempt, running_clock.known(attempt, now=now), cause, now=now)


def settle(attempt: Attempt, known: Known, cause: Cause, *, now: datetime) -> bool:
    """Write down what ``known`` comes to, with a row for each part that is new; True when the deadline changed."""
    clock, before = running_clock.work_out(known, now=now), exam_clock.deadline_of(attempt, now=now)
    if _is_as_stored(attempt, clock):
        attempt.promised_close_at = known.promise.closes_at
        return False
    write(attempt, clock, cause, now=now)
    _store(attempt, clock, known.promise)
    end_break(attempt, now=now)
    after = exam_clock.deadline_of(attempt, now=now)
    changed_seconds = round((after - before).total_seconds()) if before and after else 0
    if changed_seconds:
        notices.tell(attempt, changed_seconds, cause, now=now)
    return changed_seconds != 0


def write(attempt: Attempt, clock: Clock, cause: Cause, *, now: datetime) -> None:
    """Rows for what a clock has beyond its account: from allowances, and from a window that was moved."""
    for part in clock.more:
        add_row(attempt, part.kind, part.seconds, now=now, cause=cause)
    given = timedelta(seconds=sum(part.seconds for part in clock.more))
    was_moved = attempt.window_closes_at != clock.window_closes_at
    if was_moved and attempt.deadline_at is not None and clock.deadline_at - attempt.deadline_at != given:
        add_row(attempt, TimeEntryKind.WINDOW, 0, now=now, cause=cause)


def add_time(attempt: Attempt, minutes: int, cause: Cause, *, now: datetime) -> TimeEntry:
    """Give a running attempt more minutes, or with a negative number take some away.

    :raises BadInput: no reason, no minutes, or more than a day.
    :raises NotNow: the attempt is not running, the window leaves no room, or less than five minutes would be left.
    """
    _check_gift(attempt, minutes, cause)
    end_break(attempt, now=now)
    kind = TimeEntryKind.ADDED if minutes > 0 else TimeEntryKind.TAKEN
    before = exam_clock.deadline_of(attempt, now=now) or now
    after = running_clock.after_adding(attempt, minutes, now=now).ends_at(now=now)
    if minutes > 0 and after <= before:
        raise NotNow("Extend the window for this learner too. The exam closes before these minutes would start.")
    if minutes < 0 and after - now < LEAST_LEFT:
        raise NotNow("Remove fewer minutes. At least five minutes must remain.")
    entry = add_row(attempt, kind, minutes * 60, now=now, cause=cause)
    settle_again(attempt, cause, now=now)
    event = Event.TIME_ADDED if minutes > 0 else Event.TIME_TAKEN
    transitions.happened(attempt, event, cause, now=now)
    notices.tell(attempt, round((after - before).total_seconds()), cause, now=now)
    return entry


def pause_clock(attempt: Attempt, kind: TimeEntryKind, cause: Cause, *, now: datetime) -> None:
    """Pause the clock: open a row of the account. A second time does nothing.

    :raises NotNow: the attempt is not running, or its time is already up.
    """
    end_break(attempt, now=now)
    if attempt.is_paused:
        return
    if not attempt.is_running or attempt.deadline_at is None or now >= attempt.deadline_at:
        raise NotNow("You can pause an exam only while its clock is running.")
    add_row(attempt, kind, 0, now=now, cause=cause)
    attempt.is_paused, attempt.paused_at = True, now
    attempt.revision += 1
    transitions.happened(attempt, BEGAN[kind], cause, now=now)


def resume_clock(attempt: Attempt, cause: Cause, *, now: datetime) -> None:
    """Let the clock run again and credit the time that it was paused. A second time does nothing.

    A break gives no more than its bank held, however late somebody comes to end it.
    """
    if not attempt.is_paused:
        return
    now = min(now, attempt.break_ends_at) if attempt.break_ends_at else now
    entry = db.session.scalars(
        select(TimeEntry).where(
            TimeEntry.attempt_id == attempt.id,
            TimeEntry.ended_at.is_(None),
            TimeEntry.kind.in_(PAUSES),
        )
    ).one()
    now = max(now, entry.at)  # A clock that was set back meanwhile takes nothing away.
    entry.ended_at = now
    entry.seconds = round((now - entry.at).total_seconds())
    attempt.is_paused, attempt.paused_at, attempt.break_ends_at = False, None, None
    settle_again(attempt, cause, now=now)
    entry.revision = attempt.revision
    transitions.happened(attempt, ENDED[entry.kind], cause, now=now)
    notices.leave(attempt, NoticeKind.RESUMED, entry.seconds, cause, now=now)


def end_break(attempt: Attempt, *, now: datetime) -> bool:
    """Write down that a break is over whose minutes are used up; False when there is none.

    The clock resumed at that moment, not at this one.
    """
    if attempt.break_ends_at is None or now < attempt.break_ends_at:
        return False
    is_closed = attempt.window_closes_at is not None and attempt.break_ends_at >= attempt.window_closes_at
    reason = "The exam closed." if is_closed else "The break time was used up."
    resume_clock(attempt, Cause(actor=Actor.PORTAL, reason=reason), now=attempt.break_ends_at)
    return True


def extend_grace(attempt: Attempt) -> None:
    """For pages without a script: at zero somebody reads that the time is up, and presses Save."""
    if attempt.is_running and attempt.deadline_at is not None:
        attempt.hard_stop_at = attempt.deadline_at + max(_grace(attempt), GRACE_OF_PLAIN_PAGES)


def _grace(attempt: Attempt) -> timedelta:
    """The time between this attempt's deadline and its hard stop: the exam's grace, or more."""
    if attempt.hard_stop_at is None or attempt.deadline_at is None:
        return timedelta(seconds=attempt.exam.grace_seconds)
    return attempt.hard_stop_at - attempt.deadline_at


def _check_gift(attempt: Attempt, minutes: int, cause: Cause) -> None:
    history.check_reason(cause)
    if minutes == 0 or abs(minutes) > LARGEST_GIFT_MINUTES:
        raise BadInput("minutes", "Enter between 1 and 1440 minutes (24 hours).")
    if not attempt.is_running:
        raise NotNow("This attempt is not running, so you cannot change its time.")


def add_row(
    attempt: Attempt, kind: TimeEntryKind, seconds: int, *, now: datetime, cause: Cause | None = None
) -> TimeEntry:
    entry = TimeEntry(
        attempt_id=attempt.id,
        kind=kind,
        seconds=seconds,
        at=now,
        by_id=cause.user.id if cause and cause.user else None,
        by_role=cause.actor if cause else "portal",
        reason=cause.reason if cause else "",
        revision=attempt.revision + 1,
    )
    db.session.add(entry)
    return entry


def settle_again(attempt: Attempt, cause: Cause, *, now: datetime) -> None:
    """Work the clock out anew from what is stored by now."""
    known = running_clock.known(attempt, now=now)
    clock = running_clock.work_out(known, now=now)
    write(attempt, clock, cause, now=now)
    _store(attempt, clock, known.promise)


def _is_as_stored(attempt: Attempt, clock: Clock) -> bool:
    columns = (
        "own_seconds",
        "window_closes_at",
        "deadline_at",
        "break_bank_seconds",
        "break_used_seconds",
        "break_ends_at",
    )
    return all(getattr(attempt, column) == getattr(clock, column) for column in columns)


def _store(attempt: Attempt, clock: Clock, promise: Promise) -> None:
    """Deadline, hard stop and a new revision."""
    if attempt.started_at is None:
        raise NotNow("This attempt has not started, so it has no clock yet.")
    grace = _grace(attempt)
    attempt.promised_close_at = promise.closes_at
    attempt.own_seconds, attempt.window_closes_at = clock.own_seconds, clock.window_closes_at
    attempt.deadline_at, attempt.hard_stop_at = clock.deadline_at, clock.deadline_at + grace
    attempt.break_bank_seconds, attempt.break_used_seconds = clock.break_bank_seconds, clock.break_used_seconds
    attempt.break_ends_at = clock.break_ends_at
    attempt.revision += 1
