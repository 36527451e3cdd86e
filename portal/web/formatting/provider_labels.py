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
UNKNOWN = Sign("Another word", "state-closed", "info")
OUTCOMES = {
    DeliveryOutcome.RECEIVED: Sign("Received", "is-info", "tray"),
    DeliveryOutcome.USED: Sign("Used", "is-ok", "tick"),
    DeliveryOutcome.REPEATED: Sign("Repeated", "state-closed", "copy"),
    DeliveryOutcome.KEPT: Sign("Kept for a person", "is-warn", "eye"),
}
KINDS = {
    DeliveryKind.READY: "Ready to start",
    DeliveryKind.REVIEWED: "Review",
    DeliveryKind.PSI_LAUNCH: "Launch (PSI)",
    DeliveryKind.PSI_REVIEW: "Review (PSI)",
}
#: Topic of a message -> what we tell the provider.
CALLS: dict[str, str] = {
    Topic.PROVIDER_REGISTER: "Keep a place",
    Topic.PROVIDER_START: "The exam has begun",
    Topic.PROVIDER_STOP: "The exam was submitted",
    Topic.PROVIDER_ERROR: "The exam was suspended",
    Topic.PROVIDER_REMOVE: "Remove this attempt",
    Topic.PROVIDER_EXAM: "The exam, new or changed",
    Topic.PROVIDER_RETIRE: "Forget a learner",
}
#: Email to a learner -> what it tells them.
EMAILS: dict[str, str] = {
    EmailKind.APPEAL_ANSWERED: "the answer to their appeal",
    EmailKind.ATTEMPT_ERROR: "their exam is suspended",
    EmailKind.ATTEMPT_SUBMITTED: "their receipt",
    EmailKind.DECLINED: "taken without proctoring",
    EmailKind.INTERRUPTED: "their clock is paused",
    EmailKind.MESSAGE_ANSWERED: "the answer to their message",
    EmailKind.ONBOARDING_DECIDED: "what became of their onboarding exam",
    EmailKind.ONBOARDING_ENDS: "their onboarding ends soon",
    EmailKind.REOPENED: "their exam is open again",
    EmailKind.RESUME_GRANTED: "they can go on",
    EmailKind.RESUMED: "their clock runs again",
    EmailKind.REVIEW_FAILED: "not accepted",
    EmailKind.REVIEW_PASSED: "accepted",
    EmailKind.TIME_ADDED: "more time",
    EmailKind.TIME_CUT: "less time",
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
