"""``flask --app wsgi worker``: the background work in a process of its own; ``outbox``: what it could not do."""

import signal
from threading import Event
from types import FrameType

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from portal import clock, logs
from portal.cli.running import secret_key
from portal.cli.terminal.refusals import plainly
from portal.domain.outbox import outbox_claims
from portal.jobs.outbox import claims
from portal.jobs.worker import of

outbox = AppGroup("outbox", help="Outbox messages: list dead letters and retry them.")


def init_app(app: Flask) -> None:
    app.cli.add_command(worker)
    app.cli.add_command(outbox)


@click.command()
@with_appcontext
def worker() -> None:
    """Run the background worker until stopped. Several workers can run on several machines."""
    logs.set_up()
    stop = Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    secret_key.warn_of_locked()
    running = of(current_app._get_current_object())  # type: ignore[attr-defined]
    click.echo("The worker is running (stop with Ctrl+C).")  # Before its first message, which may be the last it does.
    running.start()
    stop.wait()
    running.stop(within_seconds=30)
    click.echo("The worker has stopped.")


@outbox.command("list")
def list_messages() -> None:
    """List the dead letters and the messages that will be retried."""
    with plainly():
        found = outbox_claims.failing()
    if not found:
        click.echo("There are no dead letters or retries.")
    for message in found:
        state = "dead letter" if message.dead_at else f"next retry {message.available_at:%Y-%m-%d %H:%M:%S} UTC"
        click.echo(f"{message.key}  {message.topic}  {message.tries} tries, {state}: {message.last_error}")


@outbox.command("revive")
@click.argument("keys", nargs=-1)
@click.option("--all", "is_all", is_flag=True, help="All dead letters.")
def revive(keys: tuple[str, ...], is_all: bool) -> None:
    """Retry the dead letters with these KEYS."""
    if not keys and not is_all:
        raise click.ClickException("Give the message keys from `outbox list`, or use --all.")
    with plainly():
        revived = claims.revive(outbox_claims.dead_letter_keys() if is_all else keys, now=clock.now())
    if keys and not revived:
        raise click.ClickException("None of these messages is a dead letter. Run `outbox list` to see them all.")
    click.echo(f"{revived} will be retried.")
