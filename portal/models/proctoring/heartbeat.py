"""When each side of a proctored attempt was last heard."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Model, words


class HeardFrom(StrEnum):
    PAGE = "page"
    WORKER = "worker"
    """The provider's script in the learner's browser."""
    PROVIDER = "provider"


class Heartbeat(Model):
    """A row of its own, not a column of the attempt: it changes every few seconds and locks nothing."""

    __tablename__ = "heartbeat"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    source: Mapped[HeardFrom] = mapped_column(words(HeardFrom), primary_key=True)
    heard_at: Mapped[datetime]
    failed_at: Mapped[datetime | None]
    """When the source last said that its other half does not answer."""
    detail: Mapped[str] = mapped_column(default="")
