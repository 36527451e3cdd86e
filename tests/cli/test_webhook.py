"""``flask webhook``: endpoints are added, listed, tried, switched and told again what they missed."""

import pytest
from standardwebhooks.webhooks import Webhook

from portal.cli import webhook as commands
from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.lifecycle import transitions
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.outbox import webhook_deliveries, webhook_endpoints
from portal.jobs import worker
from portal.models import AttemptStatus as S
from portal.models import OutboxMessage
from tests import make
from tests.make import NOON

PUBLIC = "https://platform.example.edu/hooks"


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(commands.webhook, words)


def accept(exam=None):
    attempt = make.attempt(S.SUBMITTED, exam=exam or make.exam(is_proctored=True), taking_as_proctored=True)
    with writing():
        transitions.move(attempts.lock(attempt.id), S.VERIFIED, Cause(actor=Actor.REVIEWER), now=NOON)
    worker.work_through(now=NOON)
    return attempt


def test_an_endpoint_is_added_and_its_secret_shown_once(run):
    result = run("add", "platform", PUBLIC, "--type", "attempt.verified")
    assert result.exit_code == 0
    secret = result.output.splitlines()[-1]
    assert secret.startswith("whsec_") and len(secret) > 40
    assert "will receive attempt.verified." in result.output
    listed = run("list").output
    assert PUBLIC in listed and "every course" in listed and secret not in listed
    kept = db.session.execute(db.text("SELECT secret FROM webhook_endpoint")).scalar_one()
    assert secret.removeprefix("whsec_") not in str(kept)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("platform", "http://platform.example.edu/"), "must start with https://"),
        (("platform", "platform.example.edu"), "full web address"),
        (("platform", PUBLIC, "--type", "attempt.danced"), "no event type attempt.danced"),
        (("platform", PUBLIC, "--course", "course-v1:No+Such+One"), "no course with the key"),
        (("taken", PUBLIC), "taken already"),
        ((" ", PUBLIC), "name of 1 to 100 characters"),
    ],
)
def test_what_cannot_work_is_refused_in_one_line(run, words, says):
    run("add", "taken", PUBLIC)
    result = run("add", *words)
    assert (result.exit_code, says in result.output) == (1, True)
    assert result.output.count("\n") == 1


def test_nobody_listens_yet(run):
    assert run("list").output == "No endpoints yet.\n"
    assert "There is no webhook endpoint platform." in run("log", "platform").output


def test_a_test_event_says_what_came_of_it(run, receiver):
    run("add", "platform", receiver.url)
    assert run("test", "platform").output == "platform responded with status 200. The event was accepted.\n"
    receiver.answers.append(500)
    result = run("test", "platform")
    assert (result.exit_code, "responded with status 500. The event was not accepted." in result.output) == (1, True)
    assert b"webhook.test" in receiver.arrived[0].body
    assert "webhook.test" in run("log", "platform").output


def test_what_was_missed_is_sent_again(run, receiver):
    run("add", "platform", receiver.url, "--type", "attempt.verified")
    run("disable", "platform")
    accept()
    assert "off: Turned off by an administrator." in run("list").output
    result = run("replay", "platform")
    assert (result.exit_code, "turned off" in result.output) == (1, True)
    run("enable", "platform")
    assert run("replay", "platform").output == "1 event queued for platform.\n"
    worker.work_through(now=NOON)
    [arrived] = receiver.arrived
    assert run("replay", "platform").output == "0 events queued for platform.\n"
    event_id = arrived.headers["webhook-id"]
    assert run("replay", "platform", "--event", event_id).output.startswith("1 event queued")
    worker.work_through(now=NOON)
    assert [one.headers["webhook-id"] for one in receiver.arrived] == [event_id] * 2
    assert run("replay", "platform", "--event", "evt_gone").exit_code == 1


def test_replay_may_begin_at_a_moment(run, receiver):
    run("add", "platform", receiver.url, "--type", "attempt.verified")
    run("disable", "platform")
    accept()
    run("enable", "platform")
    assert run("replay", "platform", "--since", "2026-03-02T12:00:01").output.startswith("0 events")
    assert run("replay", "platform", "--since", "2026-03-02T12:00:00").output.startswith("1 event ")


def test_an_endpoint_of_one_course_is_replayed_only_its_own(run, receiver):
    ours = make.exam(is_proctored=True)
    run("add", "platform", receiver.url, "--type", "attempt.verified", "--course", ours.course.key)
    run("add", "all", receiver.url, "--type", "attempt.verified")
    run("disable", "platform")
    accept(ours)
    accept()
    run("enable", "platform")
    assert run("replay", "platform").output.startswith("1 event ")


def test_both_secrets_sign_while_the_receiver_changes_over(run, receiver, the_clock):
    old = run("add", "platform", receiver.url, "--type", "attempt.verified").output.splitlines()[-1]
    new = run("rotate", "platform").output.splitlines()[1]
    accept()
    run("rotate", "platform", "--end")
    accept()
    both, one = (arrived.headers["webhook-signature"].split() for arrived in receiver.arrived)
    assert (len(both), len(one)) == (2, 1)
    for arrived, secrets in zip(receiver.arrived, ([new, old], [new]), strict=True):
        body, event_id = arrived.body.decode(), arrived.headers["webhook-id"]
        signed = [Webhook(secret).sign(event_id, NOON, body) for secret in secrets]
        assert arrived.headers["webhook-signature"].split() == signed


def test_a_listener_that_came_later_hears_only_of_what_comes(run, receiver):
    accept()
    run("add", "platform", receiver.url)
    assert db.session.scalars(db.select(OutboxMessage).filter_by(topic="webhook")).all() == []
    assert webhook_deliveries.to_replay(webhook_endpoints.get("platform")) == []
