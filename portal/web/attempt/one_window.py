"""An exam for one window at a time: who may write, and the page where another window takes over."""

from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from portal import clock
from portal.db import writing
from portal.domain.answers import answers
from portal.domain.attempts import active_window, attempts
from portal.models import Attempt
from portal.models.attempts.attempt import UNCLAIMED
from portal.web.attempt import bp
from portal.web.formatting.devices import in_words
from portal.web.gate.guards import my_attempt, my_held_attempt
from portal.web.gate.windows import browser, here, known_here


def enter(attempt: Attempt, *, now: datetime) -> None:
    """For a locked attempt: be its window if it has none."""
    if attempt.exam.one_window and attempt.window_browser in {None, UNCLAIMED}:
        active_window.enter(attempt, known_here(), now=now)


def require(attempt: Attempt, *, now: datetime) -> None:
    """For a locked attempt whose answers count still. :raises OtherWindow: they are written in another window."""
    if not answers.may_write(attempt, now=now):
        return
    if attempt.window_browser == UNCLAIMED:
        enter(attempt, now=now)
    active_window.require(attempt, here(), now=now)


@bp.app_template_global()
def window_named(attempt: Attempt) -> str | None:
    """What a page is told of the window that may write."""
    return active_window.named(attempt, browser())


@bp.get("/window")
@login_required
def window(ref: str) -> ResponseReturnValue:
    """Where the exam is open now, and the button to continue here instead."""
    attempt = my_attempt(ref)
    if not attempt.is_running or not active_window.is_elsewhere(attempt, here()):
        return redirect(url_for(".router", ref=ref), 303)
    return page_of(attempt)


def page_of(attempt: Attempt, **typed: object) -> str:
    """``typed``: what a form brought that was not saved, and where it belongs."""
    return render_template(
        "attempt/window.html",
        attempt=attempt,
        is_same_browser=attempt.window_browser == browser(),
        device=in_words(attempt.window_device),
        typed=typed,
        now=clock.now(),
    )


@bp.post("/window")
@login_required
def use_window(ref: str) -> ResponseReturnValue:
    """Continue in this window; the one before shows why it can only be read."""
    use_here(my_attempt(ref).id, now=clock.now())
    if request.is_json:
        return {"state": "here"}
    return redirect(url_for(".router", ref=ref), 303)


def use_here(attempt_id: int, *, now: datetime) -> None:
    with writing():
        held = attempts.lock(attempt_id)
        active_window.take_over(held, known_here(), held.learner, now=now)


@bp.post("/window/here")
@login_required
def window_here(ref: str) -> ResponseReturnValue:
    """The script of an open page: it is here. 409 when the exam is in another window.

    ``{"closed": true}``: the window before was one of this browser and is no longer open, so nobody presses a button.
    """
    said, now = request.get_json(silent=True), clock.now()
    with writing():
        held = my_held_attempt(ref)
        is_closed = isinstance(said, dict) and said.get("closed") is True
        if is_closed and held.is_running and held.window_browser == known_here().browser:
            active_window.take_over(held, here(), held.learner, now=now)
        active_window.enter(held, known_here(), now=now)
    return {"state": "here"}
