"""Machines that call us: their secrets, of which only hashes are kept."""

import hashlib
import hmac

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.db import db
from portal.db_fast import prepared
from portal.models import ApiClient, Attempt, Provider


def hash_secret(secret: str) -> str:
    """SHA-256 is enough: a secret is long and random, and a vendor waits five seconds at most."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def find(client_id: str) -> ApiClient | None:
    """With the vendor it speaks for, if any."""
    query = select(ApiClient).where(ApiClient.client_id == client_id)
    return db.session.scalar(query.options(joinedload(ApiClient.provider)))


def find_with_attempt(client_id: str, external_id: str) -> tuple[ApiClient, int | None] | None:
    """With its vendor, and the number of the attempt that this vendor calls so, if it has one."""
    row = db.session.execute(_with_attempt(), {"client_id": client_id, "external_id": external_id}).first()
    return (row[0], row[1]) if row else None


@prepared
def _with_attempt() -> Select[ApiClient, int]:
    """Built once, because every call begins with it."""
    its_attempt = and_(Attempt.provider_slug == Provider.slug, Attempt.external_id == bindparam("external_id"))
    return (
        select(ApiClient, Attempt.id)
        .outerjoin(ApiClient.provider)
        .outerjoin(Attempt, its_attempt)
        .where(ApiClient.client_id == bindparam("client_id"))
        .options(contains_eager(ApiClient.provider))
    )


def is_secret_of(client: ApiClient | None, secret: str) -> bool:
    """Whether an enabled client has this secret, or had it before the last change.

    Takes the same time for a client that does not exist.
    """
    given, nobody = hash_secret(secret), hash_secret("")
    kept = (client.secret_hash, client.previous_secret_hash or nobody) if client else (nobody, nobody)
    matches = [hmac.compare_digest(given, one) for one in kept]
    return client is not None and client.is_enabled and secret != "" and any(matches)
