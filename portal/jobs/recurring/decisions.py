"""Sends reviewers' decisions, and their answers to appeals, when the time to undo them is over."""

import logging
from collections.abc import Callable
from datetime import datetime

from portal.db import db, writing
from portal.domain.lifecycle import other_attempts
from portal.domain.reviews import appeal_answers, decision_sending

log = logging.getLogger(__name__)


def send_due(now: datetime) -> int:
    """Send everything that is due; how many. Harmless to repeat, and one that fails stops no other."""
    db.session.rollback()
    due = [(attempt_id, decision_sending.send_due) for attempt_id in decision_sending.list_due(now=now)]
    due += [(attempt_id, appeal_answers.send_due) for attempt_id in appeal_answers.list_due(now=now)]
    return sum(_send(attempt_id, send, now) for attempt_id, send in due)


def _send(attempt_id: int, send: Callable[..., bool], now: datetime) -> bool:
    try:
        with writing():
            return send(other_attempts.hold(attempt_id), now=now)
    except Exception:
        log.exception("The decision on attempt number %d could not be sent. The portal will retry it.", attempt_id)
        return False
