"""A provider's report on an attempt: kept as the next version of its review, and what it brings about.

A machine never overrides a person. A report that names an account which may review the course is that person's
decision; it stands against machines like one made here, and gives way only to a decision made here.

A provider waits for the answer, so this asks the database as little as it can: a test counts the statements.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, func, select, update

from portal.db import db
from portal.db.fast import insert_all, prepared
from portal.domain import access
from portal.domain.accounts import people
from portal.domain.errors import BadInput, NotNow
from portal.domain.lifecycle import transitions
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.providers.facts import ReviewReceived
from portal.domain.reviews import decisions, report_cases, verdicts
from portal.domain.reviews.verdicts import Source
from portal.models import Attempt, AttemptStatus, Decision, Delivery, Event, Review, ReviewComment, Right, User, Verdict


@dataclass(frozen=True, kw_only=True)
class Before:
    """How an attempt's review stood when a report came."""

    number: int
    """Of the newest version; 0 when there is none."""
    current_id: int | None
    has_unsent: bool
    """Whether somebody has decided here and it is not sent yet."""
    is_decided_here: bool
    """Whether a reviewer's decision counts that was made here; asking for a second review decides nothing."""
    is_by_person: bool
    """Whether a person answers for what counts, wherever they said it."""

    def gives_way_to(self, reviewer_id: int | None) -> bool:
        """Whether a report counts that names this reviewer; None names nobody whom we accept."""
        if self.has_unsent or self.is_decided_here:
            return False
        return reviewer_id is not None or not self.is_by_person


@prepared
def columns() -> tuple[Any, ...]:
    """What :class:`Before` is made of, to be read together with something else; ``of_attempt`` says of which."""
    attempt_id = bindparam("of_attempt", type_=Integer)
    of_attempt = Review.attempt_id == attempt_id
    numbers = select(func.coalesce(func.max(Review.number), 0)).where(of_attempt)
    current = select(Review.id).where(of_attempt, Review.is_current)
    by_person = current.where(Review.reviewer_id.is_not(None))
    decided_here = by_person.where(Review.is_human, Review.status != verdicts.MEANS[Verdict.SECOND_REVIEW])
    unsent = select(Decision.id).where(
        Decision.attempt_id == attempt_id, Decision.sent_at.is_(None), Decision.undone_at.is_(None)
    )
    known = (numbers.scalar_subquery(), current.scalar_subquery())
    return (*known, unsent.exists(), decided_here.exists(), by_person.exists())


def before(number: int, current_id: int | None, *facts: bool) -> Before:
    """From the values of :func:`columns`."""
    has_unsent, is_decided_here, is_by_person = (bool(fact) for fact in facts)
    return Before(
        number=number,
        current_id=current_id,
        has_unsent=has_unsent,
        is_decided_here=is_decided_here,
        is_by_person=is_by_person,
    )


def receive(
    attempt: Attempt,
    said: ReviewReceived,
    source: Source,
    delivery: Delivery | None,
    *,
    earlier: Before | None = None,
    now: datetime,
) -> Review:
    """Keep a provider's report as the next version, and bring about what it calls for. The attempt is held.

    Where a person has decided, or the lifecycle does not allow it, it is kept and changes nothing
    (``review.became``, and why in ``review.note``). Where a person must hear of it, a case is opened.

    :raises NotNow: the attempt has not ended. :raises BadInput: this provider may not change a report.
    """
    earlier = earlier or before(*db.session.execute(select(*columns()), {"of_attempt": attempt.id}).one())
    _check(attempt, source, earlier)
    reviewer = _reviewer(said.reviewed_by, attempt)
    review = _as_review(attempt, said, source, delivery, reviewer)
    _place(review, earlier, now=now)
    actor = Actor.REVIEWER if reviewer else Actor.PROVIDER
    cause = Cause(actor=actor, user=reviewer, reason=f"{source.slug}: {said.provider_status}"[:200])
    wanted = verdicts.verdict(review.status, source, attempt=attempt, by=reviewer)
    _bring_about(attempt, review, wanted, cause, now=now)
    unsent = decisions.find_open(attempt) if earlier.has_unsent else None
    review.note = report_cases.open_for(review, attempt, wanted, unsent, now=now)
    db.session.flush()  # The comments name the review.
    _add_comments(review, said)
    return review


def _bring_about(attempt: Attempt, review: Review, to: AttemptStatus, cause: Cause, *, now: datetime) -> None:
    may_move = review.is_current and attempt.archived_at is None and transitions.may_move(attempt, to, cause.actor)
    review.to_status = to if may_move else attempt.status
    db.session.add(review)
    if not may_move:
        transitions.happened(attempt, Event.REVIEW_RECEIVED, cause, now=now)
        return
    verdicts.move(attempt, to, cause, now=now)
    if cause.user is not None:  # A person has decided, so nobody has to look at what machines said before.
        report_cases.answer_all(attempt, cause.user, cause.reason, until=now, now=now)


def _check(attempt: Attempt, source: Source, earlier: Before) -> None:
    if attempt.is_live:
        raise NotNow("The attempt has not ended yet, so it cannot be reviewed.")
    if earlier.number and not source.allows_updates:
        raise BadInput("status", "This attempt already has a review, and this provider cannot change it.")


def _as_review(
    attempt: Attempt, said: ReviewReceived, source: Source, delivery: Delivery | None, reviewer: User | None
) -> Review:
    return Review(
        attempt_id=attempt.id,
        is_human=False,
        provider_slug=source.slug,
        delivery_id=delivery.id if delivery else None,
        status=said.status,
        provider_status=said.provider_status[:200],
        reviewer_id=reviewer.id if reviewer else None,
        reviewer_name="" if reviewer else said.reviewed_by[:200],
        summary=said.summary,
        video_url=said.video_url,
        has_video=said.video_url is not None,
        to_status=attempt.status,
    )


def _place(review: Review, earlier: Before, *, now: datetime) -> None:
    """The next version; where it is to count, the unique index must see the older one step back first."""
    review.number, review.made_at = earlier.number + 1, now
    review.is_current = earlier.gives_way_to(review.reviewer_id)
    if review.is_current and earlier.current_id is not None:
        db.session.execute(update(Review).where(Review.id == earlier.current_id).values(is_current=False))


def _add_comments(review: Review, said: ReviewReceived) -> None:
    rows = [
        {
            "review_id": review.id,
            "comment": comment.comment,
            "provider_status": comment.provider_status[:200],
            "status": verdicts.word_of_comment(comment.provider_status),
            "start_seconds": comment.start_seconds,
            "stop_seconds": comment.stop_seconds,
            "duration_seconds": comment.duration_seconds,
            "is_timed": comment.is_timed,
            "verdict": "",
        }
        for comment in said.comments
    ]
    insert_all(ReviewComment, rows)


def _reviewer(email: str, attempt: Attempt) -> User | None:
    """The account a provider names, if it may review this course; a name alone decides nothing."""
    found = people.find_by_email(email) if email else None
    if found is None or not found.is_active or found.id == attempt.learner_id:
        return None
    return found if access.may(found, Right.REVIEW, attempt.exam.course_id) else None
