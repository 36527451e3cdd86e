"""``flask demo load``: a world to look around in, once, and never in production."""

from pathlib import Path

import pytest
from flask import current_app
from sqlalchemy import func

from portal.cli.running import demo
from portal.db import db
from portal.demo import exams as world
from portal.demo import people
from portal.domain import access
from portal.domain.accounts import people as accounts
from portal.domain.attempts import eligibility
from portal.domain.lifecycle import history
from portal.domain.reviews import appeals, decisions, review_versions
from portal.extensions import passwords
from portal.models import (
    Attempt,
    AttemptStatus,
    Exam,
    ExamKind,
    LedgerEntry,
    OutboxMessage,
    Question,
    QuestionKind,
    Role,
    SupportCase,
    User,
)
from portal.models.attempts.attempt import RUNNING
from tests import make
from tests.make import NOON

S = AttemptStatus


@pytest.fixture
def load(app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "DATA", str(tmp_path))
    runner = app.test_cli_runner()
    return lambda: runner.invoke(demo.demo, ["load"])


def test_it_prints_whom_to_sign_in_as_and_again_the_second_time(load):
    first, second = load(), load()
    assert (first.exit_code, second.exit_code) == (0, 1)
    for account in people.ACCOUNTS:
        assert account.email in first.output and account.email in second.output
        assert passwords.matches(accounts.find_by_email(account.email).password_hash, demo.PASSWORD)
    assert demo.PASSWORD in first.output and demo.PASSWORD in second.output


def test_the_world_is_whole(load):
    """Loaded once, because it takes a while; each of these looks at one side of it."""
    load()
    for look in (
        exams_of_every_sort,
        practice_with_every_kind_of_question,
        attempts_that_run_and_that_are_over,
        proctored_attempts_in_every_state,
        histories_that_could_have_happened,
        credit_and_grades_that_follow,
        a_past_that_sends_no_mail,
        a_proctor_who_looks_after_clocks_and_sees_no_answers,
    ):
        look()


def exams_of_every_sort():
    exams = db.session.scalars(db.select(Exam)).all()
    assert {exam.kind for exam in exams} == set(ExamKind)
    assert any(exam.opens_at <= NOON < exam.closes_at for exam in exams)
    assert any(exam.opens_at > NOON for exam in exams)
    assert any(exam.closes_at < NOON for exam in exams)
    named = {exam.content_id: exam for exam in exams}
    sam = accounts.find_by_email(people.LEARNER.email)
    assert named[world.STORMS].may_decline
    assert eligibility.why_not(named[world.STORMS], sam, now=NOON) is None
    assert "has a requirement" in str(eligibility.why_not(named[world.FORECAST], sam, now=NOON))
    emre = accounts.find_by_email("emre@example.org")
    assert eligibility.why_not(named[world.FORECAST], emre, now=NOON) is None


def practice_with_every_kind_of_question():
    practice = db.session.scalars(db.select(Exam).filter_by(is_practice=True, is_proctored=False)).one()
    query = db.select(Question).join(Question.version).filter_by(exam_id=practice.id)
    assert {question.kind for question in db.session.scalars(query)} == set(QuestionKind)
    assert practice.time_limit_minutes == 10


def attempts_that_run_and_that_are_over():
    attempts = db.session.scalars(db.select(Attempt)).all()
    running = [attempt for attempt in attempts if attempt.status in RUNNING]
    assert {attempt.is_paused for attempt in running} == {True, False}
    assert all(attempt.deadline_at > NOON for attempt in running)
    done = [attempt for attempt in attempts if attempt.status in {S.SUBMITTED, S.VERIFIED, S.REJECTED}]
    assert all(0 <= attempt.points <= attempt.points_possible for attempt in done)
    assert len({attempt.points for attempt in done}) > 3


def proctored_attempts_in_every_state():
    """Support case in every room: also what a person has to decide."""
    proctored = db.select(Attempt.status).join(Exam).where(Exam.is_proctored).distinct()
    shown = {S.CREATED, S.STARTED, S.SUBMITTED, S.SECOND_REVIEW_REQUIRED, S.VERIFIED, S.REJECTED, S.ERROR, S.DECLINED}
    assert shown <= set(db.session.scalars(proctored))
    sam = accounts.find_by_email(people.LEARNER.email)
    rejected = db.session.scalars(db.select(Attempt).filter_by(learner_id=sam.id, status=S.REJECTED)).one()
    assert review_versions.current(rejected).sentence
    assert appeals.until(rejected, days=14) > NOON and appeals.find(rejected) is None
    cases = db.session.scalars(db.select(SupportCase).filter_by(course_id=rejected.exam.course_id, closed_at=None))
    assert sorted(case.kind for case in cases) == ["appeal", "suspicious", "suspicious", "suspicious"]
    reviewer = accounts.find_by_email(people.REVIEWER.email)
    assert decisions.newest_open(reviewer).send_at > NOON


def histories_that_could_have_happened():
    for attempt in db.session.scalars(db.select(Attempt)):
        lines = history.list_for(attempt)
        assert [line.from_status for line in lines] == [None, *(line.to_status for line in lines[:-1])]
        assert [line.at for line in lines] == sorted(line.at for line in lines)
        assert lines[-1].at <= NOON and lines[-1].to_status == attempt.status


def credit_and_grades_that_follow():
    told = {(entry.ledger, entry.standing) for entry in db.session.scalars(db.select(LedgerEntry))}
    assert {("credit", "satisfied"), ("credit", "failed"), ("grade", "overridden"), ("grade", "restored")} <= told


def a_past_that_sends_no_mail():
    waiting = db.select(func.count(OutboxMessage.id)).where(OutboxMessage.done_at.is_(None))
    assert db.session.scalar(waiting) == 0
    assert not list((Path(current_app.config["DATA"]) / "mail").glob("*"))


def a_proctor_who_looks_after_clocks_and_sees_no_answers():
    proctor = accounts.find_by_email("proctor@example.org")
    course = access.taught_courses(proctor)[0]
    assert (course.name, access.roles_in(proctor, course.id)) == ("Weather and Climate", {Role.PROCTOR})
    assert access.may(proctor, "give_time", course.id) and not access.may(proctor, "see_answers", course.id)


def test_a_database_with_people_is_left_alone(load):
    make.user()
    result = load()
    assert (result.exit_code, "nothing was added" in result.output) == (1, True)
    assert db.session.scalar(db.select(func.count(User.id))) == 1


def test_production_refuses_it(load, app, monkeypatch):
    monkeypatch.setitem(app.config, "ENV", "production")
    assert "Do not load the demo in production" in load().output
    assert db.session.scalar(db.select(User)) is None
