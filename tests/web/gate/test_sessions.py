"""How long somebody stays signed in, and what no end of a session interrupts."""

import pytest

from tests import make
from tests.make import PASSWORD, S


def try_to_sign_in(client, email, **more):
    return client.post("/signin", data={"email": email, "password": PASSWORD, **more})


def is_signed_in(client):
    return client.get("/signin").status_code == 303


@pytest.fixture
def person(app):
    return make.user(email="ada@example.edu", name="Ada Byron", password=PASSWORD)


def test_twelve_idle_hours_end_a_session(client, person, sign_in, the_clock):
    sign_in(person)
    the_clock.advance(hours=11, minutes=55)
    assert is_signed_in(client)
    the_clock.advance(hours=12, minutes=1)
    assert not is_signed_in(client)


def test_seven_days_end_a_session_that_is_used_all_the_time(client, person, sign_in, the_clock):
    sign_in(person)
    for _ in range(7 * 4 - 1):
        the_clock.advance(hours=6)
        assert is_signed_in(client)
    the_clock.advance(hours=6, minutes=1)
    assert not is_signed_in(client)


def test_not_even_seven_days_end_it_while_their_exam_runs(client, sign_in, the_clock):
    running = make.attempt(S.STARTED, exam=make.exam(time_limit_minutes=9 * 24 * 60))
    sign_in(running.learner)
    the_clock.advance(days=9)
    assert is_signed_in(client)
    the_clock.advance(minutes=61)
    assert not is_signed_in(client)


def test_a_shared_computer_signs_out_after_half_an_hour_and_with_the_browser(client, person, the_clock):
    answer = try_to_sign_in(client, person.email, is_shared="y")
    assert "Expires" not in answer.headers["Set-Cookie"]
    the_clock.advance(minutes=29)
    assert is_signed_in(client)
    the_clock.advance(minutes=29)
    assert is_signed_in(client)
    the_clock.advance(minutes=31)
    assert not is_signed_in(client)


def test_a_shared_computer_signs_out_within_twelve_hours_though_it_is_used(client, person, the_clock):
    try_to_sign_in(client, person.email, is_shared="y")
    for _ in range(12 * 3):
        the_clock.advance(minutes=20)
        assert is_signed_in(client)
    the_clock.advance(minutes=1)
    assert not is_signed_in(client)


def test_an_exam_on_a_shared_computer_is_not_interrupted(client, sign_in, the_clock):
    person = make.user(password=PASSWORD)
    make.attempt(S.STARTED, exam=make.exam(time_limit_minutes=180), learner=person)
    try_to_sign_in(client, person.email, is_shared="y")
    the_clock.advance(minutes=179)
    assert is_signed_in(client)


@pytest.mark.parametrize("before", [{"key": None}, {"key": None, "began_at": None}])
def test_a_session_from_before_these_rules_continues(client, person, sign_in, before, the_clock):
    sign_in(person)
    with client.session_transaction() as session:
        for name in before:
            session.pop(name)
    assert is_signed_in(client)
    client.post("/signout")
    assert not is_signed_in(client)


@pytest.mark.parametrize("minutes", [60, 12 * 60, 24 * 60, 30 * 60])
def test_nobody_is_signed_out_within_an_hour_of_their_deadline(client, sign_in, the_clock, minutes):
    running = make.attempt(S.STARTED, exam=make.exam(time_limit_minutes=minutes))
    sign_in(running.learner)
    the_clock.advance(minutes=minutes + 59)
    assert is_signed_in(client)


def test_an_hour_after_a_long_exam_idle_hours_count_again(client, sign_in, the_clock):
    running = make.attempt(S.STARTED, exam=make.exam(time_limit_minutes=24 * 60))
    sign_in(running.learner)
    the_clock.advance(hours=25, minutes=1)
    assert not is_signed_in(client)


def test_submitted_at_zero_one_may_still_look(client, sign_in, the_clock):
    ended = make.attempt(S.SUBMITTED, exam=make.exam(time_limit_minutes=24 * 60), ended_by="time")
    sign_in(ended.learner)
    the_clock.advance(hours=24, minutes=59)
    assert is_signed_in(client)


def test_somebody_elses_clock_keeps_nobody(client, person, sign_in, the_clock):
    make.attempt(S.STARTED, exam=make.exam(time_limit_minutes=24 * 60))
    sign_in(person)
    the_clock.advance(hours=13)
    assert not is_signed_in(client)
