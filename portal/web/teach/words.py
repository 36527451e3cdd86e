"""How things of the course team read: allowances, windows, clocks, lines of history."""

from datetime import datetime, timedelta

from portal import clock
from portal.domain import break_bank, clock_state, standing
from portal.domain.standing import Standing
from portal.models import Allowance, AllowanceKind, Attempt, Exam, HistoryEntry, TimeEntry, TimeEntryKind
from portal.models import AttemptStatus as S
from portal.models.attempt import PRE_START
from portal.web.formats import MONTHS, local, minutes_text
from portal.web.vendor_words import Sign

STOPPED = frozenset({TimeEntryKind.PAUSE, TimeEntryKind.INTERRUPTION, TimeEntryKind.BREAK, TimeEntryKind.REOPENED})


RESET = Sign("Reset", "closed", "page")


def short_time(at: datetime | None) -> str:
    """``14:05`` today, ``20 Nov, 14:05`` this year, with the year otherwise; nothing for None."""
    if at is None:
        return ""
    here = local(at)
    today = clock.now().astimezone(here.tzinfo)
    if here.date() == today.date():
        return f"{here:%H:%M}"
    year = "" if here.year == today.year else f" {here.year}"
    return f"{here.day} {MONTHS[here.month - 1][:3]}{year}, {here:%H:%M}"


def standing_of(attempt: Attempt) -> Standing | Sign:
    return RESET if attempt.archived_at else standing.of(attempt)


def window_of(exam: Exam) -> Sign:
    """Whether the exam can be begun now, for those without allowances."""
    now = clock.now()
    if not exam.is_active:
        return Sign("Switched off", "closed", "dash")
    if exam.opens_at and now < exam.opens_at:
        return Sign("Coming", "setup", "calendar")
    if exam.closes_at and now >= exam.closes_at:
        return Sign("Closed", "closed", "lock")
    return Sign("Open", "progress", "progress")


def allowance_text(allowance: Allowance) -> str:
    if allowance.kind is AllowanceKind.MULTIPLIER:
        return f"{(allowance.percent or 100) / 100:g} times the minutes"
    if allowance.kind is AllowanceKind.REVIEW_POLICY_EXCEPTION:
        return f"note for the proctor: {allowance.note}"
    minutes = minutes_text(allowance.minutes or 0)
    if allowance.kind is AllowanceKind.LONGER_WINDOW:
        return f"open {minutes} longer"
    if allowance.kind is AllowanceKind.BREAK_BANK:
        return f"{minutes} of breaks"
    return f"{minutes} more"


def clock_text(attempt: Attempt) -> str:
    """What the clock of an attempt says, in a few words."""
    if attempt.started_at is None or attempt.deadline_at is None:
        return "not started"
    now = clock.now()
    left = _seconds((clock_state.deadline_of(attempt, now=now) or now) - now)
    if clock_state.stopped_at(attempt, now=now):
        return f"{'on a break' if attempt.break_ends_at else 'paused'}, {minutes_and_seconds(max(0, left))} kept"
    if attempt.is_running:
        return f"{left // 60} min left" if left > 0 else "time is up"
    if attempt.status is S.ERROR and attempt.time_remaining_seconds is not None:
        return f"suspended, {minutes_and_seconds(clock_state.left_seconds(attempt, now=now))} kept"
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
    TimeEntryKind.MULTIPLIER: "Allowance, times the minutes",
    TimeEntryKind.EXTRA: "Allowance, extra minutes",
    TimeEntryKind.ADDED: "Added while running",
    TimeEntryKind.TAKEN: "Taken away",
    TimeEntryKind.PAUSE: "Pause given back",
    TimeEntryKind.INTERRUPTION: "Interruption given back",
    TimeEntryKind.BREAK: "Break given back",
    TimeEntryKind.RESUMED: "Kept from before",
    TimeEntryKind.REOPENED: "Between the end and reopening",
    TimeEntryKind.UNUSED: "Left unused",
    TimeEntryKind.WINDOW: "Closing time moved",
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
        return "length of the exam"
    is_named = row.by is not None and row.by_id != hidden_id
    who = row.by.name if row.by and is_named else ROLES.get(row.by_role, row.by_role)
    is_shown = row.reason and (shows_reasons or row.kind not in OF_ALLOWANCES)
    return f"{who}: {row.reason}" if is_shown else who


ROLES = {
    "portal": "by itself",
    "sweeper": "by itself",
    "system": "by itself",
    "staff": "the course team",
    "proctor": "the proctor",
}

