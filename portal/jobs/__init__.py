"""The doors that time opens: promises kept, clocks that run out, what recurs."""

from flask import Flask

from portal.jobs import worker as worker


def init_app(app: Flask) -> None:
    worker.init_app(app)
