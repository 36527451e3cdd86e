"""Whether and when the learner hears the result of an exam that is over for them: one answer for every page."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from portal.domain.timekeeping import allowances, budget
from portal.models import Attempt, Exam
from portal.models import AttemptStatus as S

REVIEWING = frozenset({S.SUBMITTED, S.SECOND_REVIEW_REQUIRED})
SUBMITTED = REVIEWING | {S.TIMED_OUT, S.VERIFIED, S.REJECTED}


class ResultState(StrEnum):
    MISSED = "missed"
    """The exam closed before the learner began it."""
    SHOWN = "shown"
    AFTER_CLOSING = "after_closing"
    WITH_REVIEW = "with_review"
    FROM_TEAM = "from_team"
    """The portal shows no marks; the course team tells them."""


@dataclass(frozen=True, kw_only=True)
class Result:
    state: ResultState
    at: datetime | None = None
    """When it is shown, where that is known."""
    points: Decimal | None = None
    possible: int | None = None


def of(exam: Exam, attempt: Attempt | None, closes_at: datetime | None, *, now: datetime) -> Result | None:
    """The learner's result; None while there is still something to do, and where nothing depends on the exam.

    ``closes_at``: when the exam closes for this learner. ``attempt``: their newest. Asks the database nothing.
    """
    if attempt is None or attempt.status is S.EXPIRED:
        is_missed = closes_at is not None and now >= closes_at
        return Result(state=ResultState.MISSED, at=closes_at) if is_missed else None
    if attempt.status not in SUBMITTED or attempt.archived_at is not None:
        return None
    if exam.shows_marks and attempt.points is not None:
        return _marks(attempt, closes_at, now=now)
    if exam.is_practice:
        return None
    is_reviewed = attempt.taking_as_proctored and attempt.status in REVIEWING
    return Result(state=ResultState.WITH_REVIEW if is_reviewed else ResultState.FROM_TEAM)


def of_attempt(attempt: Attempt, *, now: datetime) -> Result | None:
    """The same for the page of one attempt; looks for a longer window only where marks wait for the closing."""
    exam = attempt.exam
    closes_at = budget.window_closes_at(exam, [])
    if closes_at is not None and exam.shows_marks:
        closes_at = budget.window_closes_at(exam, allowances.in_force(exam, attempt.learner_id, now=now))
    return of(exam, attempt, closes_at, now=now)


def _marks(attempt: Attempt, closes_at: datetime | None, *, now: datetime) -> Result:
    if closes_at is not None and now < closes_at:
        return Result(state=ResultState.AFTER_CLOSING, at=closes_at)
    return Result(state=ResultState.SHOWN, points=attempt.points, possible=attempt.points_possible)
