"""``flask provider``: providers are added, listed, tried out, changed and switched off; their secrets stay unseen."""

import json

import pytest
import responses
from sqlalchemy.orm import undefer

from portal.db import db
from portal.domain.providers import lookup, provider_options
from portal.models import OutboxMessage, Provider, ProviderExam, ProviderKind
from portal.providers.rest import tokens
from tests import fake_providers

BASE = "https://provider.example"
SECRET = "a secret of theirs that is long enough"
REST = ("--kind", "rest", "--name", "Acme", "--base-url", BASE, "--client-id", "us", "--client-secret-stdin")


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *words, **more: runner.invoke(args=["provider", *words], **more)


@pytest.fixture
def provider_server():
    """A REST provider that says yes to everything it is asked when it is checked."""
    tokens.forget_all()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as network:
        network.post(f"{BASE}/oauth2/access_token", json={"access_token": "first", "expires_in": 3600})
        network.get(f"{BASE}/api/v1/config/", json={"name": "Acme Watch", "rules": {}, "instructions": ["Sit."]})
        network.post(f"{BASE}/api/v1/exam/", json={"id": "e-1"})
        network.get(f"{BASE}/api/v1/exam/e-1/", json={"id": "e-1"})
        yield network
    tokens.forget_all()


def record(slug="acme"):
    db.session.rollback()
    query = db.select(Provider).filter_by(slug=slug)
    return db.session.scalar(query.options(undefer(Provider.client_secret), undefer(Provider.secret_options)))


def test_a_provider_is_added_and_its_secret_seen_nowhere(run):
    done = run("add", "acme", *REST, "--option", "timeout_seconds=5", input=f"{SECRET}\n")
    assert (done.exit_code, done.output) == (0, "acme was added. Test it with `provider check acme`.\n")
    made = record()
    assert (made.kind, made.name, made.base_url, made.client_id) == (ProviderKind.REST, "Acme", BASE, "us")
    assert (made.client_secret, made.options, made.is_enabled) == (SECRET, {"timeout_seconds": 5}, True)
    raw = db.session.execute(db.text("SELECT * FROM provider")).all()
    assert SECRET not in str(raw)
    assert SECRET not in run("list").output


def test_psi_takes_its_secrets_line_by_line(run):
    lines = "signing\n" + "1" * 24 + "\ncallback\n"
    options = ("secret_key=-", "crypto_key=-", "organization=Org", "callback_token=-")
    words = [word for one in options for word in ("--option", one)]
    done = run("add", "psi", "--kind", "psi", "--name", "PSI", "--base-url", BASE, *words, input=lines)
    assert done.exit_code == 0, done.output
    kept = provider_options.secrets_of(record("psi"))
    assert kept == {"secret_key": "signing", "crypto_key": "1" * 24, "callback_token": "callback"}
    assert record("psi").options == {"sends_email": False, "organization": "Org"}
    raw = str(db.session.execute(db.text("SELECT * FROM provider")).all())
    assert not any(secret in raw for secret in kept.values())


def test_psi_needs_no_base_address_and_hears_what_is_missing(run):
    done = run("add", "psi", "--kind", "psi", "--option", f"register_url={BASE}/register")
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1] == (
        "First run: provider set psi --option secret_key_id=VALUE --option secret_key=- "
        "--option crypto_key=- --option callback_token=-"
    )
    assert "Set secret_key_id, secret_key, crypto_key, callback_token with" in run("check", "psi").output


@pytest.mark.parametrize("key", provider_options.SECRET)
def test_a_secret_that_is_typed_is_refused(run, key):
    done = run("add", "psi", "--kind", "psi", "--base-url", BASE, "--option", f"{key}=hush-hush")
    assert (done.exit_code, record("psi")) == (1, None)
    assert f"Write {key}=- and enter it on standard input" in done.output
    assert "hush-hush" not in done.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("acme", "--kind", "rest", "--base-url", BASE), "needs --client-id and --client-secret-stdin"),
        (("acme", "--kind", "rest", "--base-url", "provider", "--client-id", "us"), "base_url must be a web address"),
        (
            ("acme", "--kind", "rest", "--base-url", "https://us:pw@provider.example", "--client-id", "us"),
            "Remove user name and",
        ),
        (("a c m e", "--kind", "practice"), "Use only letters"),
        (("acme", "--kind", "practice", "--option", "patience"), "KEY=VALUE"),
        (("acme", "--kind", "practice", "--option", "patiense_seconds=5"), "no option patiense_seconds"),
        (("acme", "--kind", "practice", "--option", "patience_seconds=long"), "whole number"),
        (("acme", "--kind", "practice", "--option", f"patience_seconds={'9' * 5000}"), "at most nine digits"),
        (("acme", "--kind", "practice", "--option", "patience_seconds=1e400000000"), "at most nine digits"),
        (("acme", "--kind", "practice", "--option", "has_dashboard=perhaps"), "yes or no"),
        (("acme", "--kind", "practice", "--option", "timeout_seconds=90"), "between 1 and 30"),
        (("acme", "--kind", "practice", "--option", "after_silence=shout"), "after_silence must be one of"),
        (("acme", "--kind", "practice", "--option", "passing_statuses=fine"), "passing_statuses can contain"),
        (("acme", "--kind", "practice", "--option", "script=dance:5"), "not a cue"),
        (("acme", "--kind", "practice", "--text", "hello"), "LANGUAGE:KEY=WORDS"),
        (("acme", "--kind", "practice", "--option", "patience_seconds=59"), "patience_seconds must be between 60 and"),
        (("acme", "--kind", "practice", "--option", f"patience_seconds={'9' * 400}"), "whole number"),
        (("acme", "--kind", "practice", "--option", "auto_resume_seconds=999999999"), "must be between 0 and 604800"),
        (("acme", "--kind", "psi"), "needs --option register_url=URL"),
        (("acme", "--kind", "psi", "--option", "register_url=psi"), "register_url must be a web address"),
        (("acme", *REST), "Standard input is empty"),
    ],
)
def test_what_could_never_work_is_refused_in_one_line(run, words, says):
    done = run("add", *words)
    assert (done.exit_code, record()) == (1, None)
    assert says in done.output
    assert "Traceback" not in done.output


