"""Messages: dispatched at least once, by one worker at a time, and never lost."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.outbox import messages as outbox
from portal.jobs import dispatcher, worker
from portal.jobs.outbox import claims
from portal.models import OutboxMessage
from tests.make import NOON


@pytest.fixture
def told(monkeypatch):
    """The keys with which the handler of the topic "test" was called."""
    keys = []
    monkeypatch.setitem(dispatcher.HANDLERS, "test", lambda message: keys.append(message.key))
    return keys


@pytest.fixture
def failing(monkeypatch):
    def fail(message):
        raise ConnectionRefusedError("The server is away.")

    monkeypatch.setitem(dispatcher.HANDLERS, "test", fail)


def the_only():
    db.session.rollback()
    return db.session.scalars(db.select(OutboxMessage)).one()


def test_a_message_is_dispatched_once(enqueue, told):
    enqueue(key="a")
    assert worker.work_through(now=NOON) == 1
    assert worker.work_through(now=NOON) == 0
    assert told == ["a"]
    assert the_only().done_at == NOON


def test_the_same_key_twice_is_one_message(enqueue):
    first = enqueue(key="a", payload={"says": "first"})
    assert enqueue(key="a", payload={"says": "second"}).id == first.id
    assert the_only().payload == {"says": "first"}


def test_a_rollback_enqueues_nothing(app):
    with pytest.raises(ZeroDivisionError), writing():
        outbox.enqueue("test", now=NOON)
        1 / 0  # noqa: B018
    assert db.session.scalars(db.select(OutboxMessage)).all() == []


def test_a_message_for_later_waits(enqueue, told):
    enqueue(available_at=NOON + timedelta(minutes=2))
    assert worker.work_through(now=NOON + timedelta(seconds=119)) == 0
    assert worker.work_through(now=NOON + timedelta(seconds=120)) == 1


def test_what_is_claimed_nobody_else_gets(enqueue):
    for key in "abc":
        enqueue(key=key)
    assert [message.key for message in claims.claim(NOON, limit=2)] == ["a", "b"]
    assert [message.key for message in claims.claim(NOON)] == ["c"]
    assert claims.claim(NOON) == []


def test_workers_at_once_claim_different_messages(enqueue, at_once):
    for number in range(60):
        enqueue(key=str(number))

    def claim_all():
        mine = []
        while batch := claims.claim(NOON, limit=3):
            mine += [message.key for message in batch]
        return mine

    claimed = [key for mine in at_once(4, claim_all) for key in mine]
    assert sorted(claimed, key=int) == [str(number) for number in range(60)]


def test_a_crash_before_the_note_repeats_the_same_key(enqueue, told):
    enqueue(key="a")
    [dead] = claims.claim(NOON)
    dispatcher.HANDLERS["test"](dead)  # The effect took place, and then the process died.
    assert worker.work_through(now=NOON + claims.LEASE - timedelta(seconds=1)) == 0
    assert worker.work_through(now=NOON + claims.LEASE) == 1
    assert told == ["a", "a"]


def test_who_lost_the_lease_cannot_speak_for_the_next(enqueue):
    enqueue(key="a")
    [slow] = claims.claim(NOON)
    [next_one] = claims.claim(NOON + claims.LEASE)
    assert not claims.finish(slow, now=NOON)
    assert not claims.retry_later(slow, "too slow", now=NOON)
    assert the_only().done_at is None
    assert the_only().last_error == ""
    assert claims.finish(next_one, now=NOON)
    assert not claims.finish(next_one, now=NOON)


def test_what_outlives_its_lease_is_left_to_the_next(enqueue, told, the_clock):
    enqueue(key="a")
    the_clock.advance(minutes=3)
    assert dispatcher.dispatch_batch(NOON) == 1  # Claimed three minutes ago: by now somebody else may have it.
    assert told == []
    assert worker.work_through(now=the_clock.now) == 1


def test_a_failure_is_retried_later_and_its_reason_noted(enqueue, failing):
    enqueue()
    assert worker.work_through(now=NOON) == 1
    message = the_only()
    assert (message.tries, message.done_at, message.last_error) == (1, None, "The server is away.")
    assert NOON + timedelta(seconds=7) < message.available_at < NOON + timedelta(seconds=13)


def test_one_that_fails_does_not_stop_the_others(enqueue, told):
    enqueue("nobody.knows", key="a")
    enqueue(key="b")
    worker.work_through(now=NOON)
    assert told == ["b"]


def test_the_waits_double_up_to_an_hour():
    waits = [claims.wait_after(tries).total_seconds() for tries in range(1, 100)]
    assert 7.5 <= waits[0] <= 12.5
    assert all(0.75 * 10 * 2**n <= waits[n] <= 1.25 * 10 * 2**n for n in range(8))
    assert all(2700 <= wait <= 4500 for wait in waits[10:])
    assert len(set(waits[10:])) > 1


def test_after_the_last_try_it_is_a_dead_letter_that_can_be_revived(enqueue, failing, told):
    dispatcher.HANDLERS["test"], handler = _fail, dispatcher.HANDLERS["test"]
    enqueue(key="a")
    now = NOON
    for _ in range(claims.MOST_TRIES):
        assert worker.work_through(now=now) == 1
        now += timedelta(hours=2)
    assert the_only().dead_at is not None
    assert worker.work_through(now=now) == 0
    dispatcher.HANDLERS["test"] = handler
    assert claims.revive(["a", "unknown"], now=now) == 1
    assert worker.work_through(now=now) == 1
    assert (told, the_only().tries, the_only().last_error) == (["a"], 1, "")


def _fail(message):
    raise TimeoutError


def test_what_kills_the_worker_each_time_becomes_a_dead_letter(enqueue, told):
    enqueue(key="a")
    now = NOON
    for _ in range(claims.MOST_TRIES):
        claims.claim(now)
        now += claims.LEASE
    assert worker.work_through(now=now) == 1
    assert told == []
    assert the_only().dead_at is not None


def test_a_topic_nobody_knows_waits_for_a_newer_portal(enqueue):
    enqueue("from.tomorrow")
    worker.work_through(now=NOON)
    assert the_only().last_error == "Nothing in this portal handles messages of the topic from.tomorrow."
    assert the_only().done_at is None


def test_a_secret_stays_only_until_it_is_sent(enqueue, told):
    enqueue(payload={"template": "password_reset", "link": "https://secret"})
    worker.work_through(now=NOON)
    assert the_only().payload == {"template": "password_reset"}


def test_an_idle_look_writes_nothing(enqueue, told, statements):
    enqueue(available_at=NOON + timedelta(minutes=1))
    statements.clear()
    assert dispatcher.dispatch_batch(NOON) == 0
    assert [said.split()[0] for said in statements if said[0] != "B"] == ["SELECT"]
