"""``flask --app wsgi demo``: fill an empty database with a world to look around in."""

from collections.abc import Sequence
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from portal import clock
from portal import demo as world
from portal.cli.terminal.refusals import plainly
from portal.db import writing
from portal.demo.people import ACCOUNTS, Account
from portal.domain.accounts import people
from portal.extensions import passwords
from portal.jobs import worker

#: Known to everybody, so never for a portal that others can reach; production refuses the demo.
PASSWORD = "look-around-2026"
#: In the data folder: that its database holds the demo. Production refuses to start on it.
MARK = "demo_accounts"

demo = AppGroup("demo", help="Demo data. Do not use in production.")


def init_app(app: Flask) -> None:
    app.cli.add_command(demo)


@demo.command("load")
def load() -> None:
    """Fill an empty database with demo data and print the demo accounts."""
    with plainly():
        accounts = load_if_empty()
    if not accounts:
        raise click.ClickException("This database already has accounts, so nothing was added.")


def load_if_empty() -> Sequence[Account]:
    """Load the demo unless somebody lives here already; print and return whom to sign in as.

    Where the demo was loaded before, says again whom to sign in as, and returns nobody.
    """
    if current_app.config["ENV"] == "production":
        raise click.ClickException("Do not load the demo in production: its passwords are public.")
    mark = Path(current_app.config["DATA"]) / MARK
    if people.is_there_anybody():
        if mark.exists():
            announce(ACCOUNTS)
        return ()
    kept = passwords.hash(PASSWORD)
    with writing():
        accounts = world.load(kept, now=clock.now())
        mark.write_text("This folder's database holds the demo accounts, whose passwords are public.\n")
    worker.work_through(now=clock.now())  # Credit and grades of exams that are over.
    announce(accounts)
    return accounts


def announce(accounts: Sequence[Account]) -> None:
    width = max(len(account.email) for account in accounts)
    click.echo("This portal has demo data. Sign in with one of these email addresses:")
    for account in accounts:
        click.echo(f"  {account.email:<{width}}  {account.shows}")
    click.echo(f"The password of each account is  {PASSWORD}")
