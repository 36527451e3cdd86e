"""Cases: things a person of the course team must look at, opened once and mailed once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain import access, pages
from portal.domain.outbox import messages
from portal.domain.pages import Page
from portal.models import Attempt, CaseKind, Course, Right, SupportCase, Topic, User

PAGE_SIZE = 25


def find(case_id: int) -> SupportCase | None:
    return db.session.get(SupportCase, case_id)


def get(case_id: int) -> SupportCase:
    """One that is known to exist."""
    return db.session.get_one(SupportCase, case_id)


def get_by_key(key: str) -> SupportCase:
    """One that is known to exist."""
    return db.session.scalars(select(SupportCase).where(SupportCase.key == key)).one()


def open_case(
    kind: CaseKind, text: str, *, key: str, course_id: int | None, attempt: Attempt | None, now: datetime
) -> SupportCase:
    """Open a case and enqueue an email about it. The same key again gives back the first."""
    known = db.session.scalar(select(SupportCase).where(SupportCase.key == key))
    if known is not None:
        return known
    return open_new(kind, text, key=key, course_id=course_id, attempt=attempt, now=now)


def open_new(
    kind: CaseKind, text: str, *, key: str, course_id: int | None, attempt: Attempt | None, now: datetime
) -> SupportCase:
    """Open one under a key that cannot exist yet, such as one made of a new row's number; saves the look."""
    case = SupportCase(
        key=key,
        course_id=course_id,
        attempt_id=attempt.id if attempt else None,
        kind=kind,
        text=text,
        opened_at=now,
    )
    db.session.add(case)
    messages.enqueue_new(Topic.SUPPORT, now=now, key=f"case.{key}", attempt=attempt, payload={"case": key})
    return case


def of_key(key: str) -> Sequence[SupportCase]:
    """Those that were opened about the thing that ``key`` names, oldest first."""
    return db.session.scalars(select(SupportCase).where(_is_about(key)).order_by(SupportCase.id)).all()


def next_key(key: str, before: Sequence[SupportCase]) -> str:
    """Under which key one more is opened when those ``before`` have been answered."""
    return f"{key}.{len(before) + 1}" if before else key


def _is_about(key: str) -> ColumnElement[bool]:
    return or_(SupportCase.key == key, SupportCase.key.startswith(f"{key}.", autoescape=True))


def count_in(
    kind: CaseKind, text: str, *, key: str, course_id: int, attempt: Attempt | None, now: datetime
) -> SupportCase:
    """One more message of this kind about the same thing: counted on its open case, and mailed once.

    The same thing is the attempt, else ``key``. When the case has been answered, the next message opens another.
    """
    if attempt is None:  # Nothing is held that would make two messages wait for each other.
        db.session.execute(select(Course.id).where(Course.id == course_id).with_for_update())
    known = db.session.scalars(_about(kind, key, course_id, attempt)).all()
    return _counted(known, now=now) or open_new(
        kind, text, key=next_key(key, known), course_id=course_id, attempt=attempt, now=now
    )


def count_by_key(
    kind: CaseKind, text: str, *, key: str, course_id: int | None, attempt: Attempt | None, now: datetime
) -> SupportCase:
    """The same where the thing is what ``key`` names, whichever attempt the message is about."""
    known = of_key(key)
    return _counted(known, now=now) or open_new(
        kind, text, key=next_key(key, known), course_id=course_id, attempt=attempt, now=now
    )


def _counted(known: Sequence[SupportCase], *, now: datetime) -> SupportCase | None:
    """The newest of them with one message more; None where it has been answered, or there is none."""
    if not known or known[-1].closed_at is not None:
        return None
    known[-1].messages += 1
    known[-1].last_at = now
    return known[-1]


def _about(kind: CaseKind, key: str, course_id: int, attempt: Attempt | None) -> Select[SupportCase]:
    query = select(SupportCase).where(SupportCase.kind == kind).order_by(SupportCase.id)
    if attempt is not None:
        return query.where(SupportCase.attempt_id == attempt.id)
    return query.where(SupportCase.course_id == course_id, SupportCase.attempt_id.is_(None), _is_about(key))


def close(case: SupportCase, by: User, *, note: str = "", now: datetime) -> None:
    """Somebody has looked. A second time keeps the first."""
    if case.closed_at is None:
        case.closed_at, case.closed_by_id, case.closing_note = now, by.id, note


def close_about(attempt: Attempt, kind: CaseKind, by: User, *, note: str, now: datetime) -> None:
    """What the cases of this kind asked for has been done."""
    for case in open_about(attempt, frozenset({kind})):
        close(case, by, note=note, now=now)


def open_about(attempt: Attempt, kinds: frozenset[CaseKind]) -> list[SupportCase]:
    """The open cases of these kinds about one attempt, oldest first."""
    query = select(SupportCase).where(SupportCase.attempt_id == attempt.id, SupportCase.kind.in_(kinds))
    return list(db.session.scalars(query.where(SupportCase.closed_at.is_(None)).order_by(SupportCase.id)))


def search(by: User, *, is_open: bool, page: int) -> Page[SupportCase]:
    """A page of the cases that ``by`` may answer, the newest first; and how many are open and closed. Three queries."""
    theirs = _of(by)
    is_closed = SupportCase.closed_at.is_not(None)
    counted = select(is_closed, func.count()).where(theirs).group_by(is_closed)
    numbers = {bool(closed): number for closed, number in db.session.execute(counted)}
    total = numbers.get(not is_open, 0)
    page = pages.within(page, total=total, size=PAGE_SIZE)
    query = select(SupportCase).where(theirs, ~is_closed if is_open else is_closed)
    order = SupportCase.id.desc() if is_open else SupportCase.closed_at.desc()
    people = (
        joinedload(SupportCase.course), joinedload(SupportCase.attempt), joinedload(SupportCase.closed_by),
    )  # fmt: skip
    rows = pages.rows(query.options(*people).order_by(order), page, size=PAGE_SIZE)
    cases = db.session.scalars(rows).all() if total else []
    counts = {"open": numbers.get(False, 0), "closed": numbers.get(True, 0)}
    return Page(items=cases, total=total, page=page, size=PAGE_SIZE, counts=counts)


def count_open(by: User) -> int:
    """How many wait for an answer of ``by`` or of their colleagues."""
    query = select(func.count(SupportCase.id)).where(_of(by), SupportCase.closed_at.is_(None))
    return db.session.scalar(query) or 0


def _of(by: User) -> ColumnElement[bool]:
    """What belongs to no course is for administrators. What a learner caused is for others, whatever their role."""
    of_course = SupportCase.course_id.in_(access.courses_with(by, Right.HANDLE_CASES))
    theirs = or_(of_course, SupportCase.course_id.is_(None)) if by.is_administrator else of_course
    own = exists().where(Attempt.id == SupportCase.attempt_id, Attempt.learner_id == by.id)
    return and_(theirs, ~own)
