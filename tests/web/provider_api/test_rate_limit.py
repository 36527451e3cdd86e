"""A provider cannot fill the disk: what is kept of its messages is bounded by the hour, and nothing is half kept."""

import pytest

from portal.db import db
from portal.models import Delivery, ProviderKind
from tests import fake_providers
from tests.fake_providers import CALLBACK_TOKEN, deliveries, psi_review, review, say, status_of
from tests.make import S


@pytest.fixture(autouse=True)
def little_room(app, monkeypatch):
    monkeypatch.setitem(app.config, "PROVIDER_MEGABYTES_PER_HOUR", 2)
    fake_providers.provider()


def kept_bytes():
    return db.session.scalar(db.select(db.func.sum(db.func.length(Delivery.body)))) or 0


@pytest.mark.slow
def test_a_megabyte_after_the_other_ends(client):
    fake_providers.attempt(S.STARTED)
    codes = [say(client, "reviewed", review(note=str(number) + "x" * 900_000)).status_code for number in range(600)]
    assert codes == [400, 400] + [429] * 598
    assert kept_bytes() <= 2 * 1024 * 1024


def test_the_sender_hears_when_to_come_again_and_then_is_heard(client, the_clock):
    attempt = fake_providers.attempt(S.SUBMITTED)
    for number in range(3):
        answer = say(client, "reviewed", review(status="odd", note=str(number) + "x" * 900_000))
    assert (answer.status_code, answer.headers["Retry-After"], list(answer.json)) == (429, "3600", ["detail"])
    the_clock.advance(hours=1)
    assert say(client, "reviewed").json == "OK"
    assert status_of(attempt) is S.VERIFIED


@pytest.mark.parametrize("what", ["ready", "reviewed"])
def test_of_what_names_nothing_the_beginning_is_kept(client, what):
    say(client, what, review(note="x" * 900_000), about="nothing")
    assert [len(one.body) for one in deliveries()] == [16 * 1024]


def test_of_a_ready_the_beginning_is_kept(client):
    attempt = fake_providers.attempt(S.CREATED)
    assert say(client, "ready", {"note": "x" * 900_000}).json == "OK"
    assert (status_of(attempt), len(deliveries()[0].body)) == (S.READY_TO_START, 16 * 1024)


@pytest.mark.slow
def test_small_messages_are_counted_too(client):
    fake_providers.attempt(S.CREATED)
    codes = [say(client, "ready", {}, headers={"Webhook-Id": str(number)}).status_code for number in range(600)]
    assert set(codes) == {200}  # As many as may come in a minute.


def test_psis_reviews_have_their_own_room(client):
    fake_providers.provider("psi", kind=ProviderKind.PSI, client=False)
    attempt = fake_providers.attempt(S.STARTED, exam=fake_providers.exam("psi"), external_id="Loc-1")
    place = f"/api/edx_proctoring/proctoring_review_callback/{CALLBACK_TOKEN}"
    bodies = [psi_review(attempt, note=str(number) + "x" * 900_000) for number in range(4)]
    assert [client.post(place, json=body).status_code for body in bodies] == [400, 400, 429, 429]
