"""A commit with a message wakes the thread that takes such messages, and nobody else."""

import time
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from portal.db import WritingOutsideADoor, db, writing
from portal.domain.outbox import messages, outbox_claims
from portal.jobs.outbox import wakeup
from portal.jobs.outbox.lanes import LANES
from portal.models import Topic
from tests import make
from tests.make import NOON, S


@pytest.fixture
def bell(app):
    """Of the lane that takes what no other takes, such as the tests' own topic."""
    bell = wakeup.of(LANES[0])
    bell.clear()
    return bell


def test_only_a_commit_with_a_message_wakes(bell, enqueue):
    with pytest.raises(ZeroDivisionError), writing() as session:
        messages.enqueue("test", now=NOON)
        session.flush()
        1 / 0  # noqa: B018
    with writing():
        pass
    assert not bell.is_set()
    enqueue()
    assert bell.is_set()


@pytest.mark.parametrize("lane", LANES, ids=lambda lane: lane.name)
@pytest.mark.parametrize("topic", Topic)
def test_a_message_wakes_the_lane_that_takes_it_and_no_other(app, enqueue, topic, lane):
    bell = wakeup.of(lane)
    bell.clear()
    message = enqueue(topic)
    due = outbox_claims.is_any_due(NOON, lane.takes)
    assert bell.is_set() == lane.takes.includes(message.topic) == due


def test_what_is_made_due_wakes_every_lane(app, enqueue):
    attempt = make.attempt(S.SUBMITTED)
    enqueue(attempt=attempt, available_at=NOON + timedelta(minutes=10))
    bells = [wakeup.of(lane) for lane in LANES]
    for bell in bells:
        bell.clear()
    with writing():
        messages.make_due(db.select(make.Attempt.id), now=NOON)
    assert all(bell.is_set() for bell in bells)


def test_a_message_wakes_one_of_those_who_wait():
    bell, woken = wakeup.Bell(), []
    began = Barrier(4)

    def wait():
        bell.clear()
        began.wait(10)
        woken.append(bell.wait(30))

    waiting = [Thread(target=wait) for _ in range(3)]
    for thread in waiting:
        thread.start()
    began.wait(10)
    while len(bell._ringing._waiters) < 3:  # They have all come to wait.
        time.sleep(0.01)
    bell.set()
    while not woken:
        time.sleep(0.01)
    assert woken == [True] and sum(thread.is_alive() for thread in waiting) >= 2
    bell.set_for_all()
    for thread in waiting:
        thread.join(10)
    assert woken == [True] * 3


def test_what_follows_from_a_line_of_history_wakes(bell):
    """These messages are written past the ORM, so no flush shows them."""
    attempt = make.attempt(S.SUBMITTED)
    bell.clear()
    with writing():
        messages.enqueue_all([messages.NewMessage(topic="test", key="follows")], attempt=attempt, now=NOON)
    assert bell.is_set()
    with pytest.raises(WritingOutsideADoor):
        messages.enqueue_all([messages.NewMessage(topic="test", key="stray")], attempt=attempt, now=NOON)
