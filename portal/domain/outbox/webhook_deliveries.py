"""What a webhook endpoint is sent, what it answered, and when that stops it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from portal.db import db
from portal.domain.errors import NotFound
from portal.domain.outbox import cases, messages, webhook_endpoints, webhook_events
from portal.models import Attempt, CaseKind, OutboxMessage, Topic, WebhookEndpoint, WebhookTry

#: An endpoint that has not taken anything for so long is switched off.
GIVE_UP_AFTER = timedelta(days=5)
#: What is kept of an endpoint's answer.
LONGEST_REPLY = 2048


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of one try. No status: there was no answer, and ``reply`` says why."""

    status_code: int | None
    reply: str
    retry_after: timedelta | None = None

    @property
    def was_received(self) -> bool:
        return self.status_code is not None and 200 <= self.status_code < 300

    @property
    def is_gone(self) -> bool:
        return self.status_code == 410


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One event on its way to one endpoint."""

    event_id: str
    type: str
    body: str


def listeners(event: dict[str, Any], attempt: Attempt) -> Sequence[WebhookEndpoint]:
    """The endpoints that are switched on and want this event."""
    here = or_(WebhookEndpoint.course_id.is_(None), WebhookEndpoint.course_id == attempt.exam.course_id)
    found = db.session.scalars(select(WebhookEndpoint).where(WebhookEndpoint.is_enabled, here))
    return [endpoint for endpoint in found if webhook_endpoints.wants(endpoint, event["type"])]


def enqueue(endpoint: WebhookEndpoint, event: OutboxMessage, *, again: str = "", now: datetime) -> OutboxMessage:
    """Enqueue one event for one endpoint. ``again`` names a replay, which is a message of its own."""
    body = webhook_events.body(endpoint, event.payload)
    payload = {"endpoint": endpoint.id, "event": event.key, "type": event.payload["type"], "body": body}
    payload |= {"again": True} if again else {}
    key = f"{event.key}.{endpoint.id}" + (f".{again}" if again else "")
    return messages.enqueue(Topic.WEBHOOK_DELIVER, now=now, key=key, payload=payload)


def note_try(endpoint: WebhookEndpoint, sent: Sent, answer: Answer, *, is_last: bool, now: datetime) -> None:
    """Keep what came of a try; switch the endpoint off when it is gone, or has failed for too long."""
    log = WebhookTry(
        endpoint_id=endpoint.id,
        event_id=sent.event_id,
        type=sent.type,
        body=sent.body,
        at=now,
        status_code=answer.status_code,
        reply=answer.reply[:LONGEST_REPLY],
        was_received=answer.was_received,
    )
    db.session.add(log)
    if answer.was_received:
        endpoint.failing_since, endpoint.failures = None, 0
        return
    endpoint.failing_since = endpoint.failing_since or now
    endpoint.failures += 1
    why = _why_stop(endpoint, answer, is_last=is_last, now=now)
    if why and endpoint.is_enabled:
        webhook_endpoints.disable(endpoint, why)
        _open_case(endpoint, why, sent, now=now)


def to_replay(endpoint: WebhookEndpoint, *, event_id: str = "", since: datetime | None = None) -> list[OutboxMessage]:
    """The events this endpoint should hear again: the one named, or all since a moment that it never took.

    :raises NotFound: there is no such event, or it is not this endpoint's business.
    """
    query = select(OutboxMessage).where(OutboxMessage.topic == Topic.WEBHOOK).order_by(OutboxMessage.id)
    if event_id:
        query = query.where(OutboxMessage.key == event_id)
    else:
        taken = select(WebhookTry.event_id).where(WebhookTry.endpoint_id == endpoint.id, WebhookTry.was_received)
        query = query.where(OutboxMessage.key.not_in(taken))
    if since is not None:
        query = query.where(OutboxMessage.created_at >= since)
    if endpoint.course_id is not None:
        query = query.where(OutboxMessage.payload["course"].as_integer() == endpoint.course_id)
    found = [event for event in db.session.scalars(query) if webhook_endpoints.wants(endpoint, event.payload["type"])]
    if event_id and not found:
        raise NotFound(f"There is no event {event_id} for {endpoint.name}.")
    return found


def replay(endpoint: WebhookEndpoint, events: Sequence[OutboxMessage], *, now: datetime) -> int:
    """Enqueue them again, each under its old id; how many."""
    again = f"again_{secrets.token_hex(4)}"
    return len([enqueue(endpoint, event, again=again, now=now) for event in events])


def log_of(endpoint: WebhookEndpoint, *, limit: int = 20) -> Sequence[WebhookTry]:
    """The newest tries first."""
    query = select(WebhookTry).where(WebhookTry.endpoint_id == endpoint.id)
    return db.session.scalars(query.order_by(WebhookTry.id.desc()).limit(limit)).all()


def _why_stop(endpoint: WebhookEndpoint, answer: Answer, *, is_last: bool, now: datetime) -> str:
    """Why nothing more should be sent there; empty while it may recover."""
    if answer.is_gone:
        return "It responded with status 410, so it no longer accepts events."
    if is_last:
        return "The portal could not deliver an event after all retries."
    if endpoint.failing_since and now - endpoint.failing_since >= GIVE_UP_AFTER:
        return f"It has accepted no events for {GIVE_UP_AFTER.days} days."
    return ""


def _open_case(endpoint: WebhookEndpoint, why: str, sent: Sent, *, now: datetime) -> None:
    text = (
        f"The portal turned off the webhook endpoint {endpoint.name}. {why} "
        f"When it works again, run `webhook enable {endpoint.name}` and `webhook replay {endpoint.name}`."
    )
    key = f"webhook-{endpoint.id}-{sent.event_id}-{now:%Y%m%dT%H%M%S}"
    course_id = endpoint.course_id
    cases.open_case(CaseKind.WEBHOOK_DISABLED, text, key=key, course_id=course_id, attempt=None, now=now)
