"""In which shape a refusal goes out: a page for people, the same facts as JSON for scripts and machines."""

from typing import Any
from urllib.parse import urlsplit

from flask import render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup

from portal.db import db
from portal.languages import gettext
from portal.languages import lazy_gettext as _

#: Where providers' servers call us, and find ``detail`` in every refusal; and where they get their token.
EDX_PATHS = ("/api/edx_proctoring/", "/api/v1/edx_proctoring/")
OAUTH_PATHS = "/oauth2/"

#: The heading of the page, by status.
TITLES = {
    400: _("We could not read that"),
    403: _("You cannot open this page"),
    404: _("Page not found"),
    405: _("This address does not accept this request"),
    409: _("That is not possible right now"),
    413: _("That is too large"),
    422: _("Something needs correcting"),
    429: _("Please wait a moment"),
    500: _("Something failed on our side"),
    503: _("A service we need is not responding"),
}

#: Where the attempt of a refused address is shown, by room.
PLACES = {"attempt": "attempt.router", "proctored": "attempt.router", "teach": "teach.attempt"}


def is_for_provider() -> bool:
    """Whether a provider's server asks, which reads the shapes of edx-proctoring and of RFC 6749."""
    return request.path.startswith((*EDX_PATHS, OAUTH_PATHS))


def is_for_machines() -> bool:
    return request.path.startswith(("/api/", OAUTH_PATHS))


def wants_json() -> bool:
    """Whether a script or a machine asks, not a person."""
    if request.path.startswith("/api/") or request.path.endswith(".json") or request.is_json:
        return True
    wanted = request.accept_mimetypes
    return wanted.best == "application/json" and not wanted.accept_html


def answer(
    status: int,
    code: str,
    message: str,
    *,
    about: dict[str, Any] | None = None,
    beside: dict[str, Any] | None = None,
    shown: Markup | None = None,
) -> tuple[Any, int]:
    """The refusal as JSON (``about`` joins the error, ``beside`` stands next to it) or as a page (``shown`` there).

    Every JSON refusal has its sentence as ``detail``, which clients of edX read; our own scripts read ``error`` too.
    """
    db.session.rollback()  # A refusal leaves nothing behind.
    message = str(message)
    if is_for_provider():
        return _answer_provider(status, message), status
    if wants_json():
        error = {"code": code, "message": message, **(about or {})}
        return {"detail": message, "error": error, **(beside or {})}, status
    page = render_template(
        "errors/error.html",
        status=status,
        title=TITLES.get(status, _("That did not work")),
        message=shown or gettext(message),
        reference=(about or {}).get("reference"),
        **_way_on(),
    )
    return page, status


def _way_on() -> dict[str, str]:
    """Back to the thing that was refused, where the address says which; else to where the person came from."""
    place = (request.view_args or {}).get("ref") and PLACES.get(request.blueprint or "")
    if place:
        url = url_for(place, ref=(request.view_args or {})["ref"])
        if request.path != url:
            return {"next_url": url, "next_text": gettext("Go back to the attempt")}
    came_from = urlsplit(request.referrer or "")
    is_ours = came_from.netloc == request.host and came_from.path not in {"", request.path}
    is_ours = is_ours and not came_from.path.startswith("//")  # It would lead to another host.
    if current_user.is_authenticated and is_ours:
        back = f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path
        return {"next_url": back, "next_text": gettext("Go back to the page before")}
    return {"next_url": url_for("home.index"), "next_text": gettext("Go to the start page")}


def _answer_provider(status: int, message: str) -> dict[str, str]:
    if not request.path.startswith(OAUTH_PATHS):
        return {"detail": message}
    return {"error": "invalid_request" if status < 500 else "server_error", "error_description": message}
