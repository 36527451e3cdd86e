"""Work that recurs, done by one process at a time: whoever moves ``next_at`` on does it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.domain import answer_files, ended_sessions, throttle
from portal.jobs import attending, decisions, practice_script, reminders, sweeper
from portal.models import PeriodicJob

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Recurring:
    """A job, how often it is due, and what it does: inside its turn's transaction, or in many of its own.

    ``inside`` happens exactly once a turn. ``apart`` must be harmless to repeat: a crash may cut it short,
    and the next turn goes on. ``is_shared``: every process joins in at each look, whoever has the turn.
    """

    name: str
    every: timedelta
    inside: Callable[[Session, datetime], int] | None = None
    apart: Callable[[datetime], int] | None = None
    is_shared: bool = False


def forget_sign_in_failures(session: Session, now: datetime) -> int:
    """Old failures, and sessions whose cookies have ended anyway, count for nothing and are not ours to keep."""
    ended_sessions.sweep(now=now)
    return throttle.sweep(now=now)


JOBS = (
    Recurring(name="end_breaks", every=timedelta(seconds=5), apart=sweeper.end_breaks),
    Recurring(name="hand_in_overdue", every=timedelta(seconds=5), apart=sweeper.hand_in_overdue, is_shared=True),
    Recurring(name="attend_silent", every=timedelta(seconds=5), apart=attending.attend_silent),
    Recurring(name="play_cues", every=timedelta(seconds=2), apart=practice_script.play_due),
    Recurring(name="expire_unstarted", every=timedelta(seconds=60), apart=sweeper.expire_unstarted),
    Recurring(name="send_decisions", every=timedelta(seconds=10), apart=decisions.send_due),
    Recurring(name="remind_of_checks", every=timedelta(hours=1), inside=reminders.remind_of_checks),
    Recurring(name="forget_abandoned_files", every=timedelta(hours=1), inside=answer_files.forget_abandoned),
    Recurring(name="forget_sign_in_failures", every=timedelta(hours=1), inside=forget_sign_in_failures),
)


def run_due(now: datetime, jobs: tuple[Recurring, ...] = JOBS) -> int:
    """Run every job whose turn has come and is still free; how many this process ran."""
    db.session.rollback()  # A snapshot read earlier would hide whose turn it is.
    due = _due(now, jobs)
    return sum(run(job, now) if job.name in due else _join(job, now) for job in jobs)


def _join(job: Recurring, now: datetime) -> bool:
    """The turn is another's, or not yet. False: it was not ours."""
    if job.is_shared and job.apart:
        job.apart(now)
    return False


def run(job: Recurring, now: datetime) -> bool:
    """Take the job's turn, if nobody has, and do it."""
    with writing() as session:
        if not _take_turn(session, job, now):
            return False
        done = job.inside(session, now) if job.inside else 0
        _note(session, job, done)
    if job.apart and (done := job.apart(now)):
        log.info("%s: %d", job.name, done)
        with writing() as session:
            _note(session, job, done)
    return True


def _due(now: datetime, jobs: tuple[Recurring, ...]) -> set[str]:
    """The names that are due, read without a lock; one that has never run has no row yet."""
    rows = db.session.execute(select(PeriodicJob.name, PeriodicJob.next_at).where(PeriodicJob.next_at > now))
    next_at = {row.name: row.next_at for row in rows}
    return {job.name for job in jobs if job.name not in next_at or next_at[job.name] > _latest(job, now)}


def _latest(job: Recurring, now: datetime) -> datetime:
    """A turn later than this was set by a clock that has been put back since; nobody waits for it."""
    return now + 2 * job.every


def _take_turn(session: Session, job: Recurring, now: datetime) -> bool:
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(PeriodicJob).values(name=job.name, next_at=now, last_result="").on_conflict_do_nothing())
    is_due = or_(PeriodicJob.next_at <= now, PeriodicJob.next_at > _latest(job, now))
    mine = update(PeriodicJob).where(PeriodicJob.name == job.name, is_due)
    turn = mine.values(next_at=now + job.every, last_started_at=now)
    result = session.execute(turn.execution_options(synchronize_session=False))
    return isinstance(result, CursorResult) and result.rowcount == 1


def _note(session: Session, job: Recurring, done: int) -> None:
    """Remember what the latest turn that found anything did."""
    if done:
        noted = update(PeriodicJob).where(PeriodicJob.name == job.name).values(last_result=str(done))
        session.execute(noted.execution_options(synchronize_session=False))
