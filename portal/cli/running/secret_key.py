"""``flask --app wsgi secret-key``: what the present secret key opens, and retiring the one before it."""

from collections import Counter

import click
from flask import Flask
from flask.cli import AppGroup

from portal import clock
from portal.cli.terminal.refusals import plainly
from portal.db import db, writing
from portal.db.encrypted import State
from portal.domain.accounts import encrypted_values, pairwise

secret_key = AppGroup(
    "secret-key", help="The key that encrypts secrets in the database: check it or retire an older key."
)
BATCH = 200
#: More names than this are a number.
MOST_NAMES = 8
WHAT_TO_DO = (
    "Add the key that encrypted them to PORTAL_SECRET_KEY_FALLBACKS, then run `flask secret-key retire`. "
    "Otherwise enter these secrets again."
)


def init_app(app: Flask) -> None:
    app.cli.add_command(secret_key)


@secret_key.command("check")
def check() -> None:
    """Count the stored secrets by the key they need, and list those that no key can decrypt."""
    with plainly():
        found = list(encrypted_values.values())
    states = Counter(one.state for one in found)
    click.echo(f"{states[State.PRESENT]} stored secrets are encrypted with the present key.")
    if states[State.OLDER]:
        click.echo(f"{states[State.OLDER]} need a key of PORTAL_SECRET_KEY_FALLBACKS. Run `secret-key retire` next.")
    if states[State.LOCKED]:
        raise click.ClickException(sentence(encrypted_values.locked(iter(found))))


@secret_key.command("retire")
@click.option(
    "--new-names", is_flag=True, help="If the old key is lost, create new learner IDs for providers and platforms."
)
def retire(new_names: bool) -> None:
    """Encrypt all stored secrets again with the present key. The portal can keep running."""
    with plainly():
        if new_names:
            _make_new_names()
        older = [one for one in encrypted_values.values() if one.state is State.OLDER]
        db.session.rollback()
        number = sum(_renew(older[start : start + BATCH]) for start in range(0, len(older), BATCH))
        left = encrypted_values.locked(encrypted_values.values())
    click.echo(f"{number} stored secrets were encrypted again. No stored secret needs an older key now.")
    click.echo("Remove the older keys from PORTAL_SECRET_KEY_FALLBACKS and restart the portal.")
    if left:
        raise click.ClickException(sentence(left))


def _make_new_names() -> None:
    with writing():
        is_new = pairwise.replace_lost_key(now=clock.now())
    said = "Each learner has a new ID at every provider and platform." if is_new else "Learner IDs did not change."
    click.echo(said)


def _renew(batch: list[encrypted_values.Value]) -> int:
    with writing():
        return encrypted_values.renew(batch)


def sentence(left: Counter[str]) -> str:
    """How many and which, in one line."""
    titles = [title if number == 1 else f"{title} ({number})" for title, number in sorted(left.items())]
    which = ", ".join(titles[:MOST_NAMES]) + (f" and {len(titles) - MOST_NAMES} more" if titles[MOST_NAMES:] else "")
    many = left.total()
    said = "1 stored secret cannot" if many == 1 else f"{many} stored secrets cannot"
    return f"{said} be decrypted with the present PORTAL_SECRET_KEY: {which}. {WHAT_TO_DO}"


def warn_of_locked() -> None:
    """For a start: one line about secrets that cannot be opened, if there are any. The portal starts all the same."""
    with plainly():
        left = encrypted_values.glance()
        db.session.rollback()
    if left:
        click.echo(f"Warning: {sentence(left)}", err=True)
