"""How things of the review rooms read: filters, reasons for waiting, incidents, versions."""

from datetime import datetime

from portal import languages
from portal.domain.attempts import display_status
from portal.domain.lifecycle import status_labels
from portal.domain.reviews import verdicts
from portal.domain.reviews.decisions import CONCERN, NOTE, OK
from portal.domain.reviews.decisions import WORDS as VERDICTS
from portal.domain.reviews.queue import Item
from portal.models import Attempt, CaseKind, Review, ReviewComment, TimeEntryKind
from portal.models import AttemptStatus as S
from portal.web.formatting.provider_labels import (
    KINDS,
    OUTCOMES,
    Sign,
    standard_sign,
    verdict_sign,
    version_title,
)
from portal.web.formatting.times import local

SHOWS = {
    "waiting": "All waiting",
    "mine": "Mine",
    "unclaimed": "Unclaimed",
    "second": "Second review",
    "appeals": "Appeals",
    "interrupted": "Interrupted",
    "today": "Decided today",
}
EMPTY = {
    "waiting": "No attempts need a review. New reports and appeals appear here automatically.",
    "mine": "You have no claimed attempts. Claim the next ten, or open an attempt from the list.",
    "unclaimed": "All waiting attempts are claimed.",
    "second": "No attempts need a second review.",
    "appeals": "No appeals need an answer.",
    "interrupted": "No learners are interrupted.",
    "today": "There are no decisions today.",
}
REPORTS: dict[str, Sign] = {
    CaseKind.CONTRADICTORY_REVIEW: Sign("Contradicting report", "is-warn", "flag"),
    CaseKind.REPORT_TO_DECIDE: Sign("Report to decide", "is-warn", "flag"),
}
RESET = Sign("Reset", "state-closed", "page")
MARKS = {OK: "Fine", NOTE: "Note", CONCERN: "Concern"}
STILL = {
    TimeEntryKind.BREAK: "Allowed break",
    TimeEntryKind.PAUSE: "Clock paused by the course team",
    TimeEntryKind.INTERRUPTION: "Clock paused, connection lost",
}


def why(item: Item) -> list[Sign]:
    """Why an attempt waits for a person; an attempt may have several reasons."""
    attempt, reasons = item.attempt, []
    if item.appeal is not None:
        reasons.append(Sign("Appeal", "state-second", "message"))
    if attempt.status is S.SECOND_REVIEW_REQUIRED:
        reasons.append(Sign("Second review", "state-second", "eye"))
    if attempt.status is S.SUBMITTED:
        reasons.append(Sign("Report to review", "state-review", "flag"))
    if item.report is not None:
        reasons.append(REPORTS[item.report])
    if item.cannot_wait:
        reasons.append(state_sign(attempt))
    elif attempt.status is S.ERROR and item.report is None:
        reasons.append(Sign("Recording not reviewed", "state-second", "camera"))
    if item.has_kept:
        reasons.append(Sign("Unusable message", "is-warn", "tray"))
    return reasons or [state_sign(attempt)]


def state_sign(attempt: Attempt) -> Sign:
    if attempt.archived_at is not None:
        return RESET
    found = display_status.of(attempt)
    return Sign(found.words, f"state-{found.tone}", found.sign)


def day(at: datetime | None) -> str:
    """``Wed 25 Nov``; nothing for None."""
    return languages.written(local(at), "EEE d MMM") if at else ""


def place_of(incident: ReviewComment) -> str:
    """Where in the recording it is, or that the provider did not say."""
    return in_recording(incident.start_seconds) if incident.is_timed else "no time"


def in_recording(seconds: int) -> str:
    """A place in the recording: ``31:05``, ``1:20:40``."""
    hours, rest = divmod(max(0, seconds), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def length(seconds: int) -> str:
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"


def reason_text(code: str) -> str:
    return verdicts.REASONS.get(code, code)


__all__ = ["KINDS", "OUTCOMES", "VERDICTS", "standard_sign", "verdict_sign", "version_title"]


def to_status_words(one: Review) -> str:
    """What a version of a review made of its attempt, in a sentence."""
    return status_labels.of(one.to_status)
