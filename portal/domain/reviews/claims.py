"""Who looks at which attempt now, so that two reviewers do not do the same work."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain.errors import NotNow
from portal.models import Attempt, ReviewClaim, User

#: What a person can look at in one evening.
MOST = 10
LASTS = timedelta(hours=4)


def holder(attempt: Attempt, *, now: datetime) -> ReviewClaim | None:
    """Whose it is at the moment; a claim that has run out is nobody's."""
    query = select(ReviewClaim).where(ReviewClaim.attempt_id == attempt.id, ReviewClaim.until > now)
    return db.session.scalar(query.options(joinedload(ReviewClaim.reviewer)))


def check_free(attempt: Attempt, by: User, *, now: datetime) -> None:
    """:raises NotNow: somebody else has claimed it."""
    held = holder(attempt, now=now)
    if held is not None and held.reviewer_id != by.id:
        raise NotNow(f"{held.reviewer.name} is reviewing this attempt. Choose another, or ask them to release it.")


def count(by: User, *, now: datetime) -> int:
    query = select(func.count()).where(ReviewClaim.reviewer_id == by.id, ReviewClaim.until > now)
    return db.session.scalar(query) or 0


def claim(attempt_ids: Sequence[int], by: User, *, now: datetime) -> int:
    """Take these for ``by``, as far as they are free and until they have ten; how many they got.

    One's own is only held for longer.
    """
    kept = select(ReviewClaim).where(ReviewClaim.attempt_id.in_(attempt_ids))
    held = {one.attempt_id: one for one in db.session.scalars(kept)}
    room, taken = MOST - count(by, now=now), 0
    for attempt_id in attempt_ids:
        one = held.get(attempt_id)
        is_live = one is not None and one.until > now
        if one is not None and is_live and one.reviewer_id == by.id:
            one.until = now + LASTS
        elif not is_live and taken < room:
            _take(one, attempt_id, by, now=now)
            taken += 1
    return taken


def _take(before: ReviewClaim | None, attempt_id: int, by: User, *, now: datetime) -> None:
    if before is not None:
        before.reviewer_id, before.until = by.id, now + LASTS
        return
    db.session.add(ReviewClaim(attempt_id=attempt_id, reviewer_id=by.id, until=now + LASTS))


def release(attempt_id: int, by: User) -> None:
    """Give one's claim back; anybody else's stays."""
    mine = delete(ReviewClaim).where(ReviewClaim.attempt_id == attempt_id, ReviewClaim.reviewer_id == by.id)
    db.session.execute(mine)


def release_all(by: User) -> None:
    db.session.execute(delete(ReviewClaim).where(ReviewClaim.reviewer_id == by.id))
