"""What a course asks of a learner before credit, and whether a proctored exam may be begun yet."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from portal.db import db
from portal.domain.courses.published import RequirementPublished
from portal.domain.errors import BadInput
from portal.models import Course, CreditRequirement, CreditStatus, Exam, LedgerEntry, Topic
from portal.models import LedgerStatus as L

EXAM, GRADE = "proctored_exam", "grade"
#: What a ledger entry or a platform may say of credit; beside these, "removed" forgets what was said before.
CREDIT_STATUSES = frozenset({L.SATISFIED, L.SUBMITTED, L.FAILED, L.DECLINED})


def publish(course: Course, asked: Sequence[RequirementPublished]) -> None:
    """Make ``asked`` the course's whole list. What is gone is forgotten; what stays keeps each learner's status.

    :raises BadInput: the same requirement twice.
    """
    names = [(one.namespace, one.name) for one in asked]
    if len(set(names)) < len(names):
        raise BadInput("requirements", "List each requirement only once.")
    kept = {(one.namespace, one.name): one for one in list_for(course.id)}
    for name, requirement in kept.items():
        if name not in names:
            _forget(requirement)
    for position, one in enumerate(asked, 1):
        wanted = kept.get((one.namespace, one.name)) or _new(course, one)
        wanted.display_name, wanted.position = one.display_name, position
    db.session.flush()


def list_for(course_id: int) -> list[CreditRequirement]:
    """In the order in which they must be met."""
    query = select(CreditRequirement).where(CreditRequirement.course_id == course_id)
    return list(db.session.scalars(query.order_by(CreditRequirement.position, CreditRequirement.id)))


def published(course_id: int) -> tuple[RequirementPublished, ...]:
    """The list as it was published."""
    return tuple(
        RequirementPublished(namespace=one.namespace, name=one.name, display_name=one.display_name)
        for one in list_for(course_id)
    )


def note(requirement: CreditRequirement, learner_id: int, status: str, *, at: datetime) -> None:
    """Set where a learner stands; ``removed`` forgets it. What was said later than ``at`` stays.

    :raises BadInput: no such status.
    """
    if status not in CREDIT_STATUSES | {L.REMOVED}:
        raise BadInput("status", f"The status must be one of {', '.join(sorted(CREDIT_STATUSES))} or {L.REMOVED}.")
    query = select(CreditStatus).where(
        CreditStatus.requirement_id == requirement.id, CreditStatus.learner_id == learner_id
    )
    known = db.session.scalar(query)
    if known is not None and known.at > at:
        return
    if status == L.REMOVED:
        db.session.execute(delete(CreditStatus).where(CreditStatus.id == (known.id if known else None)))
    elif known is not None:
        known.status, known.at = status, at
    else:
        db.session.add(CreditStatus(requirement_id=requirement.id, learner_id=learner_id, status=status, at=at))


def follow_ledger(entry: LedgerEntry) -> None:
    """Bring the requirement about the entry's exam in line, unless a later entry has spoken already."""
    if entry.id != _latest_credit_entry(entry.learner_id, entry.exam_id):
        return
    query = (
        select(CreditRequirement)
        .join(Exam, (Exam.course_id == CreditRequirement.course_id) & (Exam.content_id == CreditRequirement.name))
        .where(Exam.id == entry.exam_id, CreditRequirement.namespace == EXAM)
    )
    requirement = db.session.scalar(query)
    if requirement is not None:
        note(requirement, entry.learner_id, entry.standing, at=entry.at)


def _latest_credit_entry(learner_id: int, exam_id: int) -> int | None:
    query = select(LedgerEntry.id).where(
        LedgerEntry.learner_id == learner_id, LedgerEntry.exam_id == exam_id, LedgerEntry.ledger == Topic.CREDIT
    )
    return db.session.scalar(query.order_by(LedgerEntry.at.desc(), LedgerEntry.id.desc()).limit(1))


def _new(course: Course, asked: RequirementPublished) -> CreditRequirement:
    """A new requirement about an exam begins with what the ledger already says about it."""
    made = CreditRequirement(
        course_id=course.id, namespace=asked.namespace, name=asked.name, display_name=asked.display_name, position=0
    )
    db.session.add(made)
    db.session.flush()
    if asked.namespace == EXAM:
        for entry in _ledger(course.id, asked.name):
            follow_ledger(entry)
    return made


def _ledger(course_id: int, content_id: str) -> Sequence[LedgerEntry]:
    """The newest credit entry of each learner at one exam."""
    newest = (
        select(func.max(LedgerEntry.id))
        .join(Exam, Exam.id == LedgerEntry.exam_id)
        .where(Exam.course_id == course_id, Exam.content_id == content_id, LedgerEntry.ledger == Topic.CREDIT)
        .group_by(LedgerEntry.learner_id)
    )
    return db.session.scalars(select(LedgerEntry).where(LedgerEntry.id.in_(newest))).all()


def _forget(requirement: CreditRequirement) -> None:
    db.session.execute(delete(CreditStatus).where(CreditStatus.requirement_id == requirement.id))
    db.session.delete(requirement)
