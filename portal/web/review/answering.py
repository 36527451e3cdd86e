"""Answering a learner's appeal."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.db import writing
from portal.domain import appeals, attempts
from portal.domain.appeals import Answered
from portal.web.guards import me
from portal.web.review import console
from portal.web.review.blueprint import bp, shown, the_reviewed_attempt
from portal.web.review.forms import AppealAnswerForm, DecisionForm


@bp.post("/<ref>/answer-appeal")
def answer_appeal(ref: str) -> ResponseReturnValue:
    attempt, form = the_reviewed_attempt(ref), AppealAnswerForm()
    if not form.validate_on_submit():
        return console.page(attempt, DecisionForm(formdata=None), answer_form=form), 422
    answered = Answered(text=form.answer.data or "", accepts=form.outcome.data == "accepts")
    with writing():
        appeals.answer(attempts.lock(attempt.id), answered, me(), now=clock.now())
    flash("Answered. The learner reads it on their page and is mailed.", "ok")
    return redirect(url_for(".console", ref=ref, show=shown()), 303)
