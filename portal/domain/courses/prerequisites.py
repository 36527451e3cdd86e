"""What a learner has done of the exams that a course requires before its later proctored ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain.courses import requirements
from portal.models import CreditRequirement, CreditStatus, Exam, User
from portal.models import LedgerStatus as L


@dataclass(frozen=True, kw_only=True)
class Prerequisite:
    """An earlier requirement and where the learner stands with it."""

    requirement: CreditRequirement
    status: str
    """Empty: nothing is known yet."""
    exam: Exam | None
    """The exam it is about, for a link; None for any other requirement."""


@dataclass(frozen=True, kw_only=True)
class Prerequisites:
    """What comes before an exam, sorted by where the learner stands."""

    satisfied: tuple[Prerequisite, ...] = ()
    failed: tuple[Prerequisite, ...] = ()
    pending: tuple[Prerequisite, ...] = ()
    declined: tuple[Prerequisite, ...] = ()

    @property
    def in_order(self) -> list[Prerequisite]:
        """As the course lists them."""
        every = (*self.satisfied, *self.failed, *self.pending, *self.declined)
        return sorted(every, key=lambda one: one.requirement.position)


def prerequisites_for(learner: User, exam: Exam) -> Prerequisites:
    """Where the learner stands with what comes before ``exam``; with everything, if the exam is not in the list.

    Grades hold nobody up. What is neither satisfied, failed nor declined is pending.
    """
    before = []
    for requirement in requirements.list_for(exam.course_id):
        if requirement.namespace == requirements.GRADE:
            continue
        if requirement.name == exam.content_id:
            break
        before.append(requirement)
    if not before:
        return Prerequisites()
    status_of, exam_of = _statuses(learner, before), _exams(exam.course_id, before)
    found = [
        Prerequisite(requirement=one, status=status_of.get(one.id, ""), exam=exam_of.get(one.id)) for one in before
    ]
    settled = (L.SATISFIED, L.FAILED, L.DECLINED)
    satisfied, failed, declined = (tuple(one for one in found if one.status == word) for word in settled)
    pending = tuple(one for one in found if one.status not in settled)
    return Prerequisites(satisfied=satisfied, failed=failed, pending=pending, declined=declined)


def _statuses(learner: User, before: Sequence[CreditRequirement]) -> dict[int, str]:
    query = select(CreditStatus.requirement_id, CreditStatus.status).where(
        CreditStatus.learner_id == learner.id,
        CreditStatus.requirement_id.in_([one.id for one in before]),
    )
    return {row.requirement_id: row.status for row in db.session.execute(query)}


def _exams(course_id: int, before: Sequence[CreditRequirement]) -> dict[int, Exam]:
    """requirement -> the exam it is about."""
    names = {one.name: one.id for one in before if one.namespace == requirements.EXAM}
    query = select(Exam).where(Exam.course_id == course_id, Exam.content_id.in_(names))
    return {names[exam.content_id]: exam for exam in db.session.scalars(query.options(joinedload(Exam.course)))}
