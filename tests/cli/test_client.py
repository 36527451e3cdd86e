"""``flask client``: machines that may call us; a secret of ours is printed once, and kept as a hash."""

import pytest

from portal.db import db
from portal.domain.providers import api_clients
from portal.models import ApiClient
from tests import fake_providers

SECRET = "a secret that they have chosen, and long"


@pytest.fixture
def run(app):
    fake_providers.provider(client=False)
    runner = app.test_cli_runner()
    return lambda *words, **more: runner.invoke(args=["client", *words], **more)


def record(client_id="acme-1"):
    db.session.rollback()
    return db.session.scalar(db.select(ApiClient).filter_by(client_id=client_id))


def opens(client, secret, client_id="acme-1"):
    asked = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    return client.post("/oauth2/access_token", data=asked).status_code == 200


def secret_in(done):
    return done.output.splitlines()[-1]


def test_a_secret_is_made_and_shown_this_once(run, client):
    done = run("add", "acme-1", "--provider", "acme")
    assert done.exit_code == 0, done.output
    secret = secret_in(done)
    assert (len(secret) >= 40, done.output.count(secret)) == (True, 1)
    assert opens(client, secret)
    made = record()
    assert (made.provider.slug, made.secret_hash) == ("acme", api_clients.hash_secret(secret))
    assert secret not in str(db.session.execute(db.text("SELECT * FROM api_client")).all())
    assert secret not in run("list").output


def test_a_secret_of_their_own_comes_on_standard_input_and_is_not_shown(run, client):
    done = run("add", "acme-1", "--provider", "acme", "--secret-stdin", input=f"{SECRET}\n")
    assert (done.exit_code, SECRET in done.output) == (0, False)
    assert opens(client, SECRET)


def test_no_option_takes_a_secret_as_a_word(run):
    assert run("add", "acme-1", "--provider", "acme", "--secret", SECRET).exit_code == 2
    assert record() is None


def test_a_short_one_is_taken_with_a_warning(run):
    done = run("add", "acme-1", "--secret-stdin", input="short\n")
    assert (done.exit_code, "32 random characters" in done.output) == (0, True)


def test_every_secret_is_its_own(run):
    assert len({secret_in(run("add", f"acme-{number}")) for number in range(5)}) == 5


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("acme-1", "--provider", "nobody"), "There is no provider nobody."),
        (("a c m e",), "Use only letters"),
        (("acme-1", "--secret-stdin"), "Standard input is empty"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(run, words, says):
    done = run("add", *words)
    assert (done.exit_code, says in done.output, record()) == (1, True, None)


def test_one_is_not_added_twice(run, client):
    secret = secret_in(run("add", "acme-1"))
    done = run("add", "acme-1")
    assert (done.exit_code, "client rotate" in done.output) == (1, True)
    assert opens(client, secret)


def test_the_list(run):
    assert run("list").output == "There are no clients yet.\n"
    run("add", "acme-1", "--provider", "acme")
    run("add", "campus")
    rows = [line.split() for line in run("list").output.splitlines()[2:]]
    assert rows == [
        ["acme-1", "acme", "on", "one", "2026-03-02"],
        ["campus", "(platform)", "on", "one", "2026-03-02"],
    ]


def test_a_new_secret_leaves_the_one_before_until_the_next_change(run, client):
    first = secret_in(run("add", "acme-1"))
    done = run("rotate", "acme-1")
    assert "The previous secret still works" in done.output
    second = secret_in(done)
    assert (opens(client, first), opens(client, second)) == (True, True)
    third = secret_in(run("rotate", "acme-1"))
    assert [opens(client, one) for one in (first, second, third)] == [False, True, True]
    last = secret_in(run("rotate", "acme-1", "--forget-previous"))
    assert [opens(client, one) for one in (second, third, last)] == [False, False, True]


def test_off_and_on_again(run, client):
    secret = secret_in(run("add", "acme-1"))
    assert run("disable", "acme-1").output == "acme-1 is turned off.\n"
    assert not opens(client, secret)
    assert run("enable", "acme-1").output == "acme-1 is turned on.\n"
    assert opens(client, secret)


@pytest.mark.parametrize("verb", ["rotate", "disable", "enable"])
def test_one_that_nobody_knows(run, verb):
    done = run(verb, "nobody")
    assert (done.exit_code, done.output) == (1, "Error: There is no client nobody.\n")
