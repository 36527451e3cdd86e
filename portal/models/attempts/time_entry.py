"""An attempt's time log, and what an open exam page must say of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Id, Model, words
from portal.models.accounts.user import User


class TimeEntryKind(StrEnum):
    """What a row of the time log is for."""

    BASE = "base"
    MULTIPLIER = "multiplier"
    EXTRA = "extra"
    ADDED = "added"
    TAKEN = "taken"
    PAUSE = "pause"
    INTERRUPTION = "interruption"
    BREAK = "break"
    RESUMED = "resumed"
    REOPENED = "reopened"
    UNUSED = "unused"
    WINDOW = "window"
    """The exam closes later or sooner for this attempt: no seconds of its own, the deadline follows from the window."""


class TimeEntry(Model):
    """One row of an attempt's time log: how many seconds, who, when and why."""

    __tablename__ = "time_entry"
    __table_args__ = (
        Index("ix_time_entry_attempt", "attempt_id", "id"),
        CheckConstraint("kind NOT IN ('added', 'taken') OR reason != ''", "a_gift_has_a_reason"),
    )

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    kind: Mapped[TimeEntryKind] = mapped_column(words(TimeEntryKind))
    seconds: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """For pause, interruption and break: when the clock resumed. None while it is paused."""
    learner_may_end: Mapped[bool] = mapped_column(default=False)
    """Of a pause by the course team: whether the learner may continue by themselves."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    by_role: Mapped[str] = mapped_column(default="system")
    reason: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=0)

    by: Mapped[User | None] = relationship()


class NoticeKind(StrEnum):
    TIME_ADDED = "time_added"
    TIME_CUT = "time_cut"
    MESSAGE = "message"
    RESUMED = "resumed"


class Notice(Model):
    """Something the learner's open page must say once."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_attempt", "attempt_id", "id"),)

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    kind: Mapped[NoticeKind] = mapped_column(words(NoticeKind))
    seconds: Mapped[int] = mapped_column(default=0)
    by_role: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
