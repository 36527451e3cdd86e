"""A secret key is retired from end to end: by turns and after a leak, and providers, platforms and reviewers go on."""

import json

import pytest
import responses
from sqlalchemy import text

from portal import providers
from portal.cli.running import secret_key, start_up
from portal.db import db, writing
from portal.db.encrypted import derived_key
from portal.domain.accounts import encrypted_values, pairwise
from portal.domain.attempts import attempts
from portal.domain.errors import SecretLocked
from portal.domain.outbox import webhook_endpoints
from portal.domain.providers import lookup, provider_options
from portal.domain.reviews import review_versions
from portal.jobs import worker
from portal.models import OutboxMessage, PortalKey, ProviderKind, WebhookEndpoint
from portal.providers.rest import tokens
from portal.web.provider_api import access_tokens
from tests import fake_providers, make
from tests.fake_providers import PLACE, psi_review, review, status_of
from tests.make import NOON, S

NEW = "the new secret key, as long as it should be"
PUBLIC = "https://platform.example.edu/hooks"
LINK = "https://provider.example/recording/1"
TOKEN = {"grant_type": "client_credentials", "client_id": "acme-client", "client_secret": fake_providers.SECRET}


@pytest.fixture
def old(app):
    return app.config["SECRET_KEY"]


@pytest.fixture
def keys(app, monkeypatch):
    """``keys(NEW, old)``: the portal is started with this key, and those as fallbacks."""

    def keys(present, *fallbacks):
        monkeypatch.setitem(app.config, "SECRET_KEY", present)
        monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", list(fallbacks))
        db.session.expire_all()

    return keys


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=list(words))


@pytest.fixture
def portal(app, client):
    """A portal with everything that is encrypted, and with the names that its providers know learners by."""
    make.row(PortalKey(name="pairwise ids", value=derived_key("pairwise ids").hex(), created_at=NOON))
    fake_providers.provider(base_url="https://provider.example", client_id="us", client_secret="what acme gave us")
    fake_providers.provider("psi", kind=ProviderKind.PSI, client=False)
    with writing():
        webhook_endpoints.add("platform", PUBLIC, course=None, types=(), now=NOON)
    done = fake_providers.attempt(S.SUBMITTED, external_id="done")
    fake_providers.say(client, "reviewed", review(videoReviewLink=LINK), about="done")
    return done


def everything(portal):
    """What the encrypted values say, read the way the portal reads them."""
    db.session.expire_all()
    acme, psi = lookup.get("acme"), lookup.get("psi")
    endpoint = webhook_endpoints.find_with_secrets(db.session.scalars(db.select(WebhookEndpoint.id)).one())
    return (
        str(acme.client_secret), provider_options.secrets_of(psi), str(endpoint.secret),
        review_versions.video_url(attempts.get_by_ref(portal.ref)), pairwise.pairwise_id("acme", portal.learner_id),
    )  # fmt: skip


def stored():
    db.session.rollback()
    return [one.state for one in encrypted_values.values()]


def test_every_encrypted_column_is_known():
    """A new one is found by its type; this names those that the tests below fill."""
    assert {f"{one.table.name}.{one.name}" for one in encrypted_values.columns()} >= {
        "provider.client_secret", "provider.secret_options", "webhook_endpoint.secret",
        "webhook_endpoint.previous_secret", "review.video_url", "portal_key.value",
    }  # fmt: skip


def test_from_one_key_to_the_next(client, portal, keys, run, old):
    before, token = everything(portal), client.post("/oauth2/access_token", data=TOKEN).json["access_token"]
    keys(NEW, old)
    assert everything(portal) == before
    assert "5 need a key of PORTAL_SECRET_KEY_FALLBACKS" in run("secret-key", "check").output
    fresh = fake_providers.attempt(S.CREATED, external_id="fresh")
    said = client.post(f"{PLACE}/fresh/ready", headers={"Authorization": f"JWT {token}"})
    assert (said.json, status_of(fresh)) == ("OK", S.READY_TO_START)

    done = run("secret-key", "retire")
    assert (done.exit_code, done.output.startswith("5 stored secrets were encrypted again.")) == (0, True)
    assert set(stored()) == {"present"}
    assert run("secret-key", "retire").output.startswith("0 stored secrets")
    keys(NEW)
    assert everything(portal) == before
    assert run("secret-key", "check").output == "5 stored secrets are encrypted with the present key.\n"
    providers_continue(client, token, portal)


def providers_continue(client, old_token, portal):
    """Without the old key: the old token is over, the client's secret is not, PSI's token and the webhook's are not."""
    again = fake_providers.attempt(S.SUBMITTED, external_id="again")
    headers = {"Authorization": f"JWT {old_token}"}
    assert client.post(f"{PLACE}/again/reviewed", json=review(), headers=headers).status_code == 401
    new_token = client.post("/oauth2/access_token", data=TOKEN).json["access_token"]
    headers = {"Authorization": f"Bearer {new_token}"}
    assert client.post(f"{PLACE}/again/reviewed", json=review(), headers=headers).json == "OK"
    psi = fake_providers.attempt(S.SUBMITTED, exam=fake_providers.exam("psi"), external_id="Loc-9")
    place = f"/api/edx_proctoring/proctoring_review_callback/{fake_providers.CALLBACK_TOKEN}"
    assert client.post(place, json=psi_review(psi)).json == "OK"
    assert (status_of(again), status_of(psi)) == (S.VERIFIED, S.VERIFIED)
    tokens.forget_all()
    with responses.RequestsMock() as provider_server:
        provider_server.post(
            "https://provider.example/oauth2/access_token", json={"access_token": "t", "expires_in": 60}
        )
        provider_server.get("https://provider.example/api/v1/config/", json={"name": "Acme"})
        assert providers.of(lookup.get("acme")).configuration(["en"]).name == "Acme"
        assert "what+acme+gave+us" in provider_server.calls[0].request.body.decode()


