"""Who did not accept an attempt, and in which order: what a second reviewer confirms, and who answers an appeal."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain.providers.port import NOT_REVIEWED, PASSED, SUSPICIOUS
from portal.models import Attempt, Decision, Review, User, Verdict
from portal.models import AttemptStatus as S


@dataclass(frozen=True, kw_only=True)
class Said:
    """That a person accepted an attempt, or did not: here, or in a provider's report that names them."""

    reviewer: User
    accepts: bool
    at: datetime
    reason_code: str = ""


def first(attempt: Attempt, but: User) -> Said | None:
    """The "not accepted" of somebody else that waits to be confirmed; None when it was answered with an acceptance."""
    if attempt.status is S.REJECTED:
        return None
    return next((one for one in _since_accepted(attempt) if one.reviewer.id != but.id), None)


def decider(attempt: Attempt) -> User | None:
    """Who was the first not to accept it, since anybody last accepted it; None where only machines have spoken."""
    return next((one.reviewer for one in _since_accepted(attempt)), None)


def _since_accepted(attempt: Attempt) -> list[Said]:
    """What people said against it, oldest first."""
    said = sorted([*_decided(attempt), *_reviewed(attempt)], key=lambda one: one.at)
    accepted = max((number for number, one in enumerate(said) if one.accepts), default=-1)
    return said[accepted + 1 :]


def _decided(attempt: Attempt) -> list[Said]:
    query = select(Decision).where(
        Decision.attempt_id == attempt.id, Decision.sent_at.is_not(None), Decision.verdict != Verdict.SECOND_REVIEW
    )
    return [
        Said(
            reviewer=one.reviewer,
            accepts=one.verdict is Verdict.ACCEPT,
            at=one.sent_at or one.made_at,
            reason_code=one.reason_code,
        )
        for one in db.session.scalars(query.options(joinedload(Decision.reviewer)).order_by(Decision.id))
    ]


def _reviewed(attempt: Attempt) -> list[Said]:
    """Versions of the review that a person answers for; who only asked for a second review has not decided."""
    query = select(Review).where(
        Review.attempt_id == attempt.id, Review.reviewer_id.is_not(None), Review.status != NOT_REVIEWED
    )
    versions = db.session.scalars(query.options(joinedload(Review.reviewer)).order_by(Review.number))
    return [
        Said(reviewer=one.reviewer, accepts=_accepts(one), at=one.made_at, reason_code=one.reason_code)
        for one in versions
        if one.reviewer is not None and not (one.is_human and one.status == SUSPICIOUS)
    ]


def _accepts(review: Review) -> bool:
    """A provider may count more words than "passed" as passing; a note says that a report changed nothing."""
    return review.status == PASSED or (review.to_status == S.VERIFIED and not review.is_human and not review.note)
