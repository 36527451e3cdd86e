"""The provider log: messages with their outcome, one whole, what waits for a person, and calls to try again."""

import html
import json
from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.outbox import messages
from portal.models import Delivery, DeliveryKind, DeliveryOutcome, HistoryEntry, OutboxMessage, Registration, Role
from tests import make, review_factories
from tests.make import NOON

O = DeliveryOutcome  # noqa: E741


@pytest.fixture
def attempt(app):
    return review_factories.proctored(learner=make.user(name="Ada Rahimi"))


@pytest.fixture
def staff(attempt, sign_in):
    return sign_in(make.member(Role.STAFF, course=attempt.exam.course))


def message(attempt, outcome=O.USED, **given):
    facts = {
        "kind": DeliveryKind.REVIEWED, "body": '{"status": "passed"}', "body_sha256": "0" * 64, "received_at": NOON,
        "outcome": outcome, "attempt_id": attempt.id if attempt else None, "provider_slug": "proctorco",
        "headers": {"Authorization": "JWT [not kept here]"}, "answered": 200,
    }  # fmt: skip
    return make.row(Delivery(**{**facts, **given}))


def call(attempt, topic="provider.stop", **given):
    with writing():
        message = messages.enqueue(topic, now=NOON, attempt=attempt, **given.pop("says", {}))
        for name, value in given.items():
            setattr(message, name, value)
    return message


def log(client, attempt, **asked):
    return client.get(f"/teach/attempts/{attempt.ref}/provider-log", query_string=asked)


def test_every_outcome_is_counted_and_can_be_asked_for(client, staff, attempt):
    for outcome in O:
        message(attempt, outcome, note=f"note of {outcome}")
    page = log(client, attempt).text
    assert all(f"note of {outcome}" in page for outcome in O)
    assert "All messages <b>4</b>" in page and "Need attention <b>2</b>" in page
    repeated = log(client, attempt, show="repeated").text
    assert "note of repeated" in repeated and "note of used" not in repeated
    waiting = log(client, attempt, show="waiting").text
    assert "note of kept" in waiting and "note of received" in waiting and "note of used" not in waiting
    assert "note of used" in log(client, attempt, show="nonsense", page="-3").text


def test_a_message_is_shown_whole_and_never_as_markup(client, staff, attempt):
    said = {"status": "passed", "comments": [{"comment": "<script>alert(1)</script>"}]}
    one = message(attempt, body=json.dumps(said), note="<b>no</b>", headers={"X-Request-ID": "<i>7</i>"})
    page = client.get(f"/teach/deliveries/{one.id}").text
    assert "&lt;script&gt;" in page and "<script>alert" not in page
    assert "<b>no</b>" not in page and "<i>7</i>" not in page
    assert "\n  &#34;status&#34;: &#34;passed&#34;" in page
    garbage = message(attempt, body="not {json", headers={"Authorization": "Bearer [not kept here]"})
    page = client.get(f"/teach/deliveries/{garbage.id}").text
    assert "not {json" in page and "Bearer [not kept here]" in page


@pytest.mark.parametrize(
    "body", ["[" * 16_384, '{"x": ' * 2_000, "9" * 5_000, '{"x": NaN, "y": "\\ud800"}', '"a \\ud800"', "", "\ufffd"]
)
def test_a_message_that_nothing_can_read_is_still_shown(client, staff, attempt, body):
    page = client.get(f"/teach/deliveries/{message(attempt, O.KEPT, body=body).id}")
    assert page.status_code == 200 and body[:3] in html.unescape(page.text)


def test_a_kept_message_is_ticked_off_once_and_by_name(client, staff, attempt):
    one = message(attempt, O.KEPT)
    for _ in range(2):
        assert client.post(f"/teach/deliveries/{one.id}/seen").status_code == 303
    db.session.refresh(one)
    assert one.seen_at == NOON
    line = db.session.scalars(db.select(HistoryEntry).filter_by(event="message_seen")).one()
    assert (line.by_id, line.attempt_id) == (staff.id, attempt.id)
    assert "No message needs attention." in log(client, attempt, show="waiting").text
    assert "Mark as resolved" not in client.get(f"/teach/deliveries/{one.id}").text


def test_what_names_no_attempt_is_for_administrators(client, sign_in, staff, attempt):
    lost = message(None, O.KEPT, note="No attempt of ours has this name.")
    assert lost.note not in client.get(f"/teach/courses/{attempt.exam.course.slug}/provider-log").text
    assert client.get("/teach/provider-log").status_code == 403
    assert client.post(f"/teach/deliveries/{lost.id}/seen").status_code == 404
    sign_in(make.administrator())
    assert "1 provider message matches no attempt" in client.get("/teach/").text
    assert lost.note in client.get("/teach/provider-log").text
    assert client.post(f"/teach/deliveries/{lost.id}/seen").status_code == 303
    assert "No message needs attention" in client.get("/teach/provider-log?show=waiting").text


