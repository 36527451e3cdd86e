"""An attempt's time account: rows that add up to its deadline, and the verbs that add them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain import allowances, break_bank, history, notices, timing
from portal.domain.errors import BadInput, NotNow
from portal.domain.history import Actor, Deed
from portal.models import Allowance, Attempt, NoticeKind, TimeEntry, TimeEntryKind

GRANTED = (TimeEntryKind.BASE, TimeEntryKind.MULTIPLIER, TimeEntryKind.EXTRA)
STANDING_STILL = (TimeEntryKind.PAUSE, TimeEntryKind.INTERRUPTION, TimeEntryKind.BREAK)
#: Rows that move the deadline and are no part of the learner's own time.
NOT_OWN = (*STANDING_STILL, TimeEntryKind.REOPENED)

#: Taking time away never leaves less than this, so that nobody's exam ends under their hands.
LEAST_LEFT = timedelta(minutes=5)
LARGEST_GIFT_MINUTES = 24 * 60
#: Of a page without a script: there somebody has to read a line and press Save.
GRACE_OF_PLAIN_PAGES = timedelta(seconds=90)


def rows(attempt: Attempt) -> list[TimeEntry]:
    query = select(TimeEntry).where(TimeEntry.attempt_id == attempt.id).order_by(TimeEntry.id)
    return list(db.session.scalars(query.options(joinedload(TimeEntry.by))))


def used_seconds(attempt: Attempt) -> int:
    """For how long the clock of an ended attempt ran, without what it stood still; 0 when it never did."""
    if attempt.started_at is None or attempt.completed_at is None:
        return 0
    stood = select(func.sum(TimeEntry.seconds)).where(TimeEntry.attempt_id == attempt.id, TimeEntry.kind.in_(NOT_OWN))
    passed_seconds = int((attempt.completed_at - attempt.started_at).total_seconds())
    return max(0, passed_seconds - int(db.session.scalar(stood) or 0))


def open_account(attempt: Attempt, in_force: Sequence[Allowance], *, now: datetime) -> None:
    """Write the first rows at the moment of Start and set the deadline.

    An attempt that resumes another begins with what that one had left, and with what was granted since.
    """
    account: list[TimeEntry] = []
    is_resumed = attempt.resumes_id is not None and attempt.time_remaining_seconds is not None
    if is_resumed:
        account.append(add_row(attempt, TimeEntryKind.RESUMED, attempt.time_remaining_seconds or 0, now=now))
    had = granted_seconds(attempt) if is_resumed else {}
    for grant in timing.grants(attempt.exam, in_force):
        kind = TimeEntryKind(grant.kind)
        more = grant.seconds - had.get(kind, 0)
        if more and not (is_resumed and kind is TimeEntryKind.BASE):
            account.append(add_row(attempt, kind, more, now=now))
    _settle(attempt, account, in_force)


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


def recount(attempt: Attempt, deed: Deed, *, now: datetime) -> bool:
    """Bring a running attempt in line with the allowances now in force; True when its time changed.

    What changed is a row of its own, so the account still says who, when and why. Harmless twice.
    """
    end_break(attempt, now=now)
    before = attempt.deadline_at
    in_force = allowances.in_force(attempt.exam, attempt.learner_id, now=now)
    add_granted(attempt, in_force, deed, now=now)
    _settle(attempt, rows(attempt), in_force)
    end_break(attempt, now=now, is_taken_back=True)
    if attempt.deadline_at == before or before is None or attempt.deadline_at is None:
        return False
    notices.tell(attempt, round((attempt.deadline_at - before).total_seconds()), deed, now=now)
    return True


def add_granted(attempt: Attempt, in_force: Sequence[Allowance], deed: Deed, *, now: datetime) -> None:
    """Rows for what allowances give beyond, or short of, what the account has from them."""
    wanted = {grant.kind: grant.seconds for grant in timing.grants(attempt.exam, in_force)}
    has = granted_seconds(attempt)
    for kind in GRANTED:
        more = wanted.get(kind, 0) - has.get(kind, 0)
        if kind is not TimeEntryKind.BASE and more:
            add_row(attempt, kind, more, now=now, deed=deed)


def add_time(attempt: Attempt, minutes: int, deed: Deed, *, now: datetime) -> TimeEntry:
    """Give a running attempt more minutes, or with a negative number take some away.

    :raises BadInput: no reason, no minutes, or more than a day.
    :raises NotNow: the attempt is not running, the window leaves no room, or less than five minutes would be left.
    """
    _check_gift(attempt, minutes, deed)
    end_break(attempt, now=now)
    kind = TimeEntryKind.ADDED if minutes > 0 else TimeEntryKind.TAKEN
    before = attempt.deadline_at or now
    entry = add_row(attempt, kind, minutes * 60, now=now, deed=deed)
    settle_again(attempt, now=now)
    after = attempt.deadline_at or now
    if minutes > 0 and after <= before:
        raise NotNow(
            "The exam's window closes before these minutes would begin. Extend the window for this learner too."
        )
    left = after - (attempt.paused_at or now)
    if minutes < 0 and left < LEAST_LEFT:
        raise NotNow("That would leave less than five minutes. Take away fewer minutes.")
    history.record(attempt, deed, was=attempt.status, now=now, event="time_added" if minutes > 0 else "time_taken")
    notices.tell(attempt, round((after - before).total_seconds()), deed, now=now)
    return entry


def stand_still(attempt: Attempt, kind: TimeEntryKind, deed: Deed, *, now: datetime) -> None:
    """Stop the clock: open a row of the account. A second stop does nothing.

    :raises NotNow: the attempt is not running, or its time is already up.
    """
    end_break(attempt, now=now)
    if attempt.is_paused:
        return
    if not attempt.is_running or attempt.deadline_at is None or now >= attempt.deadline_at:
        raise NotNow("Only an exam whose clock runs can be paused.")
    add_row(attempt, kind, 0, now=now, deed=deed)
    attempt.is_paused, attempt.paused_at = True, now
    attempt.revision += 1
    history.record(attempt, deed, was=attempt.status, now=now, event=f"{kind}_began")


def go_on(attempt: Attempt, deed: Deed, *, now: datetime) -> None:
    """Let the clock run again and credit the time it stood still. A second time does nothing.

    A break gives no more than its bank held, however late somebody comes to end it.
    """
    if not attempt.is_paused:
        return
    now = min(now, attempt.break_ends_at) if attempt.break_ends_at else now
    entry = db.session.scalars(
        select(TimeEntry).where(
            TimeEntry.attempt_id == attempt.id,
            TimeEntry.ended_at.is_(None),
            TimeEntry.kind.in_(STANDING_STILL),
        )
    ).one()
    now = max(now, entry.at)  # A clock that was set back meanwhile takes nothing away.
    entry.ended_at = now
    entry.seconds = round((now - entry.at).total_seconds())
    attempt.is_paused, attempt.paused_at, attempt.break_ends_at = False, None, None
    settle_again(attempt, now=now)
    entry.revision = attempt.revision
    history.record(attempt, deed, was=attempt.status, now=now, event=f"{entry.kind}_ended")
    notices.leave(attempt, NoticeKind.RESUMED, entry.seconds, deed, now=now)


def end_break(attempt: Attempt, *, now: datetime, is_taken_back: bool = False) -> bool:
    """Write down that a break is over whose minutes are used up; False when there is none.

    The clock went on at that moment, not at this one. Only where the minutes have just been taken back does it
    go on now (``is_taken_back``): what was a break until now stays one.
    """
    if attempt.break_ends_at is None or now < attempt.break_ends_at:
        return False
    if is_taken_back:
        attempt.break_ends_at = now
    is_closed = attempt.cut_at is not None and attempt.break_ends_at >= attempt.cut_at
    reason = "The exam closed." if is_closed else "The break bank was used up."
    go_on(attempt, Deed(actor=Actor.PORTAL, reason=reason), now=attempt.break_ends_at)
    return True


def lengthen_grace(attempt: Attempt) -> None:
    """For pages without a script: at zero somebody reads that the time is up, and presses Save."""
    if attempt.is_running and attempt.deadline_at is not None:
        attempt.hard_stop_at = attempt.deadline_at + max(_grace(attempt), GRACE_OF_PLAIN_PAGES)


def _grace(attempt: Attempt) -> timedelta:
    """What this attempt has between its deadline and its hard stop: the exam's grace, until it was lengthened."""
    if attempt.hard_stop_at is None or attempt.deadline_at is None:
        return timedelta(seconds=attempt.exam.grace_seconds)
    return attempt.hard_stop_at - attempt.deadline_at


