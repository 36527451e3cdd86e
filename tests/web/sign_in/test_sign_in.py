"""Signing in and out: who gets in, how long it lasts, and what a wrong guess learns."""

import pytest
from argon2 import PasswordHasher

from portal.db import db, writing
from portal.extensions import passwords
from portal.jobs.recurring import schedule
from portal.models import EndedSession, OutboxMessage, User
from tests import make
from tests.make import PASSWORD, S

WRONG = "The email address or the password is not right"


def try_to_sign_in(client, email, password=PASSWORD, **more):
    return client.post("/signin", data={"email": email, "password": password, **more})


def is_signed_in(client):
    return client.get("/signin").status_code == 303


@pytest.fixture
def person(app):
    return make.user(email="ada@example.edu", name="Ada Byron", password=PASSWORD)


def test_the_right_password_lets_in(client, person):
    answer = try_to_sign_in(client, "Ada@Example.edu ")
    assert (answer.status_code, answer.location) == (303, "/")
    assert is_signed_in(client)


@pytest.mark.parametrize("email", ["ada@example.edu", "nobody@example.edu", "none@example.edu", "off@example.edu"])
def test_every_wrong_guess_gets_the_same_answer(client, person, email):
    make.user(email="none@example.edu", password=None)
    make.user(email="off@example.edu", password=PASSWORD, is_active=False)
    answer = try_to_sign_in(client, email, PASSWORD if email.startswith(("none", "off")) else "wrong password")
    assert answer.status_code == 422
    assert WRONG in answer.text
    assert not is_signed_in(client)


def test_an_unknown_account_costs_as_much_work_as_a_wrong_password(client, person, monkeypatch):
    verified, verify = [], PasswordHasher.verify

    def counted(hasher, kept, password):
        verified.append(kept)
        return verify(hasher, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    try_to_sign_in(client, person.email, "wrong password")
    try_to_sign_in(client, "nobody@example.edu", "wrong password")
    assert len(verified) == 2


@pytest.mark.parametrize("email", ["", "ada", "a b@c", "a\x00@b.c", "a" * 300 + "@b.c"])
def test_what_is_no_mail_address_is_told_so(client, email):
    answer = try_to_sign_in(client, email)
    assert answer.status_code == 422
    assert "email address" in answer.text


def test_a_session_from_before_is_not_taken_over(client, person):
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
        session["csrf_token"] = "known to somebody else"
    try_to_sign_in(client, person.email)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["csrf_token"] != "known to somebody else"


def test_an_old_hash_is_made_anew(client, person):
    old = person.password_hash
    stronger = type(passwords)()
    stronger.init_app(_settings(client.application, PASSWORD_TIME_COST=2))
    with writing() as session:
        session.get_one(User, person.id).password_hash = stronger.hash(PASSWORD)
    try_to_sign_in(client, person.email)
    assert not passwords.is_weak(person.password_hash)
    assert person.password_hash != old


def _settings(app, **changes):
    """Enough of an app to read settings from."""
    return type("Settings", (), {"config": {**app.config, **changes}})()


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/exams/algebra/?a=b", "/exams/algebra/?a=b"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/\t/evil.example", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
        ("javascript:alert(1)", "/"),
        ("/signout", "/"),
        ("", "/"),
    ],
)
def test_next_stays_in_the_portal(client, person, wanted, goes_to):
    answer = try_to_sign_in(client, person.email, next=wanted)
    assert answer.location == goes_to


def test_somebody_signed_out_is_sent_to_sign_in_and_back(client, person):
    answer = client.get("/me/settings?tab=time")
    assert answer.location == "/signin?next=/me/settings?tab%3Dtime"
    page = client.get(answer.location)
    assert 'value="/me/settings?tab=time"' in page.text


def test_a_script_is_told_that_it_is_signed_out(client):
    answer = client.get("/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "signed_out")


def test_signing_out_ends_the_session(client, person, sign_in):
    sign_in(person)
    assert client.post("/signout").location == "/signin"
    assert not is_signed_in(client)


def test_signing_out_ends_every_copy_of_the_session(app, client, person, sign_in):
    """Also for the timer's poll, which asks for nothing else."""
    attempt = make.attempt(S.STARTED, learner=person)
    sign_in(person)
    copy, elsewhere = app.test_client(), app.test_client()
    copied_name = app.config["SESSION_COOKIE_NAME"]
    copy.set_cookie(copied_name, client.get_cookie(copied_name).value)
    sign_in(person, elsewhere)
    clock = f"/attempts/{attempt.ref}/clock.json"
    assert (is_signed_in(copy), copy.get(clock).status_code) == (True, 200)
    client.post("/signout")
    assert (is_signed_in(copy), copy.get(clock).status_code) == (False, 401)
    assert (is_signed_in(elsewhere), elsewhere.get(clock).status_code) == (True, 200)


def test_signing_out_twice_or_as_nobody_is_harmless(client, person, sign_in):
    sign_in(person)
    for _ in range(3):
        assert client.post("/signout").location == "/signin"
    assert db.session.scalar(db.select(db.func.count(EndedSession.key))) == 1


def test_an_ended_session_is_forgotten_when_no_cookie_can_name_it(client, person, sign_in, the_clock):
    sign_in(person)
    client.post("/signout")
    for days, kept in ((39, 1), (2, 0)):
        with writing() as session:
            schedule.forget_sign_in_failures(session, the_clock.advance(days=days))
        assert db.session.scalar(db.select(db.func.count(EndedSession.key))) == kept


def test_signing_out_everywhere_ends_every_session(app, client, person, sign_in):
    elsewhere = app.test_client()
    sign_in(person)
    sign_in(person, elsewhere)
    client.post("/signout/everywhere")
    assert not is_signed_in(client)
    assert not is_signed_in(elsewhere)


def test_an_account_that_is_switched_off_is_out_at_once(client, person, sign_in):
    sign_in(person)
    with writing() as session:
        session.get_one(User, person.id).is_active = False
    assert not is_signed_in(client)


@pytest.mark.parametrize("claimed", ["", "1", "1.", ".1", "1.1.1", "x.y", "999.1", "-1.1", "١.1"])
def test_a_strange_claim_is_nobody(client, person, claimed):
    with client.session_transaction() as session:
        session["_user_id"] = claimed
    assert client.get("/signin").status_code == 200


def test_the_cookie_is_for_this_site_and_no_script(client, person):
    cookies = try_to_sign_in(client, person.email).headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    assert all({"HttpOnly", "SameSite=Lax"} <= set(cookie.split("; ")) for cookie in cookies)


def test_no_mail_leaves_for_signing_in(client, person):
    try_to_sign_in(client, person.email)
    assert db.session.scalar(db.select(OutboxMessage.id)) is None
