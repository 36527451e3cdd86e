"""A client's id and secret, by HTTP Basic or in the body; and how often a wrong one may be tried."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import unquote

from flask import current_app, request

from portal import clock
from portal.db import writing
from portal.domain.accounts import sign_in_limits
from portal.domain.accounts.sign_in_limits import Limit
from portal.domain.providers import api_clients
from portal.models import ApiClient
from portal.providers import json_fields

WITHIN = timedelta(minutes=15)
#: Wrong tries of one client id from one address. Counted together, so that a stranger cannot keep a provider out.
TRIES_PER_CLIENT = 20
TRIES_PER_ADDRESS = 60


@dataclass(frozen=True, kw_only=True)
class Given:
    client_id: str
    secrets: tuple[str, ...]
    """The secret as it came, and as RFC 6749 has it: percent-encoded inside HTTP Basic."""


def given(fields: Mapping[str, str]) -> Given | None:
    """The credential of this request; None when it has none."""
    basic = request.authorization
    if basic is not None and basic.type == "basic" and basic.username:
        name, secret = json_fields.plain(basic.username), json_fields.plain(basic.password or "")
        return Given(client_id=json_fields.plain(unquote(name)), secrets=(secret, json_fields.plain(unquote(secret))))
    if fields.get("client_id") and fields.get("client_secret"):
        return Given(client_id=fields["client_id"], secrets=(fields["client_secret"],))
    return None


def check(given: Given) -> ApiClient | None:
    """The enabled client whose secret this is. A right one is not counted as a try.

    :raises LimitReached: too many wrong ones.
    """
    now, address = clock.now(), request.remote_addr or ""
    limits = [
        Limit(subject=_subject("client", f"{given.client_id} {address}"), tries=TRIES_PER_CLIENT, within=WITHIN),
        Limit(subject=_subject("client address", address), tries=TRIES_PER_ADDRESS, within=WITHIN),
    ]
    with writing():
        sign_in_limits.take(limits, now=now)
    client = api_clients.find(given.client_id)
    if True not in [api_clients.is_secret_of(client, secret) for secret in given.secrets]:
        return None
    with writing():
        sign_in_limits.give_back(limits, now=now)
    return client


def _subject(kind: str, name: str) -> str:
    return sign_in_limits.subject(kind, name, secret=str(current_app.config["SECRET_KEY"]))
