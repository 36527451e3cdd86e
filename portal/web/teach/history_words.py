"""How the lines of an attempt's history read for the course team: what happened, and who brought it about."""

from portal.models import AttemptStatus as S
from portal.models import HistoryEntry
from portal.web.vendor_words import Sign

#: Who acted, where no account is named.
ROLES = {
    "portal": "by itself",
    "sweeper": "by itself",
    "system": "by itself",
    "staff": "the course team",
    "proctor": "the proctor",
    "reviewer": "a reviewer",
    "provider": "the provider",
    "learner": "the learner",
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
    "proctor_script": Sign("Played by the practice proctor", "is-info", "play"),
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
#: For what another version of the portal has written.
OTHERWISE = Sign("Something else", "is-info", "info")
MOVES = {
    S.CREATED: Sign("Opened", "state-setup", "gear"),
    S.DOWNLOAD_SOFTWARE_CLICKED: Sign("Began to set up the proctoring", "state-setup", "gear"),
    S.READY_TO_START: Sign("Ready", "state-ready", "ready"),
    S.STARTED: Sign("Started", "is-info", "progress"),
    S.READY_TO_SUBMIT: Sign("Checked the answers", "state-checking", "eye"),
    S.SUBMITTED: Sign("Submitted", "is-ok", "tray"),
    S.TIMED_OUT: Sign("Submitted when time ran out", "is-ok", "tray"),
    S.EXPIRED: Sign("Closed without a start", "state-closed", "lock"),
    S.ERROR: Sign("Suspended", "is-bad", "alert"),
    S.SECOND_REVIEW_REQUIRED: Sign("Held for a second review", "state-second", "eye"),
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
        return EVENTS.get(line.event, OTHERWISE)
    became = S(line.became)
    if became is S.STARTED and line.was == S.READY_TO_SUBMIT:
        return Sign("Went back to the questions", "is-info", "back")
    return MOVES[became]


def history_who(line: HistoryEntry, hidden_id: int | None = None) -> str:
    """Who brought it about; the account ``hidden_id`` is not named."""
    if line.by is not None and line.by_id != hidden_id:
        return line.by.name
    return ROLES.get(line.actor, line.actor)
