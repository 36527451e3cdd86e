"""Whose turn it is to do the work that recurs: one row for each job, and whoever moves ``next_at`` on does it."""

from datetime import datetime, timedelta

from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from portal.db import db
from portal.models import PeriodicJob


def due(every: dict[str, timedelta], *, now: datetime) -> set[str]:
    """The names of jobs that are due, read without a lock; one that has never run has no row yet.

    ``every``: how often each is due.
    """
    rows = db.session.execute(select(PeriodicJob.name, PeriodicJob.next_at).where(PeriodicJob.next_at > now))
    next_at = {row.name: row.next_at for row in rows}
    return {name for name in every if name not in next_at or next_at[name] > _latest(every[name], now)}


def take_turn(name: str, every: timedelta, *, now: datetime) -> bool:
    """Take the job's turn, if it is due and nobody has taken it."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    new = insert(PeriodicJob).values(name=name, next_at=now, last_result="")
    db.session.execute(new.on_conflict_do_nothing())
    is_due = or_(PeriodicJob.next_at <= now, PeriodicJob.next_at > _latest(every, now))
    mine = update(PeriodicJob).where(PeriodicJob.name == name, is_due)
    turn = mine.values(next_at=now + every, last_started_at=now)
    result = db.session.execute(turn.execution_options(synchronize_session=False))
    return isinstance(result, CursorResult) and result.rowcount == 1


def note(name: str, done: int) -> None:
    """Remember what the latest turn that found anything did."""
    if done:
        noted = update(PeriodicJob).where(PeriodicJob.name == name).values(last_result=str(done))
        db.session.execute(noted.execution_options(synchronize_session=False))


def _latest(every: timedelta, now: datetime) -> datetime:
    """A turn later than this was set by a clock that has been put back since; nobody waits for it."""
    return now + 2 * every
