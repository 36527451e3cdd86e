"""Events for platforms: signed, tried again up the ladder, switched off in the end, and replayed from the log."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import WebhookVerificationError

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.errors import NotFound
from portal.domain.lifecycle import transitions
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.outbox import webhook_deliveries, webhook_endpoints, webhook_events
from portal.jobs import worker
from portal.jobs.topics import webhooks as sending
from portal.models import AttemptStatus, Course, OutboxMessage, SupportCase, WebhookTry
from tests import make
from tests.make import NOON

S = AttemptStatus
REVIEWER = Cause(actor=Actor.REVIEWER, reason="Looked at it")


@pytest.fixture
def exam(app):
    course = make.course(overrides_grade=True, escalation_email="hooks@example.edu")
    return make.exam(course=course, name="Clouds", is_proctored=True, provider_slug="acme")


@pytest.fixture
def secret(receiver, exam):
    return add(receiver, "platform")


def add(receiver, name, **given):
    with writing() as session:
        course = given.pop("course", None)
        whole = session.get_one(Course, course.id) if course else None
        return webhook_endpoints.add(name, receiver.url, course=whole, now=NOON, **given)[1]


def submitted(exam, **given):
    external_id = f"secret-of-acme-{attempts.new_ref()}"
    return make.attempt(S.SUBMITTED, exam=exam, taking_as_proctored=True, external_id=external_id, **given)


def move(attempt, to=S.VERIFIED, *, now=NOON):
    with writing():
        transitions.move(attempts.lock(attempt.id), to, REVIEWER, now=now)


def dispatch(the_clock, **later):
    """Do what is due so much later; the real clock of the portal moves along."""
    return worker.work_through(now=the_clock.advance(**later))


def the_endpoint(name="platform"):
    db.session.rollback()
    return webhook_endpoints.get(name)


def types(receiver):
    return [json.loads(one.body)["type"] for one in receiver.arrived]


def test_an_event_is_signed_so_that_an_independent_library_takes_it(exam, secret, receiver, the_clock):
    the_clock.now = datetime.now(UTC)  # The library looks at its own clock.
    attempt = submitted(exam)
    move(attempt, now=the_clock.now)
    dispatch(the_clock)
    [status, credit] = receiver.arrived
    said = status.verified(secret)
    assert (said["type"], said["timestamp"]) == ("attempt.verified", webhook_events.stamp(the_clock.now))
    assert said["data"]["ref"] == attempt.ref and said["data"]["was"] == "submitted"
    assert credit.verified(secret)["data"]["standing"] == "satisfied"
    assert status.path == "/hooks?from=invigil"
    assert status.headers["webhook-id"] != credit.headers["webhook-id"]
    assert status.headers["content-type"] == "application/json"
    for changed in (
        status._replace(body=status.body + b" "),
        status._replace(headers={**status.headers, "webhook-id": "x"}),
    ):
        with pytest.raises(WebhookVerificationError):
            changed.verified(secret)
    with pytest.raises(WebhookVerificationError):
        status.verified(webhook_endpoints.new_secret())


def test_an_event_opens_nothing_and_names_nobody(exam, secret, receiver, the_clock):
    add(receiver, "other")
    attempt = submitted(exam, learner=make.user(name="Ada Byron", email="ada@example.edu"))
    move(attempt)
    dispatch(the_clock)
    told = b"".join(one.body for one in receiver.arrived)
    for hidden in (b"Ada", b"ada@example.edu", b"secret-of-acme", attempt.attempt_code.encode()):
        assert hidden not in told
    learners = {json.loads(one.body)["data"]["learner"] for one in receiver.arrived}
    assert len(learners) == 2  # One name for each endpoint, so that two platforms cannot compare notes.
    assert len(receiver.arrived) == 4


def test_the_same_event_carries_its_id_and_a_new_time_in_every_try(exam, secret, receiver, the_clock):
    add_only_status(exam)
    receiver.answers.extend([500, 503])
    move(submitted(exam))
    waits = [timedelta(), *sending.LADDER[:2]]
    for wait in waits:
        dispatch(the_clock, seconds=wait.total_seconds() * 1.1)
    assert len({one.headers["webhook-id"] for one in receiver.arrived}) == 1
    assert len({one.headers["webhook-timestamp"] for one in receiver.arrived}) == 3
    assert len({one.body for one in receiver.arrived}) == 1
    tries = webhook_deliveries.log_of(the_endpoint())
    assert [(one.status_code, one.was_received, one.reply) for one in tries] == [
        (200, True, "heard"), (503, False, "heard"), (500, False, "heard"),
    ]  # fmt: skip
    assert (the_endpoint().failures, the_endpoint().failing_since) == (0, None)


def add_only_status(exam):
    """The endpoint hears of accepted attempts and of nothing else."""
    with writing():
        webhook_endpoints.get("platform").types = ["attempt.verified"]


def test_the_ladder_is_climbed_to_its_end_and_the_endpoint_switched_off(exam, secret, receiver, the_clock, mails):
    hours = [rung.total_seconds() / 3600 for rung in sending.LADDER]
    assert hours == [5 / 3600, 5 / 60, 0.5, 2, 5, 10, 14, 20, 24]
    add_only_status(exam)
    receiver.answers.extend([500] * 20)
    move(submitted(exam))
    dispatch(the_clock)
    for number, rung in enumerate(sending.LADDER, start=1):
        dispatch(the_clock, seconds=rung.total_seconds() * 0.89)
        assert len(receiver.arrived) == number, "A try came too early."
        dispatch(the_clock, seconds=rung.total_seconds() * 0.22)
        assert len(receiver.arrived) == number + 1
    endpoint = the_endpoint()
    assert (endpoint.is_enabled, endpoint.failures) == (False, 10)
    assert endpoint.disabled_because == "The portal could not deliver an event after all retries."
    dispatch(the_clock, days=3)
    assert len(receiver.arrived) == 10
    [case] = db.session.scalars(db.select(SupportCase)).all()
    assert "webhook enable platform" in case.text and case.kind == "webhook_disabled"


def test_who_answers_for_the_course_is_mailed_once(exam, receiver, the_clock, mails):
    add(receiver, "platform", course=exam.course)
    receiver.answers.extend([410, 410])
    move(submitted(exam))
    [mail] = [mail for mail in mails(now=the_clock.now) if mail["Subject"] != "Clouds was accepted"]
    assert (mail["To"], mail["Subject"]) == ("hooks@example.edu", "Webhook endpoint turned off")
    assert mails(now=the_clock.advance(days=2)) == []
    assert the_endpoint().disabled_because.startswith("It responded with status 410")


def test_an_endpoint_that_takes_nothing_for_five_days_is_switched_off(exam, secret, receiver, the_clock):
    receiver.answers.extend([500] * 99)
    for day in range(7):
        move(submitted(exam))
        dispatch(the_clock, days=day and 1)
    assert the_endpoint().disabled_because == "It has accepted no events for 5 days."


@pytest.mark.parametrize(("said", "seconds"), [("3600", 3600), ("Mon, 02 Mar 2026 13:00:00 GMT", 3600), ("x", 5)])
def test_an_endpoint_may_ask_us_to_slow_down(exam, secret, receiver, the_clock, said, seconds):
    add_only_status(exam)
    receiver.answers.append((429, {"Retry-After": said}, b""))
    move(submitted(exam))
    dispatch(the_clock)
    dispatch(the_clock, seconds=seconds * 0.89 - 1)
    assert len(receiver.arrived) == 1
    dispatch(the_clock, seconds=seconds * 0.22 + 1)
    assert len(receiver.arrived) == 2


def test_a_redirect_is_a_failure_and_leads_nowhere(exam, secret, receiver, the_clock):
    receiver.answers.extend([(302, {"Location": receiver.url}, b"")] * 2)
    move(submitted(exam))
    dispatch(the_clock)
    assert len(receiver.arrived) == 2  # The status and its credit, once each.
    assert {one.status_code for one in webhook_deliveries.log_of(the_endpoint())} == {302}


def test_only_what_it_asked_for_and_only_of_its_course(exam, receiver, the_clock):
    add(receiver, "credit", types=["credit.satisfied"])
    add(receiver, "elsewhere", course=make.course())
    move(submitted(exam))
    dispatch(the_clock)
    assert types(receiver) == ["credit.satisfied"]
    assert {one.endpoint.name for one in db.session.scalars(db.select(WebhookTry))} == {"credit"}


def test_nobody_listens_and_nothing_is_kept(exam, the_clock):
    move(submitted(exam))
    assert db.session.scalars(db.select(OutboxMessage).filter_by(topic="webhook")).all() == []


def test_what_was_missed_is_replayed_under_its_old_id(exam, secret, receiver, the_clock):
    first, second = submitted(exam), submitted(exam)
    move(first)
    dispatch(the_clock)
    with writing():
        webhook_endpoints.disable(webhook_endpoints.get("platform"), "Turned off by an administrator.")
    move(second)
    dispatch(the_clock)
    assert len(receiver.arrived) == 2
    with writing():
        endpoint = webhook_endpoints.get("platform")
        webhook_endpoints.enable(endpoint)
        missed = webhook_deliveries.to_replay(endpoint)
        assert webhook_deliveries.replay(endpoint, missed, now=the_clock.now) == 2
    dispatch(the_clock)
    assert types(receiver)[2:] == ["attempt.verified", "credit.satisfied"]
    with writing():
        endpoint = webhook_endpoints.get("platform")
        assert webhook_deliveries.to_replay(endpoint) == []
        old = receiver.arrived[0].headers["webhook-id"]
        webhook_deliveries.replay(endpoint, webhook_deliveries.to_replay(endpoint, event_id=old), now=the_clock.now)
        with pytest.raises(NotFound):
            webhook_deliveries.to_replay(endpoint, event_id="evt_gone")
    dispatch(the_clock)
    assert receiver.arrived[4].headers["webhook-id"] == old
    assert receiver.arrived[4].body == receiver.arrived[0].body


def test_a_worker_that_dies_before_it_can_say_so_sends_nothing_twice(exam, secret, receiver, the_clock):
    move(submitted(exam))
    dispatch(the_clock)
    with db.engine.begin() as connection:  # As if no acknowledgement had ever been written.
        connection.execute(db.update(OutboxMessage).values(done_at=None, available_at=NOON))
    dispatch(the_clock, hours=1)
    assert len(receiver.arrived) == 2
