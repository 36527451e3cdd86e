"""What each status is called in a sentence: ``This attempt is …``, for those who run courses and the portal."""

from portal.models import AttemptStatus as S

WORDS: dict[S, str] = {
    S.CREATED: "being set up",
    S.DOWNLOAD_SOFTWARE_CLICKED: "being set up",
    S.READY_TO_START: "ready to start",
    S.STARTED: "in progress",
    S.READY_TO_SUBMIT: "in progress, checking answers",
    S.SUBMITTED: "submitted",
    S.TIMED_OUT: "submitted when time ran out",
    S.SECOND_REVIEW_REQUIRED: "held for a second review",
    S.VERIFIED: "accepted",
    S.REJECTED: "not accepted",
    S.ERROR: "suspended",
    S.DECLINED: "taken without proctoring",
    S.EXPIRED: "closed, not started",
    S.ONBOARDING_MISSING: "refused, because no onboarding exam was taken",
    S.ONBOARDING_PENDING: "refused, because the onboarding exam is still being reviewed",
    S.ONBOARDING_FAILED: "refused, because the onboarding exam was not accepted",
    S.ONBOARDING_EXPIRED: "refused, because the onboarding exam has expired",
    S.ONBOARDING_RESET: "replaced by a new attempt",
}


def of(status: str) -> str:
    """The words for a stored status; a word that is none of ours stands as it is."""
    return WORDS[S(status)] if status in {one.value for one in S} else status.replace("_", " ")
