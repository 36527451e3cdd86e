"""How a refusal looks: a page for people, the same facts as JSON for scripts and machines."""

import json
import logging
import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge

from portal import languages, own_forms
from portal.db import db
from portal.domain.errors import (
    BadInput,
    Conflict,
    IllegalTransition,
    LimitReached,
    NotAllowed,
    NotFound,
    PortalError,
    ProviderUnavailable,
)
from portal.languages import gettext
from portal.languages import lazy_gettext as _
from portal.web import faults, sessions

log = logging.getLogger(__name__)

#: What HTTP calls our refusals. Any other PortalError is a 409: the request was fine, the moment was not.
STATUS = {NotFound: 404, NotAllowed: 403, BadInput: 422, LimitReached: 429, ProviderUnavailable: 503}

#: Where vendors' servers call us, and find ``detail`` in every refusal; and where they get their token.
EDX_PATHS = ("/api/edx_proctoring/", "/api/v1/edx_proctoring/")
OAUTH_PATHS = "/oauth2/"

#: The heading of the page, by status.
TITLES = {
    400: _("We could not read that"),
    403: _("This is not open to you"),
    404: _("There is nothing here"),
    405: _("This address works differently"),
    409: _("That is not possible just now"),
    413: _("That is too large"),
    422: _("Something needs to be put right"),
    429: _("Please wait a little"),
    500: _("Something failed on our side"),
    503: _("A service we need is not answering"),
}

#: Plain sentences for what Flask and Werkzeug refuse by themselves.
SENTENCES = {
    400: _("Your browser sent something this page does not understand. Go back and try again."),
    403: _("You are signed in, but you do not have this right."),
    404: _("The address may be mistyped, or what it named has been moved."),
    405: _("Go back and use the button on the page."),
    413: _("Send a smaller file or a shorter text."),
    500: _("Every answer that said Saved is safe with us. Try again; most failures of this kind last a few seconds."),
}

#: What a learner is told of a refusal whose own sentence is for those who run the portal; that one goes to the log.
FOR_LEARNERS = {
    IllegalTransition: _(
        "Your exam has moved on meanwhile, so this is not possible any more. See where it stands now."
    ),
    ProviderUnavailable: _(
        "The proctoring provider gives no usable answer just now. "
        "Nothing of yours is lost: wait a minute and try again."
    ),
}

#: Where the attempt of a refused address is shown, by room.
PLACES = {"attempt": "attempt.router", "proctored": "attempt.router", "teach": "teach.attempt"}

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def init_app(app: Flask) -> None:
    app.register_error_handler(PortalError, refuse)
    app.register_error_handler(IntegrityError, lose_the_race)
    app.register_error_handler(StaleDataError, lose_the_race)
    app.register_error_handler(CSRFError, ask_again)
    app.register_error_handler(InternalServerError, break_down)
    app.register_error_handler(HTTPException, fail)
    app.after_request(describe_methods)
    app.log_exception = lambda exc_info: None  # type: ignore[method-assign]  # break_down logs it, once.


def refuse(err: PortalError) -> ResponseReturnValue:
    status = next((STATUS[kind] for kind in type(err).__mro__ if kind in STATUS), 409)
    message = said(err)
    if isinstance(err, LimitReached):
        headers = {"Retry-After": str(err.retry_after_seconds)}
        return (*answer(status, err.code, message), headers)
    if isinstance(err, BadInput):
        return answer(status, err.code, message, about={"field": err.field})
    if isinstance(err, Conflict):
        return answer(status, err.code, message, beside={"current": err.current})
    return answer(status, err.code, message)


def said(err: PortalError) -> str:
    """The refusal as a sentence for whoever reads the page."""
    plain = next((words for kind, words in FOR_LEARNERS.items() if isinstance(err, kind)), None)
    if plain is None or not languages.is_translated_room():
        return gettext(err.sentence, **err.values)
    log.warning("%s %s was refused: %s", request.method, request.path, err)
    return str(plain)


def lose_the_race(err: Exception) -> ResponseReturnValue:
    """Two requests changed the same thing at once and the database let one of them."""
    log.info("lost a race: %s", faults.first_line(err))  # Without the values of the row.
    return answer(409, "conflict", gettext("Someone did that a moment before you. Look again, then decide."))


