"""The provider log: every message of a provider with what became of it, and what we could not tell it."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.domain.errors import NotAllowed
from portal.domain.providers import provider_log
from portal.domain.providers.provider_log import OUTCOMES, WAITING, Scope
from portal.models import Attempt, Right
from portal.web.formatting import paging, provider_labels
from portal.web.gate.guards import me, the_course, the_taught_attempt
from portal.web.teach.blueprint import bp

CALLS = "calls"
OWN = "This is your own attempt, so another team member must handle it."


def the_proctored_attempt(ref: str) -> Attempt:
    """An attempt of a course whose providers the person looks after, unless it is their own."""
    attempt = the_taught_attempt(ref, right=Right.SEE_PROVIDER)
    if attempt.learner_id == me().id:
        raise NotAllowed(OWN)
    return attempt


@bp.get("/attempts/<ref>/provider-log")
def attempt_log(ref: str) -> ResponseReturnValue:
    attempt = the_proctored_attempt(ref)
    return _page(Scope(attempt=attempt), url_for(".attempt_log", ref=ref), attempt=attempt, course=attempt.exam.course)


@bp.get("/courses/<slug>/provider-log")
def course_log(slug: str) -> ResponseReturnValue:
    course = the_course(slug, right=Right.SEE_PROVIDER)
    scope = Scope(course_id=course.id, person=me())
    return _page(scope, url_for(".course_log", slug=slug), attempt=None, course=course)


@bp.get("/provider-log")
def unknown_log() -> ResponseReturnValue:
    """What names no attempt of ours belongs to no course, so only an administrator may read it."""
    if not me().is_administrator:
        raise NotAllowed("Only an administrator can see messages that belong to no course.")
    return _page(Scope(), url_for(".unknown_log"), attempt=None, course=None)


def _page(scope: Scope, here: str, **about: object) -> str:
    counts = provider_log.counts(scope)
    show = request.args.get("show", "")
    show = show if show in OUTCOMES or show == CALLS else ""
    total = counts[show] if show in OUTCOMES else sum(counts[outcome] for outcome in OUTCOMES if outcome != WAITING)
    if show != CALLS:
        found = provider_log.messages(scope, show, total=total, page=paging.asked_page())
    elif scope.attempt is not None:
        found = provider_log.calls_about(scope.attempt)
    else:
        found = provider_log.open_calls(scope, page=paging.asked_page())
    return render_template(
        "teach/provider/log.html",
        **about,
        counts=counts,
        show=show,
        found=found,
        here=here,
        pages=paging.links(found.page, found.pages, lambda number: f"{here}?show={show}&page={number}"),
        words=provider_labels,
        now=clock.now(),
    )
