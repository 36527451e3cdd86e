"""One silent receiver holds nobody up: lanes of their own, and a minute in which it is left alone."""

import time
from contextlib import ExitStack
from threading import Event

import pytest

from portal.db import db
from portal.jobs import dispatcher, worker
from portal.jobs.outbox import claims, lanes, yielding
from portal.jobs.outbox.wakeup import Bell
from portal.models import OutboxMessage
from tests.make import NOON


@pytest.fixture(autouse=True)
def nobody_is_silent():
    lanes.forget_all()
    yield
    lanes.forget_all()


@pytest.fixture
def running(app):
    running = worker.Worker(app)
    yield running
    running.stop()


class Turns:
    """Stands for the event that stops the worker: after three waits no exams are ended any more, then it stops."""

    def __init__(self, ending):
        self.waits, self.ending, self.stopped = [], ending, False

    def is_set(self):
        return self.stopped

    def set(self):
        self.stopped = True

    def wait(self, seconds):
        self.waits.append(seconds)
        if len(self.waits) == 3:
            self.ending.close()


@pytest.mark.parametrize("lane", lanes.LANES, ids=lambda lane: lane.name)
def test_no_lane_even_looks_while_exams_end(app, lane):
    """Each look would take time from the ends, and each end wakes every lane."""
    looked = []

    def look(now, lane):
        looked.append(yielding.is_ending_exams())
        running.stop()
        return 1

    running = worker.Worker(app, dispatch=look)
    with ExitStack() as ending:
        ending.enter_context(yielding.ending_exams())
        running._stop = Turns(ending)
        running._dispatch_messages(lane)
    assert looked == [False]
    assert running._stop.waits == [worker.PAUSE_WHILE_EXAMS_END_SECONDS] * 3


def row(key):
    db.session.rollback()
    return db.session.scalars(db.select(OutboxMessage).filter_by(key=key)).one()


def test_every_topic_has_one_lane(app, enqueue):
    for number, topic in enumerate([*dispatcher.HANDLERS, "of a newer release"]):
        enqueue(topic, key=f"p{number}")
    found = [message.topic for lane in lanes.LANES for message in claims.claim(NOON, limit=100, lane=lane)]
    assert sorted(found) == sorted([*dispatcher.HANDLERS, "of a newer release"])
    assert [one.name for one in lanes.LANES] == ["default", "mail", "webhooks", "providers"]


SLOW = {"email": "credit", "webhook.deliver": "email", "provider.stop": "webhook.deliver", "credit": "provider.stop"}


@pytest.mark.parametrize("slow", SLOW)
def test_a_lane_that_waits_holds_up_no_other(enqueue, running, monkeypatch, slow):
    """Every thread of the slow lane is stuck; the others dispatch their messages meanwhile."""
    stuck, told = Event(), {topic: Event() for topic in SLOW}
    for topic, event in told.items():
        monkeypatch.setitem(dispatcher.HANDLERS, topic, lambda message, event=event: event.set())
    monkeypatch.setitem(dispatcher.HANDLERS, slow, lambda message: stuck.wait(20) and None)
    for number in range(5):
        enqueue(slow, key=f"slow-{number}")
    running.start()
    time.sleep(0.3)
    for topic in set(SLOW) - {slow}:
        enqueue(topic, key=topic)
    assert all(told[topic].wait(10) for topic in set(SLOW) - {slow})
    stuck.set()


@pytest.mark.parametrize("topic", ["email", "webhook.deliver", "provider.stop"])
def test_one_that_is_stuck_leaves_its_lane_a_second_thread(enqueue, running, monkeypatch, topic):
    stuck, told = Event(), Event()
    monkeypatch.setitem(
        dispatcher.HANDLERS, topic, lambda message: stuck.wait(20) and None if message.key == "slow" else told.set()
    )
    enqueue(topic, key="slow")
    running.start()
    time.sleep(0.5)
    enqueue(topic, key="other")
    assert told.wait(10)
    stuck.set()


def test_who_failed_slowly_is_left_alone_and_that_is_no_try(enqueue, monkeypatch):
    asked = []

    def handle(message):
        who = message.payload["who"]
        with lanes.calling(who):
            asked.append(message.key)
            if who == "silent":
                time.sleep(0.05)
                raise OSError("No answer.")

    monkeypatch.setattr(lanes, "SILENT_AFTER_SECONDS", 0.04)
    monkeypatch.setitem(dispatcher.HANDLERS, "webhook.deliver", handle)
    for number in range(4):
        enqueue("webhook.deliver", key=f"s{number}", payload={"who": "silent"})
    enqueue("webhook.deliver", key="other", payload={"who": "well"})
    worker.work_through(now=NOON)
    assert asked == ["s0", "other"]
    assert (row("s0").tries, row("s1").tries, row("other").done_at) == (1, 0, NOON)
    assert "left alone for a while" in row("s3").last_error
    assert NOON < row("s3").available_at <= NOON.replace(minute=1)


def test_who_refuses_at_once_is_asked_as_ever(enqueue, monkeypatch):
    asked = []

    def handle(message):
        with lanes.calling("quick"):
            asked.append(message.key)
            raise OSError("Connection refused.")

    monkeypatch.setitem(dispatcher.HANDLERS, "webhook.deliver", handle)
    for key in "abc":
        enqueue("webhook.deliver", key=key)
    worker.work_through(now=NOON)
    assert asked == ["a", "b", "c"]


def test_while_one_thread_waits_for_it_the_others_do_not(monkeypatch):
    monkeypatch.setattr(lanes, "SILENT_AFTER_SECONDS", 0.02)
    with lanes.calling("slow"):
        time.sleep(0.03)
        with pytest.raises(lanes.Silent), lanes.calling("slow"):
            pass
    with lanes.calling("slow"):
        pass  # It has answered after all.


def test_a_bell_wakes_each_thread_that_listens():
    bell = Bell()
    assert not bell.wait(0.01)
    bell.set()
    assert bell.is_set() and bell.wait(0.01)
    bell.clear()
    assert not bell.is_set() and not bell.wait(0.01)
