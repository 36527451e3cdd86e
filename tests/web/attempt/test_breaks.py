"""Breaks and pauses on the pages: questions hidden, what will be left, Continue, and what becomes of answers."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import breaks, granting
from portal.domain.timekeeping.allowance_terms import Terms
from portal.jobs.recurring import sweeper
from portal.models import AllowanceKind, Answer, Attempt, LateAnswer, OutboxMessage, Role
from tests import fake_providers, make
from tests.make import NOON, S

STAFF = Cause(actor=Actor.STAFF, reason="fire alarm")


def bank(attempt: Attempt, minutes: int = 12) -> Attempt:
    with writing():
        terms = Terms(kind=AllowanceKind.BREAK_BANK, minutes=minutes, exam=attempt.exam)
        granting.grant(attempt.exam.course, attempt.learner, terms, by=None, reason="", now=NOON)
    return attempt


@pytest.fixture
def attempt(app, sign_in):
    exam = make.exam()
    learner = sign_in(make.enrol(exam.course))
    with writing():
        made = attempts.start(attempts.create(exam, learner, now=NOON), learner, now=NOON)
    return bank(made)


def here(attempt: Attempt, rest: str = "") -> str:
    return f"/attempts/{attempt.ref}/{rest}"


def on_a_break(client, attempt, the_clock, *, after: float = 10) -> None:
    the_clock.advance(minutes=after)
    assert client.post(here(attempt, "break")).location == here(attempt, "interrupted")


def test_the_bank_is_named_before_the_start_and_only_to_whom_has_one(client, sign_in, attempt):
    entry = client.get(f"/exams/{attempt.exam.slug}/").text
    assert "Your break time" in entry and ">12 <" in entry
    assert "12 minutes of break time left" in client.get(here(attempt, "exam/1")).text
    other = make.attempt(S.STARTED)
    sign_in(other.learner)
    assert "Take a break" not in client.get(here(other, "exam/1")).text
    assert "of breaks" not in client.get(f"/exams/{other.exam.slug}/").text


def test_a_plain_form_saves_its_answer_and_comes_back_to_its_question(client, attempt, the_clock):
    the_clock.advance(minutes=10)
    said = client.post(here(attempt, "exam/2"), data={"value": "b", "version": "0", "go": "break"})
    assert said.location == here(attempt, "interrupted?to=2")
    assert db.session.scalars(db.select(Answer.value)).one() == "b"
    page = client.get(said.location).text
    for words in ("You are on a break", "Paused. 50 minutes will be left.", "12 minutes", "12:22:00", "Continue"):
        assert words in page
    assert "Which one?" not in page
    the_clock.advance(minutes=3)
    page = client.get(said.location).text
    assert "Paused. 50 minutes will be left." in page and "9 minutes" in page
    assert client.post(here(attempt, "resume-clock"), data={"to": "2"}).location == here(attempt, "exam/2")
    assert "Question 2 of 3" in client.get(here(attempt, "exam/2")).text


@pytest.mark.parametrize("place", ["exam/1", "check-answers", "end", "status", ""])
def test_every_page_of_the_exam_leads_to_the_break(client, attempt, the_clock, place):
    on_a_break(client, attempt, the_clock)
    page = client.get(here(attempt, place), follow_redirects=True)
    assert page.request.path == here(attempt, "interrupted")
    assert "Which one?" not in page.text


def test_an_empty_bank_leads_back_though_no_job_has_run(client, attempt, the_clock):
    on_a_break(client, attempt, the_clock)
    the_clock.advance(minutes=12)
    assert client.get(here(attempt, "interrupted?to=3")).location == here(attempt, "exam/3")
    assert "ends <time" in (page := client.get(here(attempt, "exam/3")).text) and "13:12" in page
    told = client.get(here(attempt, "clock.json")).json
    assert (told["state"], told["deadline"] - told["now"]) == ("in_progress", 50 * 60 * 1000)
    assert db.session.get_one(Attempt, attempt.id).is_paused
    assert "Take a break" not in client.get(here(attempt, "check-answers")).text
    client.post(here(attempt, "exam/1"), data={"value": "a", "version": "0"})
    assert not db.session.get_one(Attempt, attempt.id, populate_existing=True).is_paused
    said = client.post(here(attempt, "break"), follow_redirects=True)
    assert "You have no break time left." in said.text


def test_answers_are_refused_kindly_while_it_is_paused(client, attempt, the_clock):
    on_a_break(client, attempt, the_clock)
    the_clock.advance(seconds=31)
    question = db.session.scalars(db.select(make.Question.id)).first()
    said = client.post(here(attempt, f"answers/{question}"), json={"value": "b", "version": 0})
    assert (said.status_code, said.json["error"]["code"]) == (409, "paused")
    assert "stored on this device" in said.json["error"]["message"]
    unsent = [{"question": question, "value": "b", "version": 0}]
    assert client.post(here(attempt, "finish"), json={"answers": unsent}).json["state"] == "paused"
    assert db.session.scalars(db.select(LateAnswer)).all() == []
    plain = client.post(here(attempt, "exam/1"), data={"value": "c", "version": "0"}, follow_redirects=True)
    assert "was paused when it arrived" in plain.text
    assert [late.value for late in db.session.scalars(db.select(LateAnswer))] == ["c"]
    client.post(here(attempt, "resume-clock"))
    assert client.post(here(attempt, f"answers/{question}"), json={"value": "b", "version": 0}).status_code == 200


@pytest.mark.parametrize("may_end", [False, True])
def test_a_pause_by_the_team_has_no_continue_unless_they_give_it(client, attempt, the_clock, may_end):
    with writing():
        breaks.pause(attempts.lock(attempt.id), STAFF, learner_may_end=may_end, now=the_clock.now)
    page = client.get(here(attempt, "interrupted")).text
    assert "Paused. 1 hour will be left." in page
    assert (">Continue<" in page, "as soon as they can" in page) == (may_end, not may_end)
    assert client.post(here(attempt, "resume-clock")).status_code == (303 if may_end else 409)


def test_the_window_is_named_where_it_cuts(client, sign_in, the_clock):
    exam = make.exam(closes_at=NOON + timedelta(minutes=65))
    learner = sign_in(make.enrol(exam.course))
    with writing():
        made = attempts.start(attempts.create(exam, learner, now=NOON), learner, now=NOON)
    on_a_break(client, bank(made), the_clock)
    page = client.get(here(made, "interrupted")).text
    assert "If you continue now, 50 minutes will be left; at the end of the break, 43 minutes." in page
    the_clock.advance(minutes=7)
    page = client.get(here(made, "interrupted")).text
    assert (
        "If you continue now, 48 minutes will be left; at the end of the break, 43 minutes." in page
        and "The exam still closes at 13:05" in page
    )


def test_a_proctored_break_is_on_the_reviewers_line_and_no_news_to_the_provider(client, sign_in, the_clock):
    fake_providers.provider()
    attempt = fake_providers.attempt(S.STARTED)
    sign_in(attempt.learner)
    on_a_break(client, bank(attempt), the_clock)
    the_clock.advance(minutes=3)
    before = db.session.scalars(db.select(OutboxMessage.topic)).all()
    client.post(here(attempt, "resume-clock"))
    assert db.session.scalars(db.select(OutboxMessage.topic)).all() == before
    assert not [topic for topic in before if topic.startswith("provider.")]
    client.post(here(attempt, "submit"))
    sign_in(make.member(Role.REVIEWER, course=attempt.exam.course))
    assert "Allowed break" in client.get(f"/review/{attempt.ref}").text


def test_nobody_breaks_somebody_elses_exam(client, sign_in, attempt):
    sign_in(make.user())
    for place in ("break", "resume-clock"):
        assert client.post(here(attempt, place)).status_code == 404
    assert not db.session.get_one(Attempt, attempt.id).is_paused


def test_the_team_sees_bank_and_break_and_may_stop_the_clock_itself(client, sign_in, attempt, the_clock):
    on_a_break(client, attempt, the_clock)
    the_clock.advance(minutes=2)
    sign_in(make.member(Role.STAFF, course=attempt.exam.course))
    room = f"/teach/attempts/{attempt.ref}/"
    page = client.get(room).text
    for words in ("on a break, 50:00 left", "10:00 <small>of 12:00 left", "On a break", "12 minutes of breaks"):
        assert words in page
    assert client.post(f"{room}do/pause-clock", data={"reason": ""}).status_code == 422
    client.post(f"{room}do/pause-clock", data={"reason": "Fire alarm", "learner_may_end": "y"})
    the_clock.advance(minutes=30)
    assert sweeper.end_breaks(the_clock.now) == 0
    page = client.get(room).text
    for words in ("paused, 50:00 left", "Break", "+ 2:00", "Clock paused", "Fire alarm"):
        assert words in page
    sign_in(attempt.learner)
    assert client.post(here(attempt, "resume-clock")).status_code == 303
    assert db.session.get_one(Attempt, attempt.id).deadline_at == NOON + timedelta(minutes=92)
