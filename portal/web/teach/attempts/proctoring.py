"""What the team sees of an attempt's provider: its place there, when each side was last heard, and the reviews."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.domain.attempts import attempts
from portal.domain.lifecycle import other_attempts
from portal.domain.proctoring import heartbeats, registrations
from portal.domain.proctoring.heartbeats import Hearing
from portal.domain.providers import lookup, provider_log, provider_options
from portal.domain.providers.provider_log import Scope
from portal.domain.reviews import review_versions
from portal.models import Attempt, Heartbeat, Provider, Registration, Review
from portal.web.gate.security import allow_forms_to
from portal.web.teach.providers.dashboard import has_dashboard


@dataclass(frozen=True, kw_only=True)
class Proctoring:
    provider: Provider | None
    registration: Registration | None
    heartbeats: Sequence[Heartbeat]
    hearing: Hearing | None
    """While it runs: who is silent, and until when it resumes by itself."""
    versions: Sequence[Review]
    """The newest first."""
    counts: dict[str, int]
    """Messages by outcome; among them how many wait for a person."""
    follows: Attempt | None
    """The attempt that continues where this one was suspended."""
    continues: Attempt | None
    has_dashboard: bool


def of(attempt: Attempt, *, now: datetime) -> Proctoring | None:
    """None for an attempt that no provider has ever had to do with."""
    if attempt.provider_slug is None:
        return None
    provider = lookup.find(attempt.provider_slug)
    is_open = provider is not None and has_dashboard(provider)
    if provider is not None and is_open:
        allow_forms_to(provider)
    return Proctoring(
        provider=provider,
        registration=registrations.of(attempt),
        heartbeats=heartbeats.list_for(attempt),
        hearing=_hearing(attempt, provider, now=now),
        versions=review_versions.list_for(attempt)[::-1],
        counts=provider_log.counts(Scope(attempt=attempt)),
        follows=other_attempts.following(attempt),
        continues=attempts.find(attempt.resumes_id),
        has_dashboard=is_open and attempt.external_id is not None,
    )


def _hearing(attempt: Attempt, provider: Provider | None, *, now: datetime) -> Hearing | None:
    if provider is None or not attempt.is_running:
        return None
    return heartbeats.presence(attempt, provider_options.of(provider), now=now)
