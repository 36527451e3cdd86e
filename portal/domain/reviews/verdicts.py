"""What a provider's report or a person's verdict means for an attempt."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.db import db
from portal.domain import access
from portal.domain.errors import BadInput, NotAllowed
from portal.domain.lifecycle import transitions
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.onboarding import profiles
from portal.domain.providers.port import NOT_REVIEWED, PASSED, SUSPICIOUS, VIOLATION
from portal.domain.reviews import rejections, review_versions
from portal.models import Attempt, Review, Right, User, Verdict
from portal.models import AttemptStatus as S

STANDARD = (PASSED, VIOLATION, SUSPICIOUS, NOT_REVIEWED)
#: The words edx-proctoring stores, which PSI also sends.
LEGACY = {
    PASSED: "Clean",
    VIOLATION: "Rules Violation",
    SUSPICIOUS: "Suspicious",
    NOT_REVIEWED: "Not Reviewed",
}
STANDARD_OF_LEGACY = {legacy.lower(): standard for standard, legacy in LEGACY.items()}
#: What a person may give as the reason for "not accepted": code -> words for the list.
REASONS = {
    "identity": "The identity could not be confirmed",
    "help": "Help from another person",
    "material": "Unauthorised material",
    "device": "Unauthorised device or program",
    "left": "Left the room outside a break",
    "recording": "Recording blocked, stopped or changed",
    "other": "Another reason",
}
BECAME = {Verdict.ACCEPT: S.VERIFIED, Verdict.REJECT: S.REJECTED, Verdict.SECOND_REVIEW: S.SECOND_REVIEW_REQUIRED}
MEANS = {Verdict.ACCEPT: PASSED, Verdict.REJECT: VIOLATION, Verdict.SECOND_REVIEW: SUSPICIOUS}
#: What a review can bring about, so that one which comes too early is told from one which comes too late.
REVIEWED = frozenset({S.VERIFIED, S.REJECTED, S.ERROR, S.SECOND_REVIEW_REQUIRED})


@dataclass(frozen=True, kw_only=True)
class Source:
    """The provider a report comes from, as far as its meaning depends on it."""

    slug: str
    passing: frozenset[str]
    supports_onboarding: bool
    allows_updates: bool = True


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A person's verdict, with what the learner will read."""

    verdict: Verdict
    reason_code: str = ""
    sentence: str = ""
    note: str = ""
    without_incident: bool = False
    """They mean "not accepted" although they marked no incident as a concern."""


def standard_word(provider_status: str) -> str | None:
    """The standard word for a standard or legacy one, in any case; None for an unknown one."""
    word = provider_status.strip().lower()
    return word if word in STANDARD else STANDARD_OF_LEGACY.get(word)


def word_of_comment(provider_status: str) -> str:
    """The same for what a provider says of one comment, where "ok" is common; empty for an unknown word."""
    return PASSED if provider_status.strip().lower() == "ok" else standard_word(provider_status) or ""


def verdict(status: str, source: Source, *, attempt: Attempt, by: User | None) -> S:
    """The status that a report calls for. A machine alone never fails a learner, unless the course says so.

    ``by``: the reviewer whose word it is, where we accept them.
    """
    if status in source.passing:
        return S.VERIFIED
    if status == NOT_REVIEWED:
        return S.ERROR
    if by is not None and attempt.exam.course.needs_two_reviewers:
        return S.REJECTED if rejections.first(attempt, by) else S.SECOND_REVIEW_REQUIRED
    if by is not None or not attempt.exam.course.needs_second_review:
        return S.REJECTED
    if attempt.is_sample and source.supports_onboarding:
        return S.REJECTED
    return S.SECOND_REVIEW_REQUIRED


def decide(attempt: Attempt, decided: Decided, by: User, *, now: datetime) -> Review:
    """A person's verdict becomes the current review and moves the attempt.

    :raises NotAllowed: they may not review this course. :raises BadInput: a rejection that does not say why.
    :raises IllegalTransition: the attempt is not in review.
    """
    if not access.may(by, Right.REVIEW, attempt.exam.course_id):
        raise NotAllowed("You do not have permission to review attempts in this course.")
    check(decided)
    before = review_versions.current(attempt)
    cause = Cause(actor=Actor.REVIEWER, user=by, reason=decided.note or decided.sentence or decided.verdict)
    move(attempt, BECAME[decided.verdict], cause, now=now)
    review = Review(
        attempt=attempt,
        is_human=True,
        status=MEANS[decided.verdict],
        provider_status=LEGACY[MEANS[decided.verdict]],
        reviewer_id=by.id,
        reason_code=decided.reason_code,
        sentence=decided.sentence,
        note=decided.note,
        to_status=attempt.status,
        made_at=now,
    )
    _add(review, before, is_current=True)
    return review


def catch_up(attempt: Attempt) -> None:
    """A person took their decision back: the newest report that came meanwhile is the current one. It moves nothing.

    A person's report comes before a machine's, and none before what a person has decided here.
    """
    before = review_versions.current(attempt)
    numbered = select(Review).where(Review.attempt_id == attempt.id).order_by(Review.number.desc())
    later = [one for one in db.session.scalars(numbered) if before is not None and one.number > before.number]
    newest = next((one for one in later if one.is_by_person), next(iter(later), None))
    if before is None or newest is None or before.is_human or (before.is_by_person and not newest.is_by_person):
        return
    before.is_current = False
    db.session.flush()
    newest.is_current = True


def check(decided: Decided) -> None:
    """:raises BadInput: "not accepted" without a reason code or without the sentence the learner will read."""
    if decided.verdict is not Verdict.REJECT:
        return
    if decided.reason_code not in REASONS:
        raise BadInput("reason_code", "Choose the reason for not accepting the exam.")
    if not decided.sentence.strip():
        raise BadInput("sentence", "Write a message to the learner.")


def move(attempt: Attempt, to: S, cause: Cause, *, now: datetime) -> None:
    """What a verdict brings about, whoever gave it."""
    if to is S.ERROR and attempt.status is not S.ERROR:
        # Not reviewed: a person may let the learner try again, with all of their time.
        transitions.make_resumable(attempt)
    if transitions.move(attempt, to, cause, now=now):
        profiles.clean_up(attempt, now=now)


def _add(review: Review, before: Review | None, *, is_current: bool) -> None:
    numbers = select(func.max(Review.number)).where(Review.attempt_id == review.attempt.id)
    with db.session.no_autoflush:
        review.number = (db.session.scalar(numbers) or 0) + 1
    if before is not None:
        before.is_current = False
        db.session.flush()  # The unique index must see the older one step back first.
    review.is_current = is_current
    db.session.add(review)
    db.session.flush()