EVENTS = {
    "time_added": Sign("Time added", "is-info", "clock"),
    "time_taken": Sign("Time taken away", "is-warn", "clock"),
    "pause_began": Sign("Clock paused", "is-warn", "pause"),
    "pause_ended": Sign("Clock resumed", "is-ok", "progress"),
    "interruption_began": Sign("Connection lost, clock paused", "is-bad", "alert"),
    "interruption_ended": Sign("Clock resumed", "is-ok", "progress"),
    "break_began": Sign("Break began", "is-info", "pause"),
    "break_ended": Sign("Break ended", "is-ok", "progress"),
    "archived": Sign("Reset", "is-warn", "page"),
    "reset_undone": Sign("Reset undone", "is-ok", "undo"),
    "review_received": Sign("Report of the provider", "is-info", "tray"),
    "reopened": Sign("Opened again", "is-info", "undo"),
    "resume_granted": Sign("Resumed", "is-ok", "play"),
    "appealed": Sign("Appealed", "state-second", "message"),
    "appeal_answer_made": Sign("Appeal answered, not sent yet", "is-info", "message"),
    "appeal_answer_undone": Sign("Answer to the appeal undone", "is-info", "undo"),
    "appeal_answer_lapsed": Sign("Answer to the appeal lapsed", "is-warn", "undo"),
    "learner_wrote": Sign("Wrote to the course team", "is-info", "message"),
    "learner_answered": Sign("Message answered", "is-info", "message"),
    "proctor_reject_id": Sign("ID not accepted", "is-warn", "idcard"),
    "proctor_flag": Sign("Flagged by the provider", "is-warn", "flag"),
    "appeal_answered": Sign("Appeal answered", "is-info", "message"),
    "decision_made": Sign("Decided, not sent yet", "is-info", "eye"),
    "decision_undone": Sign("Decision undone", "is-info", "undo"),
    "decision_lapsed": Sign("Decision lapsed", "is-warn", "undo"),
    "rejection_waits": Sign("Waits for a second reviewer", "is-warn", "people"),
    "window_changed": Sign("Went on in another window", "is-info", "screen"),
    "name_shown": Sign("Asked for", "is-info", "eye"),
    "recording_shown": Sign("Asked for", "is-info", "camera"),
    "message_seen": Sign("Message of the provider seen", "is-info", "tray"),
    "dashboard_opened": Sign("Dashboard of the provider opened", "is-info", "screen"),
}
MOVES = {
    S.CREATED: Sign("Opened", "state-setup", "gear"),
    S.DOWNLOAD_SOFTWARE_CLICKED: Sign("Began to set up the proctoring", "state-setup", "gear"),
    S.READY_TO_START: Sign("Ready", "state-ready", "ready"),
    S.STARTED: Sign("Started", "is-info", "progress"),
    S.READY_TO_SUBMIT: Sign("Looked over the answers", "state-checking", "eye"),
    S.SUBMITTED: Sign("Handed in", "is-ok", "tray"),
    S.TIMED_OUT: Sign("Handed in when time ran out", "is-ok", "tray"),
    S.EXPIRED: Sign("Closed without a start", "state-closed", "lock"),
    S.ERROR: Sign("Suspended", "is-bad", "alert"),
    S.SECOND_REVIEW_REQUIRED: Sign("Held for a second look", "state-second", "eye"),
    S.VERIFIED: Sign("Accepted", "is-ok", "tick"),
    S.REJECTED: Sign("Not accepted", "is-bad", "cross"),
    S.DECLINED: Sign("Taken without proctoring", "state-closed", "lock"),
    S.ONBOARDING_MISSING: Sign("Refused: no onboarding exam taken", "state-setup", "idcard"),
    S.ONBOARDING_PENDING: Sign("Refused: the onboarding exam is still being reviewed", "state-setup", "idcard"),
    S.ONBOARDING_FAILED: Sign("Refused: the onboarding exam was not accepted", "state-setup", "idcard"),
    S.ONBOARDING_EXPIRED: Sign("Refused: the onboarding exam is out of date", "state-setup", "idcard"),
    S.ONBOARDING_RESET: Sign("Replaced by a new onboarding attempt", "state-closed", "idcard"),
}


def history_sign(line: HistoryEntry) -> Sign:
    """The word for one line of history."""
    if line.event != "moved":
        return EVENTS.get(line.event, Sign(line.event.replace("_", " ").capitalize(), "is-info", "info"))
    became = S(line.became)
    if became is S.STARTED and line.was == S.READY_TO_SUBMIT:
        return Sign("Went back to the questions", "is-info", "back")
    return MOVES[became]


def history_who(line: HistoryEntry, hidden_id: int | None = None) -> str:
    """Who brought it about; the account ``hidden_id`` is not named."""
    if line.by is not None and line.by_id != hidden_id:
        return line.by.name
    return ROLES.get(line.actor, line.actor)


def why_no_time(attempt: Attempt) -> str:
    """Why the time of an attempt cannot change; empty when it can."""
    if attempt.archived_at:
        return "This attempt has been reset, so its time cannot change."
    if attempt.status in PRE_START:
        return "Its clock has not started. Grant an allowance instead; it counts from the start."
    if not attempt.is_running:
        return "It has ended, so its time cannot change. Grant an allowance for another attempt."
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
    if seen is None:
        return ""
    if seen:
        return f"Seen on the learner's screen {shown_at}".strip()
    return "Not yet seen on the learner's screen" if attempt.is_running else "Never seen on the learner's screen"
