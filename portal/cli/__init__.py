"""Commands for the people who run the portal: ``flask --app wsgi <command>``."""

from flask import Flask

from portal.cli import attempt, client, course, people, provider, webhook
from portal.cli.running import backup, demo, secret_key, serve, simulate, version, words, worker


def init_app(app: Flask) -> None:
    for commands in (
        serve,
        people,
        course,
        attempt,
        backup,
        worker,
        demo,
        provider,
        client,
        simulate,
        version,
        webhook,
        words,
        secret_key,
    ):
        commands.init_app(app)
