"""Dispatches the messages of the outbox: each topic has one handler."""

import logging
from collections.abc import Callable
from datetime import datetime

from portal import clock
from portal.db import db
from portal.domain.errors import PortalError
from portal.jobs.outbox import claims, yielding
from portal.jobs.outbox.claims import Claimed, DeliveryFailed
from portal.jobs.outbox.lanes import Lane, Silent
from portal.jobs.topics import cases, emails, ledgers, provider_calls, webhooks
from portal.models import Topic

log = logging.getLogger(__name__)

#: Returns None when it is done; or a sentence, when nothing more can be done and somebody should read why.
Handler = Callable[[Claimed], str | None]

#: topic -> its handler. A handler may be called twice for one key, and runs outside any transaction.
HANDLERS: dict[str, Handler] = {
    Topic.EMAIL: emails.handle,
    Topic.UNSEEN_TIME: emails.handle_unseen_time,
    Topic.CREDIT: ledgers.handle,
    Topic.GRADE: ledgers.handle,
    Topic.CERTIFICATE: ledgers.handle,
    Topic.SUPPORT: cases.handle,
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


def dispatch_batch(now: datetime, lane: Lane | None = None) -> int:
    """Claim the messages that are due and dispatch them; how many. One that outlives its lease is left to the next.

    ``lane``: only of its topics.
    """
    db.session.rollback()  # A snapshot read earlier would hide what is due now.
    if not claims.is_any_due(now, lane):
        return 0
    db.session.rollback()
    yielding.wait_for_quiet()  # A claim is a write, too.
    messages = claims.claim(now, lane=lane)
    for message in messages:
        yielding.wait_for_quiet()
        if clock.now() < message.leased_until:
            dispatch(message, now=now)
    return len(messages)


def dispatch(message: Claimed, *, now: datetime) -> bool:
    """Call the handler, or note why it failed and when to retry. True when it is done and noted."""
    try:
        if message.tries > claims.MOST_TRIES:
            raise RuntimeError("Each try was cut short before it ended.")
        note = _handler(message.topic)(message)
    except Exception as err:
        db.session.rollback()
        log.warning("%s (%s) failed and will be retried: %s", message.key, message.topic, err, exc_info=_is_ours(err))
        _retry_later(message, err, now=max(now, clock.now()))
        return False
    return claims.finish(message, now=max(now, clock.now()), note=note or "")


def _retry_later(message: Claimed, err: Exception, *, now: datetime) -> None:
    why = str(err) or type(err).__name__
    if isinstance(err, Silent):
        claims.postpone(message, why, now=now, wait=err.wait)
        return
    if isinstance(err, DeliveryFailed) and err.wait is None:
        claims.dead_letter(message, why, now=now)
        return
    claims.retry_later(message, why, now=now, wait=err.wait if isinstance(err, DeliveryFailed) else None)


def _handler(topic: str) -> Handler:
    # A newer process may know the topic, so this one is retried like any other.
    if topic not in HANDLERS:
        raise LookupError(f"Nothing in this portal handles messages of the topic {topic}.")
    return HANDLERS[topic]


def _is_ours(err: Exception) -> bool:
    """Whether the log should show where it happened: not when a mail server or provider is simply away."""
    return not isinstance(err, OSError | LookupError | PortalError | DeliveryFailed | Silent)
