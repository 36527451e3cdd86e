"""What is hidden until somebody asks for it, and that they asked: the learner's name, the recording."""

from urllib.parse import urlsplit

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from portal import clock, providers
from portal.db import writing
from portal.domain.attempts import attempts
from portal.domain.errors import NotFound, NotNow
from portal.domain.lifecycle import history
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.providers import lookup
from portal.domain.providers.port import HasPlayer
from portal.domain.reviews import review_versions
from portal.models import Attempt, Event
from portal.web.gate.guards import me
from portal.web.review import console
from portal.web.review.blueprint import bp, shown, the_reviewed_attempt


@bp.post("/<ref>/show-name")
def show_name(ref: str) -> ResponseReturnValue:
    return _note(the_reviewed_attempt(ref), Event.NAME_SHOWN, "Name shown for the review")


@bp.post("/<ref>/show-recording")
def show_recording(ref: str) -> ResponseReturnValue:
    attempt = the_reviewed_attempt(ref)
    return _note(attempt, Event.RECORDING_SHOWN, "Recording shown for the review", place="recording")


@bp.get("/<ref>/recording")
def recording(ref: str) -> ResponseReturnValue:
    """To the provider's player. The link is opened here and now, and never stands in a page."""
    attempt = the_reviewed_attempt(ref)
    if "recording" not in console.asked_for(attempt):
        raise NotNow("Show the recording on the review page first. The history of the attempt records your request.")
    link = review_versions.video_url(attempt)
    if link is None or urlsplit(link).scheme not in {"http", "https"}:
        raise NotFound("The provider has sent no link to a recording of this attempt.")
    answer = redirect(_player(attempt, link), 303)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _player(attempt: Attempt, link: str) -> str:
    """A provider whose recordings need another player than the one they name says so itself."""
    record = lookup.find(attempt.provider_slug)
    provider = providers.of(record, talks=False) if record is not None else None
    return (provider.player_url(link) if isinstance(provider, HasPlayer) else None) or link


def _note(attempt: Attempt, event: Event, reason: str, *, place: str | None = None) -> ResponseReturnValue:
    """Once for each person and attempt; then back to its ``place`` on the page."""
    if console.ASKED[event] not in console.asked_for(attempt):
        with writing():
            locked = attempts.lock(attempt.id)
            cause = Cause(actor=Actor.REVIEWER, user=me(), reason=reason)
            history.record(locked, cause, from_status=locked.status, now=clock.now(), event=event)
    return redirect(url_for(".console", ref=attempt.ref, show=shown(), _anchor=place), 303)
