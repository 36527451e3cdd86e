"""Attends to proctored exams that fell silent: stops their clock, lets it go on when they are heard again."""

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from portal.db import db, writing
from portal.domain import heartbeats
from portal.models import Attempt, HeardFrom, Heartbeat, Provider, TimeEntry, TimeEntryKind
from portal.models.attempt import RUNNING_SQL

log = logging.getLogger(__name__)


def attend_silent(now: datetime) -> int:
    """Interrupt or resume every attempt that calls for it; how many. Harmless to repeat."""
    return sum(_attend(attempt_id, now) for attempt_id in _candidates(now))


def _candidates(now: datetime) -> Sequence[int]:
    """Running with a vendor, and either silent on some side for a while or standing still for silence."""
    long_ago = now - heartbeats.SILENT_AFTER
    of_page = aliased(Heartbeat)
    page = and_(of_page.attempt_id == Attempt.id, of_page.source == HeardFrom.PAGE)
    query = (
        select(Attempt.id)
        .outerjoin(of_page, page)
        .where(
            RUNNING_SQL,
            Attempt.taking_as_proctored,
            or_(
                and_(of_page.attempt_id.is_(None), Attempt.started_at <= long_ago),
                exists().where(Heartbeat.attempt_id == Attempt.id, Heartbeat.heard_at <= long_ago),
                exists().where(
                    TimeEntry.attempt_id == Attempt.id,
                    TimeEntry.kind == TimeEntryKind.INTERRUPTION,
                    TimeEntry.ended_at.is_(None),
                ),
            ),
        )
    )
    return db.session.scalars(query).all()


def _attend(attempt_id: int, now: datetime) -> bool:
    try:
        with writing() as session:
            return _attend_held(session, attempt_id, now)
    except Exception:
        log.exception("Attempt number %d could not be attended to; it is tried again.", attempt_id)
        return False


def _attend_held(session: Session, attempt_id: int, now: datetime) -> bool:
    """Whoever holds the attempt now is the best sign of life; the next turn looks again."""
    free = select(Attempt).where(Attempt.id == attempt_id).with_for_update(of=Attempt, skip_locked=True)
    attempt = session.scalar(free.execution_options(populate_existing=True))
    provider = session.scalar(select(Provider).where(Provider.slug == attempt.provider_slug)) if attempt else None
    if attempt is None or provider is None:
        return False
    return bool(heartbeats.attend(attempt, provider, now=now))
