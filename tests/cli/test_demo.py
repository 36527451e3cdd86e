"""``flask demo load``: a world to look around in, once, and never in production."""

import pytest
from sqlalchemy import func

from portal.cli import demo
from portal.db import db
from portal.demo import people
from portal.domain import people as accounts
from portal.extensions import passwords
from portal.models import Attempt, Exam, OutboxMessage, Question, QuestionKind, User
from portal.models.attempt import RUNNING
from tests import make
from tests.make import NOON


@pytest.fixture
def load(app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "DATA", str(tmp_path))
    runner = app.test_cli_runner()
    return lambda: runner.invoke(demo.demo, ["load"])


def test_it_prints_whom_to_sign_in_as(load):
    result = load()
    assert result.exit_code == 0
    for account in people.ACCOUNTS:
        assert account.email in result.output
        assert passwords.matches(accounts.find_by_email(account.email).password_hash, demo.PASSWORD)
    assert demo.PASSWORD in result.output


def test_there_is_an_exam_of_every_sort(load):
    load()
    exams = db.session.scalars(db.select(Exam)).all()
    assert {exam.kind for exam in exams} == {"practice", "timed", "proctored"}
    assert any(exam.opens_at <= NOON < exam.closes_at for exam in exams)
    assert any(exam.opens_at > NOON for exam in exams)
    assert any(exam.closes_at < NOON for exam in exams)


def test_the_practice_exam_has_every_kind_of_question(load):
    load()
    practice = db.session.scalars(db.select(Exam).filter_by(is_practice=True)).one()
    query = db.select(Question).join(Question.version).filter_by(exam_id=practice.id)
    assert {question.kind for question in db.session.scalars(query)} == set(QuestionKind)
    assert practice.time_limit_minutes == 10


def test_somebody_has_handed_in_and_somebody_is_still_at_it(load):
    load()
    attempts = db.session.scalars(db.select(Attempt)).all()
    running = [attempt for attempt in attempts if attempt.status in RUNNING]
    assert {attempt.is_paused for attempt in running} == {True, False}
    assert all(attempt.deadline_at > NOON for attempt in running)
    done = [attempt for attempt in attempts if attempt not in running]
    assert all(0 <= attempt.points <= attempt.points_possible for attempt in done)
    assert len({attempt.points for attempt in done}) > 3


def test_the_past_of_the_demo_sends_no_mail(load):
    load()
    waiting = db.select(func.count(OutboxMessage.id)).where(OutboxMessage.done_at.is_(None))
    assert db.session.scalar(waiting) == 0


def test_a_database_with_people_is_left_alone(load):
    make.user()
    result = load()
    assert (result.exit_code, "nothing was added" in result.output) == (1, True)
    assert db.session.scalar(db.select(func.count(User.id))) == 1


def test_the_second_start_says_again_whom_to_sign_in_as(load):
    load()
    again = load()
    assert again.exit_code == 1
    assert demo.PASSWORD in again.output


def test_production_refuses_it(load, app, monkeypatch):
    monkeypatch.setitem(app.config, "ENV", "production")
    assert "not for production" in load().output
    assert db.session.scalar(db.select(User)) is None
