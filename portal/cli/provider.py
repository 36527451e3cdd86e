"""``flask --app wsgi provider``: the proctoring providers this portal knows."""

from collections.abc import Callable
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from portal import clock, providers
from portal.cli import provider_check
from portal.cli.terminal import stdin_secrets
from portal.cli.terminal.refusals import plainly
from portal.cli.terminal.tables import table
from portal.db import writing
from portal.domain.errors import BadInput, SecretLocked
from portal.domain.providers import lookup, provider_records
from portal.domain.providers.provider_records import Changes
from portal.models import Provider, ProviderKind

provider = AppGroup("provider", help="Proctoring providers: add, list, check, change, turn on or off.")
Command = Callable[..., None]


def init_app(app: Flask) -> None:
    app.cli.add_command(provider)


def described(command: Command) -> Command:
    """The options that say what a provider is like."""
    for name, words in (
        ("--contact-url", "The provider's help page for learners."),
        ("--contact-phone", "The provider's phone number for learners."),
        ("--contact-email", "The provider's email address for learners."),
        ("--client-id", "The client ID of the portal at the provider."),
        ("--public-base-url", "The provider's address for browsers, if different."),
        ("--base-url", "The provider's address for the portal."),
    ):
        command = click.option(name, help=words)(command)
    command = click.option("--client-secret-stdin", is_flag=True, help="Read its secret from standard input.")(command)
    command = click.option(
        "--text", "texts", multiple=True, metavar="LANGUAGE:KEY=WORDS", help="A text by the provider for learners."
    )(command)
    return click.option(
        "--option", "options", multiple=True, metavar="KEY=VALUE", help="A setting; KEY=- reads a secret from stdin."
    )(command)


@provider.command("add")
@click.argument("slug")
@click.option("--kind", type=click.Choice([kind.value for kind in ProviderKind]), required=True)
@click.option("--name", help="The name that learners see. Default: the slug.")
@described
def add(slug: str, kind: str, **said: object) -> None:
    """Add the proctoring provider SLUG."""
    with plainly():
        changes = _changes(said)
        with writing():
            speaks = providers.KINDS[ProviderKind(kind)]
            missing = speaks.missing(provider_records.add(slug, speaks, changes, now=clock.now()))
    click.echo(f"{slug} was added. Test it with `provider check {slug}`.")
    if missing:
        words = " ".join(f"--option {one}" for one in missing)
        click.echo(f"First run: provider set {slug} {words}")


@provider.command("set")
@click.argument("slug")
@click.option("--name", help="The name that learners see.")
@described
def change(slug: str, **said: object) -> None:
    """Change the given settings of the provider SLUG."""
    with plainly():
        changes = _changes(said)
        with writing():
            kept = lookup.get(slug)
            provider_records.change(kept, providers.kind_of(kept), changes, now=clock.now())
    click.echo(f"{slug} was changed.")


@provider.command("list")
def list_providers() -> None:
    """List all providers, without their secrets."""
    with plainly():
        known = lookup.list_all()
        rows, locked = [_row(one) for one in known], [one.slug for one in known if lookup.is_locked(one)]
    head = ("Provider", "Kind", "Name", "Status", "Checked", "Address")
    click.echo("\n".join(table(head, rows) if rows else ["There are no providers yet."]))
    if locked:
        click.echo(str(SecretLocked(f"The stored secrets of {', '.join(locked)}")), err=True)


@provider.command("check")
@click.argument("slug")
def check(slug: str) -> None:
    """Test the connection to the provider SLUG and save its configuration."""
    with plainly():
        findings = provider_check.run(slug)
    for finding in findings:
        click.echo(finding.line)
    if not all(finding.is_fine for finding in findings):
        raise click.exceptions.Exit(1)


@provider.command("disable")
@click.argument("slug")
def disable(slug: str) -> None:
    """Turn off the provider SLUG. Attempts in progress continue."""
    _switch(slug, on=False)


@provider.command("enable")
@click.argument("slug")
def enable(slug: str) -> None:
    """Turn on the provider SLUG."""
    _switch(slug, on=True)


def _switch(slug: str, *, on: bool) -> None:
    with plainly(), writing():
        provider_records.switch(lookup.get(slug), on=on, now=clock.now())
    click.echo(f"{slug} is turned {'on' if on else 'off'}.")


def _changes(said: dict[str, Any]) -> Changes:
    """The first line of standard input is the client secret, the next ones the options that are ``-``."""
    secret = stdin_secrets.line("The client secret") if said.pop("client_secret_stdin") else None
    options = provider_records.read_options(stdin_secrets.with_secrets(said.pop("options")))
    return Changes(**said | {"texts": _texts(said["texts"])}, client_secret=secret, options=options)


def _texts(given: tuple[str, ...]) -> dict[tuple[str, str], str]:
    read = {}
    for one in given:
        place, equals, words = one.partition("=")
        language, colon, key = place.partition(":")
        if not (equals and colon and language and key):
            raise BadInput("text", f"Write a text as LANGUAGE:KEY=WORDS, such as en:rules=No books., not {one}.")
        read[language.lower(), key] = words
    return read


def _row(one: Provider) -> tuple[str, ...]:
    checked = f"{one.configuration_at:%Y-%m-%d %H:%M}" if one.configuration_at else "never"
    state = ("on" if one.is_enabled else "off") + (", secrets locked" if lookup.is_locked(one) else "")
    return (one.slug, one.kind, one.name, state, checked, one.base_url or "(in here)")
