"""Waits with the learner while the provider does not answer yet."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from portal import clock
from portal.domain.attempts import attempts, eligibility
from portal.domain.proctoring import registrations
from portal.domain.providers import lookup
from portal.domain.timekeeping import running_clock
from portal.languages import gettext
from portal.models import Exam
from portal.web.gate.guards import me, my_exam
from portal.web.proctored.blueprint import bp

#: How often the waiting page looks again by itself.
LOOK_AGAIN_SECONDS = 5


def _tell_refusal(exam: Exam) -> None:
    """Why the provider said no while the learner waited, in the words that a press of the button would have got."""
    asked = registrations.latest(exam, me())
    if asked is not None and asked.attempt_id is None and asked.last_error:
        flash(gettext(asked.last_error), "warn")


@bp.get("/exams/<slug>/waiting")
@login_required
def waiting(slug: str) -> ResponseReturnValue:
    """The provider has not answered yet. The page looks again by itself and says until when there is time."""
    exam, now = my_exam(slug), clock.now()
    latest = attempts.find_latest(exam, me())
    if latest is not None and latest.is_live:
        return redirect(url_for("attempt.router", ref=latest.ref), 303)
    registration = registrations.find_open(exam, me())
    if registration is None:
        _tell_refusal(exam)
        return redirect(url_for("learner.entry", slug=slug), 303)
    return render_template(
        "proctored/waiting.html",
        exam=exam,
        registration=registration,
        provider=lookup.find(registration.provider_slug),
        facts=running_clock.before_start(exam, me().id, latest, now=now),
        reason=eligibility.why_not(exam, me(), now=now),
        look_again_seconds=LOOK_AGAIN_SECONDS,
        now=now,
    )