def test_a_kind_that_does_not_exist(run):
    assert run("add", "acme", "--kind", "magic").exit_code == 2


def test_one_is_not_added_twice(run):
    run("add", "acme", "--kind", "practice")
    done = run("add", "acme", "--kind", "practice")
    assert (done.exit_code, "provider set acme" in done.output) == (1, True)


def test_the_list(run):
    assert run("list").output == "There are no providers yet.\n"
    run("add", "built-in", "--kind", "practice", "--name", "Practice proctor")
    run("add", "acme", *REST, input=f"{SECRET}\n")
    head, _, *rows = run("list").output.splitlines()
    assert head.split()[:4] == ["Provider", "Kind", "Name", "Status"]
    assert [row.split()[0] for row in rows] == ["acme", "built-in"]
    assert (BASE in rows[0], "(in here)" in rows[1], "never" in rows[0]) == (True, True, True)


def test_a_check_that_goes_well(run, provider_server):
    run("add", "acme", *REST, input=f"{SECRET}\n")
    done = run("check", "acme")
    assert done.exit_code == 0, done.output
    steps = [line.split("  ")[0].strip() for line in done.output.splitlines()]
    assert steps == ["token", "configuration", "exam saved", "exam read back"]
    assert all(" ok " in line for line in done.output.splitlines())
    assert (record().configuration["name"], "never" in run("list").output) == ("Acme Watch", False)
    assert SECRET not in done.output
    assert db.session.scalars(db.select(ProviderExam)).all() == []  # A trial, not one of ours.


def test_a_check_with_an_exam_of_ours_keeps_its_name(run, provider_server):
    run("add", "acme", *REST, input=f"{SECRET}\n")
    exam = fake_providers.exam()
    assert run("check", "acme").exit_code == 0
    db.session.rollback()
    assert lookup.external_id_of(exam, "acme") == "e-1"
    sent = [
        json.loads(call.request.body) for call in provider_server.calls if call.request.url == f"{BASE}/api/v1/exam/"
    ]
    assert sent[0]["exam_name"] == exam.name


def test_a_check_that_fails_says_where(run, provider_server):
    run("add", "acme", *REST, input=f"{SECRET}\n")
    provider_server.replace("GET", f"{BASE}/api/v1/config/", status=500, body="<h1>Oh</h1>")
    done = run("check", "acme")
    assert done.exit_code == 1
    [failed] = [line for line in done.output.splitlines() if " no " in line]
    assert failed.startswith("configuration")
    assert SECRET not in done.output


def test_the_others_have_less_to_check(run):
    run("add", "built-in", "--kind", "practice")
    assert run("check", "built-in").output.startswith("configuration")
    run("add", "psi", "--kind", "psi", "--base-url", BASE)
    done = run("check", "psi")
    assert (done.exit_code, done.output.startswith("keys"), " no " in done.output) == (1, True, True)


def test_off_and_on_again(run):
    run("add", "acme", *REST, input=f"{SECRET}\n")
    exam = fake_providers.exam()
    assert run("disable", "acme").output == "acme is turned off.\n"
    assert record().is_enabled is False
    assert " off " in run("list").output
    assert run("enable", "acme").output == "acme is turned on.\n"
    enqueued = db.session.scalars(db.select(OutboxMessage).filter_by(topic="provider.exam")).all()
    assert [one.payload["exam"] for one in enqueued] == [exam.id]  # It hears of its exams anew.


def test_what_is_named_changes_and_the_rest_stays(run):
    run("add", "acme", *REST, "--option", "timeout_seconds=5", input=f"{SECRET}\n")
    done = run("set", "acme", "--name", "Acme Two", "--text", "de:rules=Keine Bücher.", "--option", "has_dashboard=no")
    assert (done.exit_code, done.output) == (0, "acme was changed.\n")
    made = record()
    assert (made.name, made.base_url, made.client_secret) == ("Acme Two", BASE, SECRET)
    assert made.options == {"timeout_seconds": 5, "has_dashboard": False}
    assert made.texts == {"de": {"rules": "Keine Bücher."}}


@pytest.mark.parametrize("verb", ["check", "disable", "enable", "set"])
def test_one_that_nobody_knows(run, verb):
    done = run(verb, "nobody")
    assert (done.exit_code, done.output) == (1, "Error: There is no provider nobody.\n")
