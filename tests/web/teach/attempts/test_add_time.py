"""Giving minutes to a running attempt: with a reason, within the window, visible at once."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.models import Allowance, AllowanceKind, Attempt, Role, TimeEntry
from tests import make
from tests.make import NOON, S

GIVEN = {"minutes": "15", "reason": "Fire alarm"}


def minutes(number):
    return timedelta(minutes=number)


@pytest.fixture
def attempt(app, sign_in):
    attempt = make.attempt(exam=make.exam(closes_at=NOON + minutes(80)))
    sign_in(make.member(Role.STAFF, course=attempt.exam.course))
    return attempt


def url(attempt):
    return f"/teach/attempts/{attempt.ref}/add-time"


def deadline(attempt):
    return db.session.get_one(Attempt, attempt.id).deadline_at - NOON


def test_the_page_says_when_it_ends_and_what_fits(client, attempt):
    page = client.get(url(attempt)).text
    assert "13:00" in page
    assert "13:20; you can add 20 minutes" in page
    assert 'value="15"' in page


def test_minutes_are_added_and_the_page_sends_on(client, attempt):
    answer = client.post(url(attempt), data=GIVEN)
    assert (answer.status_code, answer.location) == (303, f"/teach/attempts/{attempt.ref}/")
    assert deadline(attempt) == minutes(75)
    assert "15 minutes added. The exam now ends 13:15." in client.get(answer.location).text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"reason": ""}, "Enter a reason."),
        ({"minutes": ""}, "Enter a whole number of minutes"),
        ({"minutes": "ten"}, "Enter a whole number, such as 15."),
        ({"minutes": "0"}, "Enter between 1 and 1440 minutes"),
        ({"minutes": "-58"}, "At least five minutes must remain"),
        ({"minutes": "99999"}, "Enter between 1 and 1440 minutes"),
        ({"minutes": "30"}, "The exam closes 13:20 for this learner, so only 20 minutes would count"),
    ],
)
def test_what_cannot_be_given_is_said_at_its_field(client, attempt, wrong, words):
    answer = client.post(url(attempt), data={**GIVEN, **wrong})
    assert answer.status_code == 422
    assert words in answer.text
    assert deadline(attempt) == minutes(60)
    assert len(db.session.scalars(db.select(TimeEntry)).all()) == 1


def test_beyond_the_window_it_can_be_extended_for_this_learner(client, attempt):
    client.post(url(attempt), data={**GIVEN, "minutes": "30", "extends_window": "y"})
    assert deadline(attempt) == minutes(90)
    [allowance] = db.session.scalars(db.select(Allowance))
    assert (allowance.kind, allowance.minutes, allowance.exam_id) == (
        AllowanceKind.LONGER_WINDOW,
        10,
        attempt.exam_id,
    )


def test_a_proctor_cannot_extend_the_window(client, sign_in, attempt):
    sign_in(make.member(Role.PROCTOR, course=attempt.exam.course))
    answer = client.post(url(attempt), data={**GIVEN, "minutes": "30", "extends_window": "y"})
    assert "ask an instructor" in answer.text
    assert deadline(attempt) == minutes(60)
    assert client.post(url(attempt), data=GIVEN).status_code == 303


@pytest.mark.parametrize("status", [S.SUBMITTED, S.READY_TO_START])
def test_an_attempt_that_does_not_run_says_why_not(client, attempt, status):
    other = make.attempt(status, exam=attempt.exam)
    for answer in (client.get(url(other)), client.post(url(other), data=GIVEN)):
        assert "Grant an allowance" in answer.text
        assert '<button class="button primary">Add time' not in answer.text
    assert db.session.scalars(db.select(TimeEntry).where(TimeEntry.reason != "")).all() == []


def test_time_can_be_taken_away(client, attempt):
    page = client.post(url(attempt), data={**GIVEN, "minutes": "-10"}, follow_redirects=True).text
    assert "10 minutes removed. The exam now ends 12:50." in page


def test_a_stopped_clock_keeps_what_is_added(client, attempt, the_clock):
    with writing():
        stopped = db.session.get_one(Attempt, attempt.id)
        stopped.is_paused, stopped.paused_at = True, NOON + minutes(10)
        stopped.exam.closes_at = stopped.promised_close_at = stopped.window_closes_at = NOON + minutes(200)
    the_clock.advance(minutes=30)
    assert "or later while the clock is paused" in client.get(url(attempt)).text
    client.post(url(attempt), data=GIVEN)
    assert deadline(attempt) == minutes(75)


def test_an_end_on_another_day_is_told_with_its_day(client, sign_in):
    attempt = make.attempt(exam=make.exam(closes_at=NOON + minutes(24 * 60)))
    sign_in(make.member(Role.STAFF, course=attempt.exam.course))
    assert "The exam closes 3 Mar, 12:00" in client.post(url(attempt), data={**GIVEN, "minutes": "1440"}).text
    answer = client.post(url(attempt), data={**GIVEN, "minutes": "1380"})
    assert "The exam now ends 3 Mar, 12:00." in client.get(answer.location).text


def test_two_of_the_team_who_add_at_once_are_told_of_each_other(client, sign_in, attempt):
    shown = {**GIVEN, "minutes": "10", "seen": str(attempt.revision)}
    assert f'name="seen" type="hidden" value="{attempt.revision}"' in client.get(url(attempt)).text
    client.post(url(attempt), data=shown)
    sign_in(make.member(Role.STAFF, course=attempt.exam.course))
    told = client.post(url(attempt), data=shown)
    assert told.status_code == 409 and deadline(attempt) == minutes(70)
    for words in ("Someone changed this clock", "+ 10:00", "Fire alarm", "It now ends 13:10.", "Add time anyway"):
        assert words in told.text
    db.session.rollback()
    now_seen = db.session.get_one(Attempt, attempt.id).revision
    assert client.post(url(attempt), data={**shown, "seen": str(now_seen)}).status_code == 303
    assert deadline(attempt) == minutes(80)


def test_looking_first_says_when_it_would_end(client, attempt):
    page = client.post(url(attempt), data={"minutes": "5", "go": "look"}).text
    assert "<dt>With 5 min</dt><dd>13:05</dd>" in page
    page = client.post(url(attempt), data={"minutes": "30", "extends_window": "y", "go": "look"}).text
    assert "<dt>With 30 min</dt><dd>13:30</dd>" in page
    assert deadline(attempt) == minutes(60)


@pytest.mark.parametrize("waited", [0, 15, 45])
def test_every_page_of_the_team_names_one_end(client, attempt, the_clock, waited):
    """Also while the clock is paused, and once the window cuts what the pause would give back."""
    client.post(f"/teach/attempts/{attempt.ref}/do/pause-clock", data={"reason": "Fire alarm"})
    the_clock.advance(minutes=waited)
    end = min(NOON + minutes(60 + waited), NOON + minutes(80)).strftime("%H:%M")
    assert f"<dt>Ends now</dt><dd>{end}, or later while the clock is paused" in client.get(url(attempt)).text
    room = " ".join(client.get(f"/teach/attempts/{attempt.ref}/").text.split())
    assert f'<td class="num"><b>{end}</b></td>' in room
    assert f"the exam ends {end}" in client.get(f"/teach/attempts/{attempt.ref}/do/resume-clock").text
