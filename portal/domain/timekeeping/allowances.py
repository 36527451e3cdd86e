"""Granting a learner more than the others have, and taking it back; running attempts follow at once."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import joinedload

from portal.db import UTCDateTime, db
from portal.db.fast import prepared, scalar
from portal.db.loading import Loading
from portal.domain import access
from portal.domain.errors import NotAllowed
from portal.domain.timekeeping import allowance_terms
from portal.domain.timekeeping.allowance_terms import Terms
from portal.models import Allowance, AllowanceKind, Course, Enrolment, Exam, User


def are_in_force(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """The condition on allowances that count at that moment: not withdrawn, and not out of date."""
    is_valid = or_(Allowance.valid_until_at.is_(None), Allowance.valid_until_at > at)
    return and_(Allowance.withdrawn_at.is_(None), is_valid)


def is_valid(allowance: Allowance, at: datetime) -> bool:
    """Whether one that is loaded was not out of date at that moment."""
    return allowance.valid_until_at is None or allowance.valid_until_at > at


def are_for(course_id: int | BindParameter[int], exam_id: int | BindParameter[int]) -> ColumnElement[bool]:
    """The condition on allowances that concern this exam: its own, and those for every exam of its course."""
    return and_(Allowance.course_id == course_id, or_(Allowance.exam_id == exam_id, Allowance.exam_id.is_(None)))


def is_for(allowance: Allowance, exam: Exam) -> bool:
    """:func:`are_for` of one that is loaded."""
    return allowance.course_id == exam.course_id and allowance.exam_id in {None, exam.id}


def in_force(exam: Exam, learner_id: int, *, now: datetime) -> list[Allowance]:
    """Those that count for this learner at this exam now."""
    of = {"learner": learner_id, "course": exam.course_id, "exam": exam.id, "now": now}
    return _in_force().all(db.session(), of)


@prepared
def _in_force() -> Loading[Allowance]:
    """Built once: it is asked before, at and after every start."""
    is_theirs = Allowance.learner_id == bindparam("learner")
    is_for_it = are_for(bindparam("course"), bindparam("exam"))
    counts = are_in_force(bindparam("now", type_=UTCDateTime()))
    return Loading(Allowance, where=[is_theirs, is_for_it, counts], order_by=[Allowance.id.asc()])


def in_force_of(learner: User, *, now: datetime) -> list[Allowance]:
    """Those that count for this learner now, in every course."""
    return _in_force_anywhere().all(db.session(), {"learner": learner.id, "now": now})


@prepared
def _in_force_anywhere() -> Loading[Allowance]:
    theirs = [Allowance.learner_id == bindparam("learner"), are_in_force(bindparam("now", type_=UTCDateTime()))]
    return Loading(Allowance, where=theirs, order_by=[Allowance.id.asc()])


def in_force_in(course_ids: Collection[int], *, now: datetime) -> list[Allowance]:
    """Those that count in these courses now, each with its learner."""
    query = select(Allowance).where(Allowance.course_id.in_(course_ids), are_in_force(now))
    return list(db.session.scalars(query.options(joinedload(Allowance.learner)).order_by(Allowance.id)))


def kept_for(exam: Exam, learner_ids: Collection[int]) -> dict[int, list[Allowance]]:
    """By learner: those for this exam that nobody has withdrawn, whether or not they are out of date."""
    query = select(Allowance).where(
        are_for(exam.course_id, exam.id), Allowance.learner_id.in_(learner_ids), Allowance.withdrawn_at.is_(None)
    )
    found: dict[int, list[Allowance]] = {}
    for one in db.session.scalars(query.order_by(Allowance.id)):
        found.setdefault(one.learner_id, []).append(one)
    return found


def list_for_course(course: Course) -> Sequence[Allowance]:
    """What is granted in the course and not withdrawn, with learner, exam and who granted it; by learner."""
    query = select(Allowance).where(Allowance.course_id == course.id, Allowance.withdrawn_at.is_(None))
    whole = query.options(joinedload(Allowance.learner), joinedload(Allowance.exam), joinedload(Allowance.granted_by))
    return db.session.scalars(whole.order_by(Allowance.learner_id, Allowance.id)).all()


def find(allowance_id: int) -> Allowance | None:
    return db.session.get(Allowance, allowance_id)


def lock(allowance_id: int) -> Allowance:
    """One that is known to exist, as it stands now, held until the transaction ends."""
    return db.session.get_one(Allowance, allowance_id, with_for_update=True)


def note_for_proctor(granted: Sequence[Allowance]) -> str:
    """What a provider is told that this learner may do beyond the rules: of the course, then of the exam."""
    notes = sorted(granted, key=lambda one: one.exam_id is not None)
    return "; ".join(one.note for one in notes if one.kind is AllowanceKind.REVIEW_POLICY_EXCEPTION)


def grant(course: Course, learner: User, terms: Terms, *, by: User | None, reason: str, now: datetime) -> Allowance:
    """Grant it. One of the same kind for the same exam is replaced, and kept as withdrawn.

    :raises BadInput: as :func:`check`.
    :raises NotAllowed: the learner is not enrolled in the course, or grants it to themselves.
    """
    replace(alike(course, learner, terms), by=by, now=now)
    return add(course, learner, terms, by=by, reason=reason, now=now)


def replace(older: Sequence[Allowance], *, by: User | None, now: datetime) -> None:
    """Make room for one of which these are :func:`alike`."""
    for one in older:
        withdraw(one, by=by, now=now)
    db.session.flush()  # The unique index must see the older one withdrawn first.


def add(course: Course, learner: User, terms: Terms, *, by: User | None, reason: str, now: datetime) -> Allowance:
    """:func:`grant` where there is room for it, with the same refusals."""
    allowance_terms.check(terms)
    access.check_not_own(learner.id, by)
    _check_enrolled(course, learner)
    allowance = Allowance(
        course_id=course.id,
        exam_id=terms.exam_id,
        learner_id=learner.id,
        kind=terms.kind,
        **allowance_terms.amount_of(terms),
        valid_until_at=terms.valid_until_at,
        reason=reason,
        granted_at=now,
        granted_by_id=by.id if by else None,
    )
    db.session.add(allowance)
    db.session.flush()  # Attempts that run are recounted next and must see it.
    return allowance


def _check_enrolled(course: Course, learner: User) -> None:
    """Whether they still are makes no difference."""
    if scalar(_enrolment(), {"course": course.id, "learner": learner.id}) is None:
        raise NotAllowed(f"{learner.name} is not enrolled in {course.name}. Enrol them first.")


@prepared
def _enrolment() -> Select[int]:
    mine = (Enrolment.course_id == bindparam("course"), Enrolment.user_id == bindparam("learner"))
    return select(Enrolment.id).where(*mine)


def withdraw(allowance: Allowance, *, by: User | None, now: datetime) -> None:
    """Take it back. A second time changes nothing. :raises NotAllowed: it is the person's own."""
    access.check_not_own(allowance.learner_id, by)
    if allowance.withdrawn_at is None:
        allowance.withdrawn_at = now
        allowance.withdrawn_by_id = by.id if by else None


