"""Keeps promises: one function for each topic of the outbox."""

import logging
from collections.abc import Callable
from datetime import datetime

from portal import clock
from portal.db import db
from portal.domain.errors import PortalError
from portal.jobs.outbox import claims, yielding
from portal.jobs.outbox.claims import Claimed, NotKept
from portal.jobs.outbox.lanes import Lane, Silent
from portal.jobs.topics import cases, emails, ledgers, provider_calls, webhooks
from portal.models import Topic

log = logging.getLogger(__name__)

#: Returns None when it is kept; or a sentence, when nothing more can be done and somebody should read why.
Keeper = Callable[[Claimed], str | None]

#: topic -> who keeps it. Each may be asked twice for one key and runs outside any transaction.
KEEPERS: dict[str, Keeper] = {
    Topic.EMAIL: emails.keep,
    Topic.UNSEEN_TIME: emails.keep_unseen_time,
    Topic.CREDIT: ledgers.keep,
    Topic.GRADE: ledgers.keep,
    Topic.CERTIFICATE: ledgers.keep,
    Topic.SUPPORT: cases.keep,
    Topic.WEBHOOK: webhooks.fan_out,
    Topic.WEBHOOK_DELIVER: webhooks.deliver,
    Topic.PROVIDER_REGISTER: provider_calls.register,
    Topic.PROVIDER_START: provider_calls.start,
    Topic.PROVIDER_STOP: provider_calls.stop,
    Topic.PROVIDER_ERROR: provider_calls.fail,
    Topic.PROVIDER_REMOVE: provider_calls.remove,
    Topic.PROVIDER_EXAM: provider_calls.save_exam,
    Topic.PROVIDER_RETIRE: provider_calls.retire,
}


def keep_batch(now: datetime, lane: Lane | None = None) -> int:
    """Claim what is due and keep it; how many were kept or put off. What outlives its lease is left to the next.

    ``lane``: only of its topics.
    """
    db.session.rollback()  # A snapshot read earlier would hide what is due now.
    messages = claims.claim(now, lane=lane) if claims.is_any_due(now, lane) else []
    for message in messages:
        yielding.wait_for_quiet()
        if clock.now() < message.leased_until:
            keep(message, now=now)
    return len(messages)


def keep(message: Claimed, *, now: datetime) -> bool:
    """Keep one promise, or put it off and note why. True when it is kept and noted."""
    try:
        if message.tries > claims.MOST_TRIES:
            raise RuntimeError("Each try was cut short before it ended.")
        note = _keeper(message.topic)(message)
    except Exception as err:
        db.session.rollback()
        log.warning("%s (%s) was put off: %s", message.key, message.topic, err, exc_info=_is_ours(err))
        _put_off(message, err, now=max(now, clock.now()))
        return False
    return claims.finish(message, now=max(now, clock.now()), note=note or "")


def _put_off(message: Claimed, err: Exception, *, now: datetime) -> None:
    why = str(err) or type(err).__name__
    if isinstance(err, Silent):
        claims.leave_alone(message, why, now=now, wait=err.wait)
        return
    if isinstance(err, NotKept) and err.wait is None:
        claims.give_up(message, why, now=now)
        return
    claims.put_off(message, why, now=now, wait=err.wait if isinstance(err, NotKept) else None)


def _keeper(topic: str) -> Keeper:
    # A newer process may know the topic, so this one is put off like any other.
    if topic not in KEEPERS:
        raise LookupError(f"Nothing in this portal keeps promises of the kind {topic}.")
    return KEEPERS[topic]


def _is_ours(err: Exception) -> bool:
    """Whether the log should show where it happened: not when a mail server or provider is simply away."""
    return not isinstance(err, OSError | LookupError | PortalError | NotKept | Silent)
