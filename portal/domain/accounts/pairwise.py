"""What a learner is called outside: another name at every provider and every webhook endpoint."""

import hashlib
import hmac
import secrets
from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.db.encrypted import derived_key, is_locked
from portal.domain.errors import SecretLocked
from portal.models import PortalKey

#: The name of the key in ``portal_key``, and what it is derived for where there is none.
KEY = "pairwise ids"


def pairwise_id(slug: str, learner_id: int) -> str:
    """A learner's name at one outsider: HMAC-SHA256 in hex. It stays the same when the secret key changes.

    :raises SecretLocked: the key behind the names cannot be opened; a wrong name must not be told.
    """
    return hmac.new(_key(), f"{learner_id}{slug}".encode(), hashlib.sha256).hexdigest()


def replace_lost_key(*, now: datetime) -> bool:
    """Make a new key where the kept one cannot be opened, inside ``writing()``; False where it can, or is none.

    Every outsider knows every learner by another name from then on.
    """
    kept = db.session.get(PortalKey, KEY)
    if kept is None or not is_locked(kept.value):
        return False
    kept.value, kept.created_at = secrets.token_hex(32), now
    return True


def _key() -> bytes:
    """Stored by the migration that made the table; a database without it has the one of the secret key."""
    kept = db.session.scalar(select(PortalKey.value).where(PortalKey.name == KEY))
    if kept is None:
        return derived_key(KEY)
    if is_locked(kept):
        raise SecretLocked("The key behind learners' names at providers")
    return bytes.fromhex(kept)
