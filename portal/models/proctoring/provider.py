"""Proctoring providers, their credentials in both directions, and what each calls our exams."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Id, Model, words
from portal.db.encrypted import EncryptedText
from portal.models.courses.exam import Exam


class ProviderKind(StrEnum):
    """Which interpreter speaks with it; see ``portal.providers``."""

    PRACTICE = "practice"
    REST = "rest"
    PSI = "psi"


class Provider(Model):
    """One provider as this portal knows it. Exams and attempts name it by its slug."""

    __tablename__ = "provider"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[ProviderKind] = mapped_column(words(ProviderKind))
    name: Mapped[str]
    base_url: Mapped[str] = mapped_column(default="")
    """Where our server reaches it."""
    public_base_url: Mapped[str] = mapped_column(default="")
    """Where a browser reaches it, when that differs from ``base_url``."""
    client_id: Mapped[str] = mapped_column(default="")
    client_secret: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Settings of this provider; the keys and their defaults are in ``portal.domain.providers.provider_options``."""
    secret_options: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    """The settings that are secrets, as JSON."""
    contact_email: Mapped[str] = mapped_column(default="")
    contact_phone: Mapped[str] = mapped_column(default="")
    contact_url: Mapped[str] = mapped_column(default="")
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """language -> {key: words for learners}; may override an email's or a page's sentence."""
    configuration: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the provider last said it can do: name, rules, instructions, download address."""
    configuration_at: Mapped[datetime | None]
    is_enabled: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def is_built_in(self) -> bool:
        """The proctor inside this portal, whose page is one of ours."""
        return self.kind is ProviderKind.PRACTICE


class ProviderExam(Model):
    """What a provider calls one of our exams."""

    __tablename__ = "provider_exam"
    __table_args__ = (UniqueConstraint("exam_id", "provider_slug"), UniqueConstraint("provider_slug", "external_id"))

    id: Mapped[Id]
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    provider_slug: Mapped[str]
    external_id: Mapped[str]
    saved_at: Mapped[datetime]

    exam: Mapped[Exam] = relationship()


class ApiClient(Model):
    """A machine that calls us: a provider's server, or a platform. Its secret is kept only as a hash."""

    __tablename__ = "api_client"

    id: Mapped[Id]
    client_id: Mapped[str] = mapped_column(unique=True)
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"), index=True)
    """The provider it speaks for; None: a platform."""
    secret_hash: Mapped[str]
    """SHA-256 of the secret. The secret is long and random, and a provider waits five seconds at most."""
    previous_secret_hash: Mapped[str | None]
    """Still accepted while the provider changes over to a new secret."""
    scopes: Mapped[list[Any]] = mapped_column(default=list)
    is_enabled: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    provider: Mapped[Provider | None] = relationship()


class Registration(Model):
    """A learner's place at a provider: reserved here, asked for there, then confirmed as an attempt.

    While it is open, one process at a time may ask, and the same code is sent each time.
    """

    __tablename__ = "registration"
    __table_args__ = (UniqueConstraint("open_key"),)

    id: Mapped[Id]
    open_key: Mapped[str | None]
    """``exam.learner`` while it is open, so that two tabs share one; None once it is settled."""
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), index=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    provider_slug: Mapped[str]
    attempt_code: Mapped[str] = mapped_column(unique=True)
    resumes_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"), index=True)
    """Set when the provider has kept a place, or refused with an onboarding status."""
    instructions: Mapped[list[Any]] = mapped_column(default=list)
    """The provider's steps for this learner, sanitised when they came."""
    lease_token: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    """When it was confirmed, or failed because the window closed."""