def _check_gift(attempt: Attempt, minutes: int, deed: Deed) -> None:
    if not deed.reason.strip():
        raise BadInput("reason", "Say why. The reason is kept with the change.")
    if minutes == 0 or abs(minutes) > LARGEST_GIFT_MINUTES:
        raise BadInput("minutes", "Give between 1 minute and 24 hours (1440 minutes).")
    if not attempt.is_running:
        raise NotNow("This attempt is not running, so its time cannot change.")


def add_row(
    attempt: Attempt, kind: TimeEntryKind, seconds: int, *, now: datetime, deed: Deed | None = None
) -> TimeEntry:
    entry = TimeEntry(
        attempt_id=attempt.id,
        kind=kind,
        seconds=seconds,
        at=now,
        by_id=deed.by.id if deed and deed.by else None,
        by_role=deed.actor if deed else "portal",
        reason=deed.reason if deed else "",
        revision=attempt.revision + 1,
    )
    db.session.add(entry)
    return entry


def settle_again(attempt: Attempt, *, now: datetime) -> None:
    """The same with what is stored by now."""
    _settle(attempt, rows(attempt), allowances.in_force(attempt.exam, attempt.learner_id, now=now))


def _settle(attempt: Attempt, account: Sequence[TimeEntry], in_force: Sequence[Allowance]) -> None:
    """Add the rows up, let the window cut, and store deadline, hard stop and a new revision."""
    if attempt.started_at is None:
        raise NotNow("This attempt has not started; it has no clock yet.")
    still = sum(row.seconds for row in account if row.kind in NOT_OWN)
    own = sum(row.seconds for row in account) - still
    deadline = attempt.started_at + timedelta(seconds=own + still)
    closes_at = timing.window_closes_at(attempt.exam, in_force)
    grace = _grace(attempt)
    attempt.own_seconds, attempt.cut_at = own, closes_at
    attempt.deadline_at = max(min(deadline, closes_at) if closes_at else deadline, attempt.started_at)
    attempt.hard_stop_at = attempt.deadline_at + grace
    break_bank.fit(attempt, account, in_force)
    attempt.revision += 1
