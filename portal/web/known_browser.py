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


def nonce_for(account: str) -> str | None:
    """What tells this browser from others, if ``account`` (a subject of the throttle) was the last to sign in here."""
    try:
        known, nonce = _signer().loads(request.cookies.get(COOKIE, ""))
    except (BadData, ValueError, TypeError):
        return None
    return str(nonce) if known == account else None


def remember(response: Response, account: str) -> None:
    response.set_cookie(
        COOKIE,
        str(_signer().dumps([account, nonce_for(account) or secrets.token_urlsafe(12)])),
        max_age=KEPT_FOR,
        path="/signin",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="known browser")
