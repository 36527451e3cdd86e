"""What production refuses to find in its database: accounts whose passwords everybody knows."""

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from portal.config_checks import Misconfigured
from portal.db import db
from portal.demo.people import ACCOUNTS
from portal.domain.accounts import people


def refuse_demo_accounts(app: Flask) -> None:
    """:raises Misconfigured: in production, if one of the demo's accounts can sign in."""
    if app.config["ENV"] != "production":
        return
    emails = [account.email for account in ACCOUNTS]
    with app.app_context():
        try:
            found = people.any_with_password(emails)
        except SQLAlchemyError:
            return  # There are no tables yet, so there are no accounts either; or nobody can sign in anyway.
        finally:
            db.session.remove()
            db.engine.dispose()  # A server may fork now, and processes must not share a connection.
    if found:
        raise Misconfigured(
            f"This database holds the demo account {found}, whose password is public. Use a database of its own."
        )
