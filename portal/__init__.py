"""Invigil: a portal for timed and proctored exams."""

from flask import Flask

from portal import cli, config, db, extensions, languages, page_templates, production, web
from portal.db import upgrade
from portal.jobs import worker


def create_app(**overrides: object) -> Flask:
    """Build the app from the defaults, then ``PORTAL_…`` in the environment, then ``overrides``."""
    app = Flask(__name__, template_folder="../templates", static_folder="../static")
    page_templates.init_app(app)
    config.load(app, overrides)
    for part in (db, upgrade, extensions, languages, web, worker, cli):
        part.init_app(app)
    production.refuse_demo_accounts(app)
    return app
