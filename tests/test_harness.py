"""The test harness itself: what one test or one client does never reaches another, and its alarms ring."""

import pytest
from flask_login import current_user

from portal import clock
from portal.db import db, writing
from portal.models import User
from tests import make
from tests.client import CheckedClient, Page


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_finds_an_empty_database(app, turn):
    assert db.session.scalar(db.select(db.func.count(User.id))) == 0
    make.user()


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_begins_at_noon(the_clock, turn):
    assert clock.now() == make.NOON
    the_clock.advance(hours=1)
    assert clock.now() > make.NOON


def test_one_clients_person_is_not_anothers(app, client, sign_in):
    sign_in(make.user())
    assert client.get("/signin").status_code == 303  # Signed in already.
    assert app.test_client().get("/signin").status_code == 200
    assert client.get("/signin").status_code == 303


def test_the_tests_own_person_is_nobody(app, client, sign_in):
    sign_in(make.user())
    client.get("/signin")
    with app.test_request_context():
        assert not current_user.is_authenticated


def test_a_row_changed_after_a_request_is_seen_fresh(app, client):
    person = make.user()
    with writing() as session:
        session.get_one(User, person.id).name = "Another name"
    client.get("/status")
    assert person.name == "Another name"


def test_what_make_builds_satisfies_every_constraint(app):
    for status in make.S:
        assert make.attempt(status).status is status
    assert make.member().is_active


@pytest.mark.parametrize(
    "html",
    [
        "<html lang=en><h1>One</h1><form method=post action=/x></form>",
        "<html lang=en><h1>One</h1><script>alert(1)</script>",
        "<html lang=en><h1>One</h1><p style='color:red'>",
        "<html lang=en><h1>One</h1><p onclick='x'>",
        "<html lang=en><h1>One</h1><p id=a><p id=a>",
        "<html><h1>One</h1>",
        "<html lang=en><h1>One</h1><form action=/x><input name=csrf_token value=t></form>",
    ],
)
def test_a_careless_page_is_noticed(html):
    assert Page(html).faults


def test_a_careful_page_is_left_alone():
    html = "<html lang=en><h1>One</h1><form method=post><input name=csrf_token value=t></form><form></form>"
    assert not Page(html).faults


def test_every_client_is_careful(client):
    assert isinstance(client, CheckedClient)
