"""PSI's launch: the learner's secure browser comes to our address when its set-up is done."""

import pytest

from portal.models import ProviderKind
from portal.web.provider_api import psi
from tests import fake_providers
from tests.fake_providers import CALLBACK_TOKEN, deliveries, status_of
from tests.make import NOON, S

LAUNCH = "/api/edx_proctoring/proctoring_launch_callback/start_exam"


@pytest.fixture(autouse=True)
def record(app):
    return fake_providers.provider("psi", kind=ProviderKind.PSI, client=False)


def attempt(status, **given):
    return fake_providers.attempt(status, exam=fake_providers.exam("psi"), external_id="Loc-1", **given)


@pytest.mark.parametrize(
    ("status", "becomes"),
    [
        (S.CREATED, S.READY_TO_START),
        (S.DOWNLOAD_SOFTWARE_CLICKED, S.READY_TO_START),
        (S.READY_TO_START, S.READY_TO_START),
        (S.STARTED, S.SUBMITTED),
        (S.READY_TO_SUBMIT, S.SUBMITTED),
        (S.SUBMITTED, S.SUBMITTED),
        (S.VERIFIED, S.VERIFIED),
        (S.ERROR, S.ERROR),
        (S.DECLINED, S.DECLINED),
    ],
)
def test_a_launch(client, status, becomes):
    made = attempt(status)
    answer = client.get(fake_providers.launch_path(made))
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/attempts/{made.ref}/")
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("exam="))
    assert "HttpOnly" in cookie
    assert made.attempt_code not in cookie
    assert status_of(made) is becomes
    assert [(one.kind, one.outcome) for one in deliveries()] == [("psi_launch", "used")]


def test_a_launch_again_is_a_new_event(client):
    made = attempt(S.CREATED)
    client.get(fake_providers.launch_path(made))
    fake_providers.change(made, status=S.STARTED, started_at=NOON, deadline_at=NOON, hard_stop_at=NOON)
    client.get(fake_providers.launch_path(made).replace("?", "/?"))
    assert status_of(made) is S.SUBMITTED
    assert [one.outcome for one in deliveries()] == ["used", "used"]


def test_a_provider_may_let_its_learners_come_back(client, record):
    fake_providers.change(record, options={"forbids_reentry": False})
    made = attempt(S.STARTED)
    assert client.get(fake_providers.launch_path(made)).status_code == 302
    assert status_of(made) is S.STARTED


@pytest.mark.parametrize("code", ["", "unknown", "%00", "x" * 3000, "..%2f"])
def test_a_launch_of_nothing(client, code):
    made = attempt(S.CREATED)
    answer = client.get(f"{LAUNCH}/{code}")
    assert (answer.status_code, list(answer.json)) == (404, ["detail"])
    assert (status_of(made), deliveries()) == (S.CREATED, [])


@pytest.mark.parametrize("token", ["", "?token=", "?token=wrong", "?token=%00%ff"])
def test_the_code_alone_opens_nothing(client, token):
    """The learner knows it, to type it into PSI's software."""
    made = attempt(S.CREATED)
    answer = client.get(f"{LAUNCH}/{made.attempt_code}{token}")
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (404, False)
    assert (status_of(made), deliveries()) == (S.CREATED, [])


def test_the_address_of_another_attempt_opens_nothing(client):
    made = attempt(S.CREATED)
    other = fake_providers.attempt(S.CREATED, exam=fake_providers.exam("psi"), external_id="Loc-2")
    proof = fake_providers.launch_path(other).partition("?")[2]
    assert client.get(f"{LAUNCH}/{made.attempt_code}?{proof}").status_code == 404
    assert status_of(made) is S.CREATED


def test_the_providers_own_token_is_a_proof_too(client):
    made = attempt(S.CREATED)
    assert client.get(f"{LAUNCH}/{made.attempt_code}", query_string={"token": CALLBACK_TOKEN}).status_code == 302
    assert status_of(made) is S.READY_TO_START


def test_a_provider_without_a_callback_token_launches_nothing(client, record):
    made = attempt(S.CREATED)
    fake_providers.change(record, secret_options=None)
    for path in (f"{LAUNCH}/{made.attempt_code}", fake_providers.launch_path(made)):
        assert client.get(path).status_code == 404
    assert status_of(made) is S.CREATED


def test_addresses_of_an_older_release_are_let_in_where_the_provider_says_so(client, record):
    fake_providers.change(record, options={"launch_needs_token": False})
    made = attempt(S.CREATED)
    assert client.get(f"{LAUNCH}/{made.attempt_code}").status_code == 302
    assert status_of(made) is S.READY_TO_START


def test_the_code_of_another_providers_attempt_launches_nothing(client):
    fake_providers.provider("acme")
    other = fake_providers.attempt(S.CREATED)
    assert client.get(fake_providers.launch_path(other)).status_code == 404
    assert status_of(other) is S.CREATED


def test_a_reset_attempt_is_not_launched_again(client):
    made = attempt(S.CREATED, archived_at=NOON, archive_reason="Reset.")
    assert client.get(fake_providers.launch_path(made)).status_code == 302
    assert status_of(made) is S.CREATED


def test_asking_ahead_launches_nothing(client):
    made = attempt(S.CREATED)
    assert client.head(fake_providers.launch_path(made)).status_code == 302
    assert client.get(fake_providers.launch_path(made), headers={"Sec-Purpose": "prefetch"}).status_code == 302
    assert (status_of(made), deliveries()) == (S.CREATED, [])


def test_guessing_codes_is_slowed_down(client, monkeypatch):
    monkeypatch.setattr(psi, "LAUNCHES_PER_MINUTE", 3)
    assert [client.get(f"{LAUNCH}/guess").status_code for _ in range(4)] == [404, 404, 404, 429]
