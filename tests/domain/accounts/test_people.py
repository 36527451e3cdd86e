"""Accounts: one per mail address, and sessions that can be ended."""

import pytest

from portal.db import writing
from portal.domain.accounts import people
from portal.domain.errors import BadInput
from tests import make
from tests.make import NOON


def create(email="ada@example.edu", name="Ada Byron"):
    with writing():
        return people.create(email, name, password_hash=None, now=NOON)


def test_an_account_is_tidied_and_found_whatever_its_case(app):
    made = create("  Ada@Example.edu ", " Ada   Byron ")
    assert (made.email, made.name) == ("ada@example.edu", "Ada Byron")
    assert people.find_by_email("ADA@example.EDU") is made
    assert people.find_by_email("eve@example.edu") is None


def test_there_is_one_account_per_address(app):
    create()
    with pytest.raises(BadInput, match="already"):
        create("ADA@example.edu")


@pytest.mark.parametrize(("email", "name"), [("ada", "Ada"), ("a@b@c", "Ada"), ("a b@c", "Ada"), ("a@b", "  ")])
def test_what_is_missing_is_named(app, email, name):
    with pytest.raises(BadInput) as refusal:
        create(email, name)
    assert refusal.value.field == ("name" if not name.strip() else "email")


def test_a_new_password_ends_every_session(app):
    person = make.user()
    before = person.get_id()
    with writing():
        people.change_password(person, "another hash")
    assert person.password_hash == "another hash"
    assert person.get_id() != before


@pytest.mark.parametrize("password", ["xyzzy plugh 1976", "ünïcödé ist schön", "seven green kettles " * 10])
def test_any_long_password_will_do(password):
    people.check_new_password(password, email="ada@example.edu", name="Ada Byron")


@pytest.mark.parametrize("password", ["short", "x" * 201, "BYRON byron byron", "ada@example.edu!", "the ada of 1815"])
def test_a_password_others_would_guess_will_not(password):
    with pytest.raises(BadInput):
        people.check_new_password(password, email="ada@example.edu", name="Ada Byron")


@pytest.mark.parametrize(
    "password",
    [
        "password12", "Password2026!", "P@ssw0rd123", "qwertyuiop", "1234567890", "1q2w3e4r5t", "iloveyou123",
        "abcdefghijkl", "aaaaaaaaaaaa", "x" * 200, "football2024", "welcome2026!", "passwort123", "          a",
        "invigil2026",
    ],
)  # fmt: skip
def test_a_password_that_everybody_uses_will_not(password):
    with pytest.raises(BadInput, match="This password is too common"):
        people.check_new_password(password, email="ada@example.edu", name="Ada Byron")


def test_a_short_name_forbids_no_letters():
    people.check_new_password("a lovely password", email="a@example.edu", name="A B")
