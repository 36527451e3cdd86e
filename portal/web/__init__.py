"""The doors for people's browsers: which there are, and what holds for all of them."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.web import attempt, errors, formats, home, learner, security, sessions, sign_in, teach

DOORS = (sign_in, home, learner, attempt, teach)


def init_app(app: Flask) -> None:
    if hops := int(app.config["PROXIES"]):
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    for part in (errors, formats, security, sessions):
        part.init_app(app)
    for door in DOORS:
        app.register_blueprint(door.bp)
