"""How often somebody may try a credential: counted in the database, so that every process counts alike."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from portal.db import db
from portal.domain.errors import LimitReached
from portal.models import SignInFailure

#: Longer than any limit reaches back.
KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Limit:
    """So many failed tries of one subject (an account, an address) within so much time."""

    subject: str
    tries: int
    within: timedelta


def subject(kind: str, name: str, *, secret: str) -> str:
    """What we keep instead of a name or an address: nobody can turn it back without the secret."""
    return hmac.new(secret.encode(), f"{kind} {name}".encode(), hashlib.sha256).hexdigest()


def take(limits: Sequence[Limit], *, now: datetime) -> None:
    """Count one try against every limit *before* it is made, so that tries at once do not slip through.

    :raises LimitReached: if any is used up; nothing is counted then.
    """
    waits = [wait for limit in limits if (wait := _wait_seconds(limit, now))]
    if waits:
        minutes = -(-max(waits) // 60)
        if minutes == 1:
            raise LimitReached("There were too many tries. Try again in a minute.", retry_after_seconds=max(waits))
        raise LimitReached(
            "There were too many tries. Try again in %(minutes)s minutes.",
            retry_after_seconds=max(waits),
            minutes=minutes,
        )
    for limit in limits:
        forget_old(limit, now=now)
        db.session.add(SignInFailure(subject=limit.subject, at=now))


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


def sweep(*, now: datetime) -> None:
    """Remove what no limit asks for any more, also of subjects that never tried again."""
    db.session.execute(delete(SignInFailure).where(SignInFailure.at <= now - KEPT_FOR))


def _wait_seconds(limit: Limit, now: datetime) -> int:
    """Until one more try is allowed; 0 if it is already."""
    recent = select(SignInFailure.at).where(
        SignInFailure.subject == limit.subject, SignInFailure.at > now - limit.within
    )
    newest_first = db.session.scalars(recent.order_by(SignInFailure.at.desc()).limit(limit.tries)).all()
    if len(newest_first) < limit.tries:
        return 0
    return max(1, int((newest_first[-1] + limit.within - now).total_seconds()))
