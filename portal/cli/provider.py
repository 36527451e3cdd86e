"""``flask --app wsgi provider``: the proctoring vendors this portal knows."""

from collections.abc import Callable
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from portal import clock, providers
from portal.cli import provider_check, stdin_secrets
from portal.cli.refusals import plainly
from portal.cli.tables import table
from portal.db import writing
from portal.domain import provider_records, providers_kept
from portal.domain.errors import BadInput, SecretLocked
from portal.domain.provider_records import Changes
from portal.models import Provider, ProviderKind

provider = AppGroup("provider", help="Proctoring vendors: add one, list them, try one out, change it, switch it off.")
Command = Callable[..., None]


def init_app(app: Flask) -> None:
    app.cli.add_command(provider)


def described(command: Command) -> Command:
    """The options that say what a provider is like."""
    for name, words in (
        ("--contact-url", "Where the vendor helps learners."),
        ("--contact-phone", "Its telephone."),
        ("--contact-email", "Its address for learners in need."),
        ("--client-id", "What it knows the portal as."),
        ("--public-base-url", "Where browsers reach it, if that is elsewhere."),
        ("--base-url", "Where the portal reaches it."),
    ):
        command = click.option(name, help=words)(command)
    command = click.option("--client-secret-stdin", is_flag=True, help="Take its secret from standard input.")(command)
    command = click.option(
        "--text", "texts", multiple=True, metavar="LANGUAGE:KEY=WORDS", help="The vendor's own words for learners."
    )(command)
    return click.option(
        "--option", "options", multiple=True, metavar="KEY=VALUE", help="A setting; a secret one as KEY=- from stdin."
    )(command)


@provider.command("add")
@click.argument("slug")
@click.option("--kind", type=click.Choice([kind.value for kind in ProviderKind]), required=True)
@click.option("--name", help="What learners call it. Left out: the slug.")
@described
def add(slug: str, kind: str, **said: object) -> None:
    """Let exams be proctored by the vendor SLUG."""
    with plainly():
        changes = _changes(said)
        with writing():
            speaks = providers.KINDS[ProviderKind(kind)]
            missing = speaks.missing(provider_records.add(slug, speaks, changes, now=clock.now()))
    click.echo(f"{slug} is added. Try it with `provider check {slug}`.")
    if missing:
        words = " ".join(f"--option {one}" for one in missing)
        click.echo(f"Before that, it needs: provider set {slug} {words}")


@provider.command("set")
@click.argument("slug")
@click.option("--name", help="What learners call it.")
@described
def change(slug: str, **said: object) -> None:
    """Change what is named, and leave the rest of the vendor SLUG as it is."""
    with plainly():
        changes = _changes(said)
        with writing():
            kept = providers_kept.get(slug)
            provider_records.change(kept, providers.kind_of(kept), changes, now=clock.now())
    click.echo(f"{slug} is changed.")


@provider.command("list")
def list_providers() -> None:
    """Show every vendor; never a secret."""
    with plainly():
        known = providers_kept.list_all()
        rows, locked = [_row(one) for one in known], [one.slug for one in known if providers_kept.is_locked(one)]
    head = ("Provider", "Kind", "Name", "State", "Checked", "Address")
    click.echo("\n".join(table(head, rows) if rows else ["There are no providers yet."]))
    if locked:
        click.echo(str(SecretLocked(f"The stored secrets of {', '.join(locked)}")), err=True)


@provider.command("check")
@click.argument("slug")
def check(slug: str) -> None:
    """Talk with the vendor SLUG, say what works and how fast, and keep what it says it can do."""
    with plainly():
        findings = provider_check.run(slug)
    for finding in findings:
        click.echo(finding.line)
    if not all(finding.is_fine for finding in findings):
        raise click.exceptions.Exit(1)


@provider.command("disable")
@click.argument("slug")
def disable(slug: str) -> None:
    """Let no new attempt begin with SLUG. Attempts that have begun go on."""
    _switch(slug, on=False)


@provider.command("enable")
@click.argument("slug")
def enable(slug: str) -> None:
    """Let attempts begin with SLUG again."""
    _switch(slug, on=True)


def _switch(slug: str, *, on: bool) -> None:
    with plainly(), writing():
        provider_records.switch(providers_kept.get(slug), on=on, now=clock.now())
    click.echo(f"{slug} is {'on' if on else 'off'}.")


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
            raise BadInput("text", f"Write a text as LANGUAGE:KEY=WORDS, such as en:rules=No books.; not {one}.")
        read[language.lower(), key] = words
    return read


def _row(one: Provider) -> tuple[str, ...]:
    checked = f"{one.configuration_at:%Y-%m-%d %H:%M}" if one.configuration_at else "never"
    state = ("on" if one.is_enabled else "off") + (", secrets locked" if providers_kept.is_locked(one) else "")
    return (one.slug, one.kind, one.name, state, checked, one.base_url or "(in here)")
