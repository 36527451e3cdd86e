"""``flask --app wsgi worker``: the background work in a process of its own; ``outbox``: what it could not do."""

import signal
from threading import Event
from types import FrameType

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from portal import clock, logs
from portal.cli import secret_key
from portal.cli.refusals import plainly
from portal.domain import outbox_claims
from portal.jobs import outbox as promises
from portal.jobs.worker import of

outbox = AppGroup("outbox", help="Promises to tell somebody: those that were given up, and a new try for them.")


def init_app(app: Flask) -> None:
    app.cli.add_command(worker)
    app.cli.add_command(outbox)


@click.command()
@with_appcontext
def worker() -> None:
    """Keep promises and end what time ends, until stopped. Any number may run, on any number of machines."""
    logs.set_up()
    stop = Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    secret_key.warn_of_locked()
    running = of(current_app._get_current_object())  # type: ignore[attr-defined]
    running.start()
    click.echo("The worker runs (stop with Ctrl+C).")
    stop.wait()
    running.stop(within_seconds=30)
    click.echo("The worker has stopped.")


@outbox.command("list")
def list_promises() -> None:
    """Show what was given up, and what had to be put off."""
    with plainly():
        found = outbox_claims.troubled()
    if not found:
        click.echo("Nothing was given up or put off.")
    for message in found:
        state = "given up" if message.dead_at else f"next try {message.available_at:%Y-%m-%d %H:%M:%S} UTC"
        click.echo(f"{message.key}  {message.topic}  {message.tries} tries, {state}: {message.last_error}")


@outbox.command("revive")
@click.argument("keys", nargs=-1)
@click.option("--all", "is_all", is_flag=True, help="Everything that was given up.")
def revive(keys: tuple[str, ...], is_all: bool) -> None:
    """Give the promises called KEYS all their tries again."""
    if not keys and not is_all:
        raise click.ClickException("Name the promises, as `outbox list` shows them, or say --all.")
    with plainly():
        revived = promises.revive(outbox_claims.dead_keys() if is_all else keys, now=clock.now())
    if keys and not revived:
        raise click.ClickException("None of these was given up. `outbox list` shows what was.")
    click.echo(f"{revived} will be tried again.")
