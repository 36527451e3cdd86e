"""Topics "webhook" and "webhook.deliver": tells platforms what happened, signed (Standard Webhooks 1.0.0)."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from standardwebhooks.webhooks import Webhook

from portal import clock
from portal.db import db, writing
from portal.db.encrypted import is_locked
from portal.domain.attempts import attempts
from portal.domain.errors import SecretLocked
from portal.domain.outbox import messages, webhook_deliveries, webhook_endpoints
from portal.domain.outbox.webhook_deliveries import Answer, Sent
from portal.jobs.outbox import lanes
from portal.jobs.outbox.claims import Claimed, DeliveryFailed
from portal.jobs.topics import webhook_http
from portal.models import WebhookEndpoint

#: How long after each try the next one comes; the tenth try is the last.
LADDER = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """What is needed to send to one, when the transaction that read it has ended."""

    id: int
    url: str
    secrets: tuple[str, ...]


def fan_out(message: Claimed) -> None:
    """Enqueue the event for every endpoint that wants it. A second call enqueues nothing twice."""
    with writing():
        event, attempt = messages.get(message.key), attempts.get(message.attempt_id)
        for endpoint in webhook_deliveries.listeners(event.payload, attempt):
            webhook_deliveries.enqueue(endpoint, event, now=clock.now())


def deliver(message: Claimed) -> None:
    """Send one event to one endpoint. :raises DeliveryFailed: it was not taken; says when to try again."""
    said = message.payload
    if not said.get("again") and webhook_endpoints.was_taken(said["endpoint"], said["event"]):
        return  # A replay was quicker, or we died before we could note it.
    endpoint = _find(said["endpoint"])
    if endpoint is None:
        raise DeliveryFailed("The endpoint is turned off or deleted. Turn it on, then replay the event.", wait=None)
    is_last = message.tries > len(LADDER)
    with lanes.calling(f"The webhook endpoint {endpoint.url}"):
        answer = send(endpoint, Sent(event_id=said["event"], type=said["type"], body=said["body"]), is_last=is_last)
        if not answer.was_received:
            is_over = is_last or answer.is_gone
            raise DeliveryFailed(_why(answer), wait=None if is_over else wait_after(message.tries, answer))


def send(endpoint: Endpoint, sent: Sent, *, is_last: bool = False) -> Answer:
    """Sign it for this moment, send it, and store the result. No transaction is open meanwhile."""
    at = clock.now()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Invigil-Webhooks/1",
        "webhook-id": sent.event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": sign(sent, endpoint.secrets, at),
    }
    may_be_private = bool(current_app.config["WEBHOOKS_MAY_BE_PRIVATE"])
    answer = webhook_http.post(endpoint.url, sent.body.encode(), headers, may_be_private=may_be_private)
    with writing():
        row = webhook_endpoints.lock(endpoint.id)
        if row is not None:
            webhook_deliveries.note_try(row, sent, answer, is_last=is_last, now=clock.now())
    return answer


def sign(sent: Sent, secrets: tuple[str, ...], at: datetime) -> str:
    """One signature for each secret that is in force."""
    return " ".join(Webhook(secret).sign(sent.event_id, at, sent.body) for secret in secrets)


def wait_after(tries: int, answer: Answer) -> timedelta:
    """The next rung of the ladder, a tenth more or less; longer where the endpoint asks for it."""
    rung = LADDER[min(tries, len(LADDER)) - 1] * random.uniform(0.9, 1.1)
    return max(rung, answer.retry_after or timedelta())


def ready(row: WebhookEndpoint) -> Endpoint:
    """The facts of a row that was loaded with its secrets. :raises SecretLocked: nothing could be signed."""
    both = (row.secret, row.previous_secret)
    if is_locked(row.secret):
        raise SecretLocked(f"The secret of the webhook endpoint {row.name}")
    return Endpoint(id=row.id, url=row.url, secrets=tuple(secret for secret in both if secret))


def _find(endpoint_id: int) -> Endpoint | None:
    row = webhook_endpoints.find_with_secrets(endpoint_id)
    found = ready(row) if row is not None and row.is_enabled else None
    db.session.rollback()  # Nothing is held while the endpoint takes its time.
    return found


def _why(answer: Answer) -> str:
    return answer.reply if answer.status_code is None else f"The endpoint responded with status {answer.status_code}."
