"""Signing in and out, and a new password for who forgot theirs."""

from datetime import timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required
from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Regexp

from portal import clock
from portal.db import writing
from portal.domain import outbox, people, throttle
from portal.domain.errors import BadInput, LimitReached
from portal.domain.throttle import Limit
from portal.extensions import passwords
from portal.languages import gettext
from portal.languages import lazy_gettext as _
from portal.models import User
from portal.web import known_browser, reset_links, sessions
from portal.web.plain_form import PlainForm

bp = Blueprint("sign_in", __name__)

MAIL_CHECKS = [
    InputRequired(_("Give your mail address.")),
    Length(max=254, message=_("A mail address has at most 254 characters.")),
    Regexp(r"^\s*[^\s\x00-\x1f@]+@[^\s\x00-\x1f@]+\s*$", message=_("Give a mail address such as ada@example.edu.")),
]
MAILS_PER_HOUR = 3


class SignInForm(PlainForm):
    email = EmailField(_("Your mail address"), MAIL_CHECKS, render_kw={"autocomplete": "username"})
    password = PasswordField(
        _("Password"),
        [InputRequired(_("Give your password.")), Length(max=1000, message=_("This password is too long."))],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class ForgottenForm(PlainForm):
    email = EmailField(_("Your mail address"), MAIL_CHECKS, render_kw={"autocomplete": "username"})


class NewPasswordForm(PlainForm):
    password = PasswordField(
        _("New password"),
        [InputRequired(_("Give a new password."))],
        description=_("%(count)s characters or more. A few words in a row are fine.", count=people.SHORTEST_PASSWORD),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _("The same again"),
        [EqualTo("password", _("The two are not the same. Type the new password twice."))],
        render_kw={"autocomplete": "new-password"},
    )


@bp.route("/signin", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """The same answer, after the same time, for a wrong password and for an account that does not exist."""
    form = SignInForm()
    wanted = sessions.safe_next(form.next.data or request.args.get("next"))
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(wanted, 303)
    if form.validate_on_submit():
        if user := _person_of(typed(form.email), typed(form.password)):
            sessions.begin(user)
            answer = redirect(wanted, 303)
            known_browser.remember(answer, _subject("account", user.email))
            return answer
        form.password.errors = [gettext("The mail address or the password is not right. Check both and try again.")]
    form.next.data = wanted
    return render_template("sign_in/sign_in.html", form=form), 422 if form.errors else 200


@bp.post("/signout")
def sign_out() -> ResponseReturnValue:
    sessions.end()
    flash(gettext("You are signed out."))
    return redirect(url_for(".sign_in"), 303)


@bp.post("/signout/everywhere")
@login_required
def sign_out_everywhere() -> ResponseReturnValue:
    user_id = current_user.id
    with writing() as session:
        people.sign_out_everywhere(session.get_one(User, user_id, with_for_update=True))
    sessions.end()
    flash(gettext("You are signed out here and on every other device."))
    return redirect(url_for(".sign_in"), 303)


@bp.route("/signin/forgotten", methods=["GET", "POST"])
def forgotten() -> ResponseReturnValue:
    """Always the same answer: who has an account here is nobody else's business."""
    form = ForgottenForm()
    if form.validate_on_submit():
        _send_link(typed(form.email))
        return render_template("sign_in/link_sent.html", email=people.tidy_email(typed(form.email)))
    return render_template("sign_in/forgotten.html", form=form), 422 if form.errors else 200


@bp.route("/signin/new-password/<token>", methods=["GET", "POST"])
def new_password(token: str) -> ResponseReturnValue:
    user, form = reset_links.read(token, now=clock.now()), NewPasswordForm()
    if user is None:
        return render_template("sign_in/link_ended.html"), 410
    if form.validate_on_submit() and _is_good(form, user):
        return _set_password(token, passwords.hash(typed(form.password)))
    return render_template("sign_in/new_password.html", form=form, email=user.email), 422 if form.errors else 200


def typed(field: StringField) -> str:
    return field.data or ""


def _person_of(email: str, password: str) -> User | None:
    now, config = clock.now(), current_app.config
    within = timedelta(minutes=config["SIGN_IN_TRIES_MINUTES"])
    account = Limit(subject=_account(email), tries=config["SIGN_IN_TRIES_PER_ACCOUNT"], within=within)
    address = Limit(subject=_subject("address"), tries=config["SIGN_IN_TRIES_PER_ADDRESS"], within=within)
    with writing():
        throttle.take([account, address], now=now)
    user = people.find_by_email(email)
    kept = user.password_hash if user else None
    if not passwords.matches(kept, password) or user is None or not user.is_active:
        return None
    renewed = passwords.hash(password) if passwords.is_weak(kept or "") else kept
    with writing():
        throttle.give_back([address], now=now)
        throttle.forget(account.subject)
        if user.password_hash == kept and renewed != kept:
            user.password_hash = renewed
    return user


def _send_link(email: str) -> None:
    now = clock.now()
    address = Limit(subject=_subject("links to"), tries=20, within=timedelta(hours=1))
    account = Limit(subject=_subject("links for", email), tries=MAILS_PER_HOUR, within=timedelta(hours=1))
    with writing():
        throttle.take([address], now=now)
        user = people.find_by_email(email)
        if user and user.is_active and _may_have_another(account):
            says = {"template": "password_reset", "to": user.email, "name": user.name}
            says["link"] = reset_links.make(user, now=now)
            outbox.put("email", now=now, payload=says)


def _may_have_another(limit: Limit) -> bool:
    """Silently no: an answer would tell that there is such an account."""
    try:
        throttle.take([limit], now=clock.now())
    except LimitReached:
        return False
    return True


def _is_good(form: NewPasswordForm, user: User) -> bool:
    try:
        people.check_new_password(typed(form.password), email=user.email, name=user.name)
    except BadInput as err:
        form.password.errors = [gettext(err.sentence, **err.values)]
        return False
    return True


def _set_password(token: str, password_hash: str) -> ResponseReturnValue:
    with writing():
        user = reset_links.read(token, now=clock.now())  # Again: of two at once, one has used it up.
        if user:
            people.change_password(user, password_hash)
    if user is None:
        return render_template("sign_in/link_ended.html"), 410
    sessions.end()
    flash(gettext("Your new password is set. Sign in with it."))
    return redirect(url_for(".sign_in"), 303)


def _account(email: str) -> str:
    """What an account's wrong guesses are counted by: a browser it knows has a count of its own."""
    account = _subject("account", email)
    nonce = known_browser.nonce_for(account)
    return _subject("known browser", nonce) if nonce else account


def _subject(kind: str, of: str = "") -> str:
    """Of an account by its mail address; of nobody in particular, by the address the request comes from."""
    name = people.tidy_email(of) or request.remote_addr or ""
    return throttle.subject(kind, name, secret=str(current_app.config["SECRET_KEY"]))
