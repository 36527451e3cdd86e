"""When a learner may expect an answer, from how long the latest real reviews took."""

from datetime import datetime, timedelta
from statistics import quantiles

from sqlalchemy import func, select

from portal.db import db
from portal.models import Attempt, Event, HistoryEntry
from portal.models import AttemptStatus as S

#: How far back, and how many, so that the answer follows the present and not one lucky day.
LOOKS_BACK = timedelta(days=90)
LATEST, FEWEST = 200, 5
DECIDED = (S.VERIFIED.value, S.REJECTED.value)


def expected_at(attempt: Attempt, *, now: datetime) -> datetime | None:
    """By when nine of ten of this provider's latest reviews were decided; None when too few are known or it is past."""
    if attempt.completed_at is None or attempt.provider_slug is None:
        return None
    decided = (
        select(Attempt.completed_at, func.min(HistoryEntry.at))
        .join(HistoryEntry, HistoryEntry.attempt_id == Attempt.id)
        .where(
            Attempt.provider_slug == attempt.provider_slug,
            Attempt.completed_at >= now - LOOKS_BACK,
            HistoryEntry.to_status.in_(DECIDED),
            HistoryEntry.event == Event.MOVED,
        )
        .group_by(Attempt.id, Attempt.completed_at)
        .order_by(Attempt.id.desc())
        .limit(LATEST)
    )
    took = [(at - over).total_seconds() for over, at in db.session.execute(decided) if over and at]
    if len(took) < FEWEST:
        return None
    expected = attempt.completed_at + timedelta(seconds=quantiles(took, n=10)[8])
    return expected if expected > now else None
