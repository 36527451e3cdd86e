"""Begins a proctored exam: asks the vendor for a place, and waits with the learner while it does not answer."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from portal import asking, clock
from portal.db import writing
from portal.domain import (
    attempts,
    course_lookup,
    declining,
    eligibility,
    onboarding_offer,
    providers_kept,
    registering,
    requirements,
    running_clock,
)
from portal.domain.errors import ProviderRefused
from portal.domain.onboarding import OnboardingStanding
from portal.domain.requirements import Prerequisites
from portal.languages import gettext
from portal.models import Attempt, Exam
from portal.web.guards import me, my_exam
from portal.web.proctored.blueprint import bp

#: How often the waiting page looks again by itself.
LOOK_AGAIN_SECONDS = 5


def begin(exam: Exam) -> ResponseReturnValue:
    """Reserve a place and ask for it. A second press, or a second tab, joins the first."""
    exam_id, slug = exam.id, exam.slug
    latest = attempts.find_latest(exam, me())
    if latest is not None and latest.is_live:
        return redirect(url_for("attempt.router", ref=latest.ref), 303)
    if declining.earlier(exam, me(), latest):
        with writing():
            declining.follow_earlier(course_lookup.get_exam(exam_id), me(), now=clock.now())
        flash(gettext("You take this exam without proctoring."))
        return redirect(url_for("learner.entry", slug=slug), 303)
    with writing():
        registration_id = registering.reserve(course_lookup.get_exam(exam_id), me(), now=clock.now()).id
    try:
        ref = asking.register(registration_id)
    except ProviderRefused as err:
        flash(gettext(err.sentence, **err.values), "warn")
        return redirect(url_for("learner.entry", slug=slug), 303)
    if ref is None:
        return redirect(url_for("proctored.waiting", slug=slug), 303)
    return redirect(url_for("attempt.router", ref=ref), 303)


def entry_facts(exam: Exam, attempt: Attempt | None) -> dict[str, object]:
    """What the entry page of a proctored exam shows besides."""
    return {
        "provider": providers_kept.find(exam.provider_slug),
        "registration": registering.find_open(exam, me()),
        "may_decline": not declining.why_not(exam, attempt),
        "prerequisites": requirements.standing_for(me(), exam) if _may_be_begun(exam, attempt) else Prerequisites(),
        "asks_provider": not eligibility.is_without_proctoring(exam, attempt),
        "identity": _identity(exam) if not exam.is_practice and _may_be_begun(exam, attempt) else None,
    }


def _identity(exam: Exam) -> OnboardingStanding | None:
    """Where the learner stands with the onboarding exam of the course; None where it has none."""
    offer = onboarding_offer.find(exam.course, me(), now=clock.now())
    return offer.standing if offer else None


def _may_be_begun(exam: Exam, latest: Attempt | None) -> bool:
    """Whether what comes before the exam can still matter: not when its only attempt is under way or used up."""
    return exam.maximum_attempts != 1 or latest is None or latest.status in eligibility.UNCOUNTED


def _tell_refusal(exam: Exam) -> None:
    """Why the provider said no while the learner waited, in the words that a press of the button would have got."""
    asked = registering.latest(exam, me())
    if asked is not None and asked.attempt_id is None and asked.last_error:
        flash(gettext(asked.last_error), "warn")


@bp.get("/exams/<slug>/waiting")
@login_required
def waiting(slug: str) -> ResponseReturnValue:
    """The vendor has not answered yet. The page looks again by itself and says until when there is time."""
    exam, now = my_exam(slug), clock.now()
    latest = attempts.find_latest(exam, me())
    if latest is not None and latest.is_live:
        return redirect(url_for("attempt.router", ref=latest.ref), 303)
    registration = registering.find_open(exam, me())
    if registration is None:
        _tell_refusal(exam)
        return redirect(url_for("learner.entry", slug=slug), 303)
    return render_template(
        "proctored/waiting.html",
        exam=exam,
        registration=registration,
        provider=providers_kept.find(registration.provider_slug),
        facts=running_clock.before_start(exam, me().id, latest, now=now),
        reason=eligibility.why_not(exam, me(), now=now),
        look_again_seconds=LOOK_AGAIN_SECONDS,
        now=now,
    )
