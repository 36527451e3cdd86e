"""Begins a proctored exam from its entry: what the entry shows besides, and asking the provider for a place."""

from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal import clock, registration
from portal.db import writing
from portal.domain.attempts import attempts, eligibility
from portal.domain.courses import course_lookup, prerequisites
from portal.domain.courses.prerequisites import Prerequisites
from portal.domain.errors import ProviderRefused
from portal.domain.onboarding import offers
from portal.domain.onboarding.profiles import OnboardingStatus
from portal.domain.proctoring import declining, registrations
from portal.domain.providers import lookup
from portal.languages import gettext
from portal.models import Attempt, Exam
from portal.web.gate.guards import me


def begin(exam: Exam) -> ResponseReturnValue:
    """Reserve a place and ask for it. A second press, or a second tab, joins the first."""
    exam_id, slug = exam.id, exam.slug
    latest = attempts.find_latest(exam, me())
    if latest is not None and latest.is_live:
        return redirect(url_for("attempt.router", ref=latest.ref), 303)
    if declining.earlier(exam, me(), latest):
        with writing():
            declining.follow_earlier(course_lookup.get_exam(exam_id), me(), now=clock.now())
        said = "You took an earlier exam of this course without proctoring, so this exam is also without proctoring."
        flash(gettext(said), "info")
        return redirect(url_for("learner.entry", slug=slug), 303)
    with writing():
        registration_id = registrations.reserve(course_lookup.get_exam(exam_id), me(), now=clock.now()).id
    try:
        ref = registration.register(registration_id)
    except ProviderRefused as err:
        flash(gettext(err.sentence, **err.values), "warn")
        return redirect(url_for("learner.entry", slug=slug), 303)
    if ref is None:
        return redirect(url_for("proctored.waiting", slug=slug), 303)
    return redirect(url_for("attempt.router", ref=ref), 303)


def entry_facts(exam: Exam, attempt: Attempt | None) -> dict[str, Any]:
    """What the entry page of a proctored exam shows besides."""
    may_begin = _may_be_begun(exam, attempt)
    return {
        "provider": lookup.find(exam.provider_slug),
        "registration": registrations.find_open(exam, me()),
        "may_decline": not declining.why_not(exam, attempt),
        "prerequisites": prerequisites.prerequisites_for(me(), exam) if may_begin else Prerequisites(),
        "asks_provider": not eligibility.is_without_proctoring(exam, attempt),
        "onboarding": _onboarding(exam) if may_begin and not exam.is_practice else None,
    }


def _onboarding(exam: Exam) -> OnboardingStatus | None:
    """Where the learner stands with the onboarding exam of the course; None where it has none."""
    offer = offers.find(exam.course, me(), now=clock.now())
    return offer.onboarding if offer else None


def _may_be_begun(exam: Exam, latest: Attempt | None) -> bool:
    """Whether what comes before the exam can still matter: not when its only attempt is under way or used up."""
    return exam.maximum_attempts != 1 or latest is None or latest.status in eligibility.UNCOUNTED
