"""How often somebody may try a credential: counted in the database, so that every process counts alike."""

import hashlib
import hmac
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete, func, select

from portal.db import db
from portal.domain.errors import LimitReached
from portal.models import SignInFailure

#: Longer than any limit reaches back.
KEPT_FOR = timedelta(days=1)
#: The wait after which the first try too many is allowed, where a limit slows down.
FIRST_WAIT = timedelta(seconds=5)


@dataclass(frozen=True, kw_only=True)
class Limit:
    """So many failed tries of one subject (an account, an address) within so much time."""

    subject: str
    tries: int
    within: timedelta
    longest_wait: timedelta | None = None
    """Slow down instead of shutting out: each further try waits twice as long as the one before, at most this long."""


def subject(kind: str, name: str, *, secret: str) -> str:
    """What we keep instead of a name or an address: nobody can turn it back without the secret."""
    return hmac.new(secret.encode(), f"{kind} {name}".encode(), hashlib.sha256).hexdigest()


def take(limits: Sequence[Limit], *, now: datetime) -> None:
    """Count one try against every limit *before* it is made, so that tries at once do not slip through.

    :raises LimitReached: if any is used up; nothing is counted then.
    """
    if wait := max(_wait_seconds(limit, now) for limit in limits):
        raise _refusal(wait)
    for limit in limits:
        forget_old(limit, now=now)
        db.session.add(SignInFailure(subject=limit.subject, at=now))


def _refusal(wait_seconds: int) -> LimitReached:
    minutes = -(-wait_seconds // 60)
    if wait_seconds < 60:
        return LimitReached(
            "Too many tries. Try again in %(seconds)s seconds.",
            retry_after_seconds=wait_seconds,
            seconds=wait_seconds,
        )
    if minutes == 1:
        return LimitReached("Too many tries. Try again in a minute.", retry_after_seconds=wait_seconds)
    return LimitReached(
        "Too many tries. Try again in %(minutes)s minutes.",
        retry_after_seconds=wait_seconds,
        minutes=minutes,
    )


def give_back(limits: Sequence[Limit], *, now: datetime) -> None:
    """The try succeeded: it does not count. (Earlier failures of the same subject still do.)"""
    for limit in limits:
        mine = select(SignInFailure.id).where(SignInFailure.subject == limit.subject, SignInFailure.at == now)
        newest = mine.order_by(SignInFailure.id.desc()).limit(1)
        db.session.execute(delete(SignInFailure).where(SignInFailure.id.in_(newest.scalar_subquery())))


def forget(subject: str) -> None:
    """The person proved who they are; their own failures count no longer."""
    db.session.execute(delete(SignInFailure).where(SignInFailure.subject == subject))


def forget_old(limit: Limit, *, now: datetime) -> None:
    """What lies outside the time of ``limit`` is of no use to anybody."""
    db.session.execute(
        delete(SignInFailure).where(SignInFailure.subject == limit.subject, SignInFailure.at <= now - limit.within)
    )


def sweep(*, now: datetime) -> int:
    """Remove what no limit asks for any more, also of subjects that never tried again; how many rows."""
    old = delete(SignInFailure).where(SignInFailure.at <= now - KEPT_FOR)
    result = db.session.execute(old.execution_options(synchronize_session=False))
    return result.rowcount if isinstance(result, CursorResult) else 0


def _wait_seconds(limit: Limit, now: datetime) -> int:
    """Until one more try is allowed; 0 if it is already. A clock that was set back makes nobody wait longer."""
    if limit.longest_wait is not None:
        return _growing_wait_seconds(limit.longest_wait, limit, now)
    recent = select(SignInFailure.at).where(
        SignInFailure.subject == limit.subject, SignInFailure.at > now - limit.within
    )
    newest_first = db.session.scalars(recent.order_by(SignInFailure.at.desc()).limit(limit.tries)).all()
    if len(newest_first) < limit.tries:
        return 0
    return _whole_seconds(min(newest_first[-1] + limit.within - now, limit.within))


def _growing_wait_seconds(longest: timedelta, limit: Limit, now: datetime) -> int:
    mine = select(func.count(SignInFailure.id), func.max(SignInFailure.at)).where(
        SignInFailure.subject == limit.subject, SignInFailure.at > now - limit.within
    )
    failures, newest = db.session.execute(mine).one()
    if newest is None or failures < limit.tries:
        return 0
    doublings = min(failures - limit.tries, 20)  # Far beyond any longest wait.
    wait = min(FIRST_WAIT * 2**doublings, longest)
    return _whole_seconds(min(newest + wait - now, wait))


def _whole_seconds(wait: timedelta) -> int:
    return max(0, math.ceil(wait.total_seconds()))
