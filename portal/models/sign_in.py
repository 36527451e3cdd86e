"""What rate limits on credentials count."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from portal.db import Id, Model


class SignInFailure(Model):
    """One failed try, by account and by address; both hashed, since neither is ours to keep."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_subject", "subject", "at"),)

    id: Mapped[Id]
    subject: Mapped[str]
    at: Mapped[datetime]
