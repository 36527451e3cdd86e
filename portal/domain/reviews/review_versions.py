"""Finds the versions of a review: the one that is current, and those that it replaced."""

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload, undefer

from portal.db import db
from portal.db.encrypted import is_locked
from portal.domain.errors import SecretLocked
from portal.models import Attempt, Review


def current(attempt: Attempt) -> Review | None:
    """The version that counts, with its comments; None when nobody has reported anything."""
    query = select(Review).where(Review.attempt_id == attempt.id, Review.is_current)
    return db.session.scalar(query.options(selectinload(Review.comments)))


def list_for(attempt: Attempt) -> list[Review]:
    """Every version, oldest first, with comments and reviewer."""
    query = select(Review).where(Review.attempt_id == attempt.id).order_by(Review.number)
    return list(db.session.scalars(query.options(selectinload(Review.comments), joinedload(Review.reviewer))))


def newest_number(attempt: Attempt) -> int:
    """Of the versions of its review; 0 when nobody has reported anything."""
    return db.session.scalar(select(func.max(Review.number)).where(Review.attempt_id == attempt.id)) or 0


def video_url(attempt: Attempt) -> str | None:
    """The newest recording link a provider gave. For people with the right to review, at click time only.

    :raises SecretLocked: it was encrypted under another secret key.
    """
    query = select(Review).where(Review.attempt_id == attempt.id, Review.has_video).order_by(Review.number.desc())
    review = db.session.scalar(query.options(undefer(Review.video_url)).limit(1))
    if review is not None and is_locked(review.video_url):
        raise SecretLocked("The link to this recording")
    return review.video_url if review else None
