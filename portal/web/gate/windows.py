"""Which window of which browser a request comes from, for exams that are written in one window at a time."""

import hashlib
import secrets
from datetime import timedelta

from flask import after_this_request, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.domain.attempts import active_window
from portal.domain.attempts.active_window import Window
from portal.models import Attempt
from portal.web.formatting.devices import device_of

COOKIE = "invigil-window"
HEADER = "X-Window"
KEPT_FOR = timedelta(days=30)
LONGEST_NAME = 40


def browser() -> str | None:
    """A fingerprint of this browser's cookie: the cookie itself is kept nowhere but there."""
    return _fingerprint(request.cookies.get(COOKIE, ""))


def here() -> Window:
    """The window this request comes from. A script names it, in a header or, where there is none, in the address."""
    tab = request.headers.get(HEADER) or request.args.get("tab", "")
    return Window(
        browser=g.get("window_browser") or browser(),
        tab=tab if tab.isalnum() and len(tab) <= LONGEST_NAME else None,
        device=device_of(request.user_agent.string),
    )


def known_here() -> Window:
    """The same for a browser that is to be known again: it is given its cookie."""
    if g.get("window_browser") is None and browser() is None:
        given = secrets.token_urlsafe(16)
        g.window_browser = _fingerprint(given)
        after_this_request(lambda response: _remember(response, given))
    return here()


def away_from(attempt: Attempt) -> Response | None:
    """A redirect to the page about the other window for what is done in this one; None when it may be done here."""
    if not active_window.is_elsewhere(attempt, here()):
        return None
    return redirect(url_for("attempt.window", ref=attempt.ref), 303)


def _fingerprint(cookie: str) -> str | None:
    return hashlib.sha256(cookie.encode()).hexdigest()[:32] if cookie else None


def _remember(response: Response, given: str) -> Response:
    is_secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(COOKIE, given, max_age=KEPT_FOR, httponly=True, samesite="Lax", secure=is_secure)
    return response
