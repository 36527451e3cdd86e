"""Who is signed in: the signed cookie, how long it lasts, and what happens to who is not.

A session ends after :data:`IDLE_HOURS` without a request and after :data:`SESSION_DAYS` in any case (sooner on a
computer that others use, too), but never while the person's own exam clock runs, nor within the hour after its
deadline: nobody signs in again in the middle of a long exam. Signing out ends it on the server, too.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import Flask, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import clock
from portal.db import writing
from portal.domain import clock_state, ended_sessions, people
from portal.extensions import login_manager
from portal.models import User

#: How often a used session's cookie is signed anew.
RENEWED_EVERY = timedelta(minutes=10)
AFTER_DEADLINE = timedelta(hours=1)


class SignedIn(NamedTuple):
    """What the cookie claims. The epoch counts only if it still is the account's, the key if it was not ended."""

    user_id: int
    epoch: int
    key: str


def init_app(app: Flask) -> None:
    login_manager.user_loader(load_user)
    login_manager.unauthorized_handler(ask_to_sign_in)


def begin(user: User, *, is_shared: bool = False) -> None:
    """Sign ``user`` in, in a session of its own: nothing that was in the cookie before survives.

    ``is_shared``: others use this computer, too, so the session is short and ends with the browser.
    """
    session.clear()
    session.update(contents(user, is_shared=is_shared))


def contents(user: User, *, is_shared: bool = False) -> dict[str, object]:
    """What the cookie of a fresh session of ``user`` holds."""
    now = _seconds(clock.now())
    return {
        "_permanent": not is_shared,
        "_user_id": user.get_id(),
        "_fresh": True,
        "key": secrets.token_urlsafe(12),
        "began_at": now,
        "seen_at": now,
        "csrf_token": _form_secret(user),
        **({"is_shared": True} if is_shared else {}),
    }


def end() -> None:
    """Sign out here. A copy of the cookie opens nothing any longer, either; a second call changes nothing."""
    key = str(session.get("key", ""))
    if key and current_user.is_authenticated:
        with writing():
            ended_sessions.end(key, now=clock.now())
    session.clear()


def load_user(claimed: str) -> User | None:
    """The person behind the cookie, unless signed out, made inactive, idle for too long, or here for too long."""
    said = _read(claimed)
    user = people.find_signed_in(*said) if said else None
    if user is None:
        return None
    now = clock.now()
    if _is_over(now) and not clock_state.has_recent_clock(user.id, since=now - AFTER_DEADLINE):
        return None
    _renew(now)
    return user


def _is_over(now: datetime) -> bool:
    """Whether nobody has used this session for too long, or it began too long ago."""
    settings = current_app.config
    idle, whole = timedelta(hours=settings["IDLE_HOURS"]), timedelta(days=settings["SESSION_DAYS"])
    if session.get("is_shared"):
        idle, whole = timedelta(minutes=settings["SHARED_IDLE_MINUTES"]), idle
    began_at = int(session.get("began_at", _seconds(now)))  # Without it: from before sessions had an end.
    idle_seconds = _seconds(now) - int(session.get("seen_at", 0))
    return idle_seconds > idle.total_seconds() or _seconds(now) - began_at > whole.total_seconds()


def _renew(now: datetime) -> None:
    """Note now and then that the session is used. What a clock ahead of ours wrote never makes it longer."""
    seconds, often = _seconds(now), RENEWED_EVERY.total_seconds()
    if session.get("is_shared"):
        often = min(often, 6.0 * current_app.config["SHARED_IDLE_MINUTES"])  # A tenth of it.
    session.setdefault("key", secrets.token_urlsafe(12))
    if session.setdefault("began_at", seconds) > seconds + often:
        session["began_at"] = seconds
    if abs(seconds - int(session.get("seen_at", 0))) > often:
        session["seen_at"] = seconds


def signed_in_user_id() -> SignedIn | None:
    """What the cookie claims, without asking the database.

    For the timer's poll only, whose one query must compare the epoch with ``user.session_epoch`` and
    ``user.is_active`` itself, and see that the key was not ended. Idle hours are not counted: the poll only answers
    for a person's own clock.
    """
    return _read(str(session.get("_user_id", "")))


def ask_to_sign_in() -> ResponseReturnValue:
    """Send a person to the sign-in page and back afterwards; tell a script."""
    from portal.web.errors import wants_json  # Errors need sessions, too.

    if wants_json():
        message = "You are signed out. Sign in again; what you typed stays on the page."
        return {"detail": message, "error": {"code": "signed_out", "message": message}}, 401
    came_from = request.full_path.rstrip("?") if request.method == "GET" else _own_page_before()
    return redirect(url_for("sign_in.sign_in", next=came_from), 303)


def safe_next(wanted: str | None) -> str:
    """``wanted`` if it is an address of this portal, else the start page. Never another host."""
    home = url_for("home.index")
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return home
    if any(ord(letter) < 33 or letter == "\\" for letter in wanted) or wanted.startswith(("/signin", "/signout")):
        return home
    return wanted


def _own_page_before() -> str:
    before = urlsplit(request.referrer or "")
    return before.path if before.netloc == request.host else url_for("home.index")


def _read(claimed: str) -> SignedIn | None:
    user_id, _, epoch = claimed.partition(".")
    if not (user_id.isdecimal() and epoch.isdecimal()):
        return None
    return SignedIn(int(user_id), int(epoch), str(session.get("key", "")))


def _form_secret(user: User) -> str:
    """The secret behind form tokens: the same for every session of one person's epoch.

    So a page that was open when its owner's session ended works again as soon as they have signed in again.
    """
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"forms of {user.get_id()}".encode(), hashlib.sha256).hexdigest()


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
