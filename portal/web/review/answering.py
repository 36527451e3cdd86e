"""Answering a learner's appeal: made, undone, or sent at once."""

from datetime import timedelta

from flask import current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.db import writing
from portal.domain.lifecycle import other_attempts
from portal.domain.reviews import appeal_answers
from portal.domain.reviews.appeal_answers import Answered
from portal.models import Attempt
from portal.web.gate.guards import me
from portal.web.review import console
from portal.web.review.blueprint import bp, shown, the_reviewed_attempt
from portal.web.review.forms import AppealAnswerForm, DecisionForm


@bp.post("/<ref>/answer-appeal")
def answer_appeal(ref: str) -> ResponseReturnValue:
    attempt, form = the_reviewed_attempt(ref), AppealAnswerForm()
    if not form.validate_on_submit():
        return console.page(attempt, DecisionForm(formdata=None), answer_form=form), 422
    answered = Answered(text=form.answer.data or "", accepts=form.outcome.data == "accepts")
    now, minutes = clock.now(), int(current_app.config["DECISION_UNDO_MINUTES"])
    send_at = now + timedelta(minutes=minutes)
    with writing():
        appeal_answers.answer(other_attempts.hold(attempt.id), answered, me(), send_at=send_at, now=now)
    if minutes <= 0:
        flash("Your answer was saved. The learner sees it on their exam page and gets it by email.", "ok")
    return redirect(url_for(".console", ref=ref, show=shown(), _anchor="appeal"), 303)  # It says when it is sent.


def undo_answer(attempt: Attempt) -> ResponseReturnValue:
    """Take it back; its words stay in the form."""
    with writing():
        is_undone = appeal_answers.take_back(other_attempts.hold(attempt.id), me(), now=clock.now())
    flash("Undone. Nothing was sent." if is_undone else "There is no answer to undo.", "ok" if is_undone else "info")
    return redirect(url_for(".console", ref=attempt.ref, show=shown()), 303)


def send_answer(attempt: Attempt) -> ResponseReturnValue:
    """Do not wait until the time to undo is over."""
    with writing():
        is_sent = appeal_answers.send_now(other_attempts.hold(attempt.id), me(), now=clock.now())
    flash("The answer was sent." if is_sent else "There is no answer to send.", "ok" if is_sent else "info")
    return redirect(url_for(".console", ref=attempt.ref, show=shown()), 303)
