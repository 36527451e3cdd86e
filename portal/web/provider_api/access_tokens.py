"""The tokens we give to machines and read again: signed by us, for an hour, for these addresses only."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import uuid4

from flask import current_app
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from joserfc.jwt import JWTClaimsRegistry

from portal.sealed import derived_keys

ALGORITHM = "HS256"
LASTS_SECONDS = 3600
#: How far the clock of the machine that gave a token may be ahead of ours (RFC 7519, 4.1.5). Its end is its end.
LEEWAY_SECONDS = 30


@dataclass(frozen=True)
class Token:
    """Whom a token was given to, and what for; :mod:`portal.domain.scopes` says what that covers."""

    client_id: str
    scopes: tuple[str, ...]


def issue(client_id: str, scopes: list[str], *, now: datetime) -> str:
    at = int(now.timestamp())
    claims = {
        "iss": issuer(),
        "aud": audience(),
        "sub": client_id,
        "iat": at,
        "nbf": at,
        "exp": at + LASTS_SECONDS,
        "jti": uuid4().hex,
        "scope": " ".join(scopes),
    }
    return jwt.encode({"alg": ALGORITHM}, claims, _keys()[0])


def read(token: str, *, now: datetime) -> Token | None:
    """What a token says; None unless we signed it, for us, and it is still in its time.

    Whether that client may still call is asked of the database, not of the token.
    """
    claims = JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": issuer()},
        aud={"essential": True, "value": audience()},
        sub={"essential": True},
        iat={"essential": True},
        exp={"essential": True},
        jti={"essential": True},
    )
    for key in _keys():
        with suppress(JoseError, ValueError, TypeError, RecursionError):
            said: dict[str, Any] = jwt.decode(token, key, algorithms=[ALGORITHM]).claims
            claims.validate(said)
            return _token(said) if said["exp"] > now.timestamp() else None
    return None


def _token(said: Mapping[str, object]) -> Token:
    return Token(str(said["sub"]), tuple(str(said.get("scope") or "").split()))


def issuer() -> str:
    return str(current_app.config["PUBLIC_URL"])


def audience() -> str:
    """These addresses and nothing else: a token for another part of the portal is a stranger here."""
    return f"{issuer()}/api/edx_proctoring"


def _keys() -> list[OctKey]:
    """The present one first; those of fallbacks too, so that a new secret key cuts no provider off."""
    return [_as_key(key) for key in derived_keys("access tokens")]


@lru_cache(maxsize=8)
def _as_key(secret: bytes) -> OctKey:
    return OctKey.import_key(secret)
