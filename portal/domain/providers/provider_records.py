"""Adds and changes the records of providers, and refuses what could never work."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from portal.db import db
from portal.domain.courses import provider_sync
from portal.domain.errors import BadInput
from portal.domain.providers import lookup, provider_options
from portal.domain.providers.facts import Configuration
from portal.domain.providers.port import NOT_REVIEWED, PASSED, SUSPICIOUS, VIOLATION, Kind
from portal.models import Exam, Provider

_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
_WORDS = {PASSED, VIOLATION, SUSPICIOUS, NOT_REVIEWED}
_AFTER_SILENCE = {"wait", "ignore"}
_ADDRESSES = ("worker_js_url", "desktop_base_url", "register_url", "software_download_url")
_CRYPTO_KEY_BYTES = (16, 24)


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What a person said about a provider. None leaves a field as it is."""

    name: str | None = None
    base_url: str | None = None
    public_base_url: str | None = None
    client_id: str | None = None
    client_secret: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None
    contact_url: str | None = None
    options: Mapping[str, object] = field(default_factory=dict)
    """In the type they are kept in, secret ones among them; see :func:`read_options`."""
    texts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(language, key) -> the provider's own words; empty words take them away."""


def add(slug: str, kind: Kind, said: Changes, *, now: datetime) -> Provider:
    """``kind``: one of ``portal.providers.KINDS``.

    :raises BadInput: there is one of this name, or it could never work.
    """
    if _SLUG.fullmatch(slug) is None:
        raise BadInput("slug", "Use only letters, digits, hyphens and underscores, such as simulated.")
    if lookup.find(slug) is not None:
        raise BadInput("slug", f"The provider {slug} already exists. Change it with `provider set {slug} …`.")
    provider = Provider(slug=slug, kind=kind.kind, name=slug, texts={}, configuration={}, created_at=now)
    provider.options = dict(kind.usual_options)
    for name in ("base_url", "public_base_url", "client_id", "contact_email", "contact_phone", "contact_url"):
        setattr(provider, name, "")
    _fill(provider, kind, said, now=now)
    provider.is_enabled = True
    db.session.add(provider)
    return provider


def change(provider: Provider, kind: Kind, said: Changes, *, now: datetime) -> None:
    """``kind``: the provider's own. :raises BadInput: it could not work like that."""
    _fill(provider, kind, said, now=now)


def switch(provider: Provider, *, on: bool, now: datetime) -> None:
    """Off: no new attempt begins with it; those that have begun continue. On again: it hears of its exams anew."""
    if provider.is_enabled == on:
        return
    provider.is_enabled, provider.updated_at = on, now
    exams = db.session.scalars(select(Exam).where(Exam.provider_slug == provider.slug)) if on else ()
    for exam in exams:
        provider_sync.enqueue(exam, was_with=None, now=now)


def note_configuration(provider: Provider, said: Configuration, *, now: datetime) -> None:
    """Keep what the provider says it can do."""
    provider.configuration = {
        "name": said.name,
        "rules": dict(said.rules),
        "instructions": list(said.instructions),
        "download_url": said.download_url,
    }
    provider.configuration_at = now


def read_options(given: Iterable[str]) -> dict[str, object]:
    """``KEY=VALUE`` as a person typed them. :raises BadInput: no such option, or not a value of its type."""
    read = {}
    for one in given:
        key, equals, value = one.partition("=")
        if not equals:
            raise BadInput("option", f"Write an option as KEY=VALUE, such as timeout_seconds=10; not {key}.")
        read[key] = provider_options.read(key, value)
    return read


def _fill(provider: Provider, kind: Kind, said: Changes, *, now: datetime) -> None:
    for name in ("name", "base_url", "public_base_url", "client_id", "contact_email", "contact_phone", "contact_url"):
        if (value := getattr(said, name)) is not None:
            setattr(provider, name, value.strip())
    if said.client_secret is not None:
        provider.client_secret = said.client_secret
    _fill_options(provider, said.options)
    _fill_texts(provider, said.texts)
    if not provider.name:
        raise BadInput("name", "Enter a provider name that learners know.")
    kind.check_record(provider)
    provider.updated_at = now


def _fill_options(provider: Provider, options: Mapping[str, object]) -> None:
    """Always whole new values: a change inside one would not be stored."""
    _check_options(options)
    secret = {key: value for key, value in options.items() if key in provider_options.SECRET}
    provider.options = {**provider.options, **{key: options[key] for key in options if key not in secret}}
    if secret:
        provider.secret_options = json.dumps({**provider_options.secrets_of(provider), **secret})


def _fill_texts(provider: Provider, texts: Mapping[tuple[str, str], str]) -> None:
    kept = {language: dict(words) for language, words in provider.texts.items()}
    for (language, key), words in texts.items():
        kept.setdefault(language, {})[key] = words
    provider.texts = {
        language: {key: words for key, words in said.items() if words} for language, said in kept.items() if said
    }


def _check_options(options: Mapping[str, Any]) -> None:
    for key in _ADDRESSES:
        if options.get(key):
            _check_address(key, options[key])
    if options.get("after_silence", "wait") not in _AFTER_SILENCE:
        raise BadInput("option", f"after_silence must be one of: {', '.join(sorted(_AFTER_SILENCE))}.")
    passing = {word.strip() for word in options.get("passing_statuses", "").split(",") if word.strip()}
    if passing - _WORDS:
        raise BadInput("option", f"passing_statuses can contain only: {', '.join(sorted(_WORDS))}.")
    if "crypto_key" in options and len(options["crypto_key"].encode()) not in _CRYPTO_KEY_BYTES:
        raise BadInput("option", "crypto_key must have 24 characters.")
    for key in provider_options.WITHIN.keys() & options:
        provider_options.check_number(key, options[key])


def check_addresses(provider: Provider, *, needs_base: bool = True) -> None:
    """Where we reach it, and where a browser does. :raises BadInput: one is missing, or is none."""
    if provider.base_url or needs_base:
        _check_address("base_url", provider.base_url)
    if provider.public_base_url:
        _check_address("public_base_url", provider.public_base_url)


def _check_address(field: str, address: str) -> None:
    try:
        parts = urlsplit(address)
        is_fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        has_password = parts.username is not None
    except ValueError:
        is_fine = has_password = False
    if has_password:  # Lists and logs show an address; a password in it would be told to everybody who reads them.
        raise BadInput(field, f"Remove user name and password from {field}. The portal sends the client ID and secret.")
    if not is_fine or any(letter.isspace() for letter in address):
        raise BadInput(field, f"{field} must be a web address such as https://proctor.example.com, not {address!r}.")
