"""The doors for people's browsers: which there are, and what holds for all of them."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.extensions import csrf
from portal.models import CaseKind, LedgerStatus, ResumeState, Right, Topic
from portal.web import attempt, edx, help, home, learner, proctored, provider_api, review, sign_in, teach
from portal.web.formatting import addresses, bundles, contacts, times
from portal.web.gate import errors, incoming, security, sessions, signed_cookie
from portal.web.negotiation import compression, faults

DOORS = (bundles, help, sign_in, home, learner, attempt, proctored, review, teach, provider_api, edx)

#: Templates compare with their members, as the code does.
ENUMS = (CaseKind, LedgerStatus, ResumeState, Right, Topic)


def init_app(app: Flask) -> None:
    if hops := int(app.config["PROXIES"]):
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    for part in (
        compression, incoming, addresses, contacts, errors, faults, times, security, signed_cookie, sessions,
    ):  # fmt: skip
        part.init_app(app)
    app.jinja_env.globals.update({enum.__name__: enum for enum in ENUMS})
    for door in DOORS:
        app.register_blueprint(door.bp)
    csrf.exempt(provider_api.bp)  # Machines with a token of their own; no cookie counts there.
