"""A client's id and secret, by HTTP Basic or in the body; and how often a wrong one may be tried."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import unquote

from flask import current_app, request

from portal import clock
from portal.db import writing
from portal.domain import clients, throttle
from portal.domain.throttle import Limit
from portal.models import ApiClient
from portal.providers import shapes

WITHIN = timedelta(minutes=15)
#: Wrong tries of one client id from one address. Counted together, so that a stranger cannot keep a vendor out.
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
        name, secret = shapes.plain(basic.username), shapes.plain(basic.password or "")
        return Given(client_id=shapes.plain(unquote(name)), secrets=(secret, shapes.plain(unquote(secret))))
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
        throttle.take(limits, now=now)
    client = clients.find(given.client_id)
    if True not in [clients.is_secret_of(client, secret) for secret in given.secrets]:
        return None
    with writing():
        throttle.give_back(limits, now=now)
    return client


def _subject(kind: str, name: str) -> str:
    return throttle.subject(kind, name, secret=str(current_app.config["SECRET_KEY"]))
