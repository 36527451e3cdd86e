"""Signing in and out, with limits on guessing."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from portal import clock
from portal.db import writing
from portal.domain.accounts import people, sign_in_limits
from portal.domain.errors import LimitReached
from portal.extensions import passwords
from portal.languages import gettext
from portal.languages import lazy_gettext as _
from portal.models import User
from portal.web.gate import sessions
from portal.web.gate.plain_form import PlainForm
from portal.web.sign_in import guessing, known_browser

bp = Blueprint("sign_in", __name__)

MAIL_CHECKS = [
    InputRequired(_("Enter your email address.")),
    Length(max=254, message=_("Enter an email address of at most 254 characters.")),
    Regexp(r"^\s*[^\s\x00-\x1f@]+@[^\s\x00-\x1f@]+\s*$", message=_("Enter an email address such as ada@example.edu.")),
]


class SignInForm(PlainForm):
    email = EmailField(_("Your email address"), MAIL_CHECKS, render_kw={"autocomplete": "username"})
    password = PasswordField(
        _("Password"),
        [InputRequired(_("Enter your password.")), Length(max=1000, message=_("This password is too long."))],
        render_kw={"autocomplete": "current-password"},
    )
    is_shared = BooleanField(_("This is a shared computer"))
    next = HiddenField()


@bp.route("/signin", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """The same answer, after the same time, for a wrong password and for an account that does not exist."""
    form = SignInForm()
    wanted = sessions.safe_next(form.next.data or request.args.get("next"))
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(wanted, 303)
    if not form.validate_on_submit():
        return _page(form, wanted, 422 if form.errors else 200)
    try:
        user = _person_of(typed(form.email), typed(form.password))
    except LimitReached as err:  # The page stays, with what was typed, so that waiting is all there is to do.
        form.password.errors = [gettext(err.sentence, **err.values)]
        return (*_page(form, wanted, 429), {"Retry-After": str(err.retry_after_seconds)})
    if user:
        return _let_in(user, wanted, is_shared=form.is_shared.data)
    form.password.errors = [gettext("The email address or the password is not right. Check both and try again.")]
    return _page(form, wanted, 422)


def _page(form: SignInForm, wanted: str, status: int) -> tuple[str, int]:
    form.next.data = wanted
    page = render_template("sign_in/sign_in.html", form=form, shared_minutes=current_app.config["SHARED_IDLE_MINUTES"])
    return page, status


def _let_in(user: User, wanted: str, *, is_shared: bool) -> ResponseReturnValue:
    sessions.begin(user, is_shared=is_shared)
    answer = redirect(wanted, 303)
    if not is_shared:
        known_browser.remember(answer, guessing.subject("account", user.email))
    return answer


@bp.post("/signout")
def sign_out() -> ResponseReturnValue:
    sessions.end()
    flash(gettext("You are signed out."))
    return redirect(url_for(".sign_in"), 303)


@bp.post("/signout/everywhere")
@login_required
def sign_out_everywhere() -> ResponseReturnValue:
    user_id = current_user.id
    with writing():
        people.sign_out_everywhere(people.lock(user_id))
    sessions.end()
    flash(gettext("You are signed out here and on every other device."))
    return redirect(url_for(".sign_in"), 303)


def typed(field: StringField) -> str:
    return field.data or ""


def _person_of(email: str, password: str) -> User | None:
    """Whose password this is; None where it is not. :raises LimitReached: there were too many wrong ones."""
    now, limits = clock.now(), guessing.limits(email)
    with writing():
        sign_in_limits.take(limits, now=now)
    user = people.find_by_email(email)
    kept = user.password_hash if user else None
    if not passwords.matches(kept, password) or user is None or not user.is_active:
        return None
    renewed = passwords.hash(password) if passwords.is_weak(kept or "") else kept
    with writing():
        sign_in_limits.give_back(limits[1:], now=now)
        sign_in_limits.forget(limits[0].subject)
        if user.password_hash == kept and renewed != kept:
            user.password_hash = renewed
    return user


from portal.web.sign_in import forgotten  # noqa: E402, F401 - adds its views to ``bp``.
