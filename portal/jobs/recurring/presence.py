"""Attends to proctored exams whose connection was lost: stops their clock, resumes it when they reconnect."""

import logging
from datetime import datetime

from portal.db import writing
from portal.domain.proctoring import attempts_due, heartbeats
from portal.domain.providers import lookup

log = logging.getLogger(__name__)


def attend_silent(now: datetime) -> int:
    """Interrupt or resume every attempt that calls for it; how many. Harmless to repeat."""
    return sum(_attend(attempt_id, now) for attempt_id in attempts_due.silent(now=now))


def _attend(attempt_id: int, now: datetime) -> bool:
    try:
        with writing():
            return _attend_held(attempt_id, now)
    except Exception:
        log.exception("Attempt number %d could not be attended to; it is tried again.", attempt_id)
        return False


def _attend_held(attempt_id: int, now: datetime) -> bool:
    """Whoever holds the attempt now is the best sign of life; the next turn looks again."""
    attempt = attempts_due.hold_free(attempt_id)
    provider = lookup.find(attempt.provider_slug, talks=False) if attempt else None
    if attempt is None or provider is None:
        return False
    return bool(heartbeats.attend(attempt, provider, now=now))
