"""Ledgers that other systems keep for us elsewhere: credit, grade overrides, certificates, support cases."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Id, Model


class LedgerStatus(StrEnum):
    """What an attempt meant for a ledger. The values are stored, and platforms read them.

    A new one needs its row in ``portal.domain.outbox.webhook_events.LEDGERS``: in which ledgers it may stand.
    """

    SUBMITTED = "submitted"
    SATISFIED = "satisfied"
    FAILED = "failed"
    DECLINED = "declined"
    REMOVED = "removed"
    """What was said before is taken back."""
    OVERRIDDEN = "overridden"
    """The grade becomes zero."""
    INVALIDATED = "invalidated"
    RESTORED = "restored"
    """The grade or the certificate stands again."""


class LedgerEntry(Model):
    """What an attempt's status meant for credit, grade or certificate. Written once per outbox key."""

    __tablename__ = "ledger_entry"
    __table_args__ = (Index("ix_ledger_entry_learner_exam", "learner_id", "exam_id", "ledger"),)

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    """The outbox key that caused it, so that a repeated delivery writes nothing twice."""
    ledger: Mapped[str]
    """The topic that caused it: credit, grade or certificate."""
    standing: Mapped[str]
    """A :class:`LedgerStatus`."""
    learner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]
