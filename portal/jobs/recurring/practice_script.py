"""Plays the cues of the built-in proctor's script, for demonstrations: "ready" two seconds on, "review" ten after."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from portal.db import writing
from portal.domain.attempts import attempts
from portal.domain.errors import PortalError
from portal.domain.lifecycle import history
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.proctoring import attempts_due, heartbeats, practice_proctor
from portal.domain.providers import lookup
from portal.domain.reviews.verdicts import Source
from portal.models import Attempt, Event, HeardFrom
from portal.models import AttemptStatus as S
from portal.providers.practice import Cue, PracticeProvider

log = logging.getLogger(__name__)

#: A proctor that has been heard, and was not told to be silent, continues to be heard.
ALIVE_EVERY = timedelta(seconds=20)


def play_due(now: datetime) -> int:
    """Play every cue whose time has come; how many. Each once, whoever plays it and however often."""
    return sum(_play(provider, now) for provider in _scripted())


def due(attempt: Attempt, script: Sequence[Cue], *, now: datetime) -> list[Cue]:
    """The cues whose time has come and that still make sense, in the order of their times."""
    timed = [(at, cue) for cue in script if (at := _at(attempt, cue)) is not None and at <= now]
    return [cue for _, cue in sorted(timed, key=lambda one: one[0])]


def _at(attempt: Attempt, cue: Cue) -> datetime | None:
    """When it is played; None while that is not known, and where the attempt is past it."""
    if cue.action == "ready":
        base = attempt.created_at if attempt.status in {S.CREATED, S.DOWNLOAD_SOFTWARE_CLICKED} else None
    elif cue.action == "review":
        base = attempt.completed_at if attempt.status is S.SUBMITTED else None
    else:
        base = attempt.started_at if attempt.is_running else None
    return base + timedelta(seconds=cue.after_seconds) if base else None


def _scripted() -> list[PracticeProvider]:
    found = [PracticeProvider(record, {}) for record in lookup.list_of(PracticeProvider.kind)]
    return [one for one in found if one.options.script]


def _play(provider: PracticeProvider, now: datetime) -> int:
    script, played = provider.script(), 0
    wants_ended = any(cue.action == "review" for cue in script)
    for attempt in attempts_due.registered_with(provider.slug, are_ended_too=wants_ended):
        _stay_alive(attempt, now)
        for cue in _not_played(attempt, due(attempt, script, now=now)):
            played += _play_one(attempt.id, provider, cue, now)
    return played


def _not_played(attempt: Attempt, cues: Sequence[Cue]) -> Iterator[Cue]:
    if not cues:
        return
    played = history.reasons(attempt, Event.PROCTOR_SCRIPT)
    yield from (cue for cue in cues if _line(cue) not in played)


def _play_one(attempt_id: int, provider: PracticeProvider, cue: Cue, now: datetime) -> bool:
    """One cue, with the line that says so, in one transaction. What a rule refuses is noted and not tried again."""
    try:
        with writing():
            return _play_held(attempts.lock(attempt_id), provider, cue, now)
    except PortalError as err:
        log.warning("The cue %s could not be played: %s", _line(cue), err)
        with writing():
            _note(attempts.lock(attempt_id), cue, now)
        return False


def _play_held(attempt: Attempt, provider: PracticeProvider, cue: Cue, now: datetime) -> bool:
    if cue not in _not_played(attempt, due(attempt, [cue], now=now)):
        return False  # Somebody else was faster, or the attempt has moved on.
    source = Source(slug=provider.slug, passing=provider.passing, supports_onboarding=provider.supports_onboarding)
    record = lookup.get(provider.slug, talks=False)
    _note(attempt, cue, now)
    practice_proctor.act(attempt, record, cue.action, review=source, word=cue.review, now=now)
    return True


def _note(attempt: Attempt, cue: Cue, now: datetime) -> None:
    played = Cause(actor=Actor.PROVIDER, reason=_line(cue))
    history.record(attempt, played, from_status=attempt.status, now=now, event=Event.PROCTOR_SCRIPT)


def _line(cue: Cue) -> str:
    word = f"={cue.review}" if cue.review else ""
    return f"Practice proctor's script: {cue.action}:{cue.after_seconds}{word}"


def _stay_alive(attempt: Attempt, now: datetime) -> None:
    """Once the script has spoken up, the attempt is not to be interrupted for want of more words."""
    heard = heartbeats.last_of(attempt, HeardFrom.PROVIDER) if attempt.is_running else None
    if heard is not None and heard.failed_at is None and now - heard.heard_at >= ALIVE_EVERY:
        with writing():
            heartbeats.stay_alive(attempt.id, HeardFrom.PROVIDER, now=now)
