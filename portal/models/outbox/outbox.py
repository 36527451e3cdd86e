"""The outbox: messages to others, written with the change that caused them; and jobs that recur."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Id, Model

WAITING = text("done_at IS NULL AND dead_at IS NULL")
DEAD = text("dead_at IS NOT NULL")

#: What every topic of calls to a provider begins with.
TO_PROVIDERS = "provider."


class Topic(StrEnum):
    """What a message of the outbox is for. The values are stored.

    A new one needs its row in ``portal.jobs.dispatcher`` (its handler) and, if it goes to a provider, in
    ``portal.web.formatting.provider_labels`` (how it reads in the log).
    """

    EMAIL = "email"
    UNSEEN_TIME = "unseen_time"
    """An email about a change of time, unless the learner's page has shown it by then."""
    CREDIT = "credit"
    GRADE = "grade"
    CERTIFICATE = "certificate"
    SUPPORT = "support"
    """A support case is new."""
    WEBHOOK = "webhook"
    """An event, to be sent to every endpoint that wants it."""
    WEBHOOK_DELIVER = "webhook.deliver"
    """The same to one endpoint."""
    PROVIDER_REGISTER = "provider.register"
    PROVIDER_START = "provider.start"
    PROVIDER_STOP = "provider.stop"
    PROVIDER_ERROR = "provider.error"
    PROVIDER_REMOVE = "provider.remove"
    PROVIDER_EXAM = "provider.exam"
    """An exam is new to the provider or has changed."""
    PROVIDER_RETIRE = "provider.retire"
    """A learner wants to be forgotten."""

    @property
    def is_for_provider(self) -> bool:
        return self.startswith(TO_PROVIDERS)


class EmailKind(StrEnum):
    """Which email: the name of the folder in ``templates/emails`` that has its subject and its two bodies.

    The values are stored, and providers' own texts are keyed by them (``email.<kind>.subject``).
    """

    ATTEMPT_SUBMITTED = "attempt_submitted"
    ATTEMPT_ERROR = "attempt_error"
    DECLINED = "declined"
    INTERRUPTED = "interrupted"
    RESUMED = "resumed"
    RESUME_GRANTED = "resume_granted"
    REOPENED = "reopened"
    TIME_ADDED = "time_added"
    TIME_CUT = "time_cut"
    REVIEW_PASSED = "review_passed"
    REVIEW_FAILED = "review_failed"
    APPEAL_ANSWERED = "appeal_answered"
    ONBOARDING_DECIDED = "onboarding_decided"
    ONBOARDING_ENDS = "onboarding_ends"
    MESSAGE_ANSWERED = "message_answered"
    SUPPORT_CASE = "support_case"
    PASSWORD_RESET = "password_reset"


class OutboxMessage(Model):
    __tablename__ = "outbox_message"
    __table_args__ = (
        Index("ix_outbox_message_waiting", "available_at", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_outbox_message_given_up", "id", sqlite_where=DEAD, postgresql_where=DEAD),
    )

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, insert_sentinel=True)
    """Travels outward (Message-ID, webhook-id, Idempotency-Key), so that a receiver can drop a repeat."""
    topic: Mapped[str]
    """A :class:`Topic`; a newer version of the portal may have written one that this version does not know."""
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"), index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    available_at: Mapped[datetime]
    """When to try next; while somebody works on it, when their lease runs out."""
    tries: Mapped[int] = mapped_column(default=0)
    lease_token: Mapped[str | None]
    done_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    """When it became a dead letter: after the last try. A person may revive it."""
    last_error: Mapped[str] = mapped_column(default="")


class PeriodicJob(Model):
    """When a recurring job is next due. Whoever moves ``next_at`` on does the work, in the same transaction."""

    __tablename__ = "periodic_job"

    name: Mapped[str] = mapped_column(primary_key=True)
    next_at: Mapped[datetime]
    last_started_at: Mapped[datetime | None]
    last_result: Mapped[str] = mapped_column(default="")
