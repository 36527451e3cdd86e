"""The built-in proctor's page, in a second tab: buttons for everything a provider can do."""

from contextlib import suppress

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from portal import clock, providers
from portal.db import writing
from portal.domain import access
from portal.domain.attempts import attempts
from portal.domain.errors import NotAllowed, NotFound
from portal.domain.proctoring import heartbeats, practice_proctor
from portal.domain.providers import lookup, provider_options
from portal.domain.reviews.verdicts import LEGACY, Source
from portal.models import Attempt, HeardFrom, Right
from portal.web.gate.guards import me
from portal.web.proctored.blueprint import bp


@bp.get("/attempts/<ref>/proctor")
@login_required
def practice_proctor_page(ref: str) -> ResponseReturnValue:
    attempt = _mine_to_proctor(ref)
    provider = lookup.get(attempt.provider_slug)
    hearing = heartbeats.presence(attempt, provider_options.of(provider), now=clock.now())
    actions = {key: text for key, text in practice_proctor.ACTIONS.items() if key != "review"}
    return render_template(
        "proctored/proctor.html", attempt=attempt, provider=provider, hearing=hearing, actions=actions, words=LEGACY
    )


@bp.post("/attempts/<ref>/proctor")
@login_required
def practice_proctor_act(ref: str) -> ResponseReturnValue:
    attempt = _mine_to_proctor(ref)
    spoken = providers.of(lookup.get(attempt.provider_slug))
    source = Source(slug=spoken.slug, passing=spoken.passing, supports_onboarding=spoken.supports_onboarding)
    with writing():
        held = attempts.lock(attempt.id)
        provider = lookup.get(held.provider_slug)
        word, now = request.form.get("word", ""), clock.now()
        practice_proctor.act(held, provider, request.form.get("action", ""), review=source, word=word, now=now)
    return redirect(url_for(".practice_proctor_page", ref=ref), 303)


@bp.post("/attempts/<ref>/proctor/alive")
@login_required
def practice_proctor_alive(ref: str) -> ResponseReturnValue:
    """The open page is the provider's sign of life, unless it was told to be silent."""
    attempt = _mine_to_proctor(ref)
    with writing():
        heartbeats.stay_alive(attempt.id, HeardFrom.PROVIDER, now=clock.now())
    return {"status": attempt.status}


def _mine_to_proctor(ref: str) -> Attempt:
    """An attempt at the practice proctor: one's own where nothing hangs on it, or one of a course one reviews.

    Where an exam counts, its own learner must not be its proctor; the demo is there to be played with.
    """
    attempt = _at_the_practice_proctor(ref)
    is_mine = attempt is not None and attempt.learner_id == me().id
    if attempt is None or not (is_mine or access.may(me(), Right.REVIEW, attempt.exam.course_id)):
        raise NotFound("There is no attempt for you to proctor with this reference.")
    if is_mine and not (attempt.is_sample or current_app.config["ENV"] != "production"):
        raise NotAllowed("This exam counts, so you cannot proctor it yourself.")
    return attempt


def _at_the_practice_proctor(ref: str) -> Attempt | None:
    with suppress(NotFound):
        attempt = attempts.get_by_ref(ref)
        provider = lookup.find(attempt.provider_slug)
        return attempt if provider and provider.is_built_in else None
    return None
