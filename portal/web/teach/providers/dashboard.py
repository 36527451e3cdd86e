"""To the provider's own dashboard. The link carries its own key, so it is made at the click and stands in no page."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import redirect
from flask.typing import ResponseReturnValue

from portal import clock, providers
from portal.db import db, writing
from portal.domain.accounts import pairwise
from portal.domain.attempts import attempts
from portal.domain.errors import NotFound, NotNow, ProviderUnavailable
from portal.domain.lifecycle import history
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.providers import lookup, provider_options
from portal.domain.providers.facts import DashboardRequest
from portal.domain.providers.port import HasDashboard
from portal.domain.providers.provider_options import ProviderOptions
from portal.models import Event, Exam, Provider, Right
from portal.web.gate.guards import me, the_taught_attempt, the_taught_exam
from portal.web.teach.blueprint import bp

NONE = "This exam's provider has no dashboard. See the provider log for its messages."


def has_dashboard(record: Provider | None) -> bool:
    if record is None or not provider_options.of(record).has_dashboard:
        return False
    return isinstance(providers.of(record, talks=False), HasDashboard)


@bp.post("/attempts/<ref>/dashboard")
def attempt_dashboard(ref: str) -> ResponseReturnValue:
    attempt = the_taught_attempt(ref, right=Right.OPEN_DASHBOARD)
    door = _door(attempt.provider_slug)
    named = lookup.named(attempt)
    if named is None:
        raise NotNow("The provider has not registered this attempt yet, so its dashboard does not show it.")
    wanted = _wanted(attempt.exam, door, named.exam_external_id or None, attempt_id=named.external_id)
    with writing():
        held = attempts.lock(attempt.id)
        cause = Cause(actor=Actor.STAFF, user=me())
        history.record(held, cause, from_status=held.status, now=clock.now(), event=Event.DASHBOARD_OPENED)
    return _away(door, wanted)


@bp.post("/exams/<slug>/dashboard")
def exam_dashboard(slug: str) -> ResponseReturnValue:
    exam = the_taught_exam(slug, right=Right.OPEN_DASHBOARD)
    door = _door(exam.provider_slug)
    return _away(door, _wanted(exam, door, lookup.external_id_of(exam, door.slug)))


@bp.post("/exams/<slug>/provider-settings")
def exam_provider_settings(slug: str) -> ResponseReturnValue:
    """Where the provider lets instructors choose its rules for one exam."""
    exam = the_taught_exam(slug, right=Right.MANAGE_EXAM)
    door = _door(exam.provider_slug)
    external_id = lookup.external_id_of(exam, door.slug)
    if external_id is None:
        raise NotNow("The provider does not have this exam yet. Try again in a minute.")
    return _away(door, _wanted(exam, door, external_id, wants_configuration=True))


@dataclass(frozen=True, kw_only=True)
class Door:
    """A provider with a dashboard, copied so that the transaction may end before it is asked."""

    slug: str
    name: str
    provider: HasDashboard
    options: ProviderOptions


def _door(slug: str | None) -> Door:
    """:raises NotFound: no provider, or one without a dashboard."""
    record = lookup.find(slug)
    provider = providers.of(record) if record is not None and has_dashboard(record) else None
    if record is None or not isinstance(provider, HasDashboard):
        raise NotFound(NONE)
    return Door(slug=record.slug, name=record.name, provider=provider, options=provider_options.of(record))


def _wanted(
    exam: Exam, door: Door, exam_id: str | None, *, attempt_id: str | None = None, wants_configuration: bool = False
) -> DashboardRequest:
    """Who looks, in the words this provider may know, and at what."""
    return DashboardRequest(
        course_key=exam.course.key,
        pairwise_id=pairwise.pairwise_id(door.slug, me().id),
        full_name=me().name if door.options.sends_name else "",
        email=me().email if door.options.sends_email else "",
        exam_external_id=exam_id,
        attempt_external_id=attempt_id,
        wants_configuration=wants_configuration,
    )


def _away(door: Door, wanted: DashboardRequest) -> ResponseReturnValue:
    """Ask for the link with no transaction open, and go there at once."""
    db.session.rollback()
    link = door.provider.dashboard_url(wanted)
    if link is None or urlsplit(link).scheme not in {"http", "https"}:
        raise ProviderUnavailable(
            f"{door.name} did not return a link to its dashboard. Ask your administrator to check the credentials."
        )
    answer = redirect(link, 303)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