def test_a_course_shows_its_own_messages_only(client, staff, attempt):
    message(attempt, note="ours")
    message(review_factories.proctored(), note="theirs")
    page = client.get(f"/teach/courses/{attempt.exam.course.slug}/provider-log").text
    assert "ours" in page and attempt.ref in page and "theirs" not in page


def test_nobody_reads_what_a_provider_said_of_themselves(client, sign_in, attempt):
    one = message(attempt, O.KEPT, note="looked away")
    make.member(Role.REVIEWER, course=attempt.exam.course, user=attempt.learner)
    sign_in(attempt.learner)
    assert "looked away" not in client.get(f"/teach/courses/{attempt.exam.course.slug}/provider-log").text
    for address in (f"/teach/attempts/{attempt.ref}/provider-log", f"/teach/deliveries/{one.id}"):
        assert client.get(address).status_code == 403
    assert client.post(f"/teach/deliveries/{one.id}/seen").status_code == 403


@pytest.mark.parametrize(
    ("role", "status"), [(Role.INSTRUCTOR, 200), (Role.STAFF, 200), (Role.REVIEWER, 200), (Role.PROCTOR, 403)]
)
def test_who_may_read_it(client, sign_in, attempt, role, status):
    sign_in(make.member(role, course=attempt.exam.course))
    assert log(client, attempt).status_code == status
    assert client.get(f"/teach/courses/{attempt.exam.course.slug}/provider-log").status_code == status
    sign_in(make.member(role))
    assert log(client, attempt).status_code == 404
    assert client.get(f"/teach/deliveries/{message(attempt).id}").status_code == 404
    assert client.post(f"/teach/calls/{call(attempt).id}/again").status_code == 404


def test_a_call_that_was_given_up_is_tried_again(client, staff, attempt):
    dead = call(attempt, tries=20, dead_at=NOON, last_error="ProctorCo did not answer (500).")
    call(attempt, "email", done_at=NOON, says={"payload": {"template": "attempt_submitted"}})
    page = log(client, attempt, show="calls").text
    assert "ProctorCo did not answer (500)." in page and "failed" in page and "Email to the learner: receipt" in page
    here = f"/teach/attempts/{attempt.ref}/provider-log?show=calls"
    assert client.post(f"/teach/calls/{dead.id}/again", data={"back": here}).location == here
    db.session.refresh(dead)
    assert (dead.dead_at, dead.tries, dead.available_at) == (None, 0, NOON)
    assert "Try again" not in log(client, attempt, show="calls").text


@pytest.mark.parametrize("facts", [{"done_at": NOON}, {"lease_token": "somebody's"}])
def test_what_is_done_or_being_done_is_left_alone(client, staff, attempt, facts):
    one = call(attempt, tries=3, **facts)
    answer = client.post(f"/teach/calls/{one.id}/again", data={"back": "//elsewhere.example"}, follow_redirects=True)
    assert "already done or in progress" in answer.text
    db.session.refresh(one)
    assert one.tries == 3


def test_only_calls_to_providers_are_tried_again_here(client, staff, attempt):
    assert client.post(f"/teach/calls/{call(attempt, 'email', dead_at=NOON).id}/again").status_code == 404


def test_a_course_lists_what_its_providers_do_not_know_yet(client, staff, attempt):
    exam = attempt.exam
    facts = {"learner_id": attempt.learner_id, "provider_slug": "p", "attempt_code": "x", "created_at": NOON}
    asked = make.row(Registration(exam_id=exam.id, **facts))
    call(attempt, dead_at=NOON, last_error="first reason")
    call(None, "provider.exam", says={"payload": {"exam": exam.id}}, last_error="second reason")
    call(None, "provider.register", says={"payload": {"registration": asked.id}}, last_error="third reason")
    call(attempt, done_at=NOON, last_error="fourth reason")
    call(review_factories.proctored(), dead_at=NOON, last_error="fifth reason")
    page = client.get(f"/teach/courses/{exam.course.slug}/provider-log?show=calls").text
    assert [f"{word} reason" in page for word in ("first", "second", "third", "fourth", "fifth")] == [True] * 3 + [
        False
    ] * 2
    later = db.session.scalars(db.select(OutboxMessage).filter_by(last_error="second reason")).one()
    with writing():
        later.available_at = NOON + timedelta(hours=1)
    assert client.post(f"/teach/calls/{later.id}/again").status_code == 303
    db.session.refresh(later)
    assert later.available_at == NOON


@pytest.mark.parametrize("show", ["", "calls"])
def test_the_log_costs_the_same_for_many(client, staff, attempt, statements, show):
    here = f"/teach/courses/{attempt.exam.course.slug}/provider-log?show={show}"
    for _ in range(30):
        other = review_factories.proctored(exam=attempt.exam)
        message(other, O.KEPT)
        call(other, dead_at=NOON)
    statements.clear()
    page = client.get(here)
    assert len(statements) <= 10
    assert "Page 1 of 2" in page.text
    assert "Page 2 of 2" in client.get(f"{here}&page=2").text
