"""Reminds learners, once each, of an identity check that ends soon."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from portal.domain import onboarding, outbox
from portal.models import Attempt, AttemptStatus, EmailKind, Enrolment, Exam, OutboxMessage, Topic, User

#: So many a turn; the others have the next one.
MOST = 100


def remind_of_checks(session: Session, now: datetime) -> int:
    """Promise a mail to each learner of a course whose accepted check ends soon; how many.

    One that the same vendor has accepted again since needs none.
    """
    again = aliased(Attempt)
    is_repeated = exists().where(
        again.learner_id == Attempt.learner_id,
        again.provider_slug == Attempt.provider_slug,
        again.status == AttemptStatus.VERIFIED,
        again.exam_id.in_(select(Exam.id).where(Exam.is_onboarding)),
        again.archived_at.is_(None),
        again.completed_at > Attempt.completed_at,
    )
    query = (
        select(Attempt)
        .join(Exam, Exam.id == Attempt.exam_id)
        .join(Enrolment, (Enrolment.course_id == Exam.course_id) & (Enrolment.user_id == Attempt.learner_id))
        .join(User, User.id == Attempt.learner_id)
        .where(Exam.is_onboarding, Exam.is_active, Enrolment.is_active, User.is_active)
        .where(Attempt.status == AttemptStatus.VERIFIED, Attempt.archived_at.is_(None))
        .where(Attempt.completed_at > now - onboarding.VALID_FOR)
        .where(Attempt.completed_at <= now - onboarding.VALID_FOR + onboarding.SOON)
        .where(~exists().where(OutboxMessage.key == Attempt.ref + ".check-ends"), ~is_repeated)
    )
    found = session.scalars(query.order_by(Attempt.completed_at).limit(MOST)).all()
    for attempt in found:
        said = {"template": EmailKind.ONBOARDING_ENDS}
        outbox.put(Topic.EMAIL, now=now, key=f"{attempt.ref}.check-ends", attempt=attempt, payload=said)
    return len(found)
