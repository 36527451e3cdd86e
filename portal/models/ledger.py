"""Ledgers that other systems keep for us elsewhere: credit, grade overrides, certificates, support cases."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Id, Model


class LedgerEntry(Model):
    """What an attempt's status meant for credit, grade or certificate. Written once per outbox key."""

    __tablename__ = "ledger_entry"
    __table_args__ = (Index("ix_ledger_entry_learner_exam", "learner_id", "exam_id", "ledger"),)

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    """The outbox key that caused it, so that a repeated delivery writes nothing twice."""
    ledger: Mapped[str]
    """credit, grade or certificate."""
    standing: Mapped[str]
    learner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]
