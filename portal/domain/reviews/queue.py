"""What waits for a person: attempts of the courses somebody may review, by due date and by weight."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select, true
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain import pages
from portal.domain.pages import Page
from portal.domain.providers.port import PASSED, SUSPICIOUS, VIOLATION
from portal.domain.reviews import queue_filter
from portal.domain.reviews.queue_filter import QueueFilter
from portal.domain.reviews.waiting import OPEN_DECISION, OPEN_REPORT, TO_RESUME, waiting_ids
from portal.models import (
    Appeal,
    Attempt,
    Decision,
    Delivery,
    DeliveryOutcome,
    Exam,
    Review,
    ReviewClaim,
    ReviewComment,
    SupportCase,
    User,
)
from portal.models.attempts.attempt import RUNNING

PAGE_SIZE = 25

One = TypeVar("One")


@dataclass(frozen=True, kw_only=True)
class Item:
    attempt: Attempt
    appeal: Appeal | None
    claim: ReviewClaim | None
    decision: Decision | None
    incidents: int
    weight: int
    has_kept: bool
    report: str | None
    """Which report a person must judge that changed nothing by itself: a kind of case, or None."""

    def is_for(self, person: User) -> bool:
        return self.claim is not None and self.claim.reviewer_id == person.id

    @property
    def cannot_wait(self) -> bool:
        """Somebody sits in front of a stopped exam, or was thrown out of it."""
        return self.attempt.is_running or self.attempt.is_suspended

    def due_at(self, days: int) -> datetime:
        """An interruption at once; the rest has some days from the exam, or from the appeal."""
        attempt = self.attempt
        if self.cannot_wait:
            return attempt.paused_at or attempt.created_at
        begins = self.appeal.sent_at if self.appeal else attempt.completed_at
        return (begins or attempt.created_at) + timedelta(days=days)


def search(wanted: QueueFilter) -> Page[Item]:
    """One page, and how many there are of each kind: two queries."""
    counts = _counts(wanted)
    show = wanted.show if wanted.show in queue_filter.SHOWS else queue_filter.SHOWS[0]
    total = counts[show]
    page = pages.within(wanted.page, total=total, size=PAGE_SIZE)
    rows = pages.rows(_rows(wanted, show), page, size=PAGE_SIZE)
    items = [_item(row) for row in db.session.execute(rows)] if total else []
    return Page(items=items, total=total, page=page, size=PAGE_SIZE, counts=counts, show=show)


def count_waiting(wanted: QueueFilter) -> int:
    """How many wait for the person or a colleague. One query."""
    return _counts(wanted)["waiting"] if wanted.course_ids else 0


def first_free(wanted: QueueFilter, *, most: int) -> list[int]:
    """Numbers of the attempts to claim next."""
    rows = _rows(wanted, "unclaimed").limit(most)
    return [row.Attempt.id for row in db.session.execute(rows)]


def following(wanted: QueueFilter, but: Attempt) -> Attempt | None:
    """What to look at after ``but``: what else is mine, else what nobody has claimed. Interruptions are no reviews."""
    for show in ("mine", wanted.show if wanted.show in {"second", "appeals"} else "unclaimed"):
        rows = _rows(wanted, show).where(Attempt.id != but.id, _CAN_WAIT == 1).limit(1)
        if (row := db.session.execute(rows).first()) is not None:
            found: Attempt = row.Attempt
            return found
    return None


def _counts(wanted: QueueFilter) -> dict[str, int]:
    conditions = queue_filter.conditions(wanted)
    sums = [func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in conditions.values()]
    today = select(func.count(Decision.id)).join(Attempt, queue_filter.decided_today(wanted))
    today = today.where(Attempt.exam_id.in_(queue_filter.exam_ids(wanted)), Attempt.learner_id != wanted.person.id)
    query = queue_filter.joined(select(*sums, today.correlate(None).scalar_subquery()), wanted, OPEN_DECISION)
    row = db.session.execute(query.where(waiting_ids(queue_filter.exam_ids(wanted)))).one()
    return dict(zip((*conditions, "today"), (int(number) for number in row), strict=True))


def _rows(wanted: QueueFilter, show: str) -> Select[object]:
    is_today = show == "today"
    kept = exists().where(
        Delivery.attempt_id == Attempt.id, Delivery.outcome == DeliveryOutcome.KEPT, Delivery.seen_at.is_(None)
    )
    report = select(func.max(SupportCase.kind)).where(OPEN_REPORT).correlate(Attempt).scalar_subquery()
    incidents, weight = _seen(func.count(ReviewComment.id)), _seen(func.coalesce(func.sum(_WEIGHT), 0))
    seen = (incidents.label("incidents"), weight.label("weight"), kept.label("has_kept"), report.label("report"))
    columns = (Attempt, Appeal, ReviewClaim, Decision, *seen)
    decided, exam_ids = queue_filter.decided_today(wanted), queue_filter.exam_ids(wanted)
    query = queue_filter.joined(select(*columns), wanted, decided if is_today else OPEN_DECISION)
    condition = true() if is_today else queue_filter.conditions(wanted)[show]
    here = Attempt.exam_id.in_(exam_ids) if is_today else waiting_ids(exam_ids)
    if is_today:
        condition = Decision.id.is_not(None)
    begins = func.coalesce(Attempt.paused_at, Appeal.sent_at, Attempt.completed_at, Attempt.created_at)
    order = (Decision.made_at.desc(),) if is_today else (_CAN_WAIT, func.date(begins), weight.desc(), Attempt.id)
    people = (
        joinedload(Attempt.exam).joinedload(Exam.course),
        joinedload(ReviewClaim.reviewer),
        joinedload(Decision.reviewer),
    )
    return query.where(here, condition).order_by(*order).options(*people)


_CAN_WAIT = case((or_(Attempt.status.in_(RUNNING), TO_RESUME), 0), else_=1)
_WEIGHT = case((ReviewComment.status == VIOLATION, 3), (ReviewComment.status == SUSPICIOUS, 2), else_=1)


def _seen(what: ColumnElement[One]) -> ColumnElement[One | None]:
    """Of the incidents in the provider's newest report."""
    newest = select(func.max(Review.id)).where(Review.attempt_id == Attempt.id, Review.is_human.is_(False))
    of_it = ReviewComment.review_id == newest.correlate(Attempt).scalar_subquery()
    inside = select(what).where(of_it, ReviewComment.status != PASSED)  # What is called clean is no incident.
    return inside.correlate(Attempt).scalar_subquery()


def _item(row: Any) -> Item:
    return Item(
        attempt=row.Attempt,
        appeal=row.Appeal,
        claim=row.ReviewClaim,
        decision=row.Decision,
        incidents=row.incidents,
        weight=row.weight,
        has_kept=bool(row.has_kept),
        report=row.report,
    )
