"""The hard tests' own clock: whoever looks while it is moved sees the time before or the time after, never another."""

from datetime import timedelta

from tests.make import NOON
from tests.resilience import portal_process


def test_nobody_sees_the_wall_clock_while_a_test_moves_theirs(portal, monkeypatch):
    seen, move = [], portal_process.move

    def watched(file, seconds):
        move(file, seconds)
        seen.append(portal.now())

    monkeypatch.setattr(portal_process, "move", watched)
    portal.advance(hours=1)
    assert seen
    assert all(timedelta() <= at - (NOON + timedelta(hours=1)) < timedelta(minutes=1) for at in seen)
