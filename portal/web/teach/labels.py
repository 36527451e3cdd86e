"""How things of the course team read: allowances, windows, clocks, rows of the time log."""

from collections.abc import Callable
from datetime import datetime, timedelta

from portal import clock, languages
from portal.domain.attempts import display_status
from portal.domain.attempts.display_status import DisplayStatus
from portal.domain.timekeeping import break_bank, exam_clock
from portal.domain.timekeeping.exam_clock import AnyRow
from portal.models import Allowance, AllowanceKind, Attempt, Exam, TimeEntry, TimeEntryKind
from portal.models import AttemptStatus as S
from portal.models.attempts.attempt import PRE_START, RUNNING
from portal.web.formatting.provider_labels import Sign
from portal.web.formatting.times import minutes_text, zone_name, zone_of
from portal.web.teach.attempts.history_labels import ROLES

STOPPED = frozenset({TimeEntryKind.PAUSE, TimeEntryKind.INTERRUPTION, TimeEntryKind.BREAK, TimeEntryKind.REOPENED})
RESET = Sign("Reset", "closed", "page")


def short_time(at: datetime | None) -> str:
    """``14:05`` today, ``20 Nov, 14:05`` this year, with the year otherwise; nothing for None."""
    return short_times()(at)


def short_times() -> Callable[[datetime | None], str]:
    """The same for many moments: whose time zone, and what day it is there, is found once."""
    zone = zone_of(zone_name())
    today = clock.now().astimezone(zone)

    def text(at: datetime | None) -> str:
        if at is None:
            return ""
        here = at.astimezone(zone)
        if here.date() == today.date():
            return here.strftime("%H:%M")
        return languages.written(here, "d MMM, HH:mm" if here.year == today.year else "d MMM y, HH:mm")

    return text


def display_status_of(attempt: AnyRow | Attempt) -> DisplayStatus | Sign:
    return RESET if attempt.archived_at else display_status.of(attempt)


def window_of(exam: Exam) -> Sign:
    """Whether the exam can be begun now, for those without allowances."""
    now = clock.now()
    if not exam.is_active:
        return Sign("Turned off", "closed", "dash")
    if exam.opens_at and now < exam.opens_at:
        return Sign("Upcoming", "setup", "calendar")
    if exam.closes_at and now >= exam.closes_at:
        return Sign("Closed", "closed", "lock")
    return Sign("Open", "progress", "progress")


def allowance_text(allowance: Allowance) -> str:
    if allowance.kind is AllowanceKind.MULTIPLIER:
        return f"{(allowance.percent or 100) / 100:g} times the standard time"
    if allowance.kind is AllowanceKind.REVIEW_POLICY_EXCEPTION:
        return f"note for the proctor: {allowance.note}"
    minutes = minutes_text(allowance.minutes or 0)
    if allowance.kind is AllowanceKind.LONGER_WINDOW:
        return f"open {minutes} longer"
    if allowance.kind is AllowanceKind.BREAK_BANK:
        return f"{minutes} of breaks"
    return f"{minutes} more"


def clock_text(attempt: AnyRow | Attempt) -> str:
    """What the clock of an attempt says, in a few words."""
    if attempt.started_at is None or attempt.deadline_at is None:
        return "not started"
    now = clock.now()
    left = _seconds((exam_clock.deadline_of(attempt, now=now) or now) - now)
    if exam_clock.stopped_at(attempt, now=now):
        return f"{'on a break' if attempt.break_ends_at else 'paused'}, {minutes_and_seconds(max(0, left))} left"
    if attempt.status in RUNNING and attempt.archived_at is None:
        return f"{left // 60} min left" if left > 0 else "time is up"
    if attempt.status is S.ERROR and attempt.time_remaining_seconds is not None:
        return f"suspended, {minutes_and_seconds(exam_clock.left_seconds(attempt, now=now))} left"
    if attempt.archived_at is not None and attempt.completed_at is None:
        return f"reset after {_seconds(attempt.deadline_at - attempt.started_at) // 60} min"
    used = _seconds((attempt.completed_at or attempt.deadline_at) - attempt.started_at)
    return f"used {used // 60} of {_seconds(attempt.deadline_at - attempt.started_at) // 60} min"


