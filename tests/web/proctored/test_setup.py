"""A learner's way into a proctored exam: a place at the provider, the set-up, and no dead end."""

import re

import pytest
import responses

from portal.db import db
from portal.models import Attempt, ProviderKind, Registration
from portal.models import AttemptStatus as S
from tests import fake_providers, make

PROVIDER_URL = "https://provider.example"


def provider(kind=ProviderKind.PRACTICE, **given):
    fake_providers.provider("watcher", kind=kind, client=False, **given)


@pytest.fixture
def rest(app):
    provider(ProviderKind.REST, base_url=PROVIDER_URL, client_id="us", client_secret="a secret of some length" * 2)


@pytest.fixture
def learner(app, sign_in):
    person = make.user()
    sign_in(person)
    return person


@pytest.fixture
def exam(learner):
    made = make.exam(is_proctored=True, provider_slug="watcher", review_rules="Work alone.")
    make.enrol(made.course, learner)
    return made


def begin(client, exam):
    return client.post(f"/exams/{exam.slug}/begin")


def only_attempt():
    db.session.expire_all()
    return db.session.scalars(db.select(Attempt)).one()


def test_an_exam_without_a_provider_says_so(client, exam):
    assert b"no proctoring provider yet" in client.get(f"/exams/{exam.slug}/").data
    assert begin(client, exam).status_code == 409


def test_the_practice_proctor_keeps_a_place_at_once(client, exam):
    provider()
    sent = begin(client, exam)
    attempt = only_attempt()
    assert sent.status_code == 303
    assert (attempt.status, attempt.provider_slug, attempt.taking_as_proctored) == (S.CREATED, "watcher", True)
    page = client.get(f"/attempts/{attempt.ref}/", follow_redirects=True)
    assert b"Set up your exam" in page.data
    assert attempt.external_id.encode() not in page.data
    assert attempt.attempt_code.encode() not in page.data


def test_two_presses_make_one_attempt(client, exam):
    provider()
    begin(client, exam)
    begin(client, exam)
    assert only_attempt().status is S.CREATED


def test_start_waits_for_the_provider_and_the_rules(client, exam):
    provider()
    begin(client, exam)
    ref = only_attempt().ref
    for step, status in ((("rules", {"read": "yes"}), S.CREATED), (("proctor", {"action": "ready"}), S.READY_TO_START)):
        assert client.get(f"/attempts/{ref}/ready").status_code == 303
        client.post(f"/attempts/{ref}/{step[0]}", data=step[1])
        assert only_attempt().status is status
    assert client.get(f"/attempts/{ref}/ready").status_code == 200
    client.post(f"/attempts/{ref}/start")
    assert only_attempt().status is S.STARTED


def test_start_cannot_be_pressed_early(client, exam):
    provider()
    begin(client, exam)
    client.post(f"/attempts/{only_attempt().ref}/start")
    assert only_attempt().status is S.CREATED


def test_the_rules_have_to_be_ticked(client, exam):
    provider()
    begin(client, exam)
    refused = client.post(f"/attempts/{only_attempt().ref}/rules", data={})
    assert (refused.status_code, only_attempt().rules_read_at) == (422, None)


@responses.activate
def test_a_provider_that_is_down_is_waited_for(client, rest, exam):
    responses.post(f"{PROVIDER_URL}/oauth2/access_token", status=502)
    sent = begin(client, exam)
    assert sent.location.endswith("/waiting")
    page = client.get(sent.location)
    assert b"has not registered you yet" in page.data
    assert b'http-equiv="refresh"' in page.data
    assert db.session.scalars(db.select(Attempt)).all() == []
    assert db.session.scalars(db.select(Registration)).one().tries == 1


@responses.activate
def test_the_same_place_is_asked_for_again(client, rest, exam):
    responses.post(f"{PROVIDER_URL}/oauth2/access_token", status=502)
    begin(client, exam)
    responses.replace("POST", f"{PROVIDER_URL}/oauth2/access_token", json={"access_token": "t", "expires_in": 3600})
    responses.post(f"{PROVIDER_URL}/api/v1/exam/", json={"id": "exam7"})
    responses.post(f"{PROVIDER_URL}/api/v1/exam/exam7/attempt/", json={"id": "attempt9"})
    responses.get(
        f"{PROVIDER_URL}/api/v1/exam/exam7/attempt/attempt9/",
        json={"id": "attempt9", "status": "created", "instructions": ["<b>One</b><script>bad()</script>"]},
    )
    begin(client, exam)
    attempt = only_attempt()
    assert attempt.external_id == "attempt9"
    page = client.get(f"/attempts/{attempt.ref}/setup")
    assert b"<b>One</b>" in page.data
    assert b"bad()" not in page.data
    registration = db.session.scalars(db.select(Registration)).one()
    assert (registration.tries, registration.attempt_id) == (2, attempt.id)


