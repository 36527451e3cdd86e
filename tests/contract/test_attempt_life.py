"""Behaviours 16 to 32 of the contract: an attempt from its beginning to its end, as far as a learner meets them."""

from datetime import timedelta

import pytest
import responses

from portal.db import db
from portal.jobs.recurring import sweeper
from portal.models import Attempt, EndedBy, OutboxMessage, ProviderKind
from tests import fake_providers, make
from tests.fake_providers import status_of
from tests.make import NOON, S


@pytest.fixture
def learner(app, sign_in):
    return sign_in(make.user())


def timed(learner, **given):
    exam = make.exam(**given)
    make.enrol(exam.course, learner)
    return exam


def begin(client, exam):
    return client.post(f"/exams/{exam.slug}/begin")


def press(client, attempt, what):
    return client.post(f"/attempts/{attempt.ref}/{what}")


def all_attempts():
    db.session.expire_all()
    return list(db.session.scalars(db.select(Attempt).order_by(Attempt.id)))


def begun(client, learner, **given):
    begin(client, timed(learner, **given))
    return all_attempts()[-1]


def started(client, learner, **given):
    attempt = begun(client, learner, **given)
    press(client, attempt, "start")
    return all_attempts()[-1]


def clock_of(client, attempt):
    return client.get(f"/attempts/{attempt.ref}/clock.json").json


def enqueued(topic):
    return len(db.session.scalars(db.select(OutboxMessage).filter_by(topic=topic)).all())


def test_16_it_is_created_without_a_clock_and_start_starts_it(client, learner):
    attempt = begun(client, learner)
    assert (attempt.status, attempt.started_at) == (S.CREATED, None)
    press(client, attempt, "start")
    [attempt] = all_attempts()
    assert (attempt.status, attempt.started_at) == (S.STARTED, NOON)


def test_17_a_second_one_is_the_first_one(client, learner):
    attempt = begun(client, learner)
    again = begin(client, attempt.exam)
    assert (again.status_code, again.location, len(all_attempts())) == (303, f"/attempts/{attempt.ref}/", 1)


def test_18_none_after_the_due_date(client, learner):
    exam = timed(learner, closes_at=NOON)
    refused = begin(client, exam)
    assert (refused.status_code, "has closed" in refused.text, all_attempts()) == (409, True, [])


def test_19_a_second_start_changes_nothing(client, learner, the_clock):
    attempt = started(client, learner)
    the_clock.advance(minutes=5)
    assert press(client, attempt, "start").status_code == 303
    [attempt] = all_attempts()
    assert (attempt.status, attempt.started_at) == (S.STARTED, NOON)


@pytest.mark.parametrize("status", [S.SUBMITTED, S.DECLINED, S.ERROR])
@pytest.mark.parametrize("what", ["start", "check-answers", "submit"])
def test_20_what_has_ended_is_neither_started_nor_stopped(client, learner, status, what):
    attempt = make.attempt(status, learner=learner)
    assert press(client, attempt, what).status_code in {303, 409}
    assert status_of(attempt) is status


def proctored(learner, status, kind=ProviderKind.REST, **options):
    record = fake_providers.provider(
        "acme", kind=kind, client=False, base_url="https://provider.example", options=options
    )
    attempt = fake_providers.attempt(status, exam=fake_providers.exam(record.slug), learner=learner)
    return attempt


def open_provider(client, attempt):
    with responses.RequestsMock(assert_all_requests_are_fired=False) as network:
        network.post("https://provider.example/oauth2/access_token", status=503)
        return press(client, attempt, "provider")


def test_21_opening_the_provider_is_noted(client, learner):
    """Also where the provider then does not say where to go."""
    attempt = proctored(learner, S.CREATED)
    open_provider(client, attempt)
    assert status_of(attempt) is S.DOWNLOAD_SOFTWARE_CLICKED


def test_22_looking_over_and_going_back_keeps_the_first_start(client, learner, the_clock):
    attempt = proctored(learner, S.READY_TO_START)
    fake_providers.change(attempt, rules_read_at=NOON)
    press(client, attempt, "start")
    the_clock.advance(minutes=1)
    press(client, attempt, "check-answers")
    assert status_of(attempt) is S.READY_TO_SUBMIT
    press(client, attempt, "continue")
    assert (status_of(attempt), attempt.started_at, enqueued("provider.start")) == (S.STARTED, NOON, 1)


