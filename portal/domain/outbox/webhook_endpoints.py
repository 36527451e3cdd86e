"""Endpoints of platforms that want to hear from us: who they are, what each was sent, and when to stop."""

import base64
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import undefer

from portal.db import db
from portal.domain.errors import BadInput, NotFound
from portal.domain.outbox import webhook_events
from portal.models import Course, WebhookEndpoint, WebhookTry

SECRET_BYTES = 32
SECRET_PREFIX = "whsec_"


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


def wants(endpoint: WebhookEndpoint, kind: str) -> bool:
    return not endpoint.types or kind in endpoint.types
