"""The wall clock of a machine: a jump is noticed, told once, and remembered for a day."""

import logging
from datetime import timedelta

import pytest

from portal import clock
from portal.db import db
from tests.make import NOON


class Machine:
    """A wall clock and a steady one, moved by hand."""

    def __init__(self):
        self.wall, self.steady = NOON, 1000.0
        self.watch = clock.Watch(lambda: self.wall, lambda: self.steady)

    def passes(self, seconds, jump=0.0):
        self.wall += timedelta(seconds=seconds + jump)
        self.steady += seconds


@pytest.fixture
def machine():
    return Machine()


def test_time_that_passes_is_no_jump(machine, caplog):
    for _ in range(100):
        machine.passes(3600, jump=0.5)  # Steered by NTP, half a second an hour.
        assert machine.watch.look() == 0
    assert (machine.watch.words(), caplog.records) == ("", [])


@pytest.mark.parametrize("jump", [-3600, 3600, -3, 3])
def test_a_jump_is_told_once_and_remembered_for_a_day(machine, caplog, jump):
    machine.passes(5, jump=jump)
    assert machine.watch.look() == jump
    assert machine.watch.look() == 0
    [line] = caplog.records
    assert (line.levelno, f"jumped by {jump:+d} seconds" in line.getMessage()) == (logging.WARNING, True)
    assert f"jumped by {jump:+d} seconds" in machine.watch.words()
    machine.passes(25 * 3600)
    assert machine.watch.words() == ""


def test_status_says_that_the_clock_jumped(client, machine, monkeypatch):
    monkeypatch.setattr(clock, "watch", machine.watch)
    assert client.get("/status").json == {"status": "ok", "attempts_open_past_hard_stop": 0}
    machine.passes(5, jump=-3600)
    answer = client.get("/status")
    assert (answer.status_code, answer.json["status"]) == (200, "ok")
    assert answer.json["clock"].startswith("jumped by -3600 seconds")


def test_status_says_that_the_database_has_another_time(client, monkeypatch):
    monkeypatch.setattr(clock, "system", lambda: NOON)
    said = client.get("/status").json.get("clock", "")
    has_a_clock = db.engine.dialect.name == "postgresql"  # SQLite has none of its own.
    assert ("seconds from the database's" in said) is has_a_clock
