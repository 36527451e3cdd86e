"""What providers delivered: each message as it came, and what became of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Id, Model, words
from portal.models.accounts.user import User


class DeliveryKind(StrEnum):
    """What a provider wanted to say."""

    READY = "ready"
    REVIEWED = "reviewed"
    PSI_LAUNCH = "psi_launch"
    PSI_REVIEW = "psi_review"


class DeliveryOutcome(StrEnum):
    """What became of it. ``kept`` waits for a person: it could not be used, and is not thrown away."""

    RECEIVED = "received"
    USED = "used"
    REPEATED = "repeated"
    KEPT = "kept"


class Delivery(Model):
    """One message from a provider, stored before anybody judges it."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_attempt", "attempt_id", "id"),
        Index("ix_delivery_provider", "provider_slug", "id"),
        Index("ix_delivery_outcome", "outcome", "id"),
        Index("ix_delivery_sameness", "provider_slug", "external_id", "kind", "body_sha256"),
    )

    id: Mapped[Id]
    kind: Mapped[DeliveryKind] = mapped_column(words(DeliveryKind))
    provider_slug: Mapped[str | None]
    client_id: Mapped[str] = mapped_column(default="")
    external_id: Mapped[str] = mapped_column(default="")
    """The attempt it names, in the provider's words."""
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"))
    delivery_id: Mapped[str | None]
    """The provider's own name for the delivery, from ``webhook-id`` or ``Idempotency-Key``."""
    body: Mapped[str]
    """As it came, without recording links and secrets."""
    body_sha256: Mapped[str]
    """Of the bytes as they came."""
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    outcome: Mapped[DeliveryOutcome] = mapped_column(words(DeliveryOutcome))
    answered: Mapped[int | None]
    """The status we answered with."""
    note: Mapped[str] = mapped_column(default="")
    """Why it was kept or taken for a repeat, in a sentence for the course team."""
    received_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    """When a person ticked off a kept one."""
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    seen_by: Mapped[User | None] = relationship()