def minutes_and_seconds(seconds: int, *, signed: bool = False) -> str:
    """``90:00``; with ``signed`` also ``+ 8:10`` and ``- 5:00``."""
    minutes, rest = divmod(abs(seconds), 60)
    sign = ("- " if seconds < 0 else "+ ") if signed else ""
    return f"{sign}{minutes}:{rest:02}"


ROW_WORDS = {
    TimeEntryKind.BASE: "Base",
    TimeEntryKind.MULTIPLIER: "Allowance, time multiplier",
    TimeEntryKind.EXTRA: "Allowance, extra minutes",
    TimeEntryKind.ADDED: "Added while running",
    TimeEntryKind.TAKEN: "Removed while running",
    TimeEntryKind.PAUSE: "Pause",
    TimeEntryKind.INTERRUPTION: "Interruption",
    TimeEntryKind.BREAK: "Break",
    TimeEntryKind.RESUMED: "Remaining from earlier attempt",
    TimeEntryKind.REOPENED: "Between the end and reopening",
    TimeEntryKind.UNUSED: "Unused",
    TimeEntryKind.WINDOW: "Closing time changed",
}


def row_text(row: TimeEntry) -> str:
    if row.kind in STOPPED and row.ended_at is None:
        return "On a break" if row.kind is TimeEntryKind.BREAK else "Clock paused"
    return ROW_WORDS[row.kind]


def bank_left(attempt: Attempt) -> str:
    """``12:30``, also in the middle of a break."""
    return minutes_and_seconds(break_bank.left_seconds(attempt, now=clock.now()))


def row_minutes(row: TimeEntry) -> str:
    if row.kind in STOPPED and row.ended_at is None:
        return "still paused"
    if row.kind is TimeEntryKind.WINDOW:
        return ""  # It gives no minutes of its own: it lets those count that are in the account.
    return minutes_and_seconds(row.seconds, signed=row.kind is not TimeEntryKind.BASE)


#: Rows that allowances wrote, with the reason they were granted for.
OF_ALLOWANCES = (TimeEntryKind.MULTIPLIER, TimeEntryKind.EXTRA)


def row_reason(row: TimeEntry, hidden_id: int | None = None, *, shows_reasons: bool = True) -> str:
    """Who and why; the account ``hidden_id`` is not named.

    ``shows_reasons`` off: why somebody has an allowance is left out.
    """
    if row.kind is TimeEntryKind.BASE:
        return "standard time limit"
    is_named = row.by is not None and row.by_id != hidden_id
    who = row.by.name if row.by and is_named else ROLES.get(row.by_role, row.by_role)
    is_shown = row.reason and (shows_reasons or row.kind not in OF_ALLOWANCES)
    return f"{who}: {row.reason}" if is_shown else who


def why_no_time(attempt: Attempt) -> str:
    """Why the time of an attempt cannot change; empty when it can."""
    if attempt.archived_at:
        return "This attempt was reset, so you cannot change its time."
    if attempt.status in PRE_START:
        return "Grant an allowance instead. The clock has not started yet."
    if not attempt.is_running:
        return "This attempt has ended, so you cannot change its time. Grant an allowance for another attempt."
    return ""


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())


def is_seen(attempt: Attempt, row: TimeEntry) -> bool | None:
    """Whether the learner's page has shown this row; None for the rows every attempt begins with, and for their own."""
    is_theirs = row.kind in {TimeEntryKind.BREAK, TimeEntryKind.UNUSED, TimeEntryKind.REOPENED}
    if attempt.started_at is None or row.at <= attempt.started_at or is_theirs:
        return None
    return attempt.seen_revision >= row.revision


def seen_text(attempt: Attempt, row: TimeEntry, shown_at: str) -> str:
    """``Seen on the screen 15:40`` or that it has not been; nothing where it does not matter."""
    seen = is_seen(attempt, row)
    if seen or seen is None:
        return f"Seen on the learner's screen {shown_at}".strip() if seen else ""
    return "Not seen yet on the learner's screen" if attempt.is_running else "Never seen on the learner's screen"