def says(allowance: Allowance, terms: Terms) -> bool:
    """Whether one of :func:`alike` is the very same grant."""
    amount = {**allowance_terms.amount_of(terms), "valid_until_at": terms.valid_until_at}
    return all(getattr(allowance, name) == value for name, value in amount.items())


def find_like(allowance: Allowance) -> Allowance | None:
    """One of the same kind for the same exam that is in force beside ``allowance``."""
    terms = Terms(kind=allowance.kind, exam=allowance.exam)
    others = alike(allowance.course, allowance.learner, terms)
    return next((one for one in others if one.id != allowance.id), None)


def list_just_withdrawn(course: Course, *, since: datetime) -> list[Allowance]:
    """What was withdrawn since then and no other allowance has taken the place of."""
    query = select(Allowance).where(Allowance.course_id == course.id, Allowance.withdrawn_at > since)
    found = db.session.scalars(query.order_by(Allowance.withdrawn_at.desc())).all()
    return [one for one in found if find_like(one) is None]


def alike(course: Course, learner: User, terms: Terms) -> list[Allowance]:
    """What is not withdrawn and of the same kind, for the same learner and the same exam or course; of any amount."""
    of = {"course": course.id, "learner": learner.id, "kind": terms.kind}
    of_exam = {"exam": terms.exam_id} if terms.exam else {}
    return _alike(is_of_exam=bool(of_exam)).all(db.session(), {**of, **of_exam})


@prepared
def _alike(*, is_of_exam: bool) -> Loading[Allowance]:
    alike = [
        Allowance.course_id == bindparam("course"),
        Allowance.learner_id == bindparam("learner"),
        Allowance.kind == bindparam("kind"),
        Allowance.exam_id == bindparam("exam") if is_of_exam else Allowance.exam_id.is_(None),
        Allowance.withdrawn_at.is_(None),
    ]
    return Loading(Allowance, where=alike)
