"""Who calls: the provider behind an access token of ours, and which of its attempts it names. Never a browser."""

from dataclasses import dataclass

from flask import current_app, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from portal import clock, providers
from portal.db import db
from portal.domain.errors import NotAllowed
from portal.domain.providers import api_clients, scopes
from portal.models import Provider
from portal.web.provider_api import access_tokens, rate_limit

#: Whose tokens these are, in ``WWW-Authenticate``.
REALM = "provider API"
SCHEMES = frozenset({"jwt", "bearer"})
ASK_FOR_ONE = "Send a valid access token as Authorization: JWT or Bearer. POST /oauth2/access_token gives one."

NOT_GOOD = "The token is invalid or expired, or its client is turned off."


@dataclass(frozen=True, kw_only=True)
class Caller:
    """A provider's client. ``attempt_id`` is None when the provider has no attempt of the name it gave."""

    client_id: str
    provider: Provider
    attempt_id: int | None


class Challenge(WWWAuthenticate):
    """What RFC 6750 asks for: realm first, and every value in quotation marks."""

    def to_header(self) -> str:
        said = {"realm": REALM, **self.parameters}
        return "Bearer " + ", ".join(f'{name}="{value}"' for name, value in said.items())

    __str__ = to_header


class InsufficientScope(Forbidden):
    """The token is good, but not for this."""

    def __init__(self, needed: str) -> None:
        super().__init__(f"This token does not allow {needed}. Ask for one with this scope, or without any scope.")
        said: dict[str, str | None] = {
            "error": "insufficient_scope",
            "error_description": self.description,
            "scope": needed,
        }
        self.www_authenticate = (Challenge("bearer", said),)


def the_provider(external_id: str, *, needed: str) -> Caller:
    """Whose token this is, with the attempt it speaks about: one query. ``needed``: the scope of what it asks.

    Another provider's attempt is unknown to this one. A provider that was switched off may still report on what it
    has proctored.

    :raises Unauthorized: no token, not ours, or no longer. :raises NotAllowed: not a provider that listens and speaks.
    :raises InsufficientScope: the token was given for something else. :raises LimitReached: too many calls.
    """
    token = access_tokens.read(_token(), now=clock.now())
    found = api_clients.find_with_attempt(token.client_id, external_id) if token else None
    if token is None or found is None or not found[0].is_enabled:
        raise Unauthorized(ASK_FOR_ONE, www_authenticate=_challenge())
    client, attempt_id = found
    rate_limit.take(client.client_id, per_minute=current_app.config["PROVIDER_CALLS_PER_MINUTE"])
    if client.provider is None or not providers.of(client.provider, talks=False).listens:
        raise NotAllowed("This client belongs to no proctoring provider, so it cannot report on attempts.")
    if not scopes.covers(token.scopes, needed, client):
        raise InsufficientScope(needed)
    # What the transactions to come would otherwise load again.
    db.session.expunge(client.provider)
    return Caller(client_id=client.client_id, provider=client.provider, attempt_id=attempt_id)


def _challenge() -> Challenge:
    """Who sent no token is only told where to; who sent one is told that it is not good."""
    if request.headers.get("Authorization", "").strip().partition(" ")[0].lower() not in SCHEMES:
        return Challenge("bearer", {})
    return Challenge("bearer", {"error": "invalid_token", "error_description": NOT_GOOD})


def _token() -> str:
    scheme, _, token = request.headers.get("Authorization", "").strip().partition(" ")
    return token.strip() if scheme.lower() in SCHEMES else ""
