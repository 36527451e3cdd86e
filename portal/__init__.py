"""Invigil: a portal for timed and proctored exams."""

from flask import Flask

from portal import cli, config, db, extensions, languages, migrating, production, web
from portal.jobs import worker


def create_app(**overrides: object) -> Flask:
    """Build the app from the defaults, then ``PORTAL_…`` in the environment, then ``overrides``."""
    app = Flask(__name__, template_folder="../templates", static_folder="../static")
    config.load(app, overrides)
    for part in (db, migrating, extensions, languages, web, worker, cli):
        part.init_app(app)
    production.refuse_demo_accounts(app)
    return app