def ask_again(err: CSRFError) -> ResponseReturnValue:
    """The form's token is missing or old. Who is signed out signs in; who is not goes back, and loses nothing."""
    log.info("refused a form: %s", err.description)
    if not current_user.is_authenticated and request.blueprint != "sign_in":
        return sessions.ask_to_sign_in()
    if own_forms.is_foreign():
        where = own_forms.foreign_place() or gettext("another site")
        message = gettext("This form came from %(where)s, not from this portal. Nothing was changed.", where=where)
        what_now = gettext("Open the portal at its own address and press the button there.")
        return answer(400, "form_from_elsewhere", f"{message} {what_now}")
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        message = gettext("Your browser did not send our cookie, so the form cannot be checked. Nothing was changed.")
        what_now = gettext("Allow cookies for this address, load the page again and press the button once more.")
    else:
        message = gettext("This page is from before you signed in or out. Nothing was changed.")
        what_now = gettext("Go back, load the page again and press the button once more.")
    return answer(400, "form_expired", f"{message} {what_now}")


def fail(err: HTTPException) -> ResponseReturnValue:
    """What Flask refuses by itself: unknown address, wrong method, too large."""
    if err.response is not None or err.code is None or err.code < 400:
        return err.get_response()
    code = "too_large" if isinstance(err, RequestEntityTooLarge) else err.name.lower().replace(" ", "_")
    said = err.description or err.name
    body, status = answer(err.code, code, said if is_for_vendor() else SENTENCES.get(err.code, said))
    headers = {"Allow": ", ".join(sorted(getattr(err, "valid_methods", None) or []))}
    if challenges := getattr(err, "www_authenticate", None):
        headers["WWW-Authenticate"] = ", ".join(str(one) for one in challenges)
    return body, status, {name: value for name, value in headers.items() if value}


def describe_methods(answer: Response) -> Response:
    """OPTIONS of a machine's address is answered as JSON, like everything else there."""
    if request.method == "OPTIONS" and answer.status_code == 200 and not answer.data and is_for_machines():
        answer.data = json.dumps({"methods": sorted(answer.allow)})
        answer.mimetype = "application/json"
    return answer


def break_down(err: InternalServerError) -> ResponseReturnValue:
    """A fault of ours, logged with a reference the person can read out."""
    reference = "E" + "".join(secrets.choice(LETTERS) for _ in range(2)) + "-" + secrets.token_hex(2).upper()
    log.error("%s: failed at %s %s", reference, request.method, request.path, exc_info=err.original_exception)
    try:
        return answer(500, "internal_error", SENTENCES[500], about={"reference": reference})
    except Exception:
        log.error("%s: and the error page failed, too", reference)
        plain = f"{TITLES[500]}. {SENTENCES[500]} Your reference is {reference}."
        return plain, 500, {"Content-Type": "text/plain; charset=utf-8"}


def is_for_vendor() -> bool:
    """Whether a vendor's server asks, which reads the shapes of edx-proctoring and of RFC 6749."""
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
    about: dict[str, object] | None = None,
    beside: dict[str, object] | None = None,
) -> tuple[dict[str, object] | str, int]:
    """The refusal as JSON (``about`` joins the error, ``beside`` stands next to it) or as a page.

    Every JSON refusal has its sentence as ``detail``, which clients of edX read; our own scripts read ``error`` too.
    """
    db.session.rollback()  # A refusal leaves nothing behind.
    message = str(message)
    if is_for_vendor():
        return _answer_vendor(status, message), status
    if wants_json():
        error = {"code": code, "message": message, **(about or {})}
        return {"detail": message, "error": error, **(beside or {})}, status
    page = render_template(
        "errors/error.html",
        status=status,
        title=TITLES.get(status, _("That did not work")),
        message=gettext(message),
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


def _answer_vendor(status: int, message: str) -> dict[str, object]:
    if not request.path.startswith(OAUTH_PATHS):
        return {"detail": message}
    return {"error": "invalid_request" if status < 500 else "server_error", "error_description": message}
