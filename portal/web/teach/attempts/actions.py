"""What the course team can do to an attempt, with a reason: pause its clock, end it, open it again, reset it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.db import writing
from portal.domain.attempts import attempts, reopening, resetting, resuming
from portal.domain.errors import BadInput, NotFound, NotNow
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.outbox import cases
from portal.domain.timekeeping import breaks
from portal.models import Attempt, AttemptStatus, CaseKind, EndedBy, ResumeState, Right
from portal.web.gate.guards import may_i, me, the_taught_attempt
from portal.web.teach.attempts import refusals
from portal.web.teach.attempts.foreseen import closes_words, end_words, reopen_words, resume_words
from portal.web.teach.blueprint import bp
from portal.web.teach.forms import PauseForm, ReasonForm, ReopenForm, ResumeForm

#: What an action calls: with the attempt, the cause, the form and the time.
Act = Callable[[Attempt, Cause, Any, datetime], object]


def by_reason(verb: Callable[..., object]) -> Act:
    """For a function that takes no more than the attempt, the cause and the time."""
    return lambda attempt, cause, form, now: verb(attempt, cause, now=now)


def as_of_now(rule: Callable[..., str]) -> Callable[[Attempt], str]:
    """A rule that goes by the time."""
    return lambda attempt: rule(attempt, now=clock.now())


@dataclass(frozen=True, kw_only=True)
class Action:
    """What the course team can do to an attempt: its texts, the right it needs, when it is allowed, what it calls."""

    title: str
    sign: str
    effect: str
    done: str
    right: Right
    why_not: Callable[[Attempt], str]
    act: Act
    actor: Actor = Actor.STAFF
    form: type[ReasonForm] = ReasonForm
    is_offered: Callable[[Attempt], bool] = lambda attempt: True
    """Whether it means anything for this kind of attempt; what does not is not even listed."""
    foresee: Callable[[Attempt, Any, datetime], list[str]] = lambda attempt, form, now: []
    """What it comes to for this attempt with what the form says, a sentence each."""


ACTIONS = {
    "resume": Action(
        title="Resume attempt",
        sign="play",
        effect="The learner continues in a new attempt with their answers and remaining time, and gets an email.",
        done="The attempt is resumed. The learner gets an email and can continue.",
        right=Right.RESUME,
        why_not=refusals.no_resume,
        act=lambda attempt, cause, form, now: resuming.grant_resume(
            attempt, cause, extra_minutes=form.extra_minutes.data, now=now
        ),
        form=ResumeForm,
        is_offered=lambda attempt: (
            attempt.status is AttemptStatus.ERROR or attempt.resume_state is not ResumeState.NONE
        ),
        foresee=lambda attempt, form, now: resume_words(attempt, form.extra_minutes.data or 0, now),
    ),
    "resume-clock": Action(
        title="Resume clock",
        sign="progress",
        effect="The learner gets the paused time back.",
        done="The clock is running again.",
        right=Right.GIVE_TIME,
        why_not=refusals.no_resume_clock,
        act=by_reason(resuming.resume_clock),
        foresee=lambda attempt, form, now: [end_words(attempt, now)],
    ),
    "pause-clock": Action(
        title="Pause clock",
        sign="pause",
        effect="Hides the questions. The remaining time does not change until you resume the clock.",
        done="The clock is paused.",
        right=Right.GIVE_TIME,
        why_not=refusals.no_pause,
        act=lambda attempt, cause, form, now: breaks.pause(
            attempt, cause, learner_may_end=form.learner_may_end.data, now=now
        ),
        form=PauseForm,
        foresee=lambda attempt, form, now: [closes_words(attempt, now)],
    ),
    "reopen": Action(
        title="Reopen",
        sign="undo",
        effect="The learner continues for the minutes you give, and gets an email. Marks are recalculated.",
        done="The attempt is reopened. The learner gets an email and can continue on their exam page.",
        right=Right.GIVE_TIME,
        why_not=as_of_now(reopening.why_not),
        act=lambda attempt, cause, form, now: reopening.reopen(attempt, form.minutes.data, cause, now=now),
        form=ReopenForm,
        is_offered=lambda attempt: attempt.status is AttemptStatus.SUBMITTED,
        foresee=lambda attempt, form, now: reopen_words(attempt, form.minutes.data, now),
    ),
    "end-exam": Action(
        title="End exam",
        sign="tray",
        effect="Submits the saved answers. The learner cannot continue.",
        done="The exam was submitted.",
        right=Right.GIVE_TIME,
        why_not=refusals.not_running,
        act=by_reason(partial(attempts.complete, ended_by=EndedBy.PROCTOR)),
        # Ending an exam is a proctor's act, whoever of the team presses the button.
        actor=Actor.PROCTOR,
    ),
    "suspend": Action(
        title="Suspend",
        sign="stop",
        effect="Stops the exam and saves the remaining time. The learner gets an email. You can resume it.",
        done="The attempt is suspended. The remaining time is saved until someone resumes it.",
        right=Right.GIVE_TIME,
        why_not=refusals.no_suspend,
        act=by_reason(resuming.fail),
        is_offered=lambda attempt: attempt.taking_as_proctored,
    ),
    "reset": Action(
        title="Reset attempt",
        sign="undo",
        effect="The attempt no longer counts. Nothing is deleted from this portal.",
        done="The attempt was reset. You can undo this for ten minutes, unless the learner starts again.",
        right=Right.ARCHIVE,
        why_not=refusals.already_reset,
        act=by_reason(resetting.archive),
        foresee=lambda attempt, form, now: resetting.what_follows(attempt, now=now),
    ),
    "undo-reset": Action(
        title="Undo reset",
        sign="undo",
        effect="The attempt counts again. A clock that was running continues with the remaining time.",
        done="The reset is undone. The attempt counts again.",
        right=Right.ARCHIVE,
        why_not=as_of_now(resetting.why_no_undo),
        act=by_reason(resetting.undo),
        is_offered=lambda attempt: attempt.archived_at is not None,
    ),
}


def offered(attempt: Attempt) -> list[tuple[str, Action]]:
    """What means anything for this attempt, and the person has the right to do."""
    return [
        (key, action) for key, action in ACTIONS.items() if action.is_offered(attempt) and may_i(action.right, attempt)
    ]


@bp.route("/attempts/<ref>/do/<key>", methods=["GET", "POST"])
def do(ref: str, key: str) -> ResponseReturnValue:
    action = ACTIONS.get(key)
    if action is None:
        raise NotFound("There is no such action.")
    attempt, form = the_taught_attempt(ref, right=action.right), action.form()
    if not action.is_offered(attempt):
        raise NotFound("There is no such action for this attempt.")
    if reason := action.why_not(attempt):
        raise NotNow(reason)
    is_look = request.form.get("go") == "look"
    if not is_look and form.validate_on_submit() and _done(attempt, action, form):
        flash(action.done, "ok")
        return redirect(url_for(".attempt", ref=ref), 303)
    foreseen = [line for line in action.foresee(attempt, form, clock.now()) if line]
    page = render_template("teach/action.html", attempt=attempt, form=form, action=action, foreseen=foreseen)
    return page, 422 if form.errors else 200


def _done(attempt: Attempt, action: Action, form: ReasonForm) -> bool:
    """Do it; False with the reason at its field when a rule says no."""
    try:
        with writing():
            _do_held(attempts.lock(attempt.id), action, form)
    except BadInput as err:
        form[err.field].errors = [err.message]
        return False
    return True


def _do_held(attempt: Attempt, action: Action, form: ReasonForm) -> None:
    if reason := action.why_not(attempt):
        raise NotNow(reason)
    now = clock.now()
    action.act(attempt, Cause(actor=action.actor, user=me(), reason=form.why), form, now)
    if not attempt.is_paused:  # Nobody waits any longer.
        note = f"{action.title}: {form.why}"
        cases.close_about(attempt, CaseKind.INTERRUPTED, me(), note=note, now=now)
