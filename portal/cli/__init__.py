"""Commands for the people who run the portal: ``flask --app wsgi <command>``."""

from flask import Flask

from portal.cli import attempt, course, demo, people, serve, worker


def init_app(app: Flask) -> None:
    for commands in (serve, people, course, attempt, worker, demo):
        commands.init_app(app)
