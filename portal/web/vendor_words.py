"""How what a vendor says reads, with the colour and the picture beside it: reports, messages, calls to it."""

from dataclasses import dataclass

from portal.domain.proctoring import NOT_REVIEWED, PASSED, SUSPICIOUS, VIOLATION
from portal.models import DeliveryKind, DeliveryOutcome, HeardFrom, Review


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
#: Topic of a promise -> what we tell the vendor.
CALLS = {
    "provider.register": "Keep a place",
    "provider.start": "The exam has begun",
    "provider.stop": "The exam was submitted",
    "provider.error": "The exam was suspended",
    "provider.remove": "Remove this attempt",
    "provider.exam": "The exam, new or changed",
    "provider.retire": "Forget a learner",
}
HEARD_FROM = {
    HeardFrom.PAGE: "Exam page",
    HeardFrom.WORKER: "Provider's script",
    HeardFrom.PROVIDER: "Provider's server",
}


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