@responses.activate
def test_a_provider_that_misses_the_identity_check_says_so_on_a_page(client, rest, exam):
    responses.post(f"{PROVIDER_URL}/oauth2/access_token", json={"access_token": "t", "expires_in": 3600})
    responses.post(f"{PROVIDER_URL}/api/v1/exam/", json={"id": "exam7"})
    responses.post(f"{PROVIDER_URL}/api/v1/exam/exam7/attempt/", json={"status": "onboarding_missing"})
    sent = begin(client, exam)
    assert only_attempt().status is S.ONBOARDING_MISSING
    assert client.get(sent.location, follow_redirects=True).status_code == 200


@responses.activate
def test_opening_the_provider_moves_on_and_sends_the_tab_there(client, rest, exam, learner):
    attempt = make.attempt(S.CREATED, exam=exam, learner=learner, external_id="providers-own-name")
    where = f"{PROVIDER_URL}/download?attempt=providers-own-name"
    responses.post(f"{PROVIDER_URL}/oauth2/access_token", json={"access_token": "t", "expires_in": 3600})
    responses.get(
        re.compile(f"{PROVIDER_URL}/api/v1/exam/.*"), json={"id": "providers-own-name", "download_url": where}
    )
    sent = client.post(f"/attempts/{attempt.ref}/provider")
    assert (sent.status_code, sent.location) == (303, where)
    assert only_attempt().status is S.DOWNLOAD_SOFTWARE_CLICKED
    page = client.get(f"/attempts/{attempt.ref}/setup")
    assert f"form-action 'self' {PROVIDER_URL}" in page.headers["Content-Security-Policy"]
    assert b"providers-own-name" not in page.data


def test_a_setup_page_of_somebody_else_does_not_exist(client, exam):
    provider()
    other = make.attempt(S.CREATED, exam=exam, external_id="providers-own-name")
    assert client.get(f"/attempts/{other.ref}/setup").status_code == 404


def test_the_state_says_where_to_go_when_the_exam_runs(client, exam, learner):
    provider()
    attempt = make.attempt(S.STARTED, exam=exam, learner=learner, taking_as_proctored=True)
    said = client.get(f"/attempts/{attempt.ref}/setup.json").get_json()
    assert said["go"].endswith("/exam/1")


def test_pages_before_the_exam(client, exam):
    provider()
    assert b"Work alone." in client.get(f"/exams/{exam.slug}/rules").data
    device = client.get(f"/exams/{exam.slug}/check")
    assert "camera=(self)" in device.headers["Permissions-Policy"]
    assert "camera=()" in client.get(f"/exams/{exam.slug}/rules").headers["Permissions-Policy"]


def test_a_psi_learner_gets_the_registered_code_and_takes_it_along(client, exam, learner):
    provider(ProviderKind.PSI, options={"software_download_url": "https://psi.example/get"})
    attempt = fake_providers.attempt(S.CREATED, exam=exam, learner=learner)
    page = client.get(f"/attempts/{attempt.ref}/setup").text
    assert f'id="code">{attempt.attempt_code}</b>' in page
    opened = client.post(f"/attempts/{attempt.ref}/provider")
    assert opened.headers["Location"] == f"https://psi.example/get?examCode={attempt.attempt_code}"


@pytest.mark.parametrize("kind", [ProviderKind.PRACTICE, ProviderKind.REST])
def test_nobody_else_sees_the_code_that_was_registered(client, exam, learner, kind):
    provider(kind)
    attempt = fake_providers.attempt(S.CREATED, exam=exam, learner=learner)
    page = client.get(f"/attempts/{attempt.ref}/setup").text
    assert (attempt.attempt_code in page, f'id="code">{attempt.ref}</b>' in page) == (False, True)
