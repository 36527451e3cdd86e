"""The Flask extensions, made once here and given their app in :func:`init_app`."""

from flask import Flask
from flask_login import LoginManager
from flask_mail import Mail

from portal.own_forms import OwnForms
from portal.passwords import Passwords

csrf = OwnForms()
login_manager = LoginManager()
mail = Mail()
passwords = Passwords()


def init_app(app: Flask) -> None:
    csrf.init_app(app)
    login_manager.session_protection = None  # A learner's network may change in the middle of an exam.
    login_manager.init_app(app)
    mail.init_app(app)
    passwords.init_app(app)
