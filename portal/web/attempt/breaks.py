"""The learner's break out of their bank, and its end; also of a pause, and once an attempt is open again."""

from datetime import datetime

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from portal import clock
from portal.db import writing
from portal.domain.attempts import attempts
from portal.domain.errors import NotNow
from portal.domain.timekeeping import breaks, exam_clock
from portal.languages import gettext
from portal.models import Attempt
from portal.web.attempt import bp
from portal.web.attempt.page.exam_page import elsewhere, place_at
from portal.web.gate.guards import my_attempt, my_held_attempt
from portal.web.gate.windows import away_from


@bp.post("/break")
@login_required
def take_break(ref: str) -> ResponseReturnValue:
    """From the page with all answers; a question's own form saves first, and then comes here by :func:`begin`."""
    attempt, now = my_attempt(ref), clock.now()
    if away := away_from(attempt):
        return away
    return begin(attempt, now=now)


def begin(attempt: Attempt, *, number: int | None = None, now: datetime) -> ResponseReturnValue:
    """Pause the clock; ``number``: the question to come back to. Pressed twice, it is one break."""
    ref, attempt_id = attempt.ref, attempt.id
    if away := elsewhere(attempt, now=now):
        return away
    try:
        with writing():
            held = attempts.lock(attempt_id)
            breaks.take(held, held.learner, now=now)
    except NotNow as refusal:
        flash(gettext(refusal.sentence), "warn")
        return redirect(url_for(".router", ref=ref), 303)
    return redirect(url_for(".interrupted", ref=ref, to=number), 303)


@bp.post("/resume-clock")
@login_required
def resume_clock(ref: str) -> ResponseReturnValue:
    """*Continue*: lets the clock run again where it is paused. Running, it only leads back to the questions."""
    now = clock.now()
    with writing():
        held = my_held_attempt(ref)
        if away := away_from(held):
            return away
        if not attempts.submit_overdue(held, now=now) and held.is_running:
            breaks.resume_clock(held, held.learner, now=now)
            exam_clock.seen(held, held.revision, now=now)
    attempt = my_attempt(ref)
    return redirect(place_at(attempt, request.form.get("to", type=int), now=now), 303)
