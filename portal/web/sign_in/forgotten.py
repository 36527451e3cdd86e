"""A new password by a link that is sent by email."""

from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import EmailField, PasswordField
from wtforms.validators import EqualTo, InputRequired

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
from portal.web.sign_in import MAIL_CHECKS, bp, guessing, reset_links, typed

MAILS_PER_HOUR = 3
#: From one network address, to whomever: more than a hall of 500 who have all forgotten theirs.
LINKS_PER_HOUR = 1000


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
