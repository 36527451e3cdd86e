"""Signing in and out, and a new password for who forgot theirs."""

from datetime import timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Regexp

from portal import clock
from portal.db import writing
from portal.domain.accounts import people, sign_in_limits
from portal.domain.accounts.sign_in_limits import Limit
from portal.domain.errors import BadInput, LimitReached
from portal.domain.outbox import messages
from portal.extensions import passwords
from portal.languages import gettext
from portal.languages import lazy_gettext as _
from portal.models import EmailKind, Topic, User
from portal.web.gate import sessions
from portal.web.gate.plain_form import PlainForm
from portal.web.sign_in import guessing, known_browser, reset_links

bp = Blueprint("sign_in", __name__)

MAIL_CHECKS = [
    InputRequired(_("Enter your email address.")),
    Length(max=254, message=_("Enter an email address of at most 254 characters.")),
    Regexp(r"^\s*[^\s\x00-\x1f@]+@[^\s\x00-\x1f@]+\s*$", message=_("Enter an email address such as ada@example.edu.")),
]
MAILS_PER_HOUR = 3
#: From one network address, to whomever: more than a hall of 500 who have all forgotten theirs.
LINKS_PER_HOUR = 1000


class SignInForm(PlainForm):
    email = EmailField(_("Your email address"), MAIL_CHECKS, render_kw={"autocomplete": "username"})
    password = PasswordField(
        _("Password"),
        [InputRequired(_("Enter your password.")), Length(max=1000, message=_("This password is too long."))],
        render_kw={"autocomplete": "current-password"},
    )
    is_shared = BooleanField(_("This is a shared computer"))
    next = HiddenField()


class ForgottenForm(PlainForm):
    email = EmailField(_("Your email address"), MAIL_CHECKS, render_kw={"autocomplete": "username"})


class NewPasswordForm(PlainForm):
    password = PasswordField(
        _("New password"),
        [InputRequired(_("Enter a new password."))],
        description=_(
            "At least %(count)s characters. Several words in a row work well.", count=people.SHORTEST_PASSWORD
        ),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _("Repeat the password"),
        [EqualTo("password", _("Enter the new password twice. The two passwords are different."))],
        render_kw={"autocomplete": "new-password"},
    )


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


def _send_link(email: str) -> None:
    now = clock.now()
    within = timedelta(hours=1)
    address = Limit(subject=guessing.subject("links to", guessing.network()), tries=LINKS_PER_HOUR, within=within)
    account = Limit(subject=guessing.subject("links for", email), tries=MAILS_PER_HOUR, within=within)
    with writing():
        sign_in_limits.take([address], now=now)
        user = people.find_by_email(email)
        if user and user.is_active and _may_have_another(account):
            says = {"template": EmailKind.PASSWORD_RESET, "to": user.email, "name": user.name}
            says["link"] = reset_links.make(user, now=now)
            messages.enqueue(Topic.EMAIL, now=now, payload=says)


def _may_have_another(limit: Limit) -> bool:
    """Silently no: an answer would tell that there is such an account."""
    try:
        sign_in_limits.take([limit], now=clock.now())
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
