"""Endpoints of platforms that want to hear from us: who they are, what each was sent, and when to stop."""

import base64
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import or_, select
from sqlalchemy.orm import undefer

from portal.db import db
from portal.domain.errors import BadInput, NotFound
from portal.domain.outbox import cases, messages, webhook_events
from portal.models import Attempt, CaseKind, Course, OutboxMessage, Topic, WebhookEndpoint, WebhookTry

SECRET_BYTES = 32
SECRET_PREFIX = "whsec_"
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


def add(
    name: str, url: str, *, course: Course | None = None, types: Iterable[str] = (), now: datetime
) -> tuple[WebhookEndpoint, str]:
    """An endpoint, and its secret to show once. :raises BadInput: the name is taken, or a type does not exist."""
    name, wanted = name.strip(), sorted(set(types))
    if not name or len(name) > 100:
        raise BadInput("name", "Enter an endpoint name of 1 to 100 characters.")
    if db.session.scalar(select(WebhookEndpoint.id).where(WebhookEndpoint.name == name)) is not None:
        raise BadInput("name", f"The endpoint {name} already exists. Choose another name.")
    if unknown := [kind for kind in wanted if kind not in webhook_events.TYPES]:
        known = ", ".join(sorted(webhook_events.TYPES))
        raise BadInput("type", f"There is no event type {unknown[0]}. The types are: {known}.")
    secret = new_secret()
    endpoint = WebhookEndpoint(
        name=name, url=url, course_id=course.id if course else None, types=wanted, secret=secret, created_at=now
    )
    db.session.add(endpoint)
    db.session.flush()
    return endpoint, secret


def check_url(url: str, *, may_be_private: bool) -> None:
    """:raises BadInput: not an address that events may be sent to."""
    try:
        parts = urlsplit(url)
        is_usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_usable = False
    if not is_usable or parts.scheme not in {"http", "https"}:
        raise BadInput("url", "Enter a full web address, such as https://platform.example.edu/hooks.")
    if parts.scheme == "http" and not may_be_private:
        raise BadInput("url", "The address must start with https://, so that nobody else can read the events.")
    if parts.username is not None or parts.fragment:
        raise BadInput("url", "Remove the user name, password and # from the address. The portal signs events instead.")


def new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def get(name: str) -> WebhookEndpoint:
    """:raises NotFound: no such endpoint."""
    endpoint = db.session.scalar(select(WebhookEndpoint).where(WebhookEndpoint.name == name))
    if endpoint is None:
        raise NotFound(f"There is no webhook endpoint {name}.")
    return endpoint


def find_with_secrets(endpoint_id: int) -> WebhookEndpoint | None:
    """Whole, so that it can be used when the transaction has ended."""
    query = select(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id)
    whole = query.options(undefer(WebhookEndpoint.secret), undefer(WebhookEndpoint.previous_secret))
    return db.session.scalar(whole.execution_options(populate_existing=True))


def lock(endpoint_id: int) -> WebhookEndpoint | None:
    return db.session.get(WebhookEndpoint, endpoint_id, with_for_update=True)


def was_taken(endpoint_id: int, event_id: str) -> bool:
    """Whether the endpoint has this event already."""
    query = select(WebhookTry.id).where(
        WebhookTry.event_id == event_id, WebhookTry.endpoint_id == endpoint_id, WebhookTry.was_received
    )
    return db.session.scalar(query.limit(1)) is not None


def list_all() -> Sequence[WebhookEndpoint]:
    """Every endpoint with its secret, by name."""
    whole = select(WebhookEndpoint).options(undefer(WebhookEndpoint.secret))
    return db.session.scalars(whole.order_by(WebhookEndpoint.name)).all()


def rotate(endpoint: WebhookEndpoint) -> str:
    """A new secret to show once. Until the change is ended, both sign."""
    endpoint.previous_secret, endpoint.secret = endpoint.secret, new_secret()
    return endpoint.secret


def end_rotation(endpoint: WebhookEndpoint) -> None:
    """Only the new secret signs from now on."""
    endpoint.previous_secret = None


def enable(endpoint: WebhookEndpoint) -> None:
    """Send to it again, from now on; what it missed can be replayed."""
    endpoint.is_enabled, endpoint.disabled_because = True, ""
    endpoint.failing_since, endpoint.failures = None, 0


def disable(endpoint: WebhookEndpoint, why: str) -> None:
    endpoint.is_enabled, endpoint.disabled_because = False, why


def listeners(event: dict[str, Any], attempt: Attempt) -> Sequence[WebhookEndpoint]:
    """The endpoints that are switched on and want this event."""
    here = or_(WebhookEndpoint.course_id.is_(None), WebhookEndpoint.course_id == attempt.exam.course_id)
    found = db.session.scalars(select(WebhookEndpoint).where(WebhookEndpoint.is_enabled, here))
    return [endpoint for endpoint in found if wants(endpoint, event["type"])]


def wants(endpoint: WebhookEndpoint, kind: str) -> bool:
    return not endpoint.types or kind in endpoint.types


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
        disable(endpoint, why)
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
    found = [event for event in db.session.scalars(query) if wants(endpoint, event.payload["type"])]
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
