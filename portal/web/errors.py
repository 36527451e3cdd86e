"""How a refusal looks: a page for people, the same facts as JSON for scripts and machines."""

import logging
import secrets
from typing import Any

from flask import Flask, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge

from portal.db import db
from portal.domain.errors import (
    BadInput,
    Conflict,
    LimitReached,
    NotAllowed,
    NotFound,
    PortalError,
    ProviderUnavailable,
)
from portal.web import sessions

log = logging.getLogger(__name__)

#: What HTTP calls our refusals. Any other PortalError is a 409: the request was fine, the moment was not.
STATUS = {NotFound: 404, NotAllowed: 403, BadInput: 422, LimitReached: 429, ProviderUnavailable: 503}

#: The heading of the page, by status.
TITLES = {
    400: "We could not read that",
    403: "This is not open to you",
    404: "There is nothing here",
    405: "This address works differently",
    409: "That is not possible just now",
    413: "That is too large",
    422: "Something needs to be put right",
    429: "Please wait a little",
    500: "Something failed on our side",
    503: "A service we need is not answering",
}

#: Plain sentences for what Flask and Werkzeug refuse by themselves.
SENTENCES = {
    400: "Your browser sent something this page does not understand. Go back and try again.",
    403: "You are signed in, but you do not have this right.",
    404: "The address may be mistyped, or what it named has been moved.",
    405: "Go back and use the button on the page.",
    413: "Send a smaller file or a shorter text.",
    500: "Every answer that said Saved is safe with us. Try again; most failures of this kind last a few seconds.",
}

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def init_app(app: Flask) -> None:
    app.register_error_handler(PortalError, refuse)
    app.register_error_handler(IntegrityError, lose_the_race)
    app.register_error_handler(StaleDataError, lose_the_race)
    app.register_error_handler(CSRFError, ask_again)
    app.register_error_handler(InternalServerError, break_down)
    app.register_error_handler(HTTPException, fail)


def refuse(err: PortalError) -> ResponseReturnValue:
    status = next((STATUS[kind] for kind in type(err).__mro__ if kind in STATUS), 409)
    if isinstance(err, LimitReached):
        headers = {"Retry-After": str(err.retry_after_seconds)}
        return (*answer(status, err.code, err.message), headers)
    if isinstance(err, BadInput):
        return answer(status, err.code, err.message, about={"field": err.field})
    if isinstance(err, Conflict):
        return answer(status, err.code, err.message, beside={"current": err.current})
    return answer(status, err.code, err.message)


def lose_the_race(err: Exception) -> ResponseReturnValue:
    """Two requests changed the same thing at once and the database let one of them."""
    log.info("lost a race: %s", err)
    return answer(409, "conflict", "Someone did that a moment before you. Look again, then decide.")


def ask_again(err: CSRFError) -> ResponseReturnValue:
    """The form's token is missing or old. Who is signed out signs in; who is not goes back, and loses nothing."""
    log.info("refused a form: %s", err.description)
    if not current_user.is_authenticated and request.blueprint != "sign_in":
        return sessions.ask_to_sign_in()
    message = "This page was open for too long, or your browser blocked our cookie. Nothing was changed."
    return answer(400, "form_expired", f"{message} Go back, reload the page and press the button again.")


def fail(err: HTTPException) -> ResponseReturnValue:
    """What Flask refuses by itself: unknown address, wrong method, too large."""
    if err.response is not None or err.code is None or err.code < 400:
        return err.get_response()
    status = err.code
    code = "too_large" if isinstance(err, RequestEntityTooLarge) else err.name.lower().replace(" ", "_")
    body, status = answer(status, code, SENTENCES.get(status, err.description or err.name))
    allowed = {"Allow": ", ".join(sorted(getattr(err, "valid_methods", None) or []))}
    return (body, status, allowed) if allowed["Allow"] else (body, status)


def break_down(err: InternalServerError) -> ResponseReturnValue:
    """A fault of ours, logged with a reference the person can read out."""
    reference = "E" + "".join(secrets.choice(LETTERS) for _ in range(2)) + "-" + secrets.token_hex(2).upper()
    log.error("%s: failed at %s %s", reference, request.method, request.path, exc_info=err.original_exception)
    try:
        return answer(500, "internal_error", SENTENCES[500], about={"reference": reference})
    except Exception:
        log.exception("%s: and the error page failed, too", reference)
        plain = f"{TITLES[500]}. {SENTENCES[500]} Your reference is {reference}."
        return plain, 500, {"Content-Type": "text/plain; charset=utf-8"}


def wants_json() -> bool:
    """Whether a script or a machine asks, not a person."""
    if request.path.startswith("/api/") or request.path.endswith(".json") or request.is_json:
        return True
    wanted = request.accept_mimetypes
    return wanted.best == "application/json" and not wanted.accept_html


def answer(
    status: int, code: str, message: str, *, about: dict[str, Any] | None = None, beside: dict[str, Any] | None = None
) -> tuple[Any, int]:
    """The refusal as JSON (``about`` joins the error, ``beside`` stands next to it) or as a page."""
    db.session.rollback()  # A refusal leaves nothing behind.
    if wants_json():
        return {"error": {"code": code, "message": message, **(about or {})}, **(beside or {})}, status
    page = render_template(
        "errors/error.html",
        status=status,
        title=TITLES.get(status, "That did not work"),
        message=message,
        reference=(about or {}).get("reference"),
        next_url=url_for("home.index"),
        next_text="Go to the start page",
    )
    return page, status
