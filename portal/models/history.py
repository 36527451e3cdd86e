"""What happened to an attempt, line by line: who, when, why. Lines are only ever added."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Id, Model
from portal.models.user import User


class HistoryEntry(Model):
    __tablename__ = "history_entry"
    __table_args__ = (Index("ix_history_entry_attempt", "attempt_id", "id"),)

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    was: Mapped[str | None] = mapped_column()
    """The status before; None at the beginning."""
    became: Mapped[str] = mapped_column()
    """The status after; equal to ``was`` for events that move nothing, such as added time."""
    event: Mapped[str] = mapped_column(default="moved")
    at: Mapped[datetime]
    actor: Mapped[str]
    """Which kind of actor: learner, staff, reviewer, proctor, provider, sweeper, system."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str] = mapped_column(default="")

    by: Mapped[User | None] = relationship()
