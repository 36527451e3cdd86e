"""Wakes this process's worker when a commit brings a new promise, so that nobody waits for the next look."""

from threading import Event

from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlalchemy.orm.unitofwork import UOWTransaction

from portal.domain.outbox import PROMISED
from portal.models import OutboxMessage

#: Set after such a commit; the worker clears it before it looks.
up = Event()


@event.listens_for(Session, "after_flush")
def _note(session: Session, context: UOWTransaction) -> None:
    if any(isinstance(row, OutboxMessage) for row in session.new):
        session.info[PROMISED] = True


@event.listens_for(Session, "after_commit")
def _wake(session: Session) -> None:
    if session.info.pop(PROMISED, False):
        up.set()


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(PROMISED, None)