def test_after_a_leak_nothing_the_old_key_signed_is_good(client, portal, keys, run, old):
    """The portal never runs with the leaked key again; only the command is given it, once."""
    before = everything(portal)
    forged = access_tokens.issue("acme-client", ["read", "write"], now=NOON)
    keys(NEW, old)
    assert run("secret-key", "retire").exit_code == 0
    keys(NEW)
    assert everything(portal) == before
    headers = {"Authorization": f"JWT {forged}"}
    assert client.post(f"{PLACE}/done/ready", headers=headers).status_code == 401
    providers_continue(client, forged, portal)


def test_a_start_without_the_old_key_says_how_many_and_which(portal, keys, capsys):
    keys(NEW)
    secret_key.warn_of_locked()
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith("Warning: 5 stored secrets cannot be decrypted with the present PORTAL_SECRET_KEY: ")
    assert all(name in said for name in ("provider acme", "provider psi", "webhook endpoint platform", "review"))
    assert "PORTAL_SECRET_KEY_FALLBACKS" in said


def test_a_start_with_the_right_key_says_nothing(portal, keys, capsys, old):
    for present, *fallbacks in ((old,), (NEW, old)):
        keys(present, *fallbacks)
        secret_key.warn_of_locked()
    assert capsys.readouterr() == ("", "")


def test_serve_looks(app, portal, keys, monkeypatch, capsys):
    keys(NEW)
    monkeypatch.setitem(app.config, "DEMO", False)
    start_up.prepare_contents(app)
    assert "5 stored secrets cannot be decrypted" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("provider", "check", "acme"), "acme"),
        (("provider", "check", "psi"), "psi"),
        (("webhook", "test", "platform"), "platform"),
        (("secret-key", "check"), "provider acme"),
    ],
)
def test_a_command_under_a_wrong_key_says_so_in_one_line(portal, keys, run, words, name):
    keys(NEW)
    done = run(*words)
    assert done.exit_code == 1
    [line] = [one for one in done.output.splitlines() if one.startswith("Error: ")]
    assert (name in line, "cannot be decrypted with the present PORTAL_SECRET_KEY" in line) == (True, True)


@pytest.mark.parametrize("group", ["provider", "webhook"])
def test_lists_under_a_wrong_key(portal, keys, run, group):
    keys(NEW)
    done = run(group, "list")
    assert (done.exit_code, "locked" in done.output) == (0, True)
    assert done.output.splitlines()[-1].endswith("Run `flask secret-key check` for help.")


def test_what_nothing_opens_is_named_and_the_rest_is_retired(portal, keys, run, old):
    broken = text("UPDATE provider SET client_secret = 'no such token' WHERE slug = 'acme'")
    with writing() as session:
        session.execute(broken)
    keys(NEW, old)
    done = run("secret-key", "retire")
    assert (done.exit_code, done.output.startswith("4 stored secrets were encrypted again.")) == (1, True)
    assert "1 stored secret cannot be decrypted with the present PORTAL_SECRET_KEY: provider acme." in done.output


def test_pages_of_an_exam_continue_under_a_wrong_key(client, sign_in, portal, keys):
    """Nobody's running exam needs the provider's secret; who needs it waits."""
    running = fake_providers.attempt(S.STARTED, external_id="runs")
    make.enrol(running.exam.course, running.learner)
    keys(NEW)
    sign_in(running.learner)
    assert client.get(f"/attempts/{running.ref}/exam/1").status_code == 200
    assert client.get(f"/attempts/{running.ref}/clock.json").status_code == 200
    assert client.post(f"/attempts/{running.ref}/submit").status_code == 303
    assert status_of(running) is S.SUBMITTED
    worker.work_through(now=NOON)
    db.session.rollback()
    waits = db.session.scalars(db.select(OutboxMessage).filter_by(topic="provider.stop")).one()
    assert ("cannot be decrypted" in waits.last_error, waits.done_at, waits.dead_at) == (True, None, None)


def test_a_secret_entered_again_is_good_under_the_present_key(portal, keys, run):
    keys(NEW)
    done = run("webhook", "rotate", "platform")
    assert done.exit_code == 0
    db.session.expire_all()
    endpoint = webhook_endpoints.find_with_secrets(db.session.scalars(db.select(WebhookEndpoint.id)).one())
    assert endpoint.secret in done.output
    assert json.dumps(provider_options.secrets_of(lookup.get("psi"))) == "{}"


def test_where_the_old_key_is_lost_learners_get_new_names(portal, keys, run, old):
    before = pairwise.pairwise_id("acme", 1)
    assert "Learner IDs did not change." in run("secret-key", "retire", "--new-names").output
    keys(NEW)
    with pytest.raises(SecretLocked, match="names at providers"):
        pairwise.pairwise_id("acme", 1)
    done = run("secret-key", "retire", "--new-names")
    assert "Each learner has a new ID" in done.output
    db.session.expire_all()
    assert pairwise.pairwise_id("acme", 1) not in {before, ""}
