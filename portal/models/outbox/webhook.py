"""Where platforms want to hear from us, and what each was told."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, or_, select
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from portal.db import Id, Model
from portal.db.encrypted import EncryptedText
from portal.models.accounts.user import User
from portal.models.attempts.attempt import Attempt
from portal.models.courses.course import Course


class WebhookEndpoint(Model):
    __tablename__ = "webhook_endpoint"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    url: Mapped[str]
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    """None: hears of every course."""
    types: Mapped[list[Any]] = mapped_column(default=list)
    """Event types it wants; empty: all."""
    secret: Mapped[str] = mapped_column(EncryptedText, deferred=True)
    previous_secret: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    """Signs beside the new one while the receiver changes over."""
    is_enabled: Mapped[bool] = mapped_column(default=True)
    disabled_because: Mapped[str] = mapped_column(default="")
    failing_since: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    """Tries that failed since the last that worked."""
    created_at: Mapped[datetime]


class WebhookTry(Model):
    """One sending of one event to one endpoint."""

    __tablename__ = "webhook_try"
    __table_args__ = (Index("ix_webhook_try_endpoint", "endpoint_id", "id"), Index("ix_webhook_try_event", "event_id"))

    id: Mapped[Id]
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoint.id"))
    event_id: Mapped[str]
    """The same in every try and every replay; the ``webhook-id`` header."""
    type: Mapped[str]
    body: Mapped[str]
    at: Mapped[datetime]
    status_code: Mapped[int | None]
    """None: no answer."""
    reply: Mapped[str] = mapped_column(default="")
    """The first 2 kB of the answer, or why there was none."""
    was_received: Mapped[bool]

    endpoint: Mapped[WebhookEndpoint] = relationship()


class CaseKind(StrEnum):
    """What a support case is about. The values are stored.

    A new one needs its row in ``portal.jobs.topics.cases`` (the subject of the email) and in
    ``portal.web.teach.courses.cases`` (how it reads in the list).
    """

    APPEAL = "appeal"
    CONTRADICTORY_REVIEW = "contradictory_review"
    """A provider's report contradicts what counts."""
    EMAIL_REFUSED = "email_refused"
    INTERRUPTED = "interrupted"
    """A learner's clock is paused, and only a person can resume it."""
    KEPT_DELIVERY = "kept_delivery"
    """A provider's message that could not be used."""
    LEARNER_MESSAGE = "learner_message"
    """Its answer goes to the learner."""
    REPORT_TO_DECIDE = "report_to_decide"
    """A provider reported on a recording that only a person can judge: of an exam that was suspended, for example."""
    SUSPICIOUS = "suspicious"
    """A provider found an attempt suspicious."""
    WEBHOOK_DISABLED = "webhook_disabled"


class SupportCase(Model):
    """Something a person of the course team must look at; mailed once to the escalation address."""

    __tablename__ = "support_case"
    __table_args__ = (Index("ix_support_case_open", "course_id", "closed_at", "id"),)

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"), index=True)
    kind: Mapped[str]
    """A :class:`CaseKind`; a newer version of the portal may have written one that this version does not know."""
    text: Mapped[str]
    opened_at: Mapped[datetime]
    messages: Mapped[int] = mapped_column(default=1)
    """How many messages said so; only the first is mailed."""
    last_at: Mapped[datetime | None]
    """When the newest of several messages came; None while there is one."""
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    closing_note: Mapped[str] = mapped_column(default="")
    """What was done about it, by whoever closed it."""

    course: Mapped[Course | None] = relationship()
    attempt: Mapped[Attempt | None] = relationship()
    closed_by: Mapped[User | None] = relationship()


#: Also endpoints that are switched off: what they missed can be replayed.
Course.has_webhooks = column_property(
    select(WebhookEndpoint.id)
    .where(or_(WebhookEndpoint.course_id.is_(None), WebhookEndpoint.course_id == Course.id))
    .correlate_except(WebhookEndpoint)
    .exists(),
    deferred=True,
)
