"""Gets the provider and the person ready: one list of tasks that changes by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from portal import clock, providers
from portal.db import db, writing
from portal.domain.accounts import people
from portal.domain.attempts import attempts, learner_messages
from portal.domain.errors import BadInput, ProviderUnavailable
from portal.domain.proctoring import heartbeats, registrations, setup, setup_messages
from portal.domain.proctoring.heartbeats import Hearing
from portal.domain.proctoring.setup_messages import Told
from portal.domain.providers import lookup, provider_options
from portal.domain.providers.provider_options import ProviderOptions
from portal.domain.text import sanitising
from portal.domain.timekeeping import running_clock
from portal.models import Attempt, Provider, SupportCase
from portal.models import AttemptStatus as S
from portal.models.attempts.attempt import PRE_START
from portal.web.gate.guards import me, my_attempt
from portal.web.gate.places import place_of
from portal.web.gate.security import allow_forms_to
from portal.web.proctored.blueprint import bp


@dataclass(frozen=True, kw_only=True)
class SetUp:
    """Where an attempt stands before its start."""

    attempt: Attempt
    provider: Provider
    options: ProviderOptions
    hearing: Hearing
    told: list[Told]
    """What the provider has said that the learner must know."""

    @property
    def is_provider_ready(self) -> bool:
        return self.attempt.status is S.READY_TO_START

    @property
    def shows_code(self) -> bool:
        return providers.kind_of(self.provider).shows_code

    @property
    def has_read_rules(self) -> bool:
        return self.attempt.rules_read_at is not None

    @property
    def is_done(self) -> bool:
        return self.is_provider_ready and self.has_read_rules

    @property
    def mark(self) -> str:
        """Another one means that the page has something new to say: from the provider, or from the course team."""
        answered = sum(1 for one in learner_messages.list_for(self.attempt) if one.closed_at)
        return f"{setup_messages.mark(self.told)}/{answered}"


def set_up_of(attempt: Attempt, *, now: datetime) -> SetUp:
    provider = lookup.get(attempt.provider_slug)
    options = provider_options.of(provider)
    hearing = heartbeats.presence(attempt, options, now=now)
    told = setup_messages.list_for(attempt, hearing)
    return SetUp(attempt=attempt, provider=provider, options=options, hearing=hearing, told=told)


@bp.get("/attempts/<ref>/setup", endpoint="setup")
@login_required
def setup_page(ref: str) -> ResponseReturnValue:
    attempt, now = my_attempt(ref), clock.now()
    if attempt.status not in PRE_START or attempt.archived_at is not None or attempt.provider_slug is None:
        return redirect(place_of(attempt, now=now), 303)
    here = set_up_of(attempt, now=now)
    allow_forms_to(here.provider)
    facts, _ = running_clock.start_of(attempt, now=now)
    general = [sanitising.clean(str(step), {}) for step in here.provider.configuration.get("instructions", [])]
    steps = registrations.instructions_for(attempt) or general
    return render_template(
        "proctored/setup.html", here=here, attempt=attempt, exam=attempt.exam, facts=facts, steps=steps
    )


@bp.get("/attempts/<ref>/setup.json")
@login_required
def setup_state(ref: str) -> ResponseReturnValue:
    """What the set-up page asks every few seconds."""
    attempt, now = my_attempt(ref), clock.now()
    if attempt.status not in PRE_START or attempt.archived_at is not None or attempt.provider_slug is None:
        return {"state": attempt.status, "go": place_of(attempt, now=now)}
    here = set_up_of(attempt, now=now)
    last = max(here.hearing.heard_at.values(), default=None)
    return {
        "state": attempt.status,
        "is_provider_ready": here.is_provider_ready,
        "is_done": here.is_done,
        "words": here.mark,
        "last_word_seconds": int((now - last).total_seconds()) if last else None,
    }


@bp.post("/attempts/<ref>/rules")
@login_required
def read_rules(ref: str) -> ResponseReturnValue:
    attempt = my_attempt(ref)
    if request.form.get("read") != "yes":
        raise BadInput("read", "Confirm that you have read the rules, then press the button.")
    with writing():
        setup.read_rules(attempts.lock(attempt.id), now=clock.now())
    return redirect(url_for("attempt.router", ref=ref), 303)


@bp.post("/attempts/<ref>/provider")
@login_required
def open_provider(ref: str) -> ResponseReturnValue:
    """Send the learner's new tab to the provider. The address is asked for now; no page of ours ever holds it."""
    attempt = my_attempt(ref)
    named, provider = lookup.named(attempt), lookup.get(attempt.provider_slug)
    attempt_id, languages = attempt.id, [me().language]
    with writing():
        held, learner = attempts.lock(attempt_id), people.get(me().id)
        ends = providers.of(provider, talks=False).forbids_reentry
        setup.open_provider(held, learner, ends_when_running=ends, now=clock.now())
        is_over = not held.is_live
    db.session.rollback()
    if is_over:
        return redirect(url_for("attempt.router", ref=ref), 303)
    seen = providers.of(provider).see(named, languages) if named else None
    if provider.is_built_in:
        return redirect(url_for(".practice_proctor_page", ref=ref), 303)
    if seen is None or not seen.download_url:
        raise ProviderUnavailable(f"{provider.name} did not say where to go. Wait a minute and try again.")
    return redirect(seen.download_url, 303)


@bp.post("/attempts/<ref>/message")
@login_required
def tell_team(ref: str) -> ResponseReturnValue:
    """A learner in trouble writes to the course team; the same words twice are one message."""
    attempt = my_attempt(ref)
    with writing():
        held = attempts.lock(attempt.id)
        learner_messages.send(held, request.form.get("words", ""), held.learner, now=clock.now())
    return redirect(url_for("attempt.router", ref=ref, told="yes"), 303)


@bp.app_template_global()
def messages_about(attempt: Attempt) -> Sequence[SupportCase]:
    """What the learner wrote about an attempt, with the answers."""
    return learner_messages.list_for(attempt)
