"""The background lets people go first: a message waits while a page is being made, but not for ever."""

from threading import Event, Thread

import pytest
from flask import Flask, request_started

from portal.jobs import dispatcher, worker
from portal.jobs.outbox import yielding
from tests.jobs.still_time import Time
from tests.make import NOON


def waiting() -> Event:
    continued = Event()
    Thread(target=lambda: (yielding.wait_for_quiet(), continued.set()), daemon=True).start()
    return continued


def test_it_waits_until_the_page_is_made(page, monkeypatch):
    monkeypatch.setattr(yielding, "LONGEST_WAIT_SECONDS", 60)
    continued = waiting()
    assert not continued.wait(0.2)
    page.set()
    assert continued.wait(30)


def test_the_moment_between_two_pages_is_not_quiet(client, monkeypatch):
    time = Time()
    monkeypatch.setattr(yielding, "time", time)
    client.get("/status")
    yielding.wait_for_quiet()
    assert time.slept_seconds == pytest.approx(yielding.QUIET_SECONDS)
    yielding.wait_for_quiet()
    assert time.slept_seconds == pytest.approx(yielding.QUIET_SECONDS)


def test_a_portal_that_is_never_quiet_dispatches_its_messages(page, enqueue, monkeypatch):
    handled = []
    monkeypatch.setitem(dispatcher.HANDLERS, "test", lambda message: handled.append(message.key))
    monkeypatch.setattr(yielding, "LONGEST_WAIT_SECONDS", 0.01)
    message = enqueue()
    worker.work_through(now=NOON)
    assert handled == [message.key]


def test_other_work_waits_while_exams_are_ended_and_their_end_waits_for_pages_only(monkeypatch):
    time = Time()
    monkeypatch.setattr(yielding, "time", time)
    monkeypatch.setattr(yielding, "_last_answered_at", 0.0)
    with yielding.ending_exams():
        yielding.give_way(5)
        assert time.slept_seconds == 0
        yielding.wait_for_quiet()
    assert time.slept_seconds == pytest.approx(yielding.LONGEST_WAIT_SECONDS)
    yielding.wait_for_quiet()
    assert time.slept_seconds == pytest.approx(yielding.LONGEST_WAIT_SECONDS)


def test_the_end_of_exams_gives_way_to_a_page_for_as_long_as_it_may(page, monkeypatch):
    time = Time()
    monkeypatch.setattr(yielding, "time", time)
    yielding.give_way(0.03)
    assert time.slept_seconds == pytest.approx(0.03)
    yielding.give_way(-1)
    assert time.slept_seconds == pytest.approx(0.03)


def test_each_message_waits(page, enqueue, monkeypatch):
    time, waited = Time(), []
    monkeypatch.setattr(yielding, "time", time)
    monkeypatch.setitem(dispatcher.HANDLERS, "test", lambda message: waited.append(time.slept_seconds))
    enqueue(), enqueue()
    worker.work_through(now=NOON)
    claiming = yielding.LONGEST_WAIT_SECONDS
    assert waited == pytest.approx([claiming + number * yielding.LONGEST_WAIT_SECONDS for number in (1, 2)])


def test_a_page_that_fails_is_no_longer_made(monkeypatch):
    monkeypatch.setattr(yielding, "LONGEST_WAIT_SECONDS", 60)
    broken = Flask("broken")
    broken.add_url_rule("/", view_func=lambda: 1 / 0)
    broken.config["PROPAGATE_EXCEPTIONS"] = True
    yielding.init_app(broken)
    with pytest.raises(ZeroDivisionError):
        broken.test_client().get("/")
    assert waiting().wait(30)


def test_the_portal_counts_its_own_pages(app, client, monkeypatch):
    time = Time()
    monkeypatch.setattr(yielding, "time", time)

    def give_way(*sender, **more):
        time.now += 10  # Nothing was asked for lately: only this page is in the way.
        yielding.give_way(0.03)

    with request_started.connected_to(give_way, app):
        assert client.get("/status").status_code == 200
    assert time.slept_seconds == pytest.approx(0.03)
