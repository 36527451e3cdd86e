"""What the course team must hear about a vendor's report, beside the report itself."""

from datetime import datetime

from portal.domain import support
from portal.domain.proctoring import SUSPICIOUS
from portal.models import Attempt, AttemptStatus, Review


def about(review: Review, attempt: Attempt, wanted: AttemptStatus, *, now: datetime) -> str:
    """Open a case where a person is needed, and say in a sentence what stands beside the delivery.

    ``wanted``: the status that the report calls for.
    """
    if attempt.archived_at is not None:
        return "The attempt was set aside before; its status stays as it was."
    if attempt.status is not wanted:
        note = f"It would have made the attempt {_words(wanted)}; it stays {_words(attempt.status)}."
        _open("contradictory_review", f"{attempt.exam.name}: a report of the provider came late. {note}", review, now)
        return note
    if review.status == SUSPICIOUS and review.reviewer_id is None:
        _open("suspicious", f"{attempt.exam.name}: the proctoring provider found an attempt suspicious.", review, now)
    return ""


def _words(status: AttemptStatus) -> str:
    return status.replace("_", " ")


def _open(kind: str, text: str, review: Review, now: datetime) -> None:
    attempt = review.attempt
    key = f"{attempt.ref}.review-{review.number}"
    support.open_new(kind, text, key=key, course_id=attempt.exam.course_id, attempt=attempt, now=now)
