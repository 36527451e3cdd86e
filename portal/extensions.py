"""The Flask extensions, made once here and given their app in :func:`init_app`."""

from pathlib import Path

from flask import Flask
from flask_login import LoginManager
from flask_mail import Mail
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from portal.db import db
from portal.passwords import Passwords

csrf = CSRFProtect()
login_manager = LoginManager()
mail = Mail()
migrate = Migrate(directory=str(Path(__file__).parent.parent / "migrations"), render_as_batch=True, compare_type=True)
passwords = Passwords()


def init_app(app: Flask) -> None:
    csrf.init_app(app)
    login_manager.session_protection = None  # A learner's network may change in the middle of an exam.
    login_manager.init_app(app)
    mail.init_app(app)
    migrate.init_app(app, db)
    passwords.init_app(app)
