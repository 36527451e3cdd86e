"""What went wrong when an attempt should have been ended by itself."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Id, Model
from portal.models.attempts.attempt import Attempt


class EndingFault(Model):
    """One for each attempt that the sweeper could not end. It speaks of the present only while the attempt is open."""

    __tablename__ = "ending_fault"

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), unique=True)
    fault: Mapped[str]
    """The kind of fault, without anything that a person typed."""
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int]
    """In a row, since it last went another way."""
    again_at: Mapped[datetime]
    """Until then nobody tries again."""

    attempt: Mapped[Attempt] = relationship()
