"""Wakes the thread that a new message is for, at the commit that brings it, so that nobody waits for the next look.

Waking every thread for each message cost as much as the work itself: each looks into the database.
"""

import threading
from collections.abc import Mapping

from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlalchemy.orm.unitofwork import UOWTransaction

from portal.db import direct
from portal.jobs.outbox.lanes import LANES, Lane
from portal.models import OutboxMessage


class Bell:
    """Like ``threading.Event``, but each thread clears it for itself, and a message wakes one of those that wait."""

    def __init__(self) -> None:
        self._rung, self._ringing = 0, threading.Condition()
        self._heard = threading.local()

    def set(self) -> None:
        """For one thread. Another hears it when it next looks."""
        with self._ringing:
            self._rung += 1
            self._ringing.notify()

    def set_for_all(self) -> None:
        with self._ringing:
            self._rung += 1
            self._ringing.notify_all()

    def clear(self) -> None:
        """What was rung until now is not heard any more, by this thread."""
        self._heard.rung = self._rung

    def is_set(self) -> bool:
        """Whether it was rung since this thread last cleared it."""
        return bool(self._rung != getattr(self._heard, "rung", 0))

    def wait(self, seconds: float) -> bool:
        """Until it is rung, or for so long."""
        with self._ringing:
            return self._ringing.wait_for(self.is_set, seconds)


#: By the name of a lane; each thread of the worker clears that of its lane before it looks.
_bells = {lane.name: Bell() for lane in LANES}


def of(lane: Lane) -> Bell:
    return _bells[lane.name]


def wake_all() -> None:
    for bell in _bells.values():
        bell.set_for_all()


@event.listens_for(Session, "after_flush")
def _note(session: Session, context: UOWTransaction) -> None:
    for row in session.new:
        if isinstance(row, OutboxMessage):
            direct.note_inserted(session, OutboxMessage, {"topic": row.topic})


@event.listens_for(Session, "after_commit")
def _wake(session: Session) -> None:
    new = [facts for model, facts in direct.take_inserted(session) if model is OutboxMessage]
    for lane in LANES if new else ():
        if any(_is_for(lane, facts) for facts in new):
            of(lane).set()


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    direct.take_inserted(session)


def _is_for(lane: Lane, facts: Mapping[str, object]) -> bool:
    """Whether it takes such a message; every lane looks where nobody says of which topic it is."""
    topic = facts.get("topic")
    return topic is None or lane.takes.includes(str(topic))
