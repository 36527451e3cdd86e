"""How what a provider says reads, with the colour and the picture beside it: reports, messages, calls to it."""

from dataclasses import dataclass

from portal.domain.providers.port import NOT_REVIEWED, PASSED, SUSPICIOUS, VIOLATION
from portal.models import DeliveryKind, DeliveryOutcome, EmailKind, HeardFrom, OutboxMessage, Review, Topic


@dataclass(frozen=True)
class Sign:
    """A word with the colour and the picture that stand beside it."""

    words: str
    tone: str
    sign: str


STANDARD = {
    PASSED: Sign("Passed", "is-ok", "tick"),
    VIOLATION: Sign("Violation", "is-bad", "flag"),
    SUSPICIOUS: Sign("Suspicious", "is-warn", "eye"),
    NOT_REVIEWED: Sign("Not reviewed", "state-closed", "dash"),
}
UNKNOWN = Sign("Other result", "state-closed", "info")
OUTCOMES = {
    DeliveryOutcome.RECEIVED: Sign("Received", "is-info", "tray"),
    DeliveryOutcome.USED: Sign("Used", "is-ok", "tick"),
    DeliveryOutcome.REPEATED: Sign("Repeated", "state-closed", "copy"),
    DeliveryOutcome.KEPT: Sign("Needs attention", "is-warn", "eye"),
}
KINDS = {
    DeliveryKind.READY: "Ready to start",
    DeliveryKind.REVIEWED: "Review",
    DeliveryKind.PSI_LAUNCH: "Launch (PSI)",
    DeliveryKind.PSI_REVIEW: "Review (PSI)",
}
#: Topic of a message -> what we tell the provider.
CALLS: dict[str, str] = {
    Topic.PROVIDER_REGISTER: "Register attempt",
    Topic.PROVIDER_START: "Exam started",
    Topic.PROVIDER_STOP: "Exam submitted",
    Topic.PROVIDER_ERROR: "Exam suspended",
    Topic.PROVIDER_REMOVE: "Remove attempt",
    Topic.PROVIDER_EXAM: "Exam created or changed",
    Topic.PROVIDER_RETIRE: "Delete learner",
}
#: Email to a learner -> what it tells them.
EMAILS: dict[str, str] = {
    EmailKind.APPEAL_ANSWERED: "appeal answered",
    EmailKind.ATTEMPT_ERROR: "exam suspended",
    EmailKind.ATTEMPT_SUBMITTED: "receipt",
    EmailKind.DECLINED: "without proctoring",
    EmailKind.INTERRUPTED: "clock paused",
    EmailKind.MESSAGE_ANSWERED: "message answered",
    EmailKind.ONBOARDING_DECIDED: "onboarding exam result",
    EmailKind.ONBOARDING_ENDS: "onboarding exam expires soon",
    EmailKind.REOPENED: "exam reopened",
    EmailKind.RESUME_GRANTED: "attempt resumed",
    EmailKind.RESUMED: "clock resumed",
    EmailKind.REVIEW_FAILED: "exam not accepted",
    EmailKind.REVIEW_PASSED: "exam accepted",
    EmailKind.TIME_ADDED: "time added",
    EmailKind.TIME_CUT: "time removed",
}
HEARD_FROM = {
    HeardFrom.PAGE: "Exam page",
    HeardFrom.WORKER: "Provider's script",
    HeardFrom.PROVIDER: "Provider's server",
}


def call_words(message: OutboxMessage) -> str:
    """What we tell, to a provider or to the learner."""
    email = EMAILS.get(str(message.payload.get("template", "")), "a message")
    return CALLS.get(message.topic) or f"Email to the learner: {email}"


def standard_sign(word: str) -> Sign:
    return STANDARD.get(word, UNKNOWN)


def version_title(review: Review) -> str:
    """Who said it."""
    if review.is_human:
        return review.reviewer.name if review.reviewer else "A reviewer"
    named = review.reviewer.name if review.reviewer else review.reviewer_name
    return f"{review.provider_slug}, {named}" if named else str(review.provider_slug)


def verdict_sign(review: Review) -> Sign:
    """What a version says, in the standard words."""
    return standard_sign(review.status)
