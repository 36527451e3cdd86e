"""What providers delivered, what it meant, and what people decided about it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Id, Model, words
from portal.db.encrypted import EncryptedText
from portal.models.accounts.user import User
from portal.models.attempts.attempt import Attempt

OPEN = text("sent_at IS NULL AND undone_at IS NULL")
CURRENT = text("is_current")
DUE = text("answer_due_at IS NOT NULL")


class Review(Model):
    """One version of what is known about an attempt's conduct: a provider's report or a person's verdict."""

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("attempt_id", "number"),
        Index("uq_review_current", "attempt_id", unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT),
        CheckConstraint("is_human = (provider_slug IS NULL)", "a_person_or_a_vendor"),
    )

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    number: Mapped[int]
    is_current: Mapped[bool]
    is_human: Mapped[bool]
    """Decided in this portal, not reported by a provider; see :attr:`is_by_person`."""
    provider_slug: Mapped[str | None]
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    status: Mapped[str]
    """The standard word: passed, violation, suspicious or not_reviewed."""
    provider_status: Mapped[str]
    """The word as it came."""
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """Who decided, if that account may review this course."""
    reviewer_name: Mapped[str] = mapped_column(default="")
    """Whom the provider named, kept as text when it counts for nothing."""
    reason_code: Mapped[str] = mapped_column(default="")
    sentence: Mapped[str] = mapped_column(default="")
    """What the learner reads."""
    note: Mapped[str] = mapped_column(default="")
    """For the team only; of a report that changed nothing, what it would have changed."""
    video_url: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    has_video: Mapped[bool] = mapped_column(default=False)
    summary: Mapped[str] = mapped_column(default="")
    """What the provider said of the whole recording, beside its incidents."""
    to_status: Mapped[str]
    """The status the attempt had after it."""
    made_at: Mapped[datetime]

    attempt: Mapped[Attempt] = relationship()
    reviewer: Mapped[User | None] = relationship()
    comments: Mapped[list["ReviewComment"]] = relationship(
        back_populates="review", order_by="(ReviewComment.is_timed.desc(), ReviewComment.start_seconds)"
    )

    @property
    def is_by_person(self) -> bool:
        """A person answers for it: decided here, or reported in the name of an account that may review."""
        return self.reviewer_id is not None


class ReviewComment(Model):
    """Something seen in the recording, with its place in it."""

    __tablename__ = "review_comment"

    id: Mapped[Id]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    comment: Mapped[str]
    provider_status: Mapped[str]
    status: Mapped[str] = mapped_column(default="")
    """The standard word where the provider's is known; else empty."""
    start_seconds: Mapped[int] = mapped_column(default=0)
    """From the beginning of the recording; 0 and no place at all unless ``is_timed``."""
    stop_seconds: Mapped[int] = mapped_column(default=0)
    duration_seconds: Mapped[int] = mapped_column(default=0)
    is_timed: Mapped[bool] = mapped_column(default=True)
    """Whether the provider said where in the recording it is."""
    verdict: Mapped[str] = mapped_column(default="")
    """What a person made of it: ok, note or concern."""

    review: Mapped[Review] = relationship(back_populates="comments")

    @property
    def is_incident(self) -> bool:
        """Something a person should look at; a comment that the provider calls clean is none."""
        return self.status != "passed"


class Verdict(StrEnum):
    ACCEPT = "accept"
    SECOND_REVIEW = "second_look"
    REJECT = "reject"


class Decision(Model):
    """A person's decision on an attempt. Until it is sent it moves nothing and can be undone."""

    __tablename__ = "decision"
    __table_args__ = (
        Index("uq_decision_open", "attempt_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_decision_due", "send_at", sqlite_where=OPEN, postgresql_where=OPEN),
        CheckConstraint("verdict != 'reject' OR (reason_code != '' AND sentence != '')", "a_rejection_says_why"),
    )

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    verdict: Mapped[Verdict] = mapped_column(words(Verdict))
    reason_code: Mapped[str] = mapped_column(default="")
    sentence: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]
    send_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    attempt: Mapped[Attempt] = relationship()
    reviewer: Mapped[User] = relationship()


class ReviewClaim(Model):
    """Who is looking at an attempt now, so that two people do not do the same work."""

    __tablename__ = "review_claim"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    until: Mapped[datetime]

    reviewer: Mapped[User] = relationship()


class Appeal(Model):
    """A learner asks for another look, and is answered."""

    __tablename__ = "appeal"
    __table_args__ = (
        UniqueConstraint("attempt_id"),
        Index("ix_appeal_answer_due", "answer_due_at", sqlite_where=DUE, postgresql_where=DUE),
    )

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    text: Mapped[str]
    sent_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default="")
    accepts: Mapped[bool] = mapped_column(default=False)
    """Whether the answer accepts the exam; counts with ``answered_at``."""
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answer_due_at: Mapped[datetime | None]
    """When an answer that can still be taken back is sent; None while there is none, and once it is sent."""
    answered_at: Mapped[datetime | None]
    """When the answer was sent."""
    changed: Mapped[bool] = mapped_column(default=False)
    """Whether the answer changed the verdict."""

    attempt: Mapped[Attempt] = relationship()
    answered_by: Mapped[User | None] = relationship()
