"""What the course team can do to an attempt with nothing but a reason: stop its clock, hand it in, set it aside."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.db import writing
from portal.domain import access, attempts, time_account
from portal.domain.errors import NotFound, NotNow
from portal.domain.history import Actor, Deed
from portal.models import Attempt, EndedBy, Role, TimeEntryKind
from portal.web.guards import me, the_taught_attempt
from portal.web.teach.blueprint import bp
from portal.web.teach.forms import ReasonForm

NO_RIGHT = "Your role in this course does not include it. Its instructor can give it."


@dataclass(frozen=True, kw_only=True)
class Possible:
    """A deed: its words, the right it needs, when it can be done, and the verb."""

    title: str
    sign: str
    effect: str
    done: str
    right: str
    why_not: Callable[[Attempt], str]
    act: Callable[[Attempt, Deed, datetime], object]
    actor: Actor = Actor.STAFF


def _not_running(attempt: Attempt) -> str:
    return "" if attempt.is_running else "Its clock does not run."


def _no_pause(attempt: Attempt) -> str:
    return "Its clock stands still already." if attempt.is_paused else _not_running(attempt)


def _no_going_on(attempt: Attempt) -> str:
    return "" if attempt.is_paused else "Its clock has not been stopped."


def _already_aside(attempt: Attempt) -> str:
    return "It has been set aside already." if attempt.archived_at else ""


DEEDS = {
    "go-on": Possible(
        title="Let the clock go on",
        sign="progress",
        effect="The time it stood still is given back.",
        done="The clock runs again.",
        right="give_time",
        why_not=_no_going_on,
        act=lambda attempt, deed, now: time_account.go_on(attempt, deed, now=now),
    ),
    "stop": Possible(
        title="Stop the clock",
        sign="pause",
        effect="Questions are hidden and the remaining time is kept until the clock goes on.",
        done="The clock is stopped.",
        right="give_time",
        why_not=_no_pause,
        act=lambda attempt, deed, now: time_account.stand_still(attempt, TimeEntryKind.PAUSE, deed, now=now),
    ),
    "hand-in": Possible(
        title="End and hand in",
        sign="tray",
        effect="What is saved counts. The learner cannot go on.",
        done="It has been handed in.",
        right="give_time",
        why_not=_not_running,
        act=lambda attempt, deed, now: attempts.hand_in(attempt, deed, ended_by=EndedBy.PROCTOR, now=now),
        # Ending an exam is a proctor's act, whoever of the team presses the button.
        actor=Actor.PROCTOR,
    ),
    "set-aside": Possible(
        title="Set aside, and allow another attempt",
        sign="undo",
        effect="Nothing is deleted: answers and history are kept, but it no longer counts.",
        done="It has been set aside. The learner can begin again.",
        right="archive",
        why_not=_already_aside,
        act=lambda attempt, deed, now: attempts.archive(attempt, deed, now=now),
    ),
}


def why_not(possible: Possible, attempt: Attempt, roles: frozenset[Role]) -> str:
    """Why this person cannot do it to this attempt now; empty when they can."""
    has_right = bool(roles & access.RIGHTS[possible.right])
    return possible.why_not(attempt) or ("" if has_right else NO_RIGHT)


@bp.route("/attempts/<ref>/do/<deed>", methods=["GET", "POST"])
def do(ref: str, deed: str) -> ResponseReturnValue:
    possible = DEEDS.get(deed)
    if possible is None:
        raise NotFound("There is nothing like that to do here.")
    attempt, form = the_taught_attempt(ref, right=possible.right), ReasonForm()
    if reason := possible.why_not(attempt):
        raise NotNow(reason)
    if not form.validate_on_submit():
        status = 422 if form.errors else 200
        return render_template("teach/deed.html", attempt=attempt, form=form, possible=possible), status
    as_whom = Deed(actor=possible.actor, by=me(), reason=form.why)
    with writing():
        locked = attempts.lock(attempt.id)
        if reason := possible.why_not(locked):
            raise NotNow(reason)
        possible.act(locked, as_whom, clock.now())
    flash(possible.done, "ok")
    return redirect(url_for(".attempt", ref=ref), 303)
