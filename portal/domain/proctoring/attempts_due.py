"""Which attempts the background has something to do with now; read without a lock, and then held one by one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.db import db
from portal.domain.outbox import webhook_events
from portal.domain.proctoring import heartbeats
from portal.models import Attempt, Course, Exam, HeardFrom, Heartbeat, TimeEntry, TimeEntryKind
from portal.models import AttemptStatus as S
from portal.models.attempts.attempt import LIVE, ON_A_BREAK_SQL, PRE_START, RUNNING_SQL


def overdue(*, now: datetime) -> Sequence[int]:
    """Running past their hard stop, the longest first."""
    query = select(Attempt.id).where(
        RUNNING_SQL,  # In the index's own words, or SQLite does not use it.
        Attempt.is_paused.is_(False),
        Attempt.hard_stop_at <= now,
    )
    return db.session.scalars(query.order_by(Attempt.hard_stop_at)).all()


def with_used_up_breaks(*, now: datetime) -> Sequence[int]:
    """On a break whose minutes are used up."""
    return db.session.scalars(select(Attempt.id).where(ON_A_BREAK_SQL, Attempt.break_ends_at <= now)).all()


def unstarted(*, now: datetime) -> Sequence[int]:
    """Not started, and their window has closed."""
    # Exams first, which are few, so that an index finds their attempts: joined, SQLite reads every attempt there is.
    closed = select(Exam.id).join(Course).where(func.coalesce(Exam.closes_at, Course.ends_at) <= now)
    query = select(Attempt.id).where(
        Attempt.exam_id.in_(closed), Attempt.status.in_(PRE_START), Attempt.archived_at.is_(None)
    )
    return db.session.scalars(query).all()


def silent(*, now: datetime) -> Sequence[int]:
    """Running with a provider, and either silent on some side for a while or paused for silence."""
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


def registered_with(slug: str, *, are_ended_too: bool) -> Sequence[Attempt]:
    """A provider's attempts that are under way, and those that are submitted if ``are_ended_too``; oldest first."""
    statuses = LIVE | ({S.SUBMITTED} if are_ended_too else set())
    query = select(Attempt).where(
        Attempt.provider_slug == slug, Attempt.status.in_(statuses), Attempt.archived_at.is_(None)
    )
    return db.session.scalars(query.order_by(Attempt.id)).all()


def hold_free(attempt_id: int) -> Attempt | None:
    """The attempt as it stands now, held; None when somebody else holds it, or it is gone. Only in ``writing()``."""
    return db.session.scalar(_free([attempt_id]))


def hold_all_free(attempt_ids: Sequence[int]) -> Sequence[Attempt]:
    """Those of the attempts that nobody else holds, each with its course; held as :func:`hold_free` does."""
    free = _free(attempt_ids).options(webhook_events.with_course())
    return db.session.scalars(free.order_by(Attempt.id)).all()


def _free(attempt_ids: Sequence[int]) -> Select[Attempt]:
    free = select(Attempt).where(Attempt.id.in_(attempt_ids)).with_for_update(of=Attempt, skip_locked=True)
    return free.execution_options(populate_existing=True)
