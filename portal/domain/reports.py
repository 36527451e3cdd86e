"""A vendor's report on an attempt: kept as the next version of its review, and what it brings about.

A vendor waits for the answer, so this asks the database as little as it can: a test counts the statements.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Integer, Table, bindparam, func, insert, or_, select, update

from portal.db import db
from portal.domain import access, history, lifecycle, people, reviews
from portal.domain.errors import BadInput, NotNow
from portal.domain.history import Actor, Deed
from portal.domain.proctoring import ReviewReceived
from portal.domain.reviews import Source
from portal.models import Attempt, Decision, Delivery, Review, ReviewComment, User

#: On the table itself: nothing has to be worked out for rows that are new.
_COMMENTING = insert(cast(Table, ReviewComment.__table__))


@dataclass(frozen=True, kw_only=True)
class Before:
    """How an attempt's review stood when a report came."""

    number: int
    """Of the newest version; 0 when there is none."""
    current_id: int | None
    is_decided: bool
    """Whether a person has decided, sent or not yet."""


@cache
def columns() -> tuple[Any, ...]:
    """What :class:`Before` is made of, to be read together with something else; ``of_attempt`` says of which."""
    attempt_id = bindparam("of_attempt", type_=Integer)
    of_attempt = Review.attempt_id == attempt_id
    numbers = select(func.coalesce(func.max(Review.number), 0)).where(of_attempt)
    current = select(Review.id).where(of_attempt, Review.is_current)
    by_person = select(Review.id).where(of_attempt, Review.is_current, Review.is_human).exists()
    not_sent = (
        select(Decision.id)
        .where(Decision.attempt_id == attempt_id, Decision.sent_at.is_(None), Decision.undone_at.is_(None))
        .exists()
    )
    return numbers.scalar_subquery(), current.scalar_subquery(), or_(by_person, not_sent)


def before(number: int, current_id: int | None, is_decided: bool) -> Before:
    """From the values of :func:`columns`."""
    return Before(number=number, current_id=current_id, is_decided=bool(is_decided))


def receive(
    attempt: Attempt,
    said: ReviewReceived,
    source: Source,
    delivery: Delivery | None,
    *,
    was: Before | None = None,
    now: datetime,
) -> Review:
    """Keep a vendor's report as the next version, and bring about what it calls for. The attempt is held.

    An archived attempt, and one that a person has decided (sent or not yet), keep their status; a report that
    calls for something the lifecycle does not allow from here is kept, and changes nothing (``review.became``).

    :raises NotNow: the attempt has not ended. :raises BadInput: this vendor may not change a report.
    """
    was = was or before(*db.session.execute(select(*columns()), {"of_attempt": attempt.id}).one())
    _check(attempt, source, was)
    reviewer = _reviewer(said.reviewed_by, attempt)
    review = _as_review(attempt, said, source, delivery, reviewer)
    review.number, review.is_current, review.made_at = was.number + 1, not was.is_decided, now
    _step_back(was)
    actor = Actor.REVIEWER if reviewer else Actor.PROVIDER
    deed = Deed(actor=actor, by=reviewer, reason=f"{source.slug}: {said.vendor_status}"[:200])
    _bring_about(attempt, review, source, deed, now=now)
    db.session.flush()  # The comments name the review.
    _add_comments(review, said)
    return review


def _bring_about(attempt: Attempt, review: Review, source: Source, deed: Deed, *, now: datetime) -> None:
    to = reviews.verdict(review.status, source, attempt=attempt, is_by_reviewer=deed.by is not None)
    may_move = review.is_current and attempt.archived_at is None and lifecycle.may_move(attempt, to, deed.actor)
    review.became = to if may_move else attempt.status
    db.session.add(review)
    if may_move:
        reviews.move(attempt, to, deed, now=now)
    else:
        history.record(attempt, deed, was=attempt.status, now=now, event="review_received")


def _check(attempt: Attempt, source: Source, was: Before) -> None:
    if attempt.is_live:
        raise NotNow("The attempt has not ended, so there is nothing to review yet.")
    if was.number and not source.allows_updates:
        raise BadInput("status", "A review of this attempt is kept already, and this provider may not change it.")


def _as_review(
    attempt: Attempt, said: ReviewReceived, source: Source, delivery: Delivery | None, reviewer: User | None
) -> Review:
    return Review(
        attempt_id=attempt.id,
        is_human=False,
        provider_slug=source.slug,
        delivery_id=delivery.id if delivery else None,
        status=said.status,
        vendor_status=said.vendor_status[:200],
        reviewer_id=reviewer.id if reviewer else None,
        reviewer_name="" if reviewer else said.reviewed_by[:200],
        video_url=said.video_url,
        has_video=said.video_url is not None,
        became=attempt.status,
    )


def _step_back(was: Before) -> None:
    """The unique index must see the older version step back first."""
    if was.current_id is not None and not was.is_decided:
        db.session.execute(update(Review).where(Review.id == was.current_id).values(is_current=False))


def _add_comments(review: Review, said: ReviewReceived) -> None:
    rows = [
        {
            "review_id": review.id,
            "comment": comment.comment,
            "vendor_status": comment.vendor_status[:200],
            "status": reviews.standard_word(comment.vendor_status) or "",
            "start_seconds": comment.start_seconds,
            "stop_seconds": comment.stop_seconds,
            "duration_seconds": comment.duration_seconds,
            "verdict": "",
        }
        for comment in said.comments
    ]
    if rows:
        db.session.execute(_COMMENTING, rows)


def _reviewer(email: str, attempt: Attempt) -> User | None:
    """The account a vendor names, if it may review this course; a name alone decides nothing."""
    found = people.find_by_email(email) if email else None
    if found is None or not found.is_active or found.id == attempt.learner_id:
        return None
    return found if access.may(found, "review", attempt.exam.course_id) else None
