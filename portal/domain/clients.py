"""Machines that call us: their secrets, of which only hashes are kept."""

import hashlib
import hmac

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.models import ApiClient


def hash_secret(secret: str) -> str:
    """SHA-256 is enough: a secret is long and random, and a vendor waits five seconds at most."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def find(client_id: str) -> ApiClient | None:
    """With the vendor it speaks for, if any."""
    query = select(ApiClient).where(ApiClient.client_id == client_id)
    return db.session.scalar(query.options(joinedload(ApiClient.provider)))


def is_secret_of(client: ApiClient | None, secret: str) -> bool:
    """Whether an enabled client has this secret, or had it before the last change.

    Takes the same time for a client that does not exist.
    """
    given, nobody = hash_secret(secret), hash_secret("")
    kept = (client.secret_hash, client.previous_secret_hash or nobody) if client else (nobody, nobody)
    matches = [hmac.compare_digest(given, one) for one in kept]
    return client is not None and client.is_enabled and secret != "" and any(matches)
