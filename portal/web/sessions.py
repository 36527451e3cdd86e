"""Who is signed in: the signed cookie, how long it lasts, and what happens to who is not.

A session ends after :data:`IDLE_HOURS` without a request, but never while the person's own exam clock runs,
nor within the hour after its deadline: nobody signs in again in the middle of a long exam.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from flask import Flask, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select

from portal import clock
from portal.db import db
from portal.extensions import login_manager
from portal.models import Attempt, EndedBy, User
from portal.models.attempt import RUNNING

#: How often a used session's cookie is signed anew.
RENEWED_EVERY = timedelta(minutes=10)
AFTER_DEADLINE = timedelta(hours=1)


class SignedIn(NamedTuple):
    """What the cookie claims. The epoch counts only if it still is the account's."""

    user_id: int
    epoch: int


def init_app(app: Flask) -> None:
    login_manager.user_loader(load_user)
    login_manager.unauthorized_handler(ask_to_sign_in)


def begin(user: User) -> None:
    """Sign ``user`` in, in a session of its own: nothing that was in the cookie before survives."""
    session.clear()
    session.update(contents(user))


def contents(user: User) -> dict[str, Any]:
    """What the cookie of a fresh session of ``user`` holds."""
    return {
        "_permanent": True,
        "_user_id": user.get_id(),
        "_fresh": True,
        "seen_at": _seconds(clock.now()),
        "csrf_token": _form_secret(user),
    }


def end() -> None:
    session.clear()


def load_user(claimed: str) -> User | None:
    """The person behind the cookie, unless signed out everywhere, made inactive, or idle for too long."""
    said = _read(claimed)
    user = db.session.get(User, said.user_id) if said else None
    if said is None or user is None or not user.is_active or user.session_epoch != said.epoch:
        return None
    now = clock.now()
    idle_seconds = _seconds(now) - int(session.get("seen_at", 0))
    idle_limit = timedelta(hours=current_app.config["IDLE_HOURS"])
    if idle_seconds > idle_limit.total_seconds() and not _has_a_clock(user, now):
        return None
    if abs(idle_seconds) > RENEWED_EVERY.total_seconds():
        session["seen_at"] = _seconds(now)
    return user


def signed_in_user_id() -> SignedIn | None:
    """What the cookie claims, without asking the database.

    For the timer's poll only, whose one query must compare the epoch with ``user.session_epoch`` and
    ``user.is_active`` itself. Idle hours are not counted: the poll only answers for a person's own clock.
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
    return SignedIn(int(user_id), int(epoch))


def _form_secret(user: User) -> str:
    """The secret behind form tokens: the same for every session of one person's epoch.

    So a page that was open when its owner's session ended works again as soon as they have signed in again.
    """
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"forms of {user.get_id()}".encode(), hashlib.sha256).hexdigest()


def _has_a_clock(user: User, now: datetime) -> bool:
    """Whether an exam of theirs runs, stands still, or ran out less than an hour ago."""
    recent = Attempt.deadline_at > now - AFTER_DEADLINE
    ended_by_itself = Attempt.ended_by == EndedBy.TIME
    mine = select(Attempt.id).where(
        Attempt.learner_id == user.id,
        Attempt.archived_at.is_(None),
        or_(Attempt.status.in_(RUNNING) & (recent | Attempt.is_paused), ended_by_itself & recent),
    )
    return db.session.scalar(mine.limit(1)) is not None


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
