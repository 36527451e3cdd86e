"""Signs of life from the learner's exam page, and from the provider's script in it."""

from datetime import datetime, timedelta

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from portal import clock
from portal.db import writing
from portal.domain.attempts import attempts, resuming
from portal.domain.errors import BadInput
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.proctoring import heartbeats
from portal.domain.providers import lookup, provider_options
from portal.domain.timekeeping import exam_clock
from portal.languages import gettext
from portal.models import Attempt, HeardFrom
from portal.web.formatting.times import clock_time
from portal.web.gate.guards import me, my_attempt
from portal.web.gate.places import place_of
from portal.web.gate.windows import away_from
from portal.web.proctored.blueprint import bp

#: A page cannot speak for the provider's server.
SPEAKERS = {"page": HeardFrom.PAGE, "worker": HeardFrom.WORKER}


@bp.post("/attempts/<ref>/heartbeat")
@login_required
def beat(ref: str) -> ResponseReturnValue:
    """``{"source": "page"|"worker", "ok": true, "detail": ""}``. Only one's own attempt; harmless twice.

    Reconnected after an interruption, the exam continues at once; nobody waits for the job.
    """
    attempt, now = my_attempt(ref), clock.now()
    said = request.get_json(silent=True)
    source = SPEAKERS.get(str(said.get("source"))) if isinstance(said, dict) else None
    if source is None or not isinstance(said, dict):
        raise BadInput("source", "Set the sender to page or worker.")
    if attempt.provider_slug is None or not attempt.is_live:
        return {"state": exam_clock.state_of(attempt, now=now)}
    is_bad, detail = said.get("ok") is False, str(said.get("detail") or "")
    with writing():
        heartbeats.hear(attempt.id, source, now=now, failed=is_bad, detail=detail)
    if attempt.is_paused and not is_bad:
        _attend(attempt.id)
    attempt = my_attempt(ref)
    state = exam_clock.state_of(attempt, now=now)
    return {"state": state, "go": place_of(attempt, now=now), "says": _says(attempt, now)}


def _says(attempt: Attempt, now: datetime) -> str:
    """What the learner should know of a provider whose connection is lost while the exam runs; mostly nothing."""
    provider = lookup.find(attempt.provider_slug) if attempt.is_running and not attempt.is_paused else None
    if provider is None:
        return ""
    options = provider_options.of(provider)
    hearing = heartbeats.presence(attempt, options, now=now)
    if hearing.silent_source in {None, HeardFrom.PAGE} or options.after_silence == "ignore":
        return ""
    silent_at = now - timedelta(seconds=hearing.silent_seconds)
    return gettext(
        "Continue with your exam. The connection to %(name)s was lost at %(since)s. "
        "If it does not return, your clock is paused at %(until)s.",
        name=provider.name,
        since=clock_time(silent_at),
        until=clock_time(silent_at + options.patience),
    )


def _attend(attempt_id: int) -> None:
    with writing():
        held = attempts.lock(attempt_id)
        heartbeats.attend(held, lookup.get(held.provider_slug), now=clock.now())


@bp.post("/attempts/<ref>/cannot-continue")
@login_required
def cannot_continue(ref: str) -> ResponseReturnValue:
    """The learner's own "I cannot continue": the exam is suspended with the time that is left."""
    attempt = my_attempt(ref)
    why = request.form.get("why", "").strip()[:500]
    if not why:
        raise BadInput("why", "Describe what happened, so that the course team can decide how your exam continues.")
    if away := away_from(attempt):
        return away
    with writing():
        resuming.fail(attempts.lock(attempt.id), Cause(actor=Actor.LEARNER, user=me(), reason=why), now=clock.now())
    return redirect(url_for("attempt.router", ref=ref), 303)