@pytest.mark.parametrize(
    ("kind", "options", "becomes"),
    [
        (ProviderKind.PSI, {}, S.SUBMITTED),
        (ProviderKind.PSI, {"forbids_reentry": False}, S.STARTED),
        (ProviderKind.REST, {"forbids_reentry": True}, S.SUBMITTED),
        (ProviderKind.REST, {}, S.STARTED),
    ],
)
def test_23_going_back_to_the_set_up_ends_the_exam_where_the_provider_forbids_it(
    client, learner, kind, options, becomes
):
    attempt = proctored(learner, S.STARTED, kind, **options)
    answer = open_provider(client, attempt)
    assert status_of(attempt) is becomes
    if becomes is S.SUBMITTED:
        assert answer.location == f"/attempts/{attempt.ref}/"
        assert attempt.ended_by is EndedBy.LEARNER


def test_24_ninety_minutes_are_ninety_minutes(client, learner):
    attempt = started(client, learner, time_limit_minutes=90)
    said = clock_of(client, attempt)
    assert (said["own_ms"], said["deadline"] - said["now"]) == (90 * 60_000,) * 2
    assert (said["low_ms"], said["crit_ms"]) == (600_000, 120_000)
    assert "1 hour 30 minutes left" in client.get(f"/attempts/{attempt.ref}/clock").text


def test_25_the_last_minute_is_said(client, learner, the_clock):
    attempt = started(client, learner)
    the_clock.advance(minutes=59, seconds=30)
    said = clock_of(client, attempt)
    assert (said["deadline"] - said["now"], said["state"]) == (30_000, "in_progress")
    assert " left at " in client.get(f"/attempts/{attempt.ref}/clock").text


def test_26_before_the_start_nothing_is_left_because_nothing_runs(client, learner):
    said = clock_of(client, begun(client, learner))
    assert (said["deadline"], said["own_ms"], said["state"]) == (None, 0, "setup")


def test_27_thirty_hours(client, learner):
    said = clock_of(client, started(client, learner, time_limit_minutes=30 * 60))
    assert (said["deadline"] - said["now"]) // 1000 == 108_000


def test_28_when_the_time_is_up_it_is_submitted_at_the_deadline_and_no_read_writes(client, learner, the_clock):
    attempt = started(client, learner)
    the_clock.advance(minutes=61)
    assert clock_of(client, attempt)["state"] == "ended"
    assert status_of(attempt) is S.STARTED
    sweeper.submit_overdue(the_clock.now)
    assert (status_of(attempt), attempt.completed_at) == (S.SUBMITTED, NOON + timedelta(minutes=60))


def test_28_a_press_of_the_learner_does_it_too(client, learner, the_clock):
    attempt = started(client, learner)
    the_clock.advance(minutes=61)
    press(client, attempt, "check-answers")
    assert (status_of(attempt), attempt.completed_at) == (S.SUBMITTED, NOON + timedelta(minutes=60))


def test_29_submitted_stays_submitted(client, learner, the_clock):
    attempt = make.attempt(S.SUBMITTED, learner=learner)
    the_clock.advance(days=400)
    for work in (sweeper.submit_overdue, sweeper.expire_unstarted):
        work(the_clock.now)
    assert status_of(attempt) is S.SUBMITTED


def test_30_the_due_date_cuts_the_time(client, learner):
    closes_at = NOON + timedelta(minutes=15)
    attempt = started(client, learner, time_limit_minutes=21, closes_at=closes_at)
    assert (attempt.deadline_at, attempt.own_seconds) == (closes_at, 21 * 60)


def test_31_past_the_due_date_it_is_not_started_but_expires(client, learner, the_clock):
    attempt = begun(client, learner, closes_at=NOON + timedelta(minutes=15))
    the_clock.advance(minutes=15)
    assert press(client, attempt, "start").status_code == 409
    assert status_of(attempt) is S.CREATED
    sweeper.expire_unstarted(the_clock.now)
    assert (status_of(attempt), attempt.started_at) == (S.EXPIRED, None)


def test_32_the_exam_that_runs_stands_first_on_the_learners_page(client, learner):
    assert "Running now" not in client.get("/me/exams/").text
    attempt = started(client, learner)
    page = client.get("/me/exams/").text
    assert page.index("Running now") < page.index(attempt.exam.name)
    assert "Continue" in page
