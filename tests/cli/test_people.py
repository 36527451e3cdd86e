"""Accounts from the command line."""

import pytest

from portal.domain.accounts import people
from portal.extensions import passwords
from tests import make

GOOD = "seven green kettles"


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *words, **more: runner.invoke(args=["people", *words], **more)


def test_an_account_is_added(run):
    done = run("add", "Ada@Example.edu", "Ada Byron", "--administrator", "--password", GOOD)
    assert (done.exit_code, done.output) == (0, "ada@example.edu can sign in now.\n")
    made = people.find_by_email("ada@example.edu")
    assert made.is_administrator
    assert passwords.matches(made.password_hash, GOOD)


def test_the_password_is_asked_for_twice_and_not_shown(run):
    done = run("add", "ada@example.edu", "Ada Byron", input=f"{GOOD}\n{GOOD}\n")
    assert done.exit_code == 0
    assert GOOD not in done.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("ada", "Ada", "--password", GOOD), "mail address"),
        (("ada@example.edu", "Ada", "--password", "short"), "10 characters"),
        (("ada@example.edu", "Ada", "--password", "qwertyuiop123"), "This password is too common"),
        (("there@example.edu", "Ada", "--password", GOOD), "already"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(run, words, says):
    make.user(email="there@example.edu")
    done = run("add", *words)
    assert done.exit_code == 1
    assert says in done.output
    assert done.output.count("\n") == 1


def test_everybody_is_listed(run):
    make.administrator(email="a@example.edu", name="Ada")
    make.user(email="b@example.edu", name="Bob", is_active=False)
    assert run("list").output == "a@example.edu  Ada  administrator\nb@example.edu  Bob  off\n"


def test_a_new_password_and_signing_out_end_sessions(run):
    person = make.user(email="ada@example.edu", name="Ada")
    claims = [person.get_id()]
    assert run("password", "ada@example.edu", "--password", GOOD).exit_code == 0
    claims.append(person.get_id())
    assert run("sign-out", "ADA@example.edu").exit_code == 0
    claims.append(person.get_id())
    assert len(set(claims)) == 3
    assert passwords.matches(person.password_hash, GOOD)


def test_nobody_is_told_so(run):
    done = run("sign-out", "nobody@example.edu")
    assert (done.exit_code, "no account" in done.output) == (1, True)


@pytest.mark.parametrize(("name", "kept"), [("Ada\x1b[31m\x00", "Ada[31m"), ("E\u0301mile", "Émile")])
def test_a_name_is_kept_as_every_page_can_show_it(run, name, kept):
    assert run("add", "ada@example.edu", name, "--password", GOOD).exit_code == 0
    assert people.find_by_email("ada@example.edu").name == kept


@pytest.mark.parametrize("name", ["x" * 201, "\x00", " "])
def test_a_name_that_is_none_is_refused(run, name):
    done = run("add", "ada@example.edu", name, "--password", GOOD)
    assert done.exit_code == 1 and "name" in done.output and "Traceback" not in done.output
