"""Checking the answers, going back, and submitting."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from portal import clock
from portal.db import writing
from portal.domain.attempts import attempts
from portal.web.attempt import bp
from portal.web.gate.guards import my_held_attempt
from portal.web.gate.windows import away_from


@bp.post("/check-answers")
@login_required
def check_answers(ref: str) -> ResponseReturnValue:
    """To the page with all answers; the clock keeps running. ``to``: the number of the question to come back to."""
    now = clock.now()
    with writing():
        attempt = my_held_attempt(ref)
        if away := away_from(attempt):
            return away
        if not attempts.submit_overdue(attempt, now=now):
            attempts.check_answers(attempt, attempt.learner, now=now)
    return redirect(url_for(".check", ref=ref, to=request.form.get("to", type=int)), 303)


@bp.post("/continue")
@login_required
def go_back(ref: str) -> ResponseReturnValue:
    """Back to the questions, while time remains: to the one asked for, or the first."""
    now = clock.now()
    with writing():
        attempt = my_held_attempt(ref)
        if away := away_from(attempt):
            return away
        if not attempts.submit_overdue(attempt, now=now):
            attempts.go_back(attempt, attempt.learner, now=now)
    if number := request.form.get("to", type=int):
        return redirect(url_for(".question", ref=ref, number=number), 303)
    return redirect(url_for(".router", ref=ref), 303)


@bp.post("/submit")
@login_required
def submit(ref: str) -> ResponseReturnValue:
    """Submit. A second press finds it submitted."""
    now = clock.now()
    with writing():
        attempt = my_held_attempt(ref)
        if away := away_from(attempt):
            return away
        if attempt.is_running:
            attempts.submit(attempt, attempt.learner, now=now)
    return redirect(url_for(".router", ref=ref), 303)
