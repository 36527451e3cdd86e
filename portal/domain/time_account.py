"""An attempt's time account: rows that add up to its deadline, and the verbs that add them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain import allowances, history, outbox, timing
from portal.domain.errors import BadInput, NotNow
from portal.domain.history import Deed
from portal.models import Allowance, Attempt, Notice, NoticeKind, TimeEntry, TimeEntryKind

GRANTED = (TimeEntryKind.BASE, TimeEntryKind.MULTIPLIER, TimeEntryKind.EXTRA)
STANDING_STILL = (TimeEntryKind.PAUSE, TimeEntryKind.INTERRUPTION, TimeEntryKind.BREAK)

#: Taking time away never leaves less than this, so that nobody's exam ends under their hands.
LEAST_LEFT = timedelta(minutes=5)
LARGEST_GIFT_MINUTES = 24 * 60
#: How long an added minute may go unseen on the learner's page before we mail them.
GRACE_OF_PLAIN_PAGES = timedelta(seconds=90)
UNSEEN_AFTER = timedelta(minutes=2)


def rows(attempt: Attempt) -> list[TimeEntry]:
    query = select(TimeEntry).where(TimeEntry.attempt_id == attempt.id).order_by(TimeEntry.id)
    return list(db.session.scalars(query.options(joinedload(TimeEntry.by))))


def open_account(attempt: Attempt, in_force: Sequence[Allowance], *, now: datetime) -> None:
    """Write the first rows at the moment of Start and set the deadline.

    An attempt that resumes another begins with what that one had left, and with what was granted since.
    """
    account: list[TimeEntry] = []
    is_resumed = attempt.resumes_id is not None and attempt.time_remaining_seconds is not None
    if is_resumed:
        account.append(_add(attempt, TimeEntryKind.RESUMED, attempt.time_remaining_seconds or 0, now=now))
    had = granted_seconds(attempt) if is_resumed else {}
    for grant in timing.grants(attempt.exam, in_force):
        kind = TimeEntryKind(grant.kind)
        more = grant.seconds - had.get(kind, 0)
        if more and not (is_resumed and kind is TimeEntryKind.BASE):
            account.append(_add(attempt, kind, more, now=now))
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
    before = attempt.deadline_at
    in_force = allowances.in_force(attempt.exam, attempt.learner_id, now=now)
    wanted = {grant.kind: grant.seconds for grant in timing.grants(attempt.exam, in_force)}
    has = granted_seconds(attempt)
    for kind in GRANTED:
        more = wanted.get(kind, 0) - has.get(kind, 0)
        if kind is not TimeEntryKind.BASE and more:
            _add(attempt, kind, more, now=now, deed=deed)
    _settle(attempt, rows(attempt), in_force)
    if attempt.deadline_at == before or before is None or attempt.deadline_at is None:
        return False
    _tell(attempt, round((attempt.deadline_at - before).total_seconds()), deed, now=now)
    return True


def add_time(attempt: Attempt, minutes: int, deed: Deed, *, now: datetime) -> TimeEntry:
    """Give a running attempt more minutes, or with a negative number take some away.

    :raises BadInput: no reason, no minutes, or more than a day.
    :raises NotNow: the attempt is not running, the window leaves no room, or less than five minutes would be left.
    """
    _check_gift(attempt, minutes, deed)
    kind = TimeEntryKind.ADDED if minutes > 0 else TimeEntryKind.TAKEN
    before = attempt.deadline_at or now
    entry = _add(attempt, kind, minutes * 60, now=now, deed=deed)
    _resettle(attempt, now=now)
    after = attempt.deadline_at or now
    if minutes > 0 and after <= before:
        raise NotNow(
            "The exam's window closes before these minutes would begin. Extend the window for this learner too."
        )
    left = after - (attempt.paused_at or now)
    if minutes < 0 and left < LEAST_LEFT:
        raise NotNow("That would leave less than five minutes. Take away fewer minutes.")
    history.record(attempt, deed, was=attempt.status, now=now, event="time_added" if minutes > 0 else "time_taken")
    _tell(attempt, round((after - before).total_seconds()), deed, now=now)
    return entry


def stand_still(attempt: Attempt, kind: TimeEntryKind, deed: Deed, *, now: datetime) -> None:
    """Stop the clock: open a row of the account. A second stop does nothing.

    :raises NotNow: the attempt is not running, or its time is already up.
    """
    if attempt.is_paused:
        return
    if not attempt.is_running or attempt.deadline_at is None or now >= attempt.deadline_at:
        raise NotNow("Only an exam whose clock runs can be paused.")
    _add(attempt, kind, 0, now=now, deed=deed)
    attempt.is_paused, attempt.paused_at = True, now
    attempt.revision += 1
    history.record(attempt, deed, was=attempt.status, now=now, event=f"{kind}_began")


def go_on(attempt: Attempt, deed: Deed, *, now: datetime) -> None:
    """Let the clock run again and credit the time it stood still. A second time does nothing."""
    if not attempt.is_paused:
        return
    entry = db.session.scalars(
        select(TimeEntry).where(
            TimeEntry.attempt_id == attempt.id,
            TimeEntry.ended_at.is_(None),
            TimeEntry.kind.in_(STANDING_STILL),
        )
    ).one()
    entry.ended_at = now
    entry.seconds = round((now - entry.at).total_seconds())
    attempt.is_paused, attempt.paused_at = False, None
    _resettle(attempt, now=now)
    entry.revision = attempt.revision
    history.record(attempt, deed, was=attempt.status, now=now, event=f"{entry.kind}_ended")
    _notice(attempt, NoticeKind.RESUMED, entry.seconds, deed, now=now)


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


def _add(attempt: Attempt, kind: TimeEntryKind, seconds: int, *, now: datetime, deed: Deed | None = None) -> TimeEntry:
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


def _resettle(attempt: Attempt, *, now: datetime) -> None:
    """The same with what is stored by now."""
    _settle(attempt, rows(attempt), allowances.in_force(attempt.exam, attempt.learner_id, now=now))


def _settle(attempt: Attempt, account: Sequence[TimeEntry], in_force: Sequence[Allowance]) -> None:
    """Add the rows up, let the window cut, and store deadline, hard stop and a new revision."""
    if attempt.started_at is None:
        raise NotNow("This attempt has not started; it has no clock yet.")
    still = sum(row.seconds for row in account if row.kind in STANDING_STILL)
    own = sum(row.seconds for row in account) - still
    deadline = attempt.started_at + timedelta(seconds=own + still)
    closes_at = timing.window_closes_at(attempt.exam, in_force)
    grace = _grace(attempt)
    attempt.own_seconds = own
    attempt.deadline_at = max(min(deadline, closes_at) if closes_at else deadline, attempt.started_at)
    attempt.hard_stop_at = attempt.deadline_at + grace
    attempt.revision += 1


def _tell(attempt: Attempt, seconds: int, deed: Deed, *, now: datetime) -> None:
    """Leave a notice for the learner's open page, and a mail in case they do not see it there."""
    kind = NoticeKind.TIME_ADDED if seconds > 0 else NoticeKind.TIME_CUT
    _notice(attempt, kind, seconds, deed, now=now)
    outbox.put(
        "unseen_time",
        now=now,
        key=f"{attempt.ref}.revision-{attempt.revision}.unseen",
        attempt=attempt,
        available_at=now + UNSEEN_AFTER,
        payload={"revision": attempt.revision, "seconds": seconds},
    )


def _notice(attempt: Attempt, kind: NoticeKind, seconds: int, deed: Deed, *, now: datetime) -> None:
    db.session.add(
        Notice(
            attempt_id=attempt.id,
            kind=kind,
            seconds=seconds,
            by_role=deed.actor,
            revision=attempt.revision,
            created_at=now,
        )
    )
