"""Deciding on an attempt: made, undone, or sent at once; and on to the next one."""

from collections.abc import Mapping
from datetime import timedelta

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.db import writing
from portal.domain.attempts import attempts
from portal.domain.errors import BadInput, Conflict, NotNow
from portal.domain.lifecycle import other_attempts
from portal.domain.reviews import decision_sending, decisions, queue
from portal.models import Attempt, Decision
from portal.web.formatting.times import clock_time
from portal.web.gate.guards import me
from portal.web.review import answering, console
from portal.web.review.blueprint import bp, shown, the_reviewed_attempt, wanted
from portal.web.review.forms import DecisionForm, marks_given

#: What the address may name beside a decision.
ANSWER = "answer"
CHANGED = "Someone changed this attempt while you were reviewing it."


@bp.post("/<ref>/decide")
def decide(ref: str) -> ResponseReturnValue:
    attempt, form = the_reviewed_attempt(ref), DecisionForm()
    marks = marks_given(decisions.incidents(attempt))
    shown_marks = {one.id: marks.get(one.id, one.verdict) for one in decisions.incidents(attempt)}
    if not form.validate_on_submit():
        return console.page(attempt, form, marks=shown_marks), 422
    try:
        sends_at = _make(attempt, form, marks)
    except BadInput as err:
        place = form._fields.get(err.field, form.verdict)  # "incidents" are marked, and are no field of the form.
        place.errors = [*place.errors, err.message]
        return console.page(attempt, form, marks=shown_marks), 422
    except Conflict as err:
        return console.page(attempt, form, marks=shown_marks, conflict=err), 409
    following = queue.following(wanted(), attempt)
    if following is None or not sends_at:  # Else the next page says so itself, beside the button that takes it back.
        until = f"The decision will be sent at {sends_at}. Until then, you can undo it." if sends_at else "Sent."
        flash(f"{attempt.ref}: {decisions.WORDS[form.decided.verdict]}. {until}", "ok")
    if following is None:
        return redirect(url_for(".queue", show=shown()), 303)
    return redirect(url_for(".console", ref=following.ref, show=shown()), 303)


def _make(attempt: Attempt, form: DecisionForm, marks: Mapping[int, str]) -> str:
    """Keep it; the time it will be sent, empty where it is sent at once.

    :raises Conflict: the attempt is not what the page showed.
    """
    minutes = int(current_app.config["DECISION_UNDO_MINUTES"])
    with writing():
        locked, now = other_attempts.hold(attempt.id), clock.now()
        if form.seen.data != console.token_now(locked):
            raise Conflict(CHANGED, current={"status": locked.status.value})
        send_at = now + timedelta(minutes=minutes)
        decision = decisions.make(locked, form.decided, me(), marks=marks, send_at=send_at, now=now)
        if minutes <= 0:
            decision_sending.send(decision, now=now)
        return clock_time(send_at) if minutes > 0 else ""


@bp.post("/<ref>/undo")
def undo(ref: str) -> ResponseReturnValue:
    """Take it back, and look at it again: a decision, or the answer to an appeal."""
    attempt = the_reviewed_attempt(ref)
    if request.args.get("of") == ANSWER:
        return answering.undo_answer(attempt)
    with writing():
        locked = attempts.lock(attempt.id)
        decisions.undo(_newest(locked), me(), now=clock.now())
    flash("Undone. Nothing was sent.", "ok")
    return redirect(url_for(".console", ref=ref, show=shown()), 303)


@bp.post("/<ref>/send")
def send(ref: str) -> ResponseReturnValue:
    """Do not wait until the time to undo is over."""
    attempt = the_reviewed_attempt(ref)
    if request.args.get("of") == ANSWER:
        return answering.send_answer(attempt)
    with writing():
        locked = other_attempts.hold(attempt.id)
        is_sent = decision_sending.send_now(_newest(locked), me(), now=clock.now())
    if is_sent:
        flash(f"{attempt.ref}: sent.", "ok")
    else:
        flash("The decision was not sent. The versions below show the current result.", "warn")
    return redirect(url_for(".console", ref=ref, show=shown()), 303)


def _newest(attempt: Attempt) -> Decision:
    """The newest that is not undone. :raises NotNow: nobody has decided."""
    made = [one for one in decisions.list_for(attempt) if one.undone_at is None]
    if not made:
        raise NotNow("This attempt has no decision to undo or send.")
    return made[-1]
