"""Work that recurs: one turn, one doer, and nothing half done."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.jobs.recurring import schedule
from portal.jobs.recurring.schedule import Recurring
from portal.models import OutboxMessage, PeriodicJob, SignInFailure
from tests.make import NOON


def put(session, now):
    session.add(OutboxMessage(key=f"{now:%H:%M:%S}", topic="test", created_at=now, available_at=now))
    return 1


JOB = Recurring(name="put", every=timedelta(seconds=5), inside=put)


def keys():
    db.session.rollback()
    return db.session.scalars(db.select(OutboxMessage.key).order_by(OutboxMessage.id)).all()


def test_a_turn_comes_every_few_seconds(app):
    ran = [schedule.run_due(NOON + timedelta(seconds=seconds), (JOB,)) for seconds in (0, 1, 4, 5, 6, 60)]
    assert ran == [1, 0, 0, 1, 0, 1]
    assert keys() == ["12:00:00", "12:00:05", "12:01:00"]
    job = db.session.get_one(PeriodicJob, "put")
    assert job.last_started_at == NOON + timedelta(seconds=60)
    assert job.last_result == "1"


@pytest.mark.parametrize("back", [timedelta(minutes=1), timedelta(hours=1), timedelta(days=30, minutes=7)])
def test_a_clock_that_is_set_back_holds_no_turn_up(app, back):
    """Otherwise nobody would submit what is overdue until the clock has caught up."""
    schedule.run_due(NOON, (JOB,))
    ran = [schedule.run_due(NOON - back + timedelta(seconds=seconds), (JOB,)) for seconds in (0, 1, 5)]
    assert ran == [1, 0, 1]


def test_of_many_at_once_one_takes_the_turn(at_once):
    for turn in range(10):
        now = NOON + turn * JOB.every
        assert sum(at_once(4, lambda now=now: schedule.run_due(now, (JOB,)))) == 1
    assert len(keys()) == 10


def test_a_turn_that_fails_is_still_to_be_had(app):
    def crash(session, now):
        put(session, now)
        session.flush()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        schedule.run_due(NOON, (Recurring(name="put", every=JOB.every, inside=crash),))
    assert keys() == []
    assert schedule.run_due(NOON, (JOB,)) == 1


def test_what_works_apart_opens_its_own_transactions(app):
    done = []

    def apart(now):
        with writing() as session:
            done.append(put(session, now))
        return 1

    job = Recurring(name="apart", every=timedelta(seconds=5), apart=apart)
    assert (schedule.run_due(NOON, (job,)), schedule.run_due(NOON, (job,))) == (1, 0)
    assert keys() == ["12:00:00"]
    assert db.session.get_one(PeriodicJob, "apart").last_result == "1"


def test_every_process_joins_in_what_is_shared(app):
    looks = []
    job = Recurring(name="shared", every=timedelta(seconds=5), apart=lambda now: looks.append(now) or 0, is_shared=True)
    ran = [schedule.run_due(NOON + timedelta(seconds=seconds), (job,)) for seconds in (0, 1, 2, 5)]
    assert (ran, len(looks)) == ([1, 0, 0, 1], 4)


def test_what_ends_exams_is_shared():
    assert [job.name for job in schedule.JOBS if job.is_shared] == ["submit_overdue"]


def test_old_failures_to_sign_in_are_forgotten(app):
    with writing() as session:
        session.add(SignInFailure(subject="old", at=NOON - timedelta(days=1)))
        session.add(SignInFailure(subject="new", at=NOON - timedelta(hours=23)))
    assert schedule.run_due(NOON) == len(schedule.JOBS)
    assert db.session.scalars(db.select(SignInFailure.subject)).all() == ["new"]
