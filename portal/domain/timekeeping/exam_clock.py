"""What an open exam page is told about its clock: one indexed read, and the note that it was shown."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Row, String, bindparam, or_, select, update

from portal.db import db, driver
from portal.db.fast import one_read, table_of
from portal.domain.accounts import ended_sessions
from portal.domain.timekeeping.budget import Grant
from portal.models import Attempt, EndedBy, Notice, ResumeState, User
from portal.models import AttemptStatus as S
from portal.models.attempts.attempt import PRE_START, RUNNING


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A clock as it is worked out; the names are those of the attempt's columns."""

    more: tuple[Grant, ...]
    """What allowances give beyond, or short of, what the account has from them; counted in already."""
    own_seconds: int
    deadline_at: datetime
    window_closes_at: datetime | None
    paused_at: datetime | None
    break_bank_seconds: int
    break_used_seconds: int
    break_ends_at: datetime | None

    def ends_at(self, *, now: datetime) -> datetime:
        """When time is up if the clock resumes now."""
        return deadline_of(self, now=now) or self.deadline_at


AnyRow = Row[*tuple[Any, ...]]
#: What has a deadline and may be paused: an attempt, its row of the hot read, or a clock that is only supposed.
HasClock = AnyRow | Attempt | Clock

_attempt, _user = table_of(Attempt).c, table_of(User).c
_READ = (
    _attempt.id, _attempt.status, _attempt.started_at, _attempt.deadline_at, _attempt.hard_stop_at,
    _attempt.is_paused, _attempt.paused_at, _attempt.break_ends_at, _attempt.window_closes_at,
    _attempt.resume_state, _attempt.archived_at, _attempt.own_seconds, _attempt.revision, _attempt.saved_at,
    _attempt.window_browser, _attempt.window_tab, _attempt.provider_slug, _user.language, _user.time_zone,
)  # fmt: skip
#: The hot read, built once. Core, not the ORM: every learner asks this every few seconds.
OWN_CLOCK = (
    select(*_READ)
    .join_from(table_of(Attempt), table_of(User), _user.id == _attempt.learner_id)
    .where(
        _attempt.ref == bindparam("ref"),
        _attempt.learner_id == bindparam("user_id"),
        _user.session_epoch == bindparam("session_epoch"),
        _user.is_active,
        ~ended_sessions.has_ended(bindparam("session_key", type_=String)),
    )
)


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Who asks, as the signed cookie says: a user, the epoch of their sign-in, and the name of this session."""

    user_id: int
    session_epoch: int
    session_key: str = ""


def read(ref: str, viewer: Viewer) -> AnyRow | None:
    """The learner's own attempt in one query; None when it is not theirs or their sign-in was ended."""
    asked = {"ref": ref, **asdict(viewer)}
    with one_read() as connection:
        return cast(AnyRow | None, driver.fetch_named(connection, OWN_CLOCK, asked))


def has_recent_clock(learner_id: int, *, since: datetime) -> bool:
    """Whether an exam of theirs runs, is paused, or ran out after ``since``."""
    recent = Attempt.deadline_at > since
    ended_by_itself = Attempt.ended_by == EndedBy.TIME
    mine = select(Attempt.id).where(
        Attempt.learner_id == learner_id,
        Attempt.archived_at.is_(None),
        or_(Attempt.status.in_(RUNNING) & (recent | Attempt.is_paused), ended_by_itself & recent),
    )
    return db.session.scalar(mine.limit(1)) is not None


def stopped_at(clock: AnyRow | Attempt, *, now: datetime) -> datetime | None:
    """Since when the clock is paused; None while it runs.

    It runs again at the very moment at which a break's minutes are used up, whenever that is written down.
    """
    is_over = clock.break_ends_at is not None and now >= clock.break_ends_at
    return None if is_over else clock.paused_at


def moved_on_by(clock: HasClock, *, now: datetime) -> timedelta:
    """By how much deadline and hard stop are later than what is stored: as long as the clock has been paused.

    Not beyond the closing of the exam.
    """
    if clock.paused_at is None or clock.deadline_at is None:
        return timedelta(0)
    until = min(now, clock.break_ends_at) if clock.break_ends_at else now
    later = clock.deadline_at + (until - clock.paused_at)
    if clock.window_closes_at:
        later = min(later, clock.window_closes_at)
    return max(later - clock.deadline_at, timedelta(0))


def deadline_of(clock: HasClock, *, now: datetime) -> datetime | None:
    """When time is up if the clock resumes now, or has resumed by itself."""
    return clock.deadline_at + moved_on_by(clock, now=now) if clock.deadline_at else None


def hard_stop_of(clock: AnyRow | Attempt, *, now: datetime) -> datetime | None:
    return clock.hard_stop_at + moved_on_by(clock, now=now) if clock.hard_stop_at else None


def left_seconds(attempt: AnyRow | Attempt, *, now: datetime) -> int:
    """Whole seconds that the learner would have from ``now``, rounded up: what is left is never rounded away.

    Of a suspended attempt what was kept, as far as the window still lets them use it. Zero is zero.
    """
    kept, closes_at = attempt.time_remaining_seconds, attempt.window_closes_at
    if attempt.status is S.ERROR and kept is not None:
        return max(0, min(kept, _up((closes_at - now).total_seconds())) if closes_at else kept)
    deadline_at = deadline_of(attempt, now=now)
    return max(0, _up((deadline_at - now).total_seconds())) if deadline_at else 0


def _up(seconds: float) -> int:
    return -int(-seconds // 1)


def state_of(clock: AnyRow | Attempt, *, now: datetime) -> str:
    """setup, in_progress, paused, interrupted or ended."""
    if clock.archived_at is not None:
        return "ended"
    if clock.status in PRE_START:
        return "setup"
    if clock.status is S.ERROR:
        return "interrupted" if clock.resume_state == ResumeState.RESUMABLE else "ended"
    if clock.status not in RUNNING:
        return "ended"
    if stopped_at(clock, now=now):
        return "paused"
    hard_stop = hard_stop_of(clock, now=now)
    return "in_progress" if hard_stop and now < hard_stop else "ended"


def seen(attempt: Attempt, revision: int, *, now: datetime) -> None:
    """The learner's page has shown this revision. Only ever goes up; a repeat changes nothing."""
    if attempt.seen_revision < revision <= attempt.revision:
        attempt.seen_revision, attempt.seen_at = revision, now
        unseen = update(Notice).where(
            Notice.attempt_id == attempt.id, Notice.revision <= revision, Notice.seen_at.is_(None)
        )
        db.session.execute(unseen.values(seen_at=now))
