"""A browser in which somebody has signed in before is counted by itself.

Otherwise anybody could keep a learner out of an exam by guessing wrong passwords for their account.
"""

import secrets
from datetime import timedelta

from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response

COOKIE = "invigil-known"
KEPT_FOR = timedelta(days=365)
#: A browser remembers so many accounts; the one that was away the longest goes first.
MOST_ACCOUNTS = 8


def nonce_for(account: str) -> str | None:
    """What tells this browser from others, if ``account`` (a subject of the throttle) has signed in here."""
    return _known().get(account)


def remember(response: Response, account: str) -> None:
    """``account`` has signed in here, on a device that is not said to be shared."""
    known = _known()
    nonce = known.pop(account, None) or secrets.token_urlsafe(12)
    newest = dict(list({**known, account: nonce}.items())[-MOST_ACCOUNTS:])
    response.set_cookie(
        COOKIE,
        str(_signer().dumps(newest)),
        max_age=KEPT_FOR,
        path="/signin",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def _known() -> dict[str, str]:
    try:
        known = _signer().loads(request.cookies.get(COOKIE, ""))
    except (BadData, ValueError, TypeError):
        return {}
    if isinstance(known, list):  # From before it could remember more than one.
        known = dict([known])
    return {str(account): str(nonce) for account, nonce in known.items()}


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="known browser")
