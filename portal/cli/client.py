"""``flask --app wsgi client``: machines that may call the portal, and their secrets."""

import click
from flask import Flask
from flask.cli import AppGroup

from portal import clock
from portal.cli.terminal import stdin_secrets
from portal.cli.terminal.refusals import plainly
from portal.cli.terminal.tables import table
from portal.db import writing
from portal.domain.providers import client_records, lookup

SHORT = 32

client = AppGroup("client", help="API clients: add, list, rotate a secret, turn on or off.")
secret_option = click.option(
    "--secret-stdin", is_flag=True, help="Read the secret from standard input instead of generating and printing one."
)


def init_app(app: Flask) -> None:
    app.cli.add_command(client)


@client.command("add")
@click.argument("client_id", metavar="ID")
@click.option("--provider", "slug", help="The provider that uses this client. Default: a platform.")
@secret_option
def add(client_id: str, slug: str | None, secret_stdin: bool) -> None:
    """Add the API client ID and print its secret once."""
    secret = _secret(secret_stdin)
    with plainly(), writing():
        provider = lookup.get(slug) if slug else None
        client_records.add(client_id, provider=provider, secret=secret, now=clock.now())
    click.echo(f"{client_id} can now call the portal {f'for {slug}' if slug else 'as a platform'}.")
    _show(secret, was_given=secret_stdin)


@client.command("list")
def list_clients() -> None:
    """List all clients, without their secrets."""
    with plainly():
        rows = [
            (
                one.client_id,
                one.provider.slug if one.provider else "(platform)",
                "on" if one.is_enabled else "off",
                "two" if one.previous_secret_hash else "one",
                f"{one.created_at:%Y-%m-%d}",
            )
            for one in client_records.list_all()
        ]
    lines = table(("Client", "Provider", "Status", "Secrets", "Since"), rows) if rows else ["There are no clients yet."]
    click.echo("\n".join(lines))


@client.command("rotate")
@click.argument("client_id", metavar="ID")
@secret_option
@click.option("--forget-previous", is_flag=True, help="Stop accepting the previous secret immediately.")
def rotate(client_id: str, secret_stdin: bool, forget_previous: bool) -> None:
    """Give the client ID a new secret and print it once. The previous one works until the next rotation."""
    secret = _secret(secret_stdin)
    with plainly(), writing():
        found = client_records.get(client_id)
        client_records.rotate(found, secret)
        if forget_previous:
            client_records.forget_previous(found)
    click.echo(f"{client_id} has a new secret{'' if forget_previous else '. The previous secret still works'}.")
    _show(secret, was_given=secret_stdin)


@client.command("disable")
@click.argument("client_id", metavar="ID")
def disable(client_id: str) -> None:
    """Turn off the client ID. Its tokens stop working."""
    _switch(client_id, on=False)


@client.command("enable")
@click.argument("client_id", metavar="ID")
def enable(client_id: str) -> None:
    """Turn on the client ID."""
    _switch(client_id, on=True)


def _switch(client_id: str, *, on: bool) -> None:
    with plainly(), writing():
        client_records.switch(client_records.get(client_id), on=on)
    click.echo(f"{client_id} is turned {'on' if on else 'off'}.")


def _secret(from_stdin: bool) -> str:
    return stdin_secrets.line("The client's secret") if from_stdin else client_records.new_secret()


def _show(secret: str, *, was_given: bool) -> None:
    if not was_given:
        click.echo(f"Save this secret now. It will not be shown again:\n{secret}")
    elif len(secret) < SHORT:
        click.echo(f"This secret is short. Use at least {SHORT} random characters.", err=True)
