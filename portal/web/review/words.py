"""How things of the review rooms read: filters, reasons for waiting, incidents, versions."""

from datetime import datetime

from portal.domain import reviews, standing
from portal.domain.decisions import CONCERN, NOTE, OK
from portal.domain.decisions import WORDS as VERDICTS
from portal.domain.proctoring import NOT_REVIEWED, PASSED, SUSPICIOUS, VIOLATION
from portal.domain.review_queue import Item
from portal.models import Attempt, DeliveryOutcome, Review, TimeEntryKind
from portal.models import AttemptStatus as S
from portal.web.formats import DAYS, MONTHS, local
from portal.web.teach.words import Sign

SHOWS = {
    "waiting": "All that wait",
    "mine": "Mine",
    "unclaimed": "Unclaimed",
    "second": "Second look",
    "appeals": "Appeals",
    "interrupted": "Interrupted",
    "today": "Decided today",
}
EMPTY = {
    "waiting": "Nothing waits for you. New reports and appeals appear here by themselves.",
    "mine": "You have claimed nothing. Claim the next ten, or open any attempt of the list.",
    "unclaimed": "Everything that waits has been claimed.",
    "second": "No attempt waits for a second look.",
    "appeals": "No appeal waits for an answer.",
    "interrupted": "Nobody waits to go on.",
    "today": "Nothing has been decided today.",
}
MARKS = {OK: "Fine", NOTE: "Note", CONCERN: "Concern"}
STANDARD = {
    PASSED: Sign("Passed", "is-ok", "tick"),
    VIOLATION: Sign("Violation", "is-bad", "flag"),
    SUSPICIOUS: Sign("Suspicious", "is-warn", "eye"),
    NOT_REVIEWED: Sign("Not reviewed", "state-closed", "dash"),
}
UNKNOWN = Sign("Another word", "state-closed", "info")
STILL = {
    TimeEntryKind.BREAK: "Break that was allowed",
    TimeEntryKind.PAUSE: "Clock stopped by the team",
    TimeEntryKind.INTERRUPTION: "Interrupted",
}
OUTCOMES = {
    DeliveryOutcome.RECEIVED: Sign("Received", "is-info", "tray"),
    DeliveryOutcome.USED: Sign("Used", "is-ok", "tick"),
    DeliveryOutcome.REPEATED: Sign("Repeated", "state-closed", "copy"),
    DeliveryOutcome.KEPT: Sign("Kept for a person", "is-warn", "eye"),
    DeliveryOutcome.REFUSED: Sign("Refused", "is-bad", "cross"),
}


def standard_sign(word: str) -> Sign:
    return STANDARD.get(word, UNKNOWN)


def why(item: Item) -> list[Sign]:
    """Why an attempt waits for a person; an attempt may have several reasons."""
    attempt, reasons = item.attempt, []
    if item.appeal is not None:
        reasons.append(Sign("Appeal", "state-second", "message"))
    if attempt.status is S.SECOND_REVIEW_REQUIRED:
        reasons.append(Sign("Second look", "state-second", "eye"))
    if attempt.status is S.SUBMITTED:
        reasons.append(Sign("Report to look at", "state-review", "flag"))
    if attempt.status is S.ERROR or attempt.is_running:
        reasons.append(Sign("Interrupted", "state-interrupted", "alert"))
    if item.has_kept:
        reasons.append(Sign("A message was kept", "is-warn", "tray"))
    return reasons or [state_sign(attempt)]


def state_sign(attempt: Attempt) -> Sign:
    found = standing.of(attempt)
    return Sign(found.words, f"state-{found.tone}", found.sign)


def day(at: datetime | None) -> str:
    """``Wed 25 Nov``; nothing for None."""
    if at is None:
        return ""
    here = local(at)
    return f"{DAYS[here.weekday()]} {here.day} {MONTHS[here.month - 1][:3]}"


def in_recording(seconds: int) -> str:
    """A place in the recording: ``31:05``, ``1:20:40``."""
    hours, rest = divmod(max(0, seconds), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def length(seconds: int) -> str:
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"


def version_title(review: Review) -> str:
    """Who said it."""
    if review.is_human:
        return review.reviewer.name if review.reviewer else "A reviewer"
    named = review.reviewer.name if review.reviewer else review.reviewer_name
    return f"{review.provider_slug}, {named}" if named else str(review.provider_slug)


def verdict_sign(review: Review) -> Sign:
    """What a version says, in the standard words."""
    return standard_sign(review.status)


def reason_text(code: str) -> str:
    return reviews.REASONS.get(code, code)


__all__ = ["VERDICTS"]
