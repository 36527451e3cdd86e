"""The learner's one appeal against "not accepted", and the team's answer to it."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from portal import clock
from portal.db import writing
from portal.domain.accounts import people
from portal.domain.lifecycle import other_attempts
from portal.domain.reviews import appeals, outcome, review_versions
from portal.domain.reviews.appeals import LONGEST, SHORTEST
from portal.languages import gettext
from portal.languages import lazy_gettext as _
from portal.web.attempt import bp
from portal.web.gate.guards import me, my_attempt
from portal.web.gate.plain_form import PlainForm


class AppealForm(PlainForm):
    text = TextAreaField(
        _("What should we review again?"),
        [
            DataRequired(_("Tell us what we should review again.")),
            Length(SHORTEST, LONGEST, _("Write between 10 and 5000 characters.")),
        ],
    )


@bp.route("/appeal", methods=["GET", "POST"])
@login_required
def appeal(ref: str) -> ResponseReturnValue:
    attempt, now, form = my_attempt(ref), clock.now(), AppealForm()
    days = int(current_app.config["APPEAL_DAYS"])
    if form.validate_on_submit():
        with writing():
            learner = people.get(me().id)
            appeals.send(other_attempts.hold(attempt.id), form.text.data or "", learner, days=days, now=now)
        flash(gettext("Your appeal was sent."), "ok")
        return redirect(url_for(".appeal", ref=ref), 303)
    chain = outcome.chain_of(attempt)
    page = render_template(
        "attempt/appeal.html",
        attempt=attempt,
        shown=outcome.shown(attempt, chain),
        form=form,
        appeal=appeals.find(attempt),
        review=review_versions.current(outcome.decisive(attempt, chain)),
        until=appeals.until(attempt, days=days),
        now=now,
    )
    return page, 422 if form.errors else 200
