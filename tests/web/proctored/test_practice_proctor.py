"""The built-in proctor: everything a provider can do, by button, and never by somebody whose exam counts."""

import pytest

from portal.db import db, writing
from portal.domain.proctoring import heartbeats
from portal.models import Attempt, HeardFrom, HistoryEntry, Provider, ProviderKind, ResumeState, Review, Role
from portal.models import AttemptStatus as S
from tests import fake_providers, make
from tests.make import NOON


@pytest.fixture
def learner(app, sign_in):
    fake_providers.provider("watcher", kind=ProviderKind.PRACTICE, client=False)
    return sign_in(make.user())


def attempt(learner, status=S.CREATED, **given):
    exam = make.exam(is_proctored=True, provider_slug="watcher", **given.pop("exam", {}))
    return make.attempt(status, exam=exam, learner=learner, taking_as_proctored=True, **given)


def act(client, attempt, action, **said):
    sent = client.post(f"/attempts/{attempt.ref}/proctor", data={"action": action, **said})
    db.session.expire_all()
    return sent.status_code, db.session.get_one(Attempt, attempt.id)


def test_ready(client, learner):
    assert act(client, attempt(learner), "ready")[1].status is S.READY_TO_START


def test_drop_stops_the_clock_and_return_starts_it(client, learner):
    running = attempt(learner, S.STARTED)
    assert act(client, running, "drop")[1].is_paused
    client.post(f"/attempts/{running.ref}/heartbeat", json={"source": "page", "ok": True})
    assert not act(client, running, "return")[1].is_paused


def test_open_pages_do_not_undo_a_drop(client, learner):
    running = attempt(learner, S.STARTED)
    act(client, running, "drop")
    client.post(f"/attempts/{running.ref}/heartbeat", json={"source": "page", "ok": True})
    client.post(f"/attempts/{running.ref}/proctor/alive")
    db.session.expire_all()
    assert db.session.get_one(Attempt, running.id).is_paused


def test_finish_hands_in(client, learner):
    assert act(client, attempt(learner, S.STARTED), "finish")[1].status is S.SUBMITTED


@pytest.mark.parametrize(
    ("word", "becomes"),
    [("passed", S.VERIFIED), ("violation", S.SECOND_REVIEW_REQUIRED), ("suspicious", S.SECOND_REVIEW_REQUIRED),
     ("not_reviewed", S.ERROR)],
)  # fmt: skip
def test_report(client, learner, word, becomes):
    assert act(client, attempt(learner, S.SUBMITTED), "review", word=word)[1].status is becomes
    assert db.session.scalars(db.select(Review)).one().status == word


def test_a_report_before_the_end_waits(client, learner):
    code, after = act(client, attempt(learner, S.STARTED), "review", word="passed")
    assert (code, after.status) == (409, S.STARTED)


@pytest.mark.parametrize("action", ["flag", "reject_id"])
def test_what_is_only_noted(client, learner, action):
    act(client, attempt(learner), action)
    assert f"proctor_{action}" in db.session.scalars(db.select(HistoryEntry.event)).all()


def test_unknown_words(client, learner):
    assert act(client, attempt(learner), "dance")[0] == 422
    assert act(client, attempt(learner, S.SUBMITTED), "review", word="fine")[0] == 422


def test_ones_own_exam_that_counts_is_not_ones_own_to_proctor(client, learner, app, monkeypatch):
    monkeypatch.setitem(app.config, "ENV", "production")
    assert act(client, attempt(learner), "ready")[0] == 403
    assert act(client, attempt(learner, exam={"is_practice": True}, is_sample=True), "ready")[0] == 303


def test_only_reviewers_of_the_course_besides(client, sign_in, learner):
    theirs = attempt(learner)
    sign_in(make.user())
    assert act(client, theirs, "ready")[0] == 404
    sign_in(make.member(Role.REVIEWER, course=theirs.exam.course))
    assert act(client, theirs, "ready")[0] == 303


def test_another_providers_attempt_is_none_of_its_business(client, learner):
    with writing() as session:
        session.add(Provider(slug="other", kind=ProviderKind.REST, name="Other", created_at=NOON, updated_at=NOON))
    exam = make.exam(is_proctored=True, provider_slug="other")
    other = make.attempt(S.CREATED, exam=exam, learner=learner)
    assert act(client, other, "ready")[0] == 404


def test_a_heartbeat_speaks_for_the_page_only(client, learner):
    running = attempt(learner, S.STARTED)
    assert client.post(f"/attempts/{running.ref}/heartbeat", json={"source": "provider"}).status_code == 422
    assert client.post(f"/attempts/{running.ref}/heartbeat", json=["page"]).status_code == 422


def test_the_learner_may_say_that_they_cannot_continue(client, learner):
    running = attempt(learner, S.STARTED)
    assert client.post(f"/attempts/{running.ref}/cannot-continue", data={}).status_code == 422
    client.post(f"/attempts/{running.ref}/cannot-continue", data={"why": "The power is out."})
    db.session.expire_all()
    broken = db.session.get_one(Attempt, running.id)
    assert (broken.status, broken.resume_state, broken.time_remaining_seconds) == (S.ERROR, ResumeState.RESUMABLE, 3600)


def test_the_page_is_told_of_a_provider_that_fell_silent(client, learner, the_clock):
    running = attempt(learner, S.STARTED)
    place = f"/attempts/{running.ref}/heartbeat"
    with writing():
        heartbeats.hear(running.id, HeardFrom.PROVIDER, now=NOON)
    the_clock.advance(seconds=50)
    assert client.post(place, json={"source": "page"}).json["says"] == ""
    the_clock.advance(seconds=20)
    said = client.post(place, json={"source": "page"}).json["says"]
    assert "The connection to Watcher was lost at 12:00." in said and "your clock is paused at 12:03" in said
    with writing():
        heartbeats.hear(running.id, HeardFrom.PROVIDER, now=the_clock.now)
    assert client.post(place, json={"source": "page"}).json["says"] == ""
