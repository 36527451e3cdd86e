"""A provider and a mail server that are away for a while: everything is told afterwards, once, in order."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.jobs import worker
from portal.jobs.recurring import schedule
from portal.models import Answer, Attempt, Delivery, HistoryEntry, OutboxMessage, Question, QuestionKind
from portal.simulator import create_simulator
from portal.simulator.settings import Settings
from tests import fake_providers, make
from tests.make import NOON, S
from tests.resilience import fake_services
from tests.resilience.whole_portal import free_port


@pytest.fixture
def simulator(portal):
    """A provider of which the portal knows the address; nobody answers there yet."""
    names = {"client_id": "acme-client", "client_secret": fake_providers.SECRET}
    fake_providers.provider(base_url=f"http://127.0.0.1:{free_port()}", **names)
    address = f"http://127.0.0.1:{portal.port}"
    app = create_simulator(Settings(portal=address, ready_after=0, review_after=0, **names))
    yield app
    app.extensions["provider"].close()


def back(simulator):
    """The provider answers, for as long as it lasts, and remembers all."""
    [address] = db.session.scalars(db.select(fake_providers.Provider.base_url))
    db.session.rollback()
    return fake_services.reachable(simulator, int(address.rpartition(":")[2]))


def begin(browser, exam):
    answered = browser.post(f"/exams/{exam.slug}/begin")
    assert answered.status == 303
    return answered.location


def test_a_provider_that_goes_away_hears_everything_when_it_is_back(portal, simulator):
    exam = fake_providers.exam(questions=[{"kind": QuestionKind.LONG_TEXT}])
    learner, latecomer = make.enrol(exam.course), make.enrol(exam.course)
    portal.serve()
    browser = portal.browser(learner)
    with back(simulator):
        place = begin(browser, exam)
        [known] = simulator.extensions["provider"].attempts.values()
        simulator.extensions["callbacks"].ready(known)
        assert browser.post(f"{place}rules", read="yes").status == 303
        assert browser.post(f"{place}start").status == 303
        portal.wait_until(lambda: known.stage == "started")
    write_and_submit(portal, browser, place.split("/")[2])
    assert begin(portal.browser(latecomer), exam) == f"/exams/{exam.slug}/waiting"
    portal.advance(minutes=2)  # So long its own page asks, and no job.
    waits = db.select(OutboxMessage.topic).where(OutboxMessage.last_error != "", OutboxMessage.done_at.is_(None))
    portal.wait_until(lambda: set(portal.look(waits)) >= {"provider.stop", "provider.register"})
    assert known.stage == "started"
    portal.advance(hours=1)
    with back(simulator):
        waiting = db.select(OutboxMessage.topic).where(OutboxMessage.done_at.is_(None))
        status = db.select(Attempt.status).where(Attempt.learner_id == learner.id)
        portal.wait_until(lambda: portal.look(waiting) == [] and portal.look(status) == [S.VERIFIED])
    check_nothing_is_missing(portal, simulator, learner)
    assert portal.look(db.select(Attempt.status).where(Attempt.learner_id == latecomer.id)) == [S.CREATED]


def write_and_submit(portal, browser, ref):
    [question_id] = portal.look(db.select(Question.id))
    for version in range(3):
        assert browser.save(ref, question_id, f"Thought {version}", version=version).status == 200
    assert browser.post(f"/attempts/{ref}/submit").status == 303


def check_nothing_is_missing(portal, simulator, learner):
    """Its end and its review reached each other once, and history says so."""
    about_end = [line for line in simulator.extensions["provider"].log if '"submitted"' in str(line.get("body"))]
    assert len(about_end) == 1
    mine = db.select(Attempt.id).where(Attempt.learner_id == learner.id)
    steps = db.select(HistoryEntry.to_status).where(HistoryEntry.attempt_id.in_(mine), HistoryEntry.event == "moved")
    assert portal.look(steps.order_by(HistoryEntry.id)) == [
        S.CREATED, S.READY_TO_START, S.STARTED, S.SUBMITTED, S.VERIFIED,
    ]  # fmt: skip
    assert portal.look(db.select(Answer.value, Answer.version)) == [("Thought 2", 3)]
    assert len(portal.look(db.select(Delivery.id))) == 2  # Ready, and reviewed.


@pytest.fixture
def submitted(app, the_clock):
    """Five learners who were away at the end, so that the clock handed in for them."""
    exam = make.exam()
    for _ in range(5):
        make.attempt(exam=exam)
    the_clock.advance(minutes=61)
    schedule.run_due(the_clock.now)
    return {attempt.learner.email for attempt in db.session.scalars(db.select(Attempt))}


def pass_by(the_clock, **by):
    """The worker looks every fifteen seconds while this time goes by."""
    until = the_clock.now + timedelta(**by)
    while the_clock.now < until:
        worker.work_through(now=the_clock.advance(seconds=15))


def test_mails_wait_for_an_hour_and_then_go_out_once_each(app, the_clock, submitted, monkeypatch):
    port, told = free_port(), fake_services.Told()
    for name, value in {"suppress": False, "server": "127.0.0.1", "port": port}.items():
        monkeypatch.setattr(app.extensions["mail"], name, value)
    pass_by(the_clock, hours=1)
    assert told.mails == []
    waiting = db.session.scalars(db.select(OutboxMessage).where(OutboxMessage.topic == "email")).all()
    assert {(mail.done_at, mail.dead_at) for mail in waiting} == {(None, None)}
    assert all("Connection refused" in mail.last_error for mail in waiting)
    with fake_services.mail_server(told, port):
        pass_by(the_clock, hours=1, minutes=15)
    assert {mail["To"] for mail in told.mails} == submitted
    assert set(told.times.values()) == {1}
    assert len(told.mails) == len(told.times) == len(submitted)
    db.session.rollback()
    assert None not in db.session.scalars(db.select(OutboxMessage.done_at)).all()


def test_a_mail_says_when_it_happened_however_late_it_is_sent(app, the_clock, monkeypatch):
    attempt = make.attempt()
    the_clock.advance(minutes=61)
    with writing():
        attempts.submit_overdue(attempts.lock(attempt.id), now=the_clock.now)
    port, told = free_port(), fake_services.Told()
    for name, value in {"suppress": False, "server": "127.0.0.1", "port": port}.items():
        monkeypatch.setattr(app.extensions["mail"], name, value)
    with fake_services.mail_server(told, port):
        worker.work_through(now=the_clock.advance(hours=1))
    [mail] = told.mails
    assert mail["Date"].datetime == NOON + timedelta(minutes=61)
