"""``flask --app wsgi people``: accounts, for the person who runs the portal."""

import click
from flask import Flask
from flask.cli import AppGroup

from portal import clock
from portal.cli.terminal.refusals import plainly
from portal.db import writing
from portal.domain.accounts import people as accounts
from portal.domain.errors import NotFound
from portal.extensions import passwords
from portal.models import User

people = AppGroup("people", help="Accounts: add, list, set a password, sign someone out.")
password_option = click.option(
    "--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Default: the command asks for it."
)


def init_app(app: Flask) -> None:
    app.cli.add_command(people)


@people.command("add")
@click.argument("email")
@click.argument("name")
@click.option("--administrator", is_flag=True, help="Has all permissions in every course.")
@password_option
def add(email: str, name: str, administrator: bool, password: str) -> None:
    """Add an account."""
    with plainly():
        accounts.check_new_password(password, email=email, name=name)
        kept = passwords.hash(password)
        with writing():
            accounts.create(email, name, password_hash=kept, now=clock.now(), is_administrator=administrator)
    click.echo(f"{accounts.tidy_email(email)} can sign in now.")


@people.command("list")
def list_people() -> None:
    """List all accounts."""
    with plainly():
        everybody = accounts.list_all()
    for person in everybody:
        marks = [
            word for word, holds in (("administrator", person.is_administrator), ("off", not person.is_active)) if holds
        ]
        click.echo("  ".join([person.email, person.name, *marks]))


@people.command("password")
@click.argument("email")
@password_option
def password(email: str, password: str) -> None:
    """Set a new password and end all sessions of the account."""
    with plainly():
        person = _the_person(email)
        accounts.check_new_password(password, email=person.email, name=person.name)
        kept = passwords.hash(password)
        with writing():
            accounts.change_password(accounts.get(person.id), kept)
    click.echo("The new password is set, and all sessions have ended.")


@people.command("sign-out")
@click.argument("email")
def sign_out(email: str) -> None:
    """End all sessions of an account."""
    with plainly(), writing():
        accounts.sign_out_everywhere(_the_person(email))
    click.echo("All sessions have ended.")


def _the_person(email: str) -> User:
    person = accounts.find_by_email(email)
    if person is None:
        raise NotFound(f"There is no account with the email address {email}.")
    return person
