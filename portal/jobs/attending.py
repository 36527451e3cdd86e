"""Attends to proctored exams that fell silent: stops their clock, lets it go on when they are heard again."""

import logging
from datetime import datetime

from portal.db import writing
from portal.domain import attempts_due, heartbeats, providers_kept

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
    provider = providers_kept.find(attempt.provider_slug, talks=False) if attempt else None
    if attempt is None or provider is None:
        return False
    return bool(heartbeats.attend(attempt, provider, now=now))
