"""What an open exam page is told about its clock: one indexed read, and the note that it was shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from portal.db import db, one_read
from portal.domain import timing
from portal.models import Attempt, Notice, User
from portal.models import AttemptStatus as S
from portal.models.attempt import PRE_START, RUNNING

AnyRow = Row[*tuple[Any, ...]]

_attempt, _user = Attempt.__table__.c, User.__table__.c
#: The hot read, built once. Core, not the ORM: every learner asks this every few seconds.
OWN_CLOCK = (
    select(
        _attempt.id,
        _attempt.status,
        _attempt.started_at,
        _attempt.deadline_at,
        _attempt.hard_stop_at,
        _attempt.is_paused,
        _attempt.paused_at,
        _attempt.is_resumable,
        _attempt.archived_at,
        _attempt.own_seconds,
        _attempt.revision,
        _attempt.saved_at,
        _user.language,
        _user.time_zone,
    )
    .join_from(Attempt.__table__, User.__table__, _user.id == _attempt.learner_id)
    .where(
        _attempt.ref == bindparam("ref"),
        _attempt.learner_id == bindparam("user_id"),
        _user.session_epoch == bindparam("session_epoch"),
        _user.is_active,
    )
)


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Who asks, as the signed cookie says: a user and the epoch of their sign-in."""

    user_id: int
    session_epoch: int


def read(ref: str, viewer: Viewer) -> AnyRow | None:
    """The learner's own attempt in one query; None when it is not theirs or their sign-in was ended."""
    asked = {"ref": ref, "user_id": viewer.user_id, "session_epoch": viewer.session_epoch}
    with one_read() as connection:
        return connection.execute(OWN_CLOCK, asked).one_or_none()


def state_of(clock: AnyRow | Attempt, *, now: datetime) -> str:
    """setup, in_progress, paused, interrupted or ended."""
    if clock.archived_at is not None:
        return "ended"
    if clock.status in PRE_START:
        return "setup"
    if clock.status is S.ERROR:
        return "interrupted" if clock.is_resumable else "ended"
    if clock.status not in RUNNING:
        return "ended"
    if clock.is_paused:
        return "paused"
    return "in_progress" if clock.hard_stop_at and now < clock.hard_stop_at else "ended"


def message(clock: AnyRow | Attempt, *, now: datetime) -> dict[str, Any]:
    """The timer's message, in milliseconds since 1970 and lengths in milliseconds.

    While the clock stands still the deadline moves on with the present, so that what is left stays right.
    """
    standing = now - clock.paused_at if clock.paused_at else timedelta(0)
    deadline = clock.deadline_at + standing if clock.deadline_at else None
    hard_stop = clock.hard_stop_at + standing if clock.hard_stop_at else None
    left_seconds = (deadline - now).total_seconds() if deadline else 0.0
    low, critical = timing.thresholds_seconds(clock.own_seconds)
    return {
        "now": _milliseconds(now),
        "deadline": _milliseconds(deadline),
        "hard_stop": _milliseconds(hard_stop),
        "state": state_of(clock, now=now),
        "rev": clock.revision,
        "own_ms": clock.own_seconds * 1000,
        "low_ms": low * 1000,
        "crit_ms": critical * 1000,
        "poll_ms": 5000 if clock.is_paused else timing.poll_seconds(left_seconds) * 1000,
        "saved_at": _milliseconds(clock.saved_at),
    }


def notices(attempt_id: int, *, after_revision: int) -> Sequence[AnyRow]:
    """What the page has not shown yet, the newest two, oldest first."""
    query = select(Notice.id, Notice.kind, Notice.seconds, Notice.by_role, Notice.text, Notice.created_at).where(
        Notice.attempt_id == attempt_id, Notice.revision > after_revision
    )
    newest = db.session.execute(query.order_by(Notice.id.desc()).limit(2)).all()
    return newest[::-1]


def seen(attempt: Attempt, revision: int, *, now: datetime) -> None:
    """The learner's page has shown this revision. Only ever goes up; a repeat changes nothing."""
    if attempt.seen_revision < revision <= attempt.revision:
        attempt.seen_revision, attempt.seen_at = revision, now
        unseen = update(Notice).where(
            Notice.attempt_id == attempt.id, Notice.revision <= revision, Notice.seen_at.is_(None)
        )
        db.session.execute(unseen.values(seen_at=now))


def _milliseconds(at: datetime | None) -> int | None:
    return round(at.timestamp() * 1000) if at else None
