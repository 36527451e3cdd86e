"""What each kind of refusal says, and its HTTP status; :mod:`portal.web.negotiation` gives it its shape."""

import json
import logging
import secrets

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge

from portal import languages, own_forms
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
from portal.web import negotiation
from portal.web.formatting.contacts import refusal_with_contact
from portal.web.gate import sessions
from portal.web.negotiation import faults

log = logging.getLogger(__name__)

#: What HTTP calls our refusals. Any other PortalError is a 409: the request was fine, the moment was not.
STATUS = {NotFound: 404, NotAllowed: 403, BadInput: 422, LimitReached: 429, ProviderUnavailable: 503}

#: Plain sentences for what Flask and Werkzeug refuse by themselves.
SENTENCES = {
    400: _("Your browser sent something this page does not understand. Go back and try again."),
    403: _("You are signed in, but you do not have this right."),
    404: _("Check the address for typing errors. The page may also have moved."),
    405: _("Go back and use the button on the page."),
    413: _("Send a smaller file or a shorter text."),
    500: _("Every answer marked Saved is safe. Try again; most failures of this kind last only a few seconds."),
}

#: What a learner is told of a refusal whose own sentence is for those who run the portal; that one goes to the log.
FOR_LEARNERS = {
    IllegalTransition: _("Check the status of your exam. It has changed, so this is no longer possible."),
    ProviderUnavailable: _(
        "Wait a minute and try again. The proctoring provider is not responding correctly; nothing is lost."
    ),
}

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
    message, shown = said(err), refusal_with_contact(err)
    if isinstance(err, LimitReached):
        headers = {"Retry-After": str(err.retry_after_seconds)}
        return (*negotiation.answer(status, err.code, message), headers)
    if isinstance(err, BadInput):
        return negotiation.answer(status, err.code, message, about={"field": err.field})
    if isinstance(err, Conflict):
        return negotiation.answer(status, err.code, message, beside={"current": err.current})
    return negotiation.answer(status, err.code, message, shown=shown)


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
    return negotiation.answer(
        409, "conflict", gettext("Someone else has just done this. Check the page again before you decide.")
    )


def ask_again(err: CSRFError) -> ResponseReturnValue:
    """The form's token is missing or old. Who is signed out signs in; who is not goes back, and loses nothing."""
    log.info("refused a form: %s", err.description)
    if not current_user.is_authenticated and request.blueprint != "sign_in":
        return sessions.ask_to_sign_in()
    if own_forms.is_foreign():
        where = own_forms.foreign_place() or gettext("another site")
        message = gettext("This form came from %(where)s, not from this portal. Nothing was changed.", where=where)
        what_now = gettext("Open the portal at its own address and press the button there.")
        return negotiation.answer(400, "form_from_elsewhere", f"{message} {what_now}")
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        message = gettext("Your browser did not send our cookie, so we could not check the form. Nothing was changed.")
        what_now = gettext("Allow cookies for this address, reload the page and press the button again.")
    else:
        message = gettext("This page is from before you signed in or out. Nothing was changed.")
        what_now = gettext("Go back, reload the page and press the button again.")
    return negotiation.answer(400, "form_expired", f"{message} {what_now}")


def fail(err: HTTPException) -> ResponseReturnValue:
    """What Flask refuses by itself: unknown address, wrong method, too large."""
    if err.response is not None or err.code is None or err.code < 400:
        return err.get_response()
    code = "too_large" if isinstance(err, RequestEntityTooLarge) else err.name.lower().replace(" ", "_")
    said = err.description or err.name
    body, status = negotiation.answer(
        err.code, code, said if negotiation.is_for_provider() else SENTENCES.get(err.code, said)
    )
    headers = {"Allow": ", ".join(sorted(getattr(err, "valid_methods", None) or []))}
    if challenges := getattr(err, "www_authenticate", None):
        headers["WWW-Authenticate"] = ", ".join(str(one) for one in challenges)
    return body, status, {name: value for name, value in headers.items() if value}


def describe_methods(answer: Response) -> Response:
    """OPTIONS of a machine's address is answered as JSON, like everything else there."""
    if request.method == "OPTIONS" and answer.status_code == 200 and not answer.data and negotiation.is_for_machines():
        answer.data = json.dumps({"methods": sorted(answer.allow)})
        answer.mimetype = "application/json"
    return answer


def break_down(err: InternalServerError) -> ResponseReturnValue:
    """A fault of ours, logged with a reference the person can read out."""
    reference = "E" + "".join(secrets.choice(LETTERS) for _ in range(2)) + "-" + secrets.token_hex(2).upper()
    log.error("%s: failed at %s %s", reference, request.method, request.path, exc_info=err.original_exception)
    try:
        return negotiation.answer(500, "internal_error", SENTENCES[500], about={"reference": reference})
    except Exception:
        log.error("%s: and the error page failed, too", reference)
        plain = f"{negotiation.TITLES[500]}. {SENTENCES[500]} Your reference is {reference}."
        return plain, 500, {"Content-Type": "text/plain; charset=utf-8"}
