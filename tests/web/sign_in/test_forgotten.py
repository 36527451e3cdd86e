"""A forgotten password: the same answer for everybody, and a link that works once."""

import pytest

from portal.db import db
from portal.extensions import passwords
from portal.models import OutboxMessage
from portal.web.sign_in import forgotten
from tests import make
from tests.make import PASSWORD

NEW = "seven green kettles"


@pytest.fixture
def person(app):
    return make.user(email="ada@example.edu", name="Ada Byron", password=PASSWORD)


def ask(client, email="ada@example.edu"):
    return client.post("/signin/forgotten", data={"email": email})


def mails():
    return db.session.scalars(db.select(OutboxMessage).order_by(OutboxMessage.id)).all()


def link(client):
    ask(client)
    return mails()[-1].payload["link"].removeprefix("http://localhost")


def set_password(client, where, password=NEW, again=None):
    return client.post(where, data={"password": password, "again": again or password})


def test_a_link_is_mailed(client, person):
    assert ask(client, " Ada@example.edu").status_code == 200
    [mail] = mails()
    assert mail.topic == "email"
    assert mail.payload["template"] == "password_reset"
    assert mail.payload["to"] == "ada@example.edu"
    assert mail.payload["link"].startswith("http://localhost/signin/new-password/")


def test_the_answer_does_not_tell_who_has_an_account(client, person):
    known, unknown = ask(client), ask(client, "eve@example.edu")
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace("ada@example.edu", "") == unknown.text.replace("eve@example.edu", "")
    assert len(mails()) == 1


def test_the_host_of_the_request_is_not_believed(client, person):
    client.post("/signin/forgotten", data={"email": person.email}, headers={"Host": "evil.example"})
    assert "evil" not in mails()[0].payload["link"]


def test_the_link_sets_a_new_password(client, person):
    where = link(client)
    assert client.get(where).status_code == 200
    assert set_password(client, where).location == "/signin"
    assert passwords.matches(person.password_hash, NEW)


def test_a_new_password_ends_every_session(app, client, person, sign_in):
    elsewhere = app.test_client()
    sign_in(person, elsewhere)
    set_password(client, link(client))
    assert elsewhere.get("/signin").status_code == 200


def test_the_link_works_once(client, person):
    where = link(client)
    set_password(client, where)
    assert client.get(where).status_code == 410
    assert set_password(client, where, "another fine password").status_code == 410
    assert passwords.matches(person.password_hash, NEW)


def test_the_link_works_for_an_hour(client, person, the_clock):
    where = link(client)
    the_clock.advance(minutes=59)
    assert client.get(where).status_code == 200
    the_clock.advance(minutes=1)
    assert client.get(where).status_code == 410


@pytest.mark.parametrize("token", ["x", "WzEsMSwiIiwwXQ.x", "%00", "a.b.c"])
def test_a_false_link_opens_nothing(client, person, token):
    assert client.get(f"/signin/new-password/{token}").status_code == 410


@pytest.mark.parametrize(
    ("password", "again", "says"),
    [
        ("short", None, "at least 10 characters"),
        ("x" * 201, None, "200 characters or fewer"),
        ("ada byron 1815", None, "Do not use your name"),
        ("i am ada@example.edu", None, "Do not use your name"),
        (NEW, "seven green kettle", "Enter the new password twice"),
        ("", None, "Enter a new password"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(client, person, password, again, says):
    answer = set_password(client, link(client), password, again)
    assert answer.status_code == 422
    assert says in answer.text
    assert passwords.matches(person.password_hash, PASSWORD)


def test_nobody_is_buried_in_mail(client, person):
    assert [ask(client).status_code for _ in range(6)] == [200] * 6
    assert len(mails()) == 3


def test_one_address_asks_only_so_often_but_a_hall_of_500_may(client, app, monkeypatch):
    assert forgotten.LINKS_PER_HOUR >= 1000
    monkeypatch.setattr(forgotten, "LINKS_PER_HOUR", 20)
    answers = [ask(client, f"n{number}@example.edu").status_code for number in range(21)]
    assert answers == [200] * 20 + [429]
