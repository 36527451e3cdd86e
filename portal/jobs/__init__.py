"""Background work: the messages of the outbox, clocks that run out, and what recurs."""

from flask import Flask

from portal.jobs import worker as worker


def init_app(app: Flask) -> None:
    worker.init_app(app)
