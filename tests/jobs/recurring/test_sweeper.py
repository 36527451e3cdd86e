"""The sweeper: what nobody ended is ended, and nothing else."""

from datetime import timedelta

import pytest
from sqlalchemy import event, insert

from portal.db import db, writing
from portal.db.transactions import Kind, kind
from portal.jobs.outbox import yielding
from portal.jobs.recurring import sweeper
from portal.models import Allowance, AllowanceKind, Attempt, AttemptStatus, EndedBy, HistoryEntry, OutboxMessage, User
from tests import make
from tests.failing_writes import failing
from tests.jobs.still_time import Time
from tests.make import NOON

S = AttemptStatus
HOUR = timedelta(hours=1)
AFTER = NOON + HOUR + timedelta(seconds=30)


def fresh(attempt):
    db.session.rollback()
    db.session.refresh(attempt)
    return attempt


def test_past_the_hard_stop_it_is_submitted(app):
    attempt = make.attempt(S.STARTED)
    assert sweeper.submit_overdue(AFTER - timedelta(seconds=1)) == 0
    assert sweeper.submit_overdue(AFTER) == 1
    assert sweeper.submit_overdue(AFTER) == 0
    fresh(attempt)
    assert (attempt.status, attempt.ended_by, attempt.completed_at) == (S.SUBMITTED, EndedBy.TIME, NOON + HOUR)
    [line] = db.session.scalars(db.select(HistoryEntry))
    assert (line.actor, line.at) == ("sweeper", AFTER)
    assert db.session.scalars(db.select(OutboxMessage.topic)).all() == ["email"]


def test_checking_answers_does_not_save_from_it(app):
    attempt = make.attempt(S.READY_TO_SUBMIT)
    sweeper.submit_overdue(AFTER)
    assert fresh(attempt).status is S.SUBMITTED


@pytest.mark.parametrize(
    "given",
    [
        {"is_paused": True, "paused_at": NOON},
        {"archived_at": NOON, "archive_reason": "reset"},
        {"status": S.VERIFIED},
        {"status": S.READY_TO_START},
    ],
)
def test_others_are_left_alone(app, given):
    attempt = make.attempt(**{"status": S.STARTED, **given})
    was = attempt.status
    assert sweeper.submit_overdue(AFTER) == 0
    assert fresh(attempt).status is was


def cannot_end(broken):
    """The one attempt fails when it is nearly done."""

    def trip(attempt):
        if attempt.id == broken.id and attempt.status is S.SUBMITTED:
            raise ValueError("Something is wrong with this one.")

    return failing(Attempt, "before_update", trip)


def test_one_that_fails_does_not_stop_the_others(app, caplog):
    some = [make.attempt(S.STARTED) for _ in range(5)]
    with cannot_end(some[2]):
        assert sweeper.submit_overdue(AFTER) == 4
    assert [fresh(attempt).status for attempt in some].count(S.SUBMITTED) == 4
    assert fresh(some[2]).status is S.STARTED
    assert len(db.session.scalars(db.select(HistoryEntry)).all()) == 4
    assert "could not be ended" in caplog.text


def test_two_sweepers_submit_once(app, at_once):
    for _ in range(20):
        make.attempt(S.STARTED)
    assert sum(at_once(2, lambda: sweeper.submit_overdue(AFTER))) == 20
    assert len(db.session.scalars(db.select(HistoryEntry)).all()) == 20


@pytest.mark.slow
def test_hundreds_that_end_together_cost_few_trips_each(app, statements):
    attempt = make.attempt(S.STARTED)
    _copies(attempt, 299)
    statements.clear()
    assert sweeper.submit_overdue(AFTER) == 300
    assert len(statements) <= 9 * 300


@pytest.fixture
def transactions(app):
    """Of which kind each transaction was that wrote."""
    began = []

    def note(connection):
        began.append(kind())

    event.listen(db.engine, "begin", note)
    yield lambda: [one for one in began if one is not Kind.READING]
    event.remove(db.engine, "begin", note)


