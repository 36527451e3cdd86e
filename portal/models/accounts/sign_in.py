"""What rate limits on credentials count, and which sessions have been ended before their time."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Id, Model


class SignInFailure(Model):
    """One failed try, by account, device and address; all hashed, since none is ours to keep."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_subject", "subject", "at"),)

    id: Mapped[Id]
    subject: Mapped[str]
    at: Mapped[datetime]


class EndedSession(Model):
    """A session that its person ended: a copy of its cookie opens nothing. Signing in writes no row."""

    __tablename__ = "ended_session"

    key: Mapped[str] = mapped_column(primary_key=True)
    forget_at: Mapped[datetime]
    """No copy of the cookie can be valid after this."""
