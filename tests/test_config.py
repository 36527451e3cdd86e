"""Settings: where they come from, what is made when they are missing, and what production refuses."""

import stat
from datetime import timedelta

import pytest
from sqlalchemy.dialects import sqlite

from portal import create_app
from portal.config import DEFAULTS
from portal.config_checks import Misconfigured, check
from portal.db.encrypted import EncryptedText
from portal.demo.people import ACCOUNTS
from tests import make

SAFE = {
    **DEFAULTS,
    "ENV": "production",
    "PUBLIC_URL": "https://exams.example.edu",
    "SECRET_KEY": "k" * 32,
    "PROXIES": 0,
}


def test_the_environment_wins_over_the_default_and_the_caller_over_both(monkeypatch, tmp_path):
    monkeypatch.setenv("PORTAL_DATA", str(tmp_path))
    monkeypatch.setenv("PORTAL_SITE_NAME", "From outside")
    monkeypatch.setenv("PORTAL_SECRET_KEY", "12345")
    app = create_app(IDLE_HOURS=1)
    assert app.config["DATA"] == str(tmp_path)
    assert app.config["SITE_NAME"] == "From outside"
    assert app.config["SECRET_KEY"] == "12345"
    assert app.config["IDLE_HOURS"] == 1
    assert app.config["PERMANENT_SESSION_LIFETIME"] == timedelta(days=30)


@pytest.mark.parametrize(
    ("name", "said", "means"),
    [
        ("MAIL_SERVER", "mail.example.edu", "mail.example.edu"),
        ("MAIL_PORT", "587", 587),
        ("MAIL_USE_TLS", "yes", True),
        ("MAIL_PASSWORD", "007", "007"),
        ("MAIL_PASSWORD", "true", "true"),
        ("SECRET_KEY", "1e5", "1e5"),
        ("DEMO", "off", False),
        ("ALLOW_TIMED_OUT_STATE", "1", True),
        ("IDLE_HOURS", "8", 8),
        ("PROXIES", "0", 0),
        ("PROXIES", "2", 2),
    ],
)
def test_a_setting_from_the_environment_is_of_its_defaults_kind(monkeypatch, tmp_path, name, said, means):
    monkeypatch.setenv(f"PORTAL_{name}", said)
    config = create_app(DATA=str(tmp_path)).config
    assert (config[name], type(config[name])) == (means, type(means))


@pytest.mark.parametrize(
    ("name", "said", "asks"),
    [
        ("IDLE_HOURS", "twelve", "a whole number such as 12, not 'twelve'"),
        ("IDLE_HOURS", "9" * 5000, "a whole number such as 12, not '9999"),
        ("PROXIES", "yes", "a whole number such as 1, not 'yes'"),
        ("DEMO", "perhaps", "on or off"),
    ],
)
def test_a_setting_that_cannot_be_read_is_refused_by_name(monkeypatch, tmp_path, name, said, asks):
    monkeypatch.setenv(f"PORTAL_{name}", said)
    with pytest.raises(Misconfigured, match=f"PORTAL_{name} must be {asks}"):
        create_app(DATA=str(tmp_path))


@pytest.mark.parametrize(
    ("name", "said", "asks"),
    [
        ("ENV", "prod", "must be development or production"),
        ("SQLITE_SYNCHRONOUS", "banana", "must be FULL, EXTRA, NORMAL or OFF"),
        ("PUBLIC_URL", "exams.example.edu", "must be a whole address such as https://"),
        ("WORKER", "maybe", "must be on or off"),
        ("DATABASE_URL", "nonsense", "must look like postgresql://"),
        ("DATABASE_URL", "mysql://portal:s3cret@host/db", "must look like postgresql://"),
        ("DATABASE_URL", "postgresql://portal:s3cret@host:port/db", "must look like postgresql://"),
    ],
)
def test_what_nobody_can_mean_is_refused_without_repeating_a_password(monkeypatch, tmp_path, name, said, asks):
    monkeypatch.setenv(f"PORTAL_{name}", said)
    with pytest.raises(Misconfigured, match=f"PORTAL_{name} {asks}") as refusal:
        create_app(DATA=str(tmp_path))
    assert "s3cret" not in str(refusal.value)


def test_two_ways_to_encrypt_mail_are_one_too_many(tmp_path):
    with pytest.raises(Misconfigured, match="not both"):
        create_app(DATA=str(tmp_path), MAIL_USE_TLS=True, MAIL_USE_SSL=True)


@pytest.mark.parametrize("said", ["0", "no", "off", "False"])
def test_production_refuses_a_cookie_in_the_clear_however_it_is_said(monkeypatch, tmp_path, said):
    monkeypatch.setenv("PORTAL_SESSION_COOKIE_SECURE", said)
    with pytest.raises(Misconfigured, match="PORTAL_SESSION_COOKIE_SECURE"):
        create_app(DATA=str(tmp_path), ENV="production", PUBLIC_URL="https://exams.example.edu")


