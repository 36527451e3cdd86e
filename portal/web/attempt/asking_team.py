"""A question to the course team from inside the exam, and their answer; the clock goes on."""

import hashlib

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from portal import clock
from portal.db import writing
from portal.domain import attempts, support
from portal.domain.errors import BadInput
from portal.languages import gettext
from portal.web.attempt import bp
from portal.web.attempt.exam_page import ExamPage, elsewhere
from portal.web.guards import my_attempt

LONGEST_MESSAGE = 2000


@bp.route("/ask", methods=["GET", "POST"])
@login_required
def ask_team(ref: str) -> ResponseReturnValue:
    """``to``: the number of the question to go back to. The same words twice are one support case.

    :raises BadInput: no words, or too many.
    """
    attempt, now = my_attempt(ref), clock.now()
    number = request.values.get("to", type=int)
    if away := elsewhere(attempt, number=number, now=now):
        return away
    if request.method == "GET":
        page = ExamPage(attempt, now, number)
        return render_template("attempt/ask.html", page=page, asked=support.messages_of(attempt), most=LONGEST_MESSAGE)
    words = request.form.get("words", "").strip()
    if not words or len(words) > LONGEST_MESSAGE:
        raise BadInput("words", "Write what is wrong, in %(most)s letters at most.", most=LONGEST_MESSAGE)
    with writing():
        held = attempts.lock(attempt.id)
        key = f"{ref.upper()}.message.{hashlib.sha256(words.encode(errors='replace')).hexdigest()[:16]}"
        course_id = held.exam.course_id
        support.open_case("learner_message", words, key=key, course_id=course_id, attempt=held, now=now)
    flash(gettext("Your message is with the course team. Their answer appears here and on your questions."), "ok")
    return redirect(url_for(".ask_team", ref=ref, to=number), 303)
