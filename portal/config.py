"""Every setting, its default and why; ``PORTAL_<NAME>`` in the environment overrides each."""

import os
import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import NoneType
from typing import Any

from flask import Flask
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from portal import config_checks, private_files
from portal.config_checks import Misconfigured

ROOT = Path(__file__).resolve().parent.parent

DEFAULTS: dict[str, Any] = {
    "ENV": "development",  # "production" refuses to start with anything unsafe; see check().
    "DATA": str(ROOT / "instance"),  # The folder of everything that is kept: database, key, unsent emails.
    "DATABASE_URL": "",  # Empty: portal.sqlite in the data folder.
    "SQLITE_SYNCHRONOUS": "FULL",  # An answer that said "Saved" survives a power cut.
    "SECRET_KEY": "",  # Signs cookies and links. Empty: made once and kept in the data folder.
    "SECRET_KEY_FALLBACKS": "",  # Keys from before, with spaces between: they still read what they encrypted.
    "PUBLIC_URL": "",  # Where people reach the portal; links in emails begin with it.
    "PROXIES": None,  # How many reverse proxies of ours stand in front and set X-Forwarded-…. Production must say it.
    "SITE_NAME": "Invigil",
    "HELP_CONTACT": "",  # Whom to ask when no course can be named; shown on error pages.
    "DEMO": True,  # Whether `serve` fills an empty database with the demo course; never in production.
    "WORKER": None,  # Background work inside this process: on, or off where `flask worker` runs. None: off in tests.
    "ALLOW_TIMED_OUT_STATE": False,  # Whether an exam submitted by the clock is "timed_out" instead of "submitted".
    "DECISION_UNDO_MINUTES": 10,  # How long a reviewer's decision can be undone before it is sent.
    "REVIEW_DAYS": 5,  # Days after an exam within which a person should have reviewed it; the queue sorts by it.
    "APPEAL_DAYS": 14,  # Days in which a learner may ask for another look at "not accepted".
    "WEBHOOKS_MAY_BE_PRIVATE": False,  # Whether events may go to http:// and to addresses of a private network.
    "MAX_CONTENT_LENGTH": 21 * 1024 * 1024,  # The largest file of a learner, 20 MB, and the form around it.
    "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,  # A long text answer arrives as a form field.
    "BODIES_MB": 4096,  # How much of the disk of the data folder large requests may use together while they arrive.
    "SILENT_BODY_SECONDS": 30,  # Who sends nothing for so long in the middle of a request is cut off.
    "IDLE_CONNECTION_SECONDS": 75,  # A connection without a request ends; longer than a proxy's own limit, often 60.
    "MAIL_SERVER": "",  # Empty: emails are written to the data folder's mail/ instead of sent.
    "MAIL_PORT": 25,  # Usually 587 with MAIL_USE_TLS, 465 with MAIL_USE_SSL.
    "MAIL_USE_TLS": False,  # Begin in the clear, then encrypt (STARTTLS); refuses a certificate that is not valid.
    "MAIL_USE_SSL": False,  # Encrypt from the first byte.
    "MAIL_USERNAME": "",
    "MAIL_PASSWORD": "",
    "MAIL_DEFAULT_SENDER": "Invigil <exams@localhost>",
    "SESSION_COOKIE_NAME": "",  # Empty: invigil, or __Host-invigil where it is secure.
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_SECURE": None,  # None: on in production and wherever PUBLIC_URL is https.
    "SESSION_REFRESH_EACH_REQUEST": False,  # portal.web.gate.sessions re-signs the cookie now and then instead.
    "PERMANENT_SESSION_LIFETIME": timedelta(days=30),  # The outer bound; idle hours end a session much earlier.
    "IDLE_HOURS": 12,
    "SESSION_DAYS": 7,  # After these a session ends though it is used; an exam that runs is waited for.
    "SHARED_IDLE_MINUTES": 30,  # Idle minutes on a shared computer; such a session ends within IDLE_HOURS.
    "WTF_CSRF_TIME_LIMIT": None,  # A token lives as long as its session: an exam page may be open for a day.
    "SIGN_IN_TRIES_PER_DEVICE": 5,  # Wrong passwords for one account from one browser; then each try waits longer.
    "SIGN_IN_TRIES_PER_ADDRESS": 2000,  # From one network address: far above what an exam hall of 500 needs.
    "SIGN_IN_TRIES_MINUTES": 15,
    "PROVIDER_MEGABYTES_PER_HOUR": 100,  # How much of one provider's messages is kept; 1,500 reports are far less.
    "PROVIDER_CALLS_PER_MINUTE": 600,  # How often one provider may call us; a whole course ends within a minute.
    "PASSWORD_TIME_COST": 3,
    "PASSWORD_MEMORY_KIB": 64 * 1024,
    "PASSWORD_LANES": 2,
}


