"""What the browser is told with every answer, and how long it may keep one."""

import pytest
from flask import request, url_for

from portal import create_app
from tests import make
from tests.conftest import SETTINGS


@pytest.mark.parametrize("path", ["/signin", "/status", "/nowhere", "/static/css/base.css", "/"])
def test_every_answer_is_protected(client, path):
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_only_a_secure_address_is_promised_for_ever(client):
    assert "Strict-Transport-Security" not in client.get("/status").headers
    secure = client.get("/status", base_url="https://localhost")
    assert "max-age=31536000" in secure.headers["Strict-Transport-Security"]


def test_nothing_private_is_kept(client, sign_in):
    sign_in(make.user())
    for path in ("/", "/status", "/signin", "/nowhere"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


def test_a_static_file_named_by_its_content_is_kept_for_ever(app, client):
    with app.test_request_context():
        address = url_for("static", filename="css/base.css")
    assert "?v=" in address
    kept, asked_again = client.get(address), client.get("/static/css/base.css?v=old")
    assert "immutable" in kept.headers["Cache-Control"]
    assert asked_again.headers["Cache-Control"] == "no-cache"
    assert client.get("/static/css/base.css").headers["Cache-Control"] == "no-cache"


def test_a_static_file_that_does_not_exist_is_just_missing(app, client):
    assert client.get("/static/css/none.css?v=1").status_code == 404
    assert client.get("/static/../portal/config.py").status_code == 404


def test_behind_proxies_of_ours_the_caller_is_who_they_say(tmp_path):
    settings = {**SETTINGS, "DATA": str(tmp_path), "DATABASE_URL": "sqlite://"}
    for hops, seen in ((0, "127.0.0.1"), (1, "192.0.2.7")):
        app = create_app(**settings, PROXIES=hops)
        app.add_url_rule("/who", view_func=lambda: str(request.remote_addr))
        answer = app.test_client().get("/who", headers={"X-Forwarded-For": "198.51.100.1, 192.0.2.7"})
        assert answer.text == seen


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", "localhost"])
@pytest.mark.parametrize("address", ["/me/exams", "/teach/courses/algebra", "/", "/me/settings?x=//evil.example/"])
def test_no_redirect_takes_a_host_from_the_request(client, host, address):
    """Also the one of the address without its last slash, which no view makes."""
    answer = client.get(address, headers={"Host": host})
    assert answer.status_code in {303, 308}
    assert answer.location.startswith("/") and not answer.location.startswith("//")
    assert host not in answer.location.partition("?")[0]
