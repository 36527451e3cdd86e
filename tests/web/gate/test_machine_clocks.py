"""Machines whose clocks differ, and one that is set back in the middle of an exam: no session or time is lost."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.timekeeping import allowances
from portal.domain.timekeeping.allowance_terms import Terms
from portal.models import AllowanceKind, Attempt, HistoryEntry, Question, Role, TimeEntry
from portal.models import AttemptStatus as S
from portal.web.gate import sessions
from portal.web.gate.signed_cookie import PatientSigner
from tests import make
from tests.make import NOON


def signed(app, user, ahead_seconds):
    """A cookie as a machine signs it whose clock is so far ahead."""

    class Ahead(PatientSigner):
        def get_timestamp(self):
            return super().get_timestamp() + ahead_seconds

    serializer = app.session_interface.get_signing_serializer(app)
    serializer.signer = Ahead
    return serializer.dumps(sessions.contents(user))


def browser(app, value):
    client = app.test_client()
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], value)
    return client


@pytest.mark.parametrize("ahead_seconds", [-3600, -2, 0, 2, 3600, 90_000])
def test_a_session_that_another_machine_signed_ahead_of_us_is_one(app, ahead_seconds):
    attempt = make.attempt(S.STARTED)
    client = browser(app, signed(app, attempt.learner, ahead_seconds))
    assert client.get("/me/exams/").status_code == 200
    assert client.get(f"/attempts/{attempt.ref}/clock.json").status_code == 200


def test_a_signature_still_ends_and_a_false_one_is_none(app):
    person = make.user()
    lives_seconds = int(app.permanent_session_lifetime.total_seconds())
    for value in (signed(app, person, -lives_seconds - 60), signed(app, person, 0)[:-3] + "abc"):
        assert browser(app, value).get("/me/exams/").status_code == 303


def test_a_session_begun_by_a_clock_that_was_ahead_ends_no_later(app, client, sign_in, the_clock):
    person = make.user()
    the_clock.advance(days=300)
    sign_in(person)
    the_clock.advance(days=-300)
    assert client.get("/me/exams/").status_code == 200
    the_clock.advance(days=8)
    assert client.get("/me/exams/").status_code == 303


@pytest.fixture
def team(app):
    return app.test_client()


@pytest.fixture
def attempt(app, sign_in, team, the_clock):
    """Twenty minutes into an exam with a break bank; then the clock is set back by an hour."""
    exam = make.exam(closes_at=NOON + timedelta(days=1))
    learner = make.enrol(exam.course)
    with writing():
        terms = Terms(kind=AllowanceKind.BREAK_BANK, minutes=10, exam=exam)
        allowances.grant(exam.course, learner, terms, by=None, reason="", now=NOON)
    sign_in(learner)
    sign_in(make.member(Role.INSTRUCTOR, course=exam.course, user=make.user()), team)
    begin(app, exam, learner, sign_in)
    the_clock.advance(minutes=20)
    return db.session.scalars(db.select(Attempt)).one()


def begin(app, exam, learner, sign_in):
    client = app.test_client()
    sign_in(learner, client)
    client.post(f"/exams/{exam.slug}/begin")
    ref = db.session.scalars(db.select(Attempt.ref)).one()
    assert client.post(f"/attempts/{ref}/start").status_code == 303


STEPS = {
    "looks": ("learner", "GET", "/attempts/{ref}/exam/1", {}),
    "asks the clock": ("learner", "GET", "/attempts/{ref}/clock.json", {}),
    "saves": ("learner", "POST", "/attempts/{ref}/answers/{question}", {"json": {"value": "b", "version": 0}}),
    "checks": ("learner", "POST", "/attempts/{ref}/check-answers", {}),
    "takes a break": ("learner", "POST", "/attempts/{ref}/break", {}),
    "submits": ("learner", "POST", "/attempts/{ref}/submit", {}),
    "gets time": ("team", "POST", "/teach/attempts/{ref}/add-time", {"data": {"minutes": "5", "reason": "So"}}),
    "is paused": ("team", "POST", "/teach/attempts/{ref}/do/pause-clock", {"data": {"reason": "So"}}),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("back", [timedelta(seconds=2), timedelta(hours=1)], ids=["two seconds", "an hour"])
def test_a_clock_that_is_set_back_stops_nothing(client, team, attempt, the_clock, step, back):
    who, method, address, given = STEPS[step]
    question = db.session.scalars(db.select(Question.id)).first()
    before = attempt.deadline_at
    the_clock.now -= back
    answer = (client if who == "learner" else team).open(
        address.format(ref=attempt.ref, question=question), method=method, **given
    )
    assert answer.status_code in {200, 303}, answer.text
    db.session.expire_all()
    assert attempt.deadline_at == before + (timedelta(minutes=5) if step == "gets time" else timedelta())
    assert all(seconds >= 0 for seconds in db.session.scalars(db.select(TimeEntry.seconds)))


@pytest.mark.parametrize("ends", ["learner", "team"])
def test_a_standstill_across_a_clock_that_is_set_back_takes_no_time(client, team, attempt, the_clock, ends):
    """It began, by the clock, after it ended."""
    here, there = f"/attempts/{attempt.ref}", f"/teach/attempts/{attempt.ref}"
    before = attempt.deadline_at
    if ends == "learner":
        assert client.post(f"{here}/break").status_code == 303
    else:
        assert team.post(f"{there}/do/pause-clock", data={"reason": "So"}).status_code == 303
    the_clock.advance(hours=-1)
    assert client.get(f"{here}/clock.json").json["state"] == "paused"
    if ends == "learner":
        assert client.post(f"{here}/resume-clock").status_code == 303
    else:
        assert team.post(f"{there}/do/resume-clock", data={"reason": "So"}).status_code == 303
    db.session.expire_all()
    assert not attempt.is_paused
    assert attempt.deadline_at >= before
    assert all(seconds >= 0 for seconds in db.session.scalars(db.select(TimeEntry.seconds)))
    assert db.session.scalars(db.select(HistoryEntry.id)).first() is not None
