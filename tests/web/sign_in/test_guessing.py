"""How often a password may be guessed, and whom the guesses of others keep out."""

import re

import pytest

from portal.db import db
from portal.models import SignInFailure
from tests import make
from tests.make import PASSWORD


def try_to_sign_in(client, email, password=PASSWORD):
    return client.post("/signin", data={"email": email, "password": password})


@pytest.fixture
def person(app):
    return make.user(email="ada@example.edu", name="Ada Byron", password=PASSWORD)


def guess(client, email, times, password="wrong password"):
    """The codes of so many wrong tries at once, from a browser that has seen the page."""
    if times > 1:
        client.get("/signin")
    return [try_to_sign_in(client, email, password).status_code for _ in range(times)]


def test_after_five_wrong_guesses_each_try_waits_longer_and_the_page_says_how_long(client, person, the_clock):
    assert guess(client, person.email, 5) == [422] * 5
    for seconds in (5, 10, 20, 40):
        answer = try_to_sign_in(client, person.email, "wrong password")
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, str(seconds))
        assert f"Try again in {seconds} seconds." in answer.text
        assert person.email in answer.text  # What was typed is kept.
        the_clock.advance(seconds=seconds)
        assert guess(client, person.email, 1) == [422]
    assert "Try again in 2 minutes." in try_to_sign_in(client, person.email).text
    the_clock.advance(seconds=80)
    assert try_to_sign_in(client, person.email).status_code == 303


def test_a_wait_never_grows_beyond_five_minutes(client, person, the_clock):
    guess(client, person.email, 5)
    waits = []
    for _ in range(12):
        waits.append(int(try_to_sign_in(client, person.email, "wrong").headers["Retry-After"]))
        the_clock.advance(seconds=waits[-1])
        guess(client, person.email, 1)
    assert max(waits) <= 300


@pytest.mark.parametrize("wrong", [5, 6, 19])
def test_wrong_guesses_do_not_keep_the_account_out_of_a_new_browser(app, person, wrong):
    """Also at the same address, as in an exam hall."""
    for number in range(wrong):
        guesser = a_browser(app, f"guesser {number // 5}")
        assert guess(guesser, person.email, 1) == [422]
    assert try_to_sign_in(a_browser(app, "their own"), person.email).status_code == 303


def a_browser(app, name):
    """One with a cookie of its own, as every browser has that has seen the sign-in page."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["csrf_token"] = name
    return client


def test_a_guesser_who_throws_cookies_away_is_slowed_down_by_address(app, person, the_clock):
    codes = [guess(a_browser(app, f"new {number}"), person.email, 1)[0] for number in range(21)]
    assert codes == [422] * 20 + [429]
    elsewhere = {"REMOTE_ADDR": "192.0.2.77"}
    sent = {"email": person.email, "password": PASSWORD}
    assert app.test_client().post("/signin", data=sent, environ_base=elsewhere).status_code == 303
    wait = try_to_sign_in(a_browser(app, "their own"), person.email).headers["Retry-After"]
    assert int(wait) <= 60
    the_clock.advance(seconds=int(wait))
    assert try_to_sign_in(a_browser(app, "their own"), person.email).status_code == 303


def test_a_guesser_with_many_addresses_is_slowed_down_by_account(app, person):
    def from_address(number):
        return {"REMOTE_ADDR": f"2001:db8:{number}::1"}

    sent = {"email": person.email, "password": "wrong password"}
    codes = [
        app.test_client().post("/signin", data=sent, environ_base=from_address(number)).status_code
        for number in range(101)
    ]
    assert codes == [422] * 100 + [429]


def test_the_addresses_of_one_ipv6_network_count_as_one(app, person):
    sent = {"email": person.email, "password": "wrong password"}
    codes = [
        app.test_client().post("/signin", data=sent, environ_base={"REMOTE_ADDR": f"2001:db8::{number}"}).status_code
        for number in range(1, 7)
    ]
    assert codes == [422] * 5 + [429]


@pytest.mark.slow
def test_a_hall_of_500_signs_in_although_each_mistypes_once(app, person):
    """All from one address, within a minute."""
    for number in range(500):
        assert guess(app.test_client(), f"learner{number}@example.edu", 1) == [422]
    assert try_to_sign_in(app.test_client(), person.email).status_code == 303


def test_others_guesses_do_not_touch_a_browser_that_the_account_has_used(app, client, person, monkeypatch):
    try_to_sign_in(client, person.email)
    client.post("/signout")
    monkeypatch.setitem(app.config, "SIGN_IN_TRIES_PER_ADDRESS", 10)
    for number in range(11):
        guess(a_browser(app, f"guesser {number}"), person.email if number % 2 else f"n{number}@example.edu", 1)
    assert guess(app.test_client(), "another@example.edu", 1) == [429]
    assert try_to_sign_in(client, person.email).status_code == 303


def test_a_browser_is_known_to_several_accounts_but_only_to_those(app, client, person):
    other = make.user(email="bob@example.edu", password=PASSWORD)
    for one in (person, other):
        try_to_sign_in(client, one.email)
        client.post("/signout")
    stranger = app.test_client()
    for one in (person, other):
        assert guess(stranger, one.email, 6) == [422] * 5 + [429]
        assert try_to_sign_in(client, one.email).status_code == 303
        client.post("/signout")
    assert guess(client, "eve@example.edu", 6)[-1] == 429


def test_a_known_browser_waits_after_five_guesses_of_its_own(app, client, person):
    try_to_sign_in(client, person.email)
    client.post("/signout")
    assert guess(client, person.email, 6) == [422] * 5 + [429]
    assert try_to_sign_in(app.test_client(), person.email).status_code == 303


def test_an_account_that_does_not_exist_is_slowed_down_as_well(client, app):
    assert guess(client, "nobody@example.edu", 6) == [422] * 5 + [429]


def test_on_a_shared_computer_no_account_is_remembered(app, client, person):
    client.post("/signin", data={"email": person.email, "password": PASSWORD, "is_shared": "y"})
    assert client.get_cookie("invigil-known", path="/signin") is None


def test_signing_in_well_is_not_counted(client, person):
    for _ in range(40):
        assert try_to_sign_in(client, person.email).status_code == 303
    assert db.session.scalar(db.select(db.func.count(SignInFailure.id))) == 0


def test_what_is_counted_names_nobody(client, person):
    try_to_sign_in(client, person.email, "wrong password")
    kept = db.session.scalars(db.select(SignInFailure.subject)).all()
    assert len(kept) == 4
    assert all(re.fullmatch("[0-9a-f]{64}", subject) for subject in kept)


@pytest.mark.parametrize("cookie", ["", "x", "WyJhIiwiYiJd.x", "\xff"])
def test_a_false_cookie_knows_nobody(client, person, cookie):
    client.set_cookie("invigil-known", cookie, path="/signin")
    assert try_to_sign_in(client, person.email).status_code == 303
