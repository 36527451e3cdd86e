"""Reads secrets from standard input, so that neither the process list nor the shell's history has them."""

import sys

import click

from portal.domain.errors import BadInput
from portal.domain.providers import provider_options


def line(what: str) -> str:
    """The next line of standard input; asked for without showing it where a person sits there."""
    if sys.stdin.isatty():
        return str(click.prompt(what, hide_input=True))
    secret = sys.stdin.readline().strip("\r\n")
    if not secret:
        raise click.ClickException(f"Standard input is empty. Enter: {what}.")
    return secret


def with_secrets(options: tuple[str, ...]) -> list[str]:
    """The options as typed, where ``KEY=-`` of a secret one stands for the next line of standard input.

    :raises BadInput: a secret was typed, so that the list of processes has it already.
    """
    read = []
    for one in options:
        key, _, value = one.partition("=")
        if key in provider_options.SECRET and value != "-":
            raise BadInput("option", f"{key} is a secret. Write {key}=- and enter it on standard input.")
        read.append(f"{key}={line(key)}" if key in provider_options.SECRET else one)
    return read
