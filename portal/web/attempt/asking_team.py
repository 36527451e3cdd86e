"""A question to the course team from inside the exam, and their answer; the clock keeps running."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from portal import clock
from portal.db import writing
from portal.domain.attempts import attempts, learner_messages
from portal.languages import gettext
from portal.web.attempt import bp
from portal.web.attempt.page.exam_page import ExamPage, elsewhere
from portal.web.gate.guards import my_attempt


@bp.route("/ask", methods=["GET", "POST"])
@login_required
def ask_team(ref: str) -> ResponseReturnValue:
    """``to``: the number of the question to go back to. The same words twice are one support case."""
    attempt, now = my_attempt(ref), clock.now()
    number = request.values.get("to", type=int)
    if away := elsewhere(attempt, number=number, now=now):
        return away
    if request.method == "GET":
        page = ExamPage(attempt, now, number)
        asked = learner_messages.list_for(attempt)
        return render_template("attempt/ask.html", page=page, asked=asked, most=learner_messages.LONGEST)
    with writing():
        held = attempts.lock(attempt.id)
        learner_messages.send(held, request.form.get("words", ""), held.learner, now=now)
    flash(gettext("Your message was sent to the course team."), "ok")
    return redirect(url_for(".ask_team", ref=ref, to=number), 303)