#: Whole numbers that have no default, and an example of each.
NUMBERS = {"PROXIES": 1}
DATABASES = frozenset({"sqlite", "postgresql+psycopg"})
#: What is longer is a slip.
MOST_DIGITS = 9


def load(app: Flask, overrides: dict[str, object]) -> None:
    """Fill ``app.config``, make the data folder, and refuse what is unsafe."""
    app.config.from_mapping(DEFAULTS)
    app.config.from_prefixed_env("PORTAL")
    app.config.from_mapping(_said())
    app.config.from_mapping(overrides)
    config = app.config
    config_checks.refuse_nonsense(config)
    config_checks.check(config)
    if config["WORKER"] is None:
        config["WORKER"] = "off" if config["TESTING"] else "on"
    config["PUBLIC_URL_GIVEN"] = bool(config["PUBLIC_URL"])
    config["PUBLIC_URL"] = str(config["PUBLIC_URL"] or "http://127.0.0.1:5000").rstrip("/")
    if config["SESSION_COOKIE_SECURE"] is None:
        config["SESSION_COOKIE_SECURE"] = str(config["PUBLIC_URL"]).startswith("https://")
    if not config["SESSION_COOKIE_NAME"]:
        # With this prefix browsers let no other host of the same domain set our cookie.
        config["SESSION_COOKIE_NAME"] = "__Host-invigil" if config["SESSION_COOKIE_SECURE"] else "invigil"
    data = Path(str(config["DATA"])).expanduser().resolve()
    _prepare(data)
    config["DATA"] = str(data)
    config["PROXIES"] = config["PROXIES"] or 0
    config["SECRET_KEY"] = str(config["SECRET_KEY"] or "") or _kept_key(data / "secret_key")
    if isinstance(config["SECRET_KEY_FALLBACKS"], str):
        config["SECRET_KEY_FALLBACKS"] = config["SECRET_KEY_FALLBACKS"].split()
    config.setdefault("SQLALCHEMY_DATABASE_URI", _database_url(str(config["DATABASE_URL"]), data))


def _said() -> dict[str, object]:
    """Our settings out of the environment, each of the kind its default is of: a password of digits stays text."""
    kinds = (bool, int, str, NoneType)
    given = {name: os.environ.get(f"PORTAL_{name}") for name, usual in DEFAULTS.items() if type(usual) in kinds}
    return {name: _read(name, said) for name, said in given.items() if said is not None}


def _read(name: str, said: str) -> bool | int | str | None:
    default, word = DEFAULTS[name], said.strip()
    if isinstance(default, str):
        return said
    if not word:
        return default  # type: ignore[no-any-return]
    if name in NUMBERS or (isinstance(default, int) and not isinstance(default, bool)):
        if not (word.isascii() and word.isdecimal()) or len(word) > MOST_DIGITS:
            example = NUMBERS.get(name, default)
            raise Misconfigured(f"PORTAL_{name} must be a whole number such as {example}, not {said[:40]!r}.")
        return int(word)
    if word.lower() not in config_checks.YES | config_checks.NO:
        raise Misconfigured(f"PORTAL_{name} must be on or off, not {said!r}.")
    return word.lower() in config_checks.YES


def _prepare(data: Path) -> None:
    try:
        private_files.make_folder(data)
    except OSError as err:
        raise Misconfigured(
            f"The data folder {data} cannot be made: {err.strerror}. Choose another with PORTAL_DATA."
        ) from err
    if not os.access(data, os.W_OK | os.X_OK):
        raise Misconfigured(f"The data folder {data} cannot be written to. Choose another with PORTAL_DATA.")


def _kept_key(path: Path) -> str:
    """The key in the data folder, made by whichever process comes first."""
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_text().strip()
    except (OSError, ValueError) as err:
        why = getattr(err, "strerror", None) or "it is not text"
        raise Misconfigured(f"The key in {path} cannot be read: {why}. Let the portal's own account read it.") from err
    if len(key) < config_checks.SHORTEST_KEY:
        raise Misconfigured(
            f"The key in {path} is empty or cut off. Put it back from a backup; without one remove the file, "
            "and a new key is made: everybody signs in again, and the providers' secrets must be given again."
        )
    return key


def _make_key(path: Path) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(secrets.token_hex(32))
    with suppress(FileExistsError):
        os.link(draft, path)  # All or nothing: nobody ever reads half a key.
    draft.unlink()


def _database_url(url: str, data: Path) -> str:
    if not url:
        return f"sqlite:///{data / 'portal.sqlite'}"
    for bare in ("postgres://", "postgresql://"):
        if url.startswith(bare):
            url = "postgresql+psycopg://" + url.removeprefix(bare)
    try:
        is_known = make_url(url).drivername in DATABASES
    except (ArgumentError, ValueError):
        is_known = False
    if not is_known:  # Not repeated here: it may hold a password.
        raise Misconfigured(
            "PORTAL_DATABASE_URL must look like postgresql://name:password@host/database or sqlite:////folder/file."
        )
    return url
