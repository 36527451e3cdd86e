"""``flask --app wsgi version``: which version of the portal this is, for a report of a fault."""

import platform

import click
from flask import Flask

from portal.version import VERSION


def init_app(app: Flask) -> None:
    app.cli.add_command(version)


@click.command()
def version() -> None:
    """Show the version of the portal and of Python."""
    click.echo(f"Invigil {VERSION}, Python {platform.python_version()}")