def test_one_writer_gives_turns_between_ends_and_only_the_last_waits_for_the_disk(page, transactions, monkeypatch):
    """On PostgreSQL learners write beside it, and some ends share a transaction."""
    time = Time()
    one_writer = db.engine.dialect.name == "sqlite"
    monkeypatch.setattr(sweeper, "TOGETHER_ON_POSTGRESQL", 2)
    for _ in range(3):
        make.attempt(S.STARTED)
    monkeypatch.setattr(sweeper, "time", time)
    monkeypatch.setattr(yielding, "time", time)
    made = len(transactions())
    assert sweeper.submit_overdue(AFTER) == 3
    assert transactions()[made:] == ([Kind.HASTY] * (2 if one_writer else 1) + [Kind.LASTING])
    turns = (
        [yielding.LONGEST_WAIT_SECONDS + sweeper.BREATH_SECONDS] * 2 if one_writer else [yielding.LONGEST_WAIT_SECONDS]
    )
    assert time.slept_seconds == pytest.approx(sum(turns))


def test_giving_way_never_takes_longer_than_a_sweep_may(page, monkeypatch):
    time = Time()
    monkeypatch.setattr(sweeper, "TOGETHER_ON_POSTGRESQL", 1)
    monkeypatch.setattr(sweeper, "SWEEP_SECONDS", 0.1)
    for _ in range(4):
        make.attempt(S.STARTED)
    monkeypatch.setattr(sweeper, "time", time)
    monkeypatch.setattr(yielding, "time", time)
    assert sweeper.submit_overdue(AFTER) == 4
    assert 0.05 < time.slept_seconds <= sweeper.SWEEP_SECONDS + 3 * sweeper.BREATH_SECONDS


def test_one_that_fails_leaves_the_others_of_its_transaction_ended(app):
    first, broken, last = (make.attempt(S.STARTED) for _ in range(3))
    with cannot_end(broken):
        assert sweeper.submit_overdue(AFTER) == 2
    assert [fresh(one).status for one in (first, broken, last)] == [S.SUBMITTED, S.STARTED, S.SUBMITTED]
    assert {line.attempt_id for line in db.session.scalars(db.select(HistoryEntry))} == {first.id, last.id}


def test_the_look_for_what_is_overdue_uses_its_index(app, statements):
    sweeper.submit_overdue(AFTER)
    look = next(said for said in statements if "hard_stop_at" in said)
    if db.engine.dialect.name == "sqlite":
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {look}", ("2026-03-02 13:00:30",)).all()
        assert "ix_attempt_hard_stop_running" in str(plan)


def test_what_was_not_started_in_time_expires(app):
    exam = make.exam(closes_at=NOON + HOUR)
    attempt = make.attempt(S.READY_TO_START, exam=exam)
    running = make.attempt(S.STARTED, exam=exam)
    assert sweeper.expire_unstarted(NOON + HOUR - timedelta(seconds=1)) == 0
    assert sweeper.expire_unstarted(NOON + HOUR) == 1
    assert sweeper.expire_unstarted(NOON + HOUR) == 0
    assert (fresh(attempt).status, fresh(running).status) == (S.EXPIRED, S.STARTED)


def test_a_longer_window_holds_it_open(app):
    exam = make.exam(closes_at=NOON + HOUR)
    attempt = make.attempt(S.CREATED, exam=exam)
    terms = {"kind": AllowanceKind.LONGER_WINDOW, "minutes": 30, "reason": "ill", "granted_at": NOON}
    with writing() as session:
        session.add(Allowance(course_id=exam.course_id, exam_id=exam.id, learner_id=attempt.learner_id, **terms))
    assert sweeper.expire_unstarted(NOON + HOUR) == 0
    assert sweeper.expire_unstarted(NOON + HOUR + timedelta(minutes=30)) == 1


def _copies(attempt: Attempt, number: int) -> None:
    """The same attempt for so many more learners, quickly."""
    like = {c.key: getattr(attempt, c.key) for c in Attempt.__table__.columns if c.key != "id"}
    people = [{"email": f"many{n}@example.edu", "name": str(n), "created_at": NOON} for n in range(number)]
    with writing() as session:
        ids = session.scalars(insert(User).returning(User.id), people).all()
        own = [{**like, "learner_id": id, "ref": f"R{id}", "attempt_code": f"C{id}"} for id in ids]
        session.execute(insert(Attempt), own)
