"""Links for a forgotten password: signed, for an hour, and dead as soon as the password or the epoch changes."""

import hashlib
from datetime import datetime, timedelta

from flask import current_app, url_for
from itsdangerous import BadData, URLSafeSerializer

from portal.domain import people
from portal.models import User

WORKS_FOR = timedelta(hours=1)


def make(user: User, *, now: datetime) -> str:
    """The whole address, beginning with PUBLIC_URL: never with the Host a request claims."""
    until = int((now + WORKS_FOR).timestamp())
    token = _signer().dumps([user.id, user.session_epoch, _fingerprint(user), until])
    address = url_for("sign_in.new_password", token=token, _external=False)
    return str(current_app.config["PUBLIC_URL"]).rstrip("/") + address


def read(token: str, *, now: datetime) -> User | None:
    """Whose link it is; None when it is false, old or used."""
    try:
        user_id, epoch, fingerprint, until = _signer().loads(token)
    except (BadData, ValueError, TypeError):
        return None
    user = people.find(user_id)
    if user is None or not user.is_active or now.timestamp() >= until:
        return None
    return user if [epoch, fingerprint] == [user.session_epoch, _fingerprint(user)] else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="new password")


def _fingerprint(user: User) -> str:
    """Tells one password from the next without telling anything about either."""
    return hashlib.sha256((user.password_hash or "").encode()).hexdigest()[:16]
