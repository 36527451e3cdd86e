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


def test_after_five_wrong_guesses_an_account_rests(client, person, the_clock):
    for _ in range(5):
        assert try_to_sign_in(client, person.email, "wrong password").status_code == 422
    answer = try_to_sign_in(client, person.email)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"
    assert "Try again in 15 minutes" in answer.text
    the_clock.advance(minutes=15)
    assert try_to_sign_in(client, person.email).status_code == 303


def test_others_guesses_do_not_keep_out_a_browser_the_account_knows(app, client, person):
    try_to_sign_in(client, person.email)
    client.post("/signout")
    stranger = app.test_client()
    assert [try_to_sign_in(stranger, person.email, "guess").status_code for _ in range(6)] == [422] * 5 + [429]
    assert try_to_sign_in(client, person.email).status_code == 303


def test_a_known_browser_rests_after_five_guesses_of_its_own(app, client, person):
    try_to_sign_in(client, person.email)
    client.post("/signout")
    assert [try_to_sign_in(client, person.email, "guess").status_code for _ in range(6)] == [422] * 5 + [429]
    assert try_to_sign_in(app.test_client(), person.email).status_code == 303


def test_a_browser_is_known_to_one_account_only(client, person):
    try_to_sign_in(client, person.email)
    client.post("/signout")
    for _ in range(5):
        try_to_sign_in(client, "eve@example.edu", "guess")
    assert try_to_sign_in(client.application.test_client(), "eve@example.edu", "guess").status_code == 429


def test_an_account_that_does_not_exist_rests_as_well(client, app):
    answers = [try_to_sign_in(client, "nobody@example.edu").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_after_thirty_wrong_guesses_an_address_rests(client, person):
    answers = [try_to_sign_in(client, f"n{number}@example.edu").status_code for number in range(31)]
    assert answers == [422] * 30 + [429]
    assert try_to_sign_in(client, person.email).status_code == 429


def test_signing_in_well_is_not_counted(client, person):
    for _ in range(40):
        assert try_to_sign_in(client, person.email).status_code == 303
    assert db.session.scalar(db.select(db.func.count(SignInFailure.id))) == 0


def test_what_is_counted_names_nobody(client, person):
    try_to_sign_in(client, person.email, "wrong password")
    kept = db.session.scalars(db.select(SignInFailure.subject)).all()
    assert len(kept) == 2
    assert all(re.fullmatch("[0-9a-f]{64}", subject) for subject in kept)


@pytest.mark.parametrize("cookie", ["", "x", "WyJhIiwiYiJd.x", "\xff"])
def test_a_false_cookie_knows_nobody(client, person, cookie):
    client.set_cookie("invigil-known", cookie, path="/signin")
    assert try_to_sign_in(client, person.email).status_code == 303
