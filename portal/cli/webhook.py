"""``flask --app wsgi webhook``: where platforms hear from us, what they were told, and telling them again."""

from datetime import UTC, datetime
from uuid import uuid4

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from portal import clock
from portal.cli.refusals import plainly
from portal.cli.tables import table
from portal.db import db, writing
from portal.domain import course_lookup, courses, webhook_events, webhooks
from portal.domain.errors import SecretLocked
from portal.domain.webhooks import Sent
from portal.jobs import webhooks as sending
from portal.models import WebhookEndpoint
from portal.sealed import is_locked

webhook = AppGroup("webhook", help="Webhook endpoints: add, list, test, switch off and on, send again.")


def init_app(app: Flask) -> None:
    app.cli.add_command(webhook)


@webhook.command("add")
@click.argument("name")
@click.argument("url")
@click.option("--course", "course_key", help="Only events of this course, by its key. Left out: of every course.")
@click.option("--type", "types", multiple=True, help="Only events of this type; may be given again. Left out: all.")
def add(name: str, url: str, course_key: str | None, types: tuple[str, ...]) -> None:
    """Add an endpoint, and print its secret once."""
    with plainly(), writing():
        webhooks.check_url(url, may_be_private=bool(current_app.config["WEBHOOKS_MAY_BE_PRIVATE"]))
        course = courses.get_by_key(course_key) if course_key else None
        _, secret = webhooks.add(name, url, course=course, types=types, now=clock.now())
    click.echo(f"{name} will hear of {'everything' if not types else ', '.join(types)}.")
    click.echo("Its secret, shown only now:")
    click.echo(secret)


@webhook.command("list")
def list_endpoints() -> None:
    """Show every endpoint and how it fares."""
    with plainly():
        keys = course_lookup.keys_of_courses()
        known = webhooks.list_all()
        rows, locked = [_row(one, keys) for one in known], [one.name for one in known if is_locked(one.secret)]
    for line in table(("name", "address", "course", "state", "failures"), rows) if rows else ["There are none yet."]:
        click.echo(line)
    if locked:
        click.echo(str(SecretLocked(f"The secret of {', '.join(locked)}")), err=True)


@webhook.command("log")
@click.argument("name")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
def show_log(name: str, limit: int) -> None:
    """Show the newest tries."""
    with plainly():
        tries = webhooks.log_of(webhooks.get(name), limit=limit)
    rows = [
        (webhook_events.stamp(one.at), one.event_id, one.type, str(one.status_code or "-"), one.reply.split("\n")[0])
        for one in tries
    ]
    for line in table(("at", "event", "type", "answer", "reply"), rows):
        click.echo(line)


@webhook.command("test")
@click.argument("name")
def test(name: str) -> None:
    """Send an event that means nothing, and say what came of it."""
    with plainly():
        row, event = webhooks.get(name), webhook_events.test_event(clock.now())
        endpoint = sending.ready(row)
        sent = Sent(event_id=f"evt_test_{uuid4().hex}", type=event["type"], body=webhook_events.body(row, event))
        db.session.rollback()
        answer = sending.send(endpoint, sent)
    said = f"{name} answered {answer.status_code}." if answer.status_code else answer.reply
    if not answer.was_received:
        raise click.ClickException(f"{said} It was not taken.")
    click.echo(f"{said} It was taken.")


@webhook.command("replay")
@click.argument("name")
@click.option("--event", "event_id", default="", help="Only this event, also if it was taken before.")
@click.option("--since", type=click.DateTime(), help="Only what happened since this moment (UTC).")
def replay(name: str, event_id: str, since: datetime | None) -> None:
    """Send again what an endpoint has not taken, each event under its old id."""
    moment = since.replace(tzinfo=UTC) if since else None
    with plainly(), writing():
        endpoint = webhooks.get(name)
        if not endpoint.is_enabled:
            raise click.ClickException(f"{name} is switched off. Use `webhook enable {name}` first.")
        events = webhooks.to_replay(endpoint, event_id=event_id, since=moment)
        number = webhooks.replay(endpoint, events, now=clock.now())
    click.echo(f"{number} {'event is' if number == 1 else 'events are'} on the way to {name} again.")


@webhook.command("enable")
@click.argument("name")
def enable(name: str) -> None:
    """Send to an endpoint again, from now on."""
    with plainly(), writing():
        webhooks.enable(webhooks.get(name))
    click.echo(f"{name} is switched on. `webhook replay {name}` sends what it missed.")


@webhook.command("disable")
@click.argument("name")
def disable(name: str) -> None:
    """Send nothing more to an endpoint."""
    with plainly(), writing():
        webhooks.disable(webhooks.get(name), "Switched off by hand.")
    click.echo(f"{name} is switched off.")


@webhook.command("rotate")
@click.argument("name")
@click.option("--end", is_flag=True, help="The receiver uses the new secret: let the old one go.")
def rotate(name: str, end: bool) -> None:
    """Give an endpoint a new secret; until --end, events carry the signatures of both."""
    with plainly(), writing():
        endpoint = webhooks.get(name)
        secret = "" if end else webhooks.rotate(endpoint)
        if end:
            webhooks.end_rotation(endpoint)
    click.echo("Only the new secret signs now." if end else "The new secret, shown only now:")
    if secret:
        click.echo(secret)
        click.echo(f"Both secrets sign until `webhook rotate {name} --end`.")


def _row(endpoint: WebhookEndpoint, keys: dict[int, str]) -> tuple[str, ...]:
    state = "on" if endpoint.is_enabled else f"off: {endpoint.disabled_because}"
    state += ", secret locked" if is_locked(endpoint.secret) else ""
    course = keys.get(endpoint.course_id, "") if endpoint.course_id else "every course"
    return endpoint.name, endpoint.url, course, state, str(endpoint.failures)
