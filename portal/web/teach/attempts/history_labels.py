"""How the lines of an attempt's history read for the course team: what happened, and who brought it about."""

from portal.models import AttemptStatus as S
from portal.models import Event, HistoryEntry
from portal.web.formatting.provider_labels import Sign

#: Who acted, where no account is named.
ROLES = {
    "portal": "automatic",
    "sweeper": "automatic",
    "system": "automatic",
    "staff": "the course team",
    "proctor": "the proctor",
    "reviewer": "a reviewer",
    "provider": "the provider",
    "learner": "the learner",
}

EVENTS: dict[str, Sign] = {
    Event.TIME_ADDED: Sign("Time added", "is-info", "clock"),
    Event.TIME_TAKEN: Sign("Time removed", "is-warn", "clock"),
    Event.PAUSE_BEGAN: Sign("Clock paused", "is-warn", "pause"),
    Event.PAUSE_ENDED: Sign("Clock resumed", "is-ok", "progress"),
    Event.INTERRUPTION_BEGAN: Sign("Connection lost, clock paused", "is-bad", "alert"),
    Event.INTERRUPTION_ENDED: Sign("Clock resumed", "is-ok", "progress"),
    Event.BREAK_BEGAN: Sign("Break started", "is-info", "pause"),
    Event.BREAK_ENDED: Sign("Break ended", "is-ok", "progress"),
    Event.ARCHIVED: Sign("Reset", "is-warn", "page"),
    Event.RESET_UNDONE: Sign("Reset undone", "is-ok", "undo"),
    Event.REVIEW_RECEIVED: Sign("Provider report received", "is-info", "tray"),
    Event.REOPENED: Sign("Reopened", "is-info", "undo"),
    Event.RESUME_GRANTED: Sign("Resumed", "is-ok", "play"),
    Event.APPEALED: Sign("Appealed", "state-second", "message"),
    Event.APPEAL_ANSWER_MADE: Sign("Appeal answered, not sent yet", "is-info", "message"),
    Event.APPEAL_ANSWER_UNDONE: Sign("Appeal answer undone", "is-info", "undo"),
    Event.APPEAL_ANSWER_LAPSED: Sign("Appeal answer lapsed", "is-warn", "undo"),
    Event.LEARNER_WROTE: Sign("Message to the course team", "is-info", "message"),
    Event.LEARNER_ANSWERED: Sign("Message answered", "is-info", "message"),
    Event.PROCTOR_REJECT_ID: Sign("ID not accepted", "is-warn", "idcard"),
    Event.PROCTOR_FLAG: Sign("Flagged by the provider", "is-warn", "flag"),
    Event.APPEAL_ANSWERED: Sign("Appeal answered", "is-info", "message"),
    Event.DECISION_MADE: Sign("Decision made, not sent yet", "is-info", "eye"),
    Event.DECISION_UNDONE: Sign("Decision undone", "is-info", "undo"),
    Event.DECISION_LAPSED: Sign("Decision lapsed", "is-warn", "undo"),
    Event.REJECTION_WAITS: Sign("Needs a second reviewer", "is-warn", "people"),
    Event.WINDOW_CHANGED: Sign("Moved to another window", "is-info", "screen"),
    Event.NAME_SHOWN: Sign("Shown on request", "is-info", "eye"),
    Event.RECORDING_SHOWN: Sign("Shown on request", "is-info", "camera"),
    Event.MESSAGE_SEEN: Sign("Provider message resolved", "is-info", "tray"),
    Event.PROCTOR_SCRIPT: Sign("Practice proctor action", "is-info", "play"),
    Event.DASHBOARD_OPENED: Sign("Provider dashboard opened", "is-info", "screen"),
}
#: For what another version of the portal has written.
OTHERWISE = Sign("Other event", "is-info", "info")
MOVES = {
    S.CREATED: Sign("Opened", "state-setup", "gear"),
    S.DOWNLOAD_SOFTWARE_CLICKED: Sign("Proctoring setup started", "state-setup", "gear"),
    S.READY_TO_START: Sign("Ready", "state-ready", "ready"),
    S.STARTED: Sign("Started", "is-info", "progress"),
    S.READY_TO_SUBMIT: Sign("Checked the answers", "state-checking", "eye"),
    S.SUBMITTED: Sign("Submitted", "is-ok", "tray"),
    S.TIMED_OUT: Sign("Submitted when time ran out", "is-ok", "tray"),
    S.EXPIRED: Sign("Closed, not started", "state-closed", "lock"),
    S.ERROR: Sign("Suspended", "is-bad", "alert"),
    S.SECOND_REVIEW_REQUIRED: Sign("Held for a second review", "state-second", "eye"),
    S.VERIFIED: Sign("Accepted", "is-ok", "tick"),
    S.REJECTED: Sign("Not accepted", "is-bad", "cross"),
    S.DECLINED: Sign("Taken without proctoring", "state-closed", "lock"),
    S.ONBOARDING_MISSING: Sign("Refused: no onboarding exam taken", "state-setup", "idcard"),
    S.ONBOARDING_PENDING: Sign("Refused: the onboarding exam is still being reviewed", "state-setup", "idcard"),
    S.ONBOARDING_FAILED: Sign("Refused: the onboarding exam was not accepted", "state-setup", "idcard"),
    S.ONBOARDING_EXPIRED: Sign("Refused: the onboarding exam has expired", "state-setup", "idcard"),
    S.ONBOARDING_RESET: Sign("Replaced by a new onboarding attempt", "state-closed", "idcard"),
}


def history_sign(line: HistoryEntry) -> Sign:
    """The word for one line of history."""
    if line.event != Event.MOVED:
        return EVENTS.get(line.event, OTHERWISE)
    to_status = S(line.to_status)
    if to_status is S.STARTED and line.from_status == S.READY_TO_SUBMIT:
        return Sign("Went back to the questions", "is-info", "back")
    return MOVES[to_status]


def history_who(line: HistoryEntry, hidden_id: int | None = None) -> str:
    """Who brought it about; the account ``hidden_id`` is not named."""
    if line.by is not None and line.by_id != hidden_id:
        return line.by.name
    return ROLES.get(line.actor, line.actor)
