"""Work that recurs, done by one process at a time: whoever moves ``next_at`` on does it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.domain.accounts import ended_sessions, sign_in_limits
from portal.domain.answers import files
from portal.domain.outbox import recurring
from portal.jobs.recurring import decisions, practice_script, presence, reminders, sweeper

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Recurring:
    """A job, how often it is due, and what it does: inside its turn's transaction, or in many of its own.

    ``inside`` happens exactly once a turn. ``apart`` must be harmless to repeat: a crash may cut it short,
    and the next turn continues. ``is_shared``: every process joins in at each look, whoever has the turn.
    """

    name: str
    every: timedelta
    inside: Callable[[Session, datetime], int] | None = None
    apart: Callable[[datetime], int] | None = None
    is_shared: bool = False


def forget_sign_in_failures(session: Session, now: datetime) -> int:
    """Old failures, and sessions whose cookies have ended anyway, count for nothing and are not ours to keep."""
    ended_sessions.sweep(now=now)
    return sign_in_limits.sweep(now=now)


JOBS = (
    Recurring(name="end_breaks", every=timedelta(seconds=5), apart=sweeper.end_breaks),
    Recurring(name="submit_overdue", every=timedelta(seconds=5), apart=sweeper.submit_overdue, is_shared=True),
    Recurring(name="attend_silent", every=timedelta(seconds=5), apart=presence.attend_silent),
    Recurring(name="play_cues", every=timedelta(seconds=2), apart=practice_script.play_due),
    Recurring(name="expire_unstarted", every=timedelta(seconds=60), apart=sweeper.expire_unstarted),
    Recurring(name="send_decisions", every=timedelta(seconds=10), apart=decisions.send_due),
    Recurring(name="remind_of_checks", every=timedelta(hours=1), inside=reminders.remind_of_checks),
    Recurring(name="forget_abandoned_files", every=timedelta(hours=1), inside=files.forget_abandoned),
    Recurring(name="forget_sign_in_failures", every=timedelta(hours=1), inside=forget_sign_in_failures),
)


def run_due(now: datetime, jobs: tuple[Recurring, ...] = JOBS) -> int:
    """Run every job whose turn has come and is still free; how many this process ran."""
    db.session.rollback()  # A snapshot read earlier would hide whose turn it is.
    due = recurring.due({job.name: job.every for job in jobs}, now=now)
    return sum(run(job, now) if job.name in due else _join(job, now) for job in jobs)


def _join(job: Recurring, now: datetime) -> bool:
    """The turn is another's, or not yet. False: it was not ours."""
    if job.is_shared and job.apart:
        job.apart(now)
    return False


def run(job: Recurring, now: datetime) -> bool:
    """Take the job's turn, if nobody has, and do it."""
    with writing() as session:
        if not recurring.take_turn(job.name, job.every, now=now):
            return False
        done = job.inside(session, now) if job.inside else 0
        recurring.note(job.name, done)
    if job.apart and (done := job.apart(now)):
        log.info("%s: %d", job.name, done)
        with writing():
            recurring.note(job.name, done)
    return True
