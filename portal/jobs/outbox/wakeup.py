"""Wakes this process's worker when a commit brings a new message, so that nobody waits for the next look."""

import threading

from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlalchemy.orm.unitofwork import UOWTransaction

from portal.db import direct
from portal.models import OutboxMessage


class Bell:
    """Like ``threading.Event``, but each thread clears it for itself: what wakes one wakes all."""

    def __init__(self) -> None:
        self._rung, self._ringing = 0, threading.Condition()
        self._heard = threading.local()

    def set(self) -> None:
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


#: Rung after such a commit; each thread of the worker clears it before it looks.
up = Bell()


@event.listens_for(Session, "after_flush")
def _note(session: Session, context: UOWTransaction) -> None:
    if any(isinstance(row, OutboxMessage) for row in session.new):
        direct.note_inserted(session, OutboxMessage)


@event.listens_for(Session, "after_commit")
def _wake(session: Session) -> None:
    if OutboxMessage in direct.take_inserted(session):
        up.set()


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    direct.take_inserted(session)
