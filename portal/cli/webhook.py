"""``flask --app wsgi webhook``: where platforms hear from us, what they were told, and telling them again."""

from datetime import UTC, datetime
from uuid import uuid4

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from portal import clock
from portal.cli.terminal.refusals import plainly
from portal.cli.terminal.tables import table
from portal.db import db, writing
from portal.db.encrypted import is_locked
from portal.domain.courses import course_lookup, publishing
from portal.domain.errors import SecretLocked
from portal.domain.outbox import webhook_deliveries, webhook_endpoints, webhook_events
from portal.domain.outbox.webhook_deliveries import Sent
from portal.jobs.topics import webhooks as sending
from portal.models import WebhookEndpoint

webhook = AppGroup("webhook", help="Webhook endpoints: add, list, test, turn on or off, resend events.")


def init_app(app: Flask) -> None:
    app.cli.add_command(webhook)


@webhook.command("add")
@click.argument("name")
@click.argument("url")
@click.option("--course", "course_key", help="Send only events of the course with this key. Default: all courses.")
@click.option("--type", "types", multiple=True, help="Send only events of this type. Can be repeated.")
def add(name: str, url: str, course_key: str | None, types: tuple[str, ...]) -> None:
    """Add an endpoint and print its secret once."""
    with plainly(), writing():
        webhook_endpoints.check_url(url, may_be_private=bool(current_app.config["WEBHOOKS_MAY_BE_PRIVATE"]))
        course = publishing.get_by_key(course_key) if course_key else None
        _, secret = webhook_endpoints.add(name, url, course=course, types=types, now=clock.now())
    click.echo(f"{name} will receive {'all events' if not types else ', '.join(types)}.")
    click.echo("Save this secret now. It will not be shown again:")
    click.echo(secret)


@webhook.command("list")
def list_endpoints() -> None:
    """List all endpoints with their status."""
    with plainly():
        keys = course_lookup.keys_of_courses()
        known = webhook_endpoints.list_all()
        rows, locked = [_row(one, keys) for one in known], [one.name for one in known if is_locked(one.secret)]
    for line in table(("name", "address", "course", "state", "failures"), rows) if rows else ["No endpoints yet."]:
        click.echo(line)
    if locked:
        click.echo(str(SecretLocked(f"The secret of {', '.join(locked)}")), err=True)


@webhook.command("log")
@click.argument("name")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
def show_log(name: str, limit: int) -> None:
    """Show the newest deliveries."""
    with plainly():
        tries = webhook_deliveries.log_of(webhook_endpoints.get(name), limit=limit)
    rows = [
        (webhook_events.stamp(one.at), one.event_id, one.type, str(one.status_code or "-"), one.reply.split("\n")[0])
        for one in tries
    ]
    for line in table(("at", "event", "type", "answer", "reply"), rows):
        click.echo(line)


@webhook.command("test")
@click.argument("name")
def test(name: str) -> None:
    """Send a test event and show the response."""
    with plainly():
        row, event = webhook_endpoints.get(name), webhook_events.test_event(clock.now())
        endpoint = sending.ready(row)
        sent = Sent(event_id=f"evt_test_{uuid4().hex}", type=event["type"], body=webhook_events.body(row, event))
        db.session.rollback()
        answer = sending.send(endpoint, sent)
    said = f"{name} responded with status {answer.status_code}." if answer.status_code else answer.reply
    if not answer.was_received:
        raise click.ClickException(f"{said} The event was not accepted.")
    click.echo(f"{said} The event was accepted.")


@webhook.command("replay")
@click.argument("name")
@click.option("--event", "event_id", default="", help="Resend only this event, even if it was accepted before.")
@click.option("--since", type=click.DateTime(), help="Resend only events since this time (UTC).")
def replay(name: str, event_id: str, since: datetime | None) -> None:
    """Resend the events that an endpoint has not accepted. Each event keeps its ID."""
    moment = since.replace(tzinfo=UTC) if since else None
    with plainly(), writing():
        endpoint = webhook_endpoints.get(name)
        if not endpoint.is_enabled:
            raise click.ClickException(f"{name} is turned off. Run `webhook enable {name}` first.")
        events = webhook_deliveries.to_replay(endpoint, event_id=event_id, since=moment)
        number = webhook_deliveries.replay(endpoint, events, now=clock.now())
    click.echo(f"{number} {'event' if number == 1 else 'events'} queued for {name}.")


@webhook.command("enable")
@click.argument("name")
def enable(name: str) -> None:
    """Turn on an endpoint."""
    with plainly(), writing():
        webhook_endpoints.enable(webhook_endpoints.get(name))
    click.echo(f"{name} is turned on. Run `webhook replay {name}` to send the events it missed.")


@webhook.command("disable")
@click.argument("name")
def disable(name: str) -> None:
    """Turn off an endpoint."""
    with plainly(), writing():
        webhook_endpoints.disable(webhook_endpoints.get(name), "Turned off by an administrator.")
    click.echo(f"{name} is turned off.")


@webhook.command("rotate")
@click.argument("name")
@click.option("--end", is_flag=True, help="The receiver uses the new secret: delete the old one.")
def rotate(name: str, end: bool) -> None:
    """Give an endpoint a new secret. Until --end, the portal signs events with both secrets."""
    with plainly(), writing():
        endpoint = webhook_endpoints.get(name)
        secret = "" if end else webhook_endpoints.rotate(endpoint)
        if end:
            webhook_endpoints.end_rotation(endpoint)
    said = "Save this new secret now. It will not be shown again:"
    click.echo("The portal now signs events only with the new secret." if end else said)
    if secret:
        click.echo(secret)
        click.echo(f"The portal signs events with both secrets until you run `webhook rotate {name} --end`.")


def _row(endpoint: WebhookEndpoint, keys: dict[int, str]) -> tuple[str, ...]:
    state = "on" if endpoint.is_enabled else f"off: {endpoint.disabled_because}"
    state += ", secret locked" if is_locked(endpoint.secret) else ""
    course = keys.get(endpoint.course_id, "") if endpoint.course_id else "every course"
    return endpoint.name, endpoint.url, course, state, str(endpoint.failures)
