"""What a provider did not say yes to stands in its log once, in words, and is not asked again."""

import pytest
import responses

from portal.db import db, writing
from portal.domain.outbox import messages
from portal.jobs import worker
from portal.models import OutboxMessage, ProviderKind, Role
from tests import fake_providers, make
from tests.make import NOON, S

PROVIDER_URL = "https://provider.example"
SECRETS = {"base_url": PROVIDER_URL, "client_id": "us", "client_secret": "a secret of some length" * 2}


def enqueue(topic, attempt=None, **payload):
    with writing():
        messages.enqueue_new(topic, now=NOON, key=f"{topic}-1", attempt=attempt, payload=payload)


def kept():
    db.session.rollback()
    return db.session.scalars(db.select(OutboxMessage).filter(OutboxMessage.topic.startswith("provider."))).one()


@pytest.fixture
def provider_server(app):
    with responses.RequestsMock(assert_all_requests_are_fired=False) as platform:
        platform.post(f"{PROVIDER_URL}/oauth2/access_token", json={"access_token": "t", "expires_in": 60})
        yield platform


@pytest.mark.parametrize("code", [404, 405, 410, 501])
def test_a_removal_that_the_provider_cannot_do_is_said_in_its_log(client, sign_in, provider_server, code):
    fake_providers.provider("acme", client=False, **SECRETS)
    attempt = fake_providers.attempt(S.CREATED)
    provider_server.delete(f"{PROVIDER_URL}/api/v1/exam//attempt/ext-1/", status=code, body="<h1>no</h1>")
    enqueue("provider.remove", attempt)
    worker.work_through(now=NOON)
    assert worker.work_through(now=NOON) == 0
    assert (kept().done_at, kept().dead_at, kept().tries) == (NOON, None, 1)
    sign_in(make.member(Role.STAFF, course=attempt.exam.course))
    page = client.get(f"/teach/attempts/{attempt.ref}/provider-log?show=calls").text
    assert (f"answer {code}" in page, "not done" in page, "told 2" in page) == (True, True, False)


def test_a_removal_that_it_confirms_is_told(client, sign_in, provider_server):
    fake_providers.provider("acme", client=False, **SECRETS)
    attempt = fake_providers.attempt(S.CREATED)
    provider_server.delete(f"{PROVIDER_URL}/api/v1/exam//attempt/ext-1/", json={"status": "deleted"})
    enqueue("provider.remove", attempt)
    worker.work_through(now=NOON)
    assert (kept().done_at, kept().last_error) == (NOON, "")


def test_a_learner_whom_it_cannot_forget_is_on_the_administrators_list(client, sign_in, provider_server):
    fake_providers.provider("acme", client=False, **SECRETS)
    provider_server.delete(f"{PROVIDER_URL}/api/v1/user/{'ab' * 32}/", status=404, body="<h1>no</h1>")
    enqueue("provider.retire", provider="acme", pairwise_id="ab" * 32)
    worker.work_through(now=NOON)
    sign_in(make.administrator())
    page = client.get("/teach/provider-log?show=calls").text
    assert ("Acme does not know it" in page, "not done" in page, "Delete learner" in page) == (True, True, True)


@pytest.mark.parametrize("topic", ["provider.start", "provider.stop", "provider.error", "provider.remove"])
def test_psi_is_told_nothing_and_the_log_does_not_say_told(app, topic):
    fake_providers.provider("psi", kind=ProviderKind.PSI, client=False)
    enqueue(topic, fake_providers.attempt(S.SUBMITTED, exam=fake_providers.exam("psi")))
    worker.work_through(now=NOON)
    assert (kept().done_at, kept().last_error.startswith("Psi ")) == (NOON, True)


def test_an_attempt_that_has_no_name_there_says_so(app):
    fake_providers.provider("acme", client=False, **SECRETS)
    enqueue("provider.stop", fake_providers.attempt(S.SUBMITTED, external_id=None))
    worker.work_through(now=NOON)
    assert "was never registered with the provider" in kept().last_error
