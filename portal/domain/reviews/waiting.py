"""Which attempts wait for a reviewer, as conditions for a query over attempts; each is found by an index of its own."""

from sqlalchemy import ColumnElement, Select, and_, exists, select, union
from sqlalchemy.orm import aliased

from portal.domain.reviews.report_cases import WAITS_FOR_REVIEWER
from portal.models import (
    Appeal,
    Attempt,
    Decision,
    Delivery,
    DeliveryOutcome,
    ResumeState,
    Review,
    SupportCase,
    TimeEntry,
    TimeEntryKind,
)
from portal.models import AttemptStatus as S
from portal.models.attempts.attempt import RUNNING

TO_RESUME = and_(Attempt.status == S.ERROR, Attempt.resume_state == ResumeState.RESUMABLE)
OPEN_DECISION = and_(Decision.attempt_id == Attempt.id, Decision.sent_at.is_(None), Decision.undone_at.is_(None))
OPEN_APPEAL = and_(Appeal.attempt_id == Attempt.id, Appeal.answered_at.is_(None), Appeal.answer_due_at.is_(None))
OPEN_REPORT = and_(
    SupportCase.attempt_id == Attempt.id, SupportCase.kind.in_(WAITS_FOR_REVIEWER), SupportCase.closed_at.is_(None)
)


def _is_unreviewed_part() -> ColumnElement[bool]:
    """An earlier recording of a resumed exam that nobody has judged, while the exam waits for nothing else."""
    follows = aliased(Attempt)
    accepted = exists().where(
        follows.learner_id == Attempt.learner_id,  # The index is over these two.
        follows.exam_id == Attempt.exam_id,
        follows.resumes_id == Attempt.id,
        follows.status == S.VERIFIED,
        follows.archived_at.is_(None),
    )
    resumed = Attempt.resume_state == ResumeState.RESUMED
    return and_(Attempt.status == S.ERROR, Attempt.taking_as_proctored, resumed, accepted)


def waiting_ids(exam_ids: Select[object]) -> ColumnElement[bool]:
    """Each kind of waiting is found by an index of its own."""
    of_mine = select(Attempt.id).where(Attempt.exam_id.in_(exam_ids), Attempt.archived_at.is_(None))
    reported = exists().where(Review.attempt_id == Attempt.id)
    interrupted = exists().where(
        TimeEntry.attempt_id == Attempt.id,
        TimeEntry.kind == TimeEntryKind.INTERRUPTION,
        TimeEntry.ended_at.is_(None),
    )
    kept = and_(Delivery.outcome == DeliveryOutcome.KEPT, Delivery.seen_at.is_(None))
    kinds = (
        of_mine.where(Attempt.status == S.SECOND_REVIEW_REQUIRED),
        of_mine.join(SupportCase, OPEN_REPORT),
        of_mine.where(_is_unreviewed_part()),
        of_mine.where(Attempt.status == S.SUBMITTED, reported),
        of_mine.where(TO_RESUME, Attempt.taking_as_proctored),
        of_mine.where(Attempt.status.in_(RUNNING), Attempt.is_paused, interrupted),
        of_mine.join(Appeal, OPEN_APPEAL),
        of_mine.join(Delivery, and_(Delivery.attempt_id == Attempt.id, kept)),
    )
    return Attempt.id.in_(union(*kinds))
