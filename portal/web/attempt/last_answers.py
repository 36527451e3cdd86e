"""Keeps what a page had not saved when its learner submitted."""

from datetime import datetime

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from portal import clock
from portal.db import writing
from portal.domain.answers import answers
from portal.domain.answers.answers import ClockStopped
from portal.domain.attempts import attempts
from portal.domain.attempts.active_window import OtherWindow
from portal.domain.errors import BadInput, Conflict, NotFound, TooLate
from portal.domain.timekeeping import clock_message
from portal.models import LateAnswer
from portal.web.attempt import bp, one_window, saving
from portal.web.gate.guards import my_attempt
from portal.web.gate.incoming import LARGEST_ID
from portal.web.gate.places import place_of

#: So many answers in the request at zero; the page sends the others after them.
MOST_AT_ONCE = 200
#: The clock is paused: the answer stays on the device until it continues.
WAITS = "waits"


@bp.post("/finish")
@login_required
def finish(ref: str) -> ResponseReturnValue:
    """The page at zero: what is unsent, in one request. The page sends the rest in the next.

    ``done`` names the questions whose answer is here, in time or apart, so that the page may forget it. What belongs to
    another window (``kept_there``) and what nobody can store (``refused``) stays on the device.
    """
    body, now = request.get_json(silent=True), clock.now()
    unsent = body.get("answers", []) if isinstance(body, dict) else []
    attempt_id = my_attempt(ref).id
    sorted_out: dict[str, list[int]] = {"done": [], "apart": [], "kept_there": [], "refused": []}
    for one in unsent[:MOST_AT_ONCE] if isinstance(unsent, list) else ():
        question = one.get("question") if isinstance(one, dict) else None
        if isinstance(question, int):
            where = _keep_one(attempt_id, question, one, now=now)
            sorted_out.setdefault(where, []).append(question)
    with writing():
        attempt = attempts.lock(attempt_id)
        attempts.submit_overdue(attempt, now=now)
        message = clock_message.message(attempt, now=now)
    sorted_out["done"] += sorted_out["apart"]
    sorted_out.pop(WAITS, None)
    return {**message, "go": place_of(my_attempt(ref), now=now), **sorted_out}


def _keep_one(attempt_id: int, question: int, body: object, *, now: datetime) -> str:
    """One answer in a transaction of its own, so that a bad one costs no other; where it went, in a word of the reply.

    What meets a newer answer is kept apart: at zero nobody can be asked which one counts.
    """
    try:
        return _kept(attempt_id, question, body, now=now) if 0 < question <= LARGEST_ID else "done"
    except OtherWindow:
        return "kept_there"
    except ClockStopped:
        return WAITS
    except NotFound:
        return "done"  # Of no question of this exam: nobody could use it.
    except (BadInput, TooLate):
        return "refused"


def _kept(attempt_id: int, question: int, body: object, *, now: datetime) -> str:
    said = saving.said_in(body)
    try:
        with writing():
            attempt = attempts.lock(attempt_id)
            one_window.require(attempt, now=now)
            answers.require_clock(attempt, now=now)
            kept = answers.save(attempt, question, said, now=now)
            return "apart" if isinstance(kept, LateAnswer) else "done"
    except Conflict:
        with writing():
            answers.keep_apart(attempts.lock(attempt_id), question, said, now=now)
        return "apart"
