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

outbox = AppGroup("outbox", help="Messages of the outbox: the dead letters, and a new try for them.")


def init_app(app: Flask) -> None:
    app.cli.add_command(worker)
    app.cli.add_command(outbox)


@click.command()
@with_appcontext
def worker() -> None:
    """Dispatch messages and end what time ends, until stopped. Any number may run, on any number of machines."""
    logs.set_up()
    stop = Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    secret_key.warn_of_locked()
    running = of(current_app._get_current_object())  # type: ignore[attr-defined]
    click.echo("The worker runs (stop with Ctrl+C).")  # Before its first message, which may be the last thing it does.
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
        click.echo("There are no dead letters, and nothing waits for a retry.")
    for message in found:
        state = "dead letter" if message.dead_at else f"next try {message.available_at:%Y-%m-%d %H:%M:%S} UTC"
        click.echo(f"{message.key}  {message.topic}  {message.tries} tries, {state}: {message.last_error}")


@outbox.command("revive")
@click.argument("keys", nargs=-1)
@click.option("--all", "is_all", is_flag=True, help="All dead letters.")
def revive(keys: tuple[str, ...], is_all: bool) -> None:
    """Give the dead letters called KEYS all their tries again."""
    if not keys and not is_all:
        raise click.ClickException("Name the messages, as `outbox list` shows them, or say --all.")
    with plainly():
        revived = claims.revive(outbox_claims.dead_letter_keys() if is_all else keys, now=clock.now())
    if keys and not revived:
        raise click.ClickException("None of these is a dead letter. `outbox list` shows those that are.")
    click.echo(f"{revived} will be tried again.")
