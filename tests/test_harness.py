"""The test harness itself: what one test or one client does never reaches another, and its alarms ring."""

import pytest
from flask_login import current_user

from portal import clock
from portal.db import db, writing
from portal.models import User
from tests import make
from tests.client import A_REPR, CheckedClient, Page
from tests.conftest import pytest_collection_modifyitems


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


class Item:
    """As much of a pytest item as the choice of a quick run asks for."""

    def __init__(self, nodeid, *markers):
        self.nodeid, self.markers = nodeid, markers

    def get_closest_marker(self, name):
        return name in self.markers


class Config:
    def __init__(self, is_quick):
        self.is_quick = is_quick

    def getoption(self, name):
        return self.is_quick


@pytest.mark.parametrize(("is_quick", "kept"), [(True, ["a[1]", "c[1]", "c[2]"]), (False, None)])
def test_a_quick_run_tries_the_first_row_of_each_table_and_nothing_slow(is_quick, kept):
    whole = ("every_row",)
    items = [Item("a[1]"), Item("a[2]"), Item("b", "slow"), Item("c[1]", *whole), Item("c[2]", *whole)]
    every = [item.nodeid for item in items]
    pytest_collection_modifyitems(Config(is_quick), items)
    assert [item.nodeid for item in items] == (kept or every)


@pytest.mark.parametrize(
    ("html", "is_one"),
    [("Invigil &lt;ExamVersion 10&gt;", True), ("&lt;User object at 0x7f&gt;", True), ("Send &lt;b&gt;", False)],
)
def test_an_object_in_a_page_is_noticed(html, is_one):
    assert bool(A_REPR.search(html)) is is_one
