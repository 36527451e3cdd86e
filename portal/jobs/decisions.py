"""Sends reviewers' decisions when the time to undo them is over."""

import logging
from datetime import datetime

from portal.db import db, writing
from portal.domain import attempts, decisions

log = logging.getLogger(__name__)


def send_due(now: datetime) -> int:
    """Send every decision that is due; how many. Harmless to repeat, and one that fails stops no other."""
    db.session.rollback()
    return sum(_send(attempt_id, now) for attempt_id in decisions.list_due(now=now))


def _send(attempt_id: int, now: datetime) -> bool:
    try:
        with writing():
            return decisions.send_due(attempts.lock(attempt_id), now=now)
    except Exception:
        log.exception("The decision on attempt number %d could not be sent. It is tried again.", attempt_id)
        return False
