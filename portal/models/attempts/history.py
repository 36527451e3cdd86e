"""What happened to an attempt, line by line: who, when, why. Lines are only ever added."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Id, Model
from portal.models.accounts.user import User


class Event(StrEnum):
    """What a line of history is about. The values are stored.

    A new one needs its row in ``portal.domain.lifecycle.consequences`` (what follows from it), in
    ``portal.domain.outbox.webhook_events`` (what platforms hear of it) and in ``portal.web.teach.labels``
    (how it reads).
    """

    MOVED = "moved"
    """The status changed; what the line says beside it is in ``was`` and ``became``."""
    TIME_ADDED = "time_added"
    TIME_TAKEN = "time_taken"
    PAUSE_BEGAN = "pause_began"
    PAUSE_ENDED = "pause_ended"
    INTERRUPTION_BEGAN = "interruption_began"
    INTERRUPTION_ENDED = "interruption_ended"
    BREAK_BEGAN = "break_began"
    BREAK_ENDED = "break_ended"
    ARCHIVED = "archived"
    RESET_UNDONE = "reset_undone"
    REOPENED = "reopened"
    RESUME_GRANTED = "resume_granted"
    WINDOW_CHANGED = "window_changed"
    """The learner continued in another window, of an exam for one at a time."""
    REVIEW_RECEIVED = "review_received"
    """A provider's report that left the status as it is."""
    DECISION_MADE = "decision_made"
    DECISION_UNDONE = "decision_undone"
    DECISION_LAPSED = "decision_lapsed"
    REJECTION_WAITS = "rejection_waits"
    """The first of two reviewers did not accept it."""
    APPEALED = "appealed"
    APPEAL_ANSWER_MADE = "appeal_answer_made"
    APPEAL_ANSWER_UNDONE = "appeal_answer_undone"
    APPEAL_ANSWER_LAPSED = "appeal_answer_lapsed"
    APPEAL_ANSWERED = "appeal_answered"
    LEARNER_WROTE = "learner_wrote"
    LEARNER_ANSWERED = "learner_answered"
    NAME_SHOWN = "name_shown"
    RECORDING_SHOWN = "recording_shown"
    MESSAGE_SEEN = "message_seen"
    """Somebody of the team has seen a message of the provider that could not be used."""
    DASHBOARD_OPENED = "dashboard_opened"
    PROCTOR_REJECT_ID = "proctor_reject_id"
    PROCTOR_FLAG = "proctor_flag"
    PROCTOR_SCRIPT = "proctor_script"
    """The practice proctor's script played a cue, so that none is played twice."""


class HistoryEntry(Model):
    __tablename__ = "history_entry"
    __table_args__ = (Index("ix_history_entry_attempt", "attempt_id", "id"),)

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    from_status: Mapped[str | None] = mapped_column()
    """The status before; None at the beginning."""
    to_status: Mapped[str] = mapped_column()
    """The status after; equal to ``was`` for events that move nothing, such as added time."""
    event: Mapped[str] = mapped_column(default=Event.MOVED.value)
    """An :class:`Event`; a newer version of the portal may have written one that this version does not know."""
    at: Mapped[datetime]
    actor: Mapped[str]
    """Which kind of actor: learner, staff, reviewer, proctor, provider, sweeper, system."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str] = mapped_column(default="")

    by: Mapped[User | None] = relationship()
