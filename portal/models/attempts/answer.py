"""What a learner answered: the answers that count, the files, and what came too late."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from portal.db import Hundredths, Id, Model
from portal.models.courses.question import Question


class Answer(Model):
    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("attempt_id", "question_id"),)

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    value: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    """A choice id, a list of them, or text; None when it is only flagged or was emptied."""
    version: Mapped[int]
    """Raised by every save; a page that saves over a version it has not seen is told (conflict)."""
    is_flagged: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime]
    client_at: Mapped[datetime | None]
    in_grace: Mapped[bool] = mapped_column(default=False)
    """Arrived between the deadline and the hard stop."""
    points: Mapped[Decimal | None] = mapped_column(Hundredths)
    """By machine, when submitted, to a hundredth; None: nobody has marked it yet."""
    unmarked_because: Mapped[str | None]
    """Why the machine that should have marked it could not, for the course team; never the answer's own text."""

    question: Mapped[Question] = relationship()


class LateAnswer(Model):
    """Text that arrived after the hard stop: kept apart, shown to the course team, never merged by itself."""

    __tablename__ = "late_answer"
    __table_args__ = (Index("ix_late_answer_attempt", "attempt_id", "id"),)

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    value: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    received_at: Mapped[datetime]
    client_at: Mapped[datetime | None]

    question: Mapped[Question] = relationship()


class AnswerFile(Model):
    """A file submitted as an answer. A newer one replaces it in the answer; the older one is kept."""

    __tablename__ = "answer_file"
    #: Its id stands in the addresses of its parts. SQLite would give the id of a deleted row to the next one, and a
    #: page that is still sending would put its bytes into somebody else's file.
    __table_args__ = (Index("ix_answer_file_attempt", "attempt_id", "question_id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    name: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    received_bytes: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str | None]
    """As the page announced it, and in any case once every byte has arrived."""
    begun_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    is_late: Mapped[bool] = mapped_column(default=False)
    """Begun after the deadline or completed after the hard stop: kept apart, never the answer by itself."""

    question: Mapped[Question] = relationship()


class AnswerFilePart(Model):
    """A piece of an uploaded file, so that an upload can continue where it stopped."""

    __tablename__ = "answer_file_part"
    __table_args__ = (UniqueConstraint("file_id", "start_byte"),)

    id: Mapped[Id]
    file_id: Mapped[int] = mapped_column(ForeignKey("answer_file.id"))
    start_byte: Mapped[int]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
