"""Tries are counted before they are made, for each subject, within a time."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.accounts import sign_in_limits
from portal.domain.accounts.sign_in_limits import Limit
from portal.domain.errors import LimitReached
from portal.models import SignInFailure

LIMIT = Limit(subject="a", tries=3, within=timedelta(minutes=10))
OTHER = Limit(subject="b", tries=3, within=timedelta(minutes=10))


def take(now, *limits):
    with writing():
        sign_in_limits.take(limits or [LIMIT], now=now)


def counted():
    return db.session.scalar(db.select(db.func.count(SignInFailure.id)))


def test_so_many_and_no_more(app, the_clock):
    for _ in range(3):
        take(the_clock.now)
    with pytest.raises(LimitReached) as refusal:
        take(the_clock.now)
    assert refusal.value.retry_after_seconds == 600
    assert counted() == 3
    take(the_clock.now, OTHER)


def test_the_oldest_try_makes_room_first(app, the_clock):
    take(the_clock.now)
    for _ in range(2):
        take(the_clock.advance(minutes=1))
    with pytest.raises(LimitReached) as refusal:
        take(the_clock.advance(minutes=1))
    assert refusal.value.retry_after_seconds == 7 * 60
    take(the_clock.advance(minutes=7))
    with pytest.raises(LimitReached):
        take(the_clock.now)


def test_the_longer_wait_is_told_in_whole_minutes(app, the_clock):
    for _ in range(3):
        take(the_clock.now, LIMIT)
    for _ in range(3):
        take(the_clock.advance(seconds=10), OTHER)
    with pytest.raises(LimitReached, match=r"Try again in 10 minutes\.") as refusal:
        take(the_clock.now, LIMIT, OTHER)
    assert refusal.value.retry_after_seconds == 580


def test_a_try_that_succeeds_is_given_back(app, the_clock):
    take(the_clock.now)
    take(the_clock.now, LIMIT, OTHER)
    with writing():
        sign_in_limits.give_back([LIMIT], now=the_clock.now)
    kept = db.session.scalars(db.select(SignInFailure.subject).order_by(SignInFailure.subject)).all()
    assert kept == ["a", "b"]


def test_forgetting_is_complete(app, the_clock):
    take(the_clock.now)
    take(the_clock.now, LIMIT, OTHER)
    with writing():
        sign_in_limits.forget("a")
    assert db.session.scalars(db.select(SignInFailure.subject)).all() == ["b"]


SLOW = Limit(subject="a", tries=2, within=timedelta(minutes=10), longest_wait=timedelta(seconds=20))


def test_a_limit_that_slows_down_doubles_each_wait_up_to_the_longest(app, the_clock):
    for _ in range(2):
        take(the_clock.now, SLOW)
    waits = []
    for _ in range(5):
        with pytest.raises(LimitReached, match=r"Try again in \d+ seconds\.") as refusal:
            take(the_clock.now, SLOW)
        waits.append(refusal.value.retry_after_seconds)
        take(the_clock.advance(seconds=waits[-1]), SLOW)
    assert waits == [5, 10, 20, 20, 20]


@pytest.mark.parametrize("limit", [LIMIT, SLOW])
def test_a_clock_that_was_set_back_makes_nobody_wait_longer(app, the_clock, limit):
    for _ in range(limit.tries):
        take(the_clock.now, limit)
    with pytest.raises(LimitReached) as refusal:
        take(the_clock.advance(hours=-1), limit)
    assert refusal.value.retry_after_seconds <= limit.within.total_seconds()


def test_what_is_old_is_swept_away(app, the_clock):
    take(the_clock.now, LIMIT, OTHER)
    take(the_clock.advance(hours=23), OTHER)
    with writing():
        sign_in_limits.sweep(now=the_clock.advance(hours=2))
    assert counted() == 1


def test_what_is_kept_names_nobody():
    known = sign_in_limits.subject("account", "ada@example.edu", secret="s")
    assert "ada" not in known
    assert known == sign_in_limits.subject("account", "ada@example.edu", secret="s")
    assert known != sign_in_limits.subject("account", "ada@example.edu", secret="t")
    assert known != sign_in_limits.subject("links for", "ada@example.edu", secret="s")
