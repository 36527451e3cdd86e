"""What an exam page may know of its provider: its title, its script, and what that script is told."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import g

from portal import clock
from portal.domain.proctoring import heartbeats
from portal.domain.proctoring.heartbeats import Hearing
from portal.domain.providers import lookup, provider_options
from portal.domain.timekeeping import exam_clock
from portal.models import Attempt


@dataclass(frozen=True, kw_only=True)
class ProviderPage:
    title: str
    state: str
    interval_seconds: int
    worker_url: str
    attempt_name: str
    """How the script names the attempt: our reference, unless this provider's script needs its own name for it."""


def provider_page(attempt: Attempt) -> ProviderPage | None:
    """None without a provider. Where the provider has a script, the page's policy lets that one address in."""
    provider = lookup.find(attempt.provider_slug) if attempt.provider_slug else None
    if provider is None:
        return None
    options = provider_options.of(provider)
    if options.worker_js_url:
        _let_in(options.worker_js_url, options.desktop_base_url)
    return ProviderPage(
        title=provider.name,
        state=exam_clock.state_of(attempt, now=clock.now()),
        interval_seconds=max(10, options.ping_interval_seconds),
        worker_url=options.worker_js_url,
        attempt_name=(attempt.external_id or "") if options.worker_needs_external_id else attempt.ref,
    )


def hearing_of(attempt: Attempt) -> Hearing | None:
    """Who was heard when, for a page that says why it waits; None without a provider."""
    provider = lookup.find(attempt.provider_slug) if attempt.provider_slug else None
    if provider is None:
        return None
    return heartbeats.presence(attempt, provider_options.of(provider), now=clock.now())


def _let_in(*addresses: str) -> None:
    origins = " ".join(sorted({f"{p.scheme}://{p.netloc}" for p in map(urlsplit, addresses) if p.netloc}))
    g.policy = {
        **g.get("policy", {}),
        "script-src": f"'self' {origins}",
        "connect-src": f"'self' {origins}",
        "worker-src": "blob:",
    }