def test_mail_goes_where_the_environment_says(monkeypatch, tmp_path):
    said = {"SERVER": "mail.example.edu", "PORT": "465", "USE_SSL": "on", "USERNAME": "portal", "PASSWORD": "12345"}
    for name, value in said.items():
        monkeypatch.setenv(f"PORTAL_MAIL_{name}", value)
    mail = create_app(DATA=str(tmp_path)).extensions["mail"]
    assert (mail.server, mail.port, mail.use_ssl, mail.use_tls) == ("mail.example.edu", 465, True, False)
    assert (mail.username, mail.password) == ("portal", "12345")


def test_the_key_is_made_once_and_kept_from_others(tmp_path):
    first = create_app(DATA=str(tmp_path)).config["SECRET_KEY"]
    assert len(first) == 64
    assert create_app(DATA=str(tmp_path)).config["SECRET_KEY"] == first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"secret_key", "mail"}


def test_what_an_older_key_sealed_can_be_read_still(monkeypatch, tmp_path):
    older, oldest = "o" * 40, "p" * 40
    with create_app(DATA=str(tmp_path), SECRET_KEY=oldest).app_context():
        kept = EncryptedText().process_bind_param("s3cret", sqlite.dialect())
    monkeypatch.setenv("PORTAL_SECRET_KEY_FALLBACKS", f"{older} {oldest}")
    app = create_app(DATA=str(tmp_path))
    assert app.config["SECRET_KEY_FALLBACKS"] == [older, oldest]
    with app.app_context():
        assert EncryptedText().process_result_value(kept, sqlite.dialect()) == "s3cret"


@pytest.mark.parametrize("kept", ["", "cut off", b"\xff" * 64, None])
def test_a_key_that_cannot_be_used_is_said_before_anybody_signs_in(tmp_path, kept):
    path = tmp_path / "secret_key"
    path.mkdir() if kept is None else path.write_bytes(kept if isinstance(kept, bytes) else kept.encode())
    with pytest.raises(Misconfigured, match=f"The key in {path}"):
        create_app(DATA=str(tmp_path))


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:////tmp/other.sqlite", "sqlite:////tmp/other.sqlite"),
    ],
)
def test_a_database_address_in_any_of_its_spellings(tmp_path, given, used):
    assert create_app(DATA=str(tmp_path), DATABASE_URL=given).config["SQLALCHEMY_DATABASE_URI"] == used


def test_a_folder_that_cannot_be_made_is_refused_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Misconfigured, match="cannot be made"):
        create_app(DATA=str(tmp_path / "file" / "folder"))


def test_a_safe_production_starts(tmp_path):
    check(SAFE)
    app = create_app(**{**SAFE, "DATA": str(tmp_path)})
    assert app.config["SESSION_COOKIE_SECURE"] is True
    cookie = app.test_client().get("/signin", base_url="https://localhost").headers["Set-Cookie"]
    assert cookie.startswith("__Host-invigil=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"PUBLIC_URL": ""}, "PORTAL_PUBLIC_URL"),
        ({"PUBLIC_URL": "http://exams.example.edu"}, "https://"),
        ({"PROXIES": None}, "PORTAL_PROXIES"),
        ({"DEBUG": True}, "PORTAL_DEBUG"),
        ({"SESSION_COOKIE_SECURE": False}, "PORTAL_SESSION_COOKIE_SECURE"),
        ({"SECRET_KEY": "short"}, "32 characters"),
    ],
)
def test_an_unsafe_production_is_refused_with_the_reason(change, says):
    with pytest.raises(Misconfigured, match=says):
        check({**SAFE, **change})


def test_everything_that_is_wrong_is_said_at_once():
    with pytest.raises(Misconfigured, match=r"PORTAL_PUBLIC_URL.*PORTAL_DEBUG"):
        check({**SAFE, "PUBLIC_URL": "", "DEBUG": True})


def test_production_refuses_a_folder_with_demo_accounts(tmp_path):
    (tmp_path / "demo_accounts").touch()
    with pytest.raises(Misconfigured, match="demo accounts"):
        check({**SAFE, "DATA": str(tmp_path)})


def test_production_refuses_a_database_with_demo_accounts(app):
    make.user(email=ACCOUNTS[0].email, password=make.PASSWORD)
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    with pytest.raises(Misconfigured, match=ACCOUNTS[0].email):
        create_app(**{**SAFE, "DATA": app.config["DATA"], "DATABASE_URL": url})


def test_elsewhere_nothing_of_this_is_asked():
    check({**DEFAULTS, "DEBUG": True, "SECRET_KEY": "short"})
