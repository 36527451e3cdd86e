"""Cases: things a person of the course team must look at, opened once and mailed once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain import access, outbox
from portal.domain.errors import BadInput, NotAllowed, NotNow
from portal.models import Attempt, Notice, NoticeKind, SupportCase, User

PAGE_SIZE = 25
LONGEST_NOTE = 1000


@dataclass(frozen=True, kw_only=True)
class Found:
    cases: Sequence[SupportCase]
    open: int
    closed: int
    page: int
    pages: int


def open_case(
    kind: str, text: str, *, key: str, course_id: int | None, attempt: Attempt | None, now: datetime
) -> SupportCase:
    """Open a case and promise a mail about it. The same key again gives back the first."""
    known = db.session.scalar(select(SupportCase).where(SupportCase.key == key))
    if known is not None:
        return known
    return open_new(kind, text, key=key, course_id=course_id, attempt=attempt, now=now)


def open_new(
    kind: str, text: str, *, key: str, course_id: int | None, attempt: Attempt | None, now: datetime
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
    outbox.put_new("support", now=now, key=f"case.{key}", attempt=attempt, payload={"case": key})
    return case


def close(case: SupportCase, by: User, *, note: str = "", now: datetime) -> None:
    """Somebody has looked. A second time keeps the first."""
    if case.closed_at is None:
        case.closed_at, case.closed_by_id, case.closing_note = now, by.id, note


def close_about(attempt: Attempt, kind: str, by: User, *, note: str, now: datetime) -> None:
    """What the cases of this kind asked for has been done."""
    query = select(SupportCase).where(SupportCase.attempt_id == attempt.id, SupportCase.kind == kind)
    for case in db.session.scalars(query.where(SupportCase.closed_at.is_(None))):
        close(case, by, note=note, now=now)


def answer(case: SupportCase, by: User, note: str, *, now: datetime) -> None:
    """Close it and say what was done. A second time keeps the first.

    :raises NotAllowed: not of this course's team, or it is about the person's own attempt. :raises BadInput: no note.
    :raises NotNow: an appeal, which the answer to the learner closes.
    """
    is_theirs = by.is_administrator if case.course_id is None else access.may(by, "handle_cases", case.course_id)
    if not is_theirs:
        raise NotAllowed("This case belongs to a course whose team you are not in.")
    if case.attempt is not None and case.attempt.learner_id == by.id:
        raise NotAllowed("This case is about your own attempt, so somebody else of the team answers it.")
    if case.kind == "appeal" and case.closed_at is None:
        raise NotNow("An appeal is answered on its review page, so that the learner reads the answer.")
    note = note.replace("\x00", "").strip()
    if not 1 <= len(note) <= LONGEST_NOTE:
        raise BadInput("note", f"Say in at most {LONGEST_NOTE} characters what was done.")
    is_new = case.closed_at is None
    close(case, by, note=note, now=now)
    if is_new and case.kind == "learner_message" and case.attempt_id is not None:
        _tell_in_exam(case.attempt_id, note, now=now)


def _tell_in_exam(attempt_id: int, note: str, *, now: datetime) -> None:
    """Whoever asked from inside a running exam reads the answer on its open page."""
    attempt = db.session.get_one(Attempt, attempt_id, with_for_update=True)
    if not attempt.is_running:
        return
    attempt.revision += 1
    told = {"kind": NoticeKind.MESSAGE, "by_role": "staff", "revision": attempt.revision, "created_at": now}
    db.session.add(Notice(attempt_id=attempt_id, text=note, **told))


def messages_of(attempt: Attempt) -> Sequence[SupportCase]:
    """What the learner wrote about this attempt, oldest first."""
    query = select(SupportCase).where(SupportCase.attempt_id == attempt.id, SupportCase.kind == "learner_message")
    return db.session.scalars(query.order_by(SupportCase.id)).all()


def search(by: User, *, is_open: bool, page: int) -> Found:
    """A page of the cases that ``by`` may answer, the newest first; and how many there are. Three queries."""
    theirs = _of(by)
    is_closed = SupportCase.closed_at.is_not(None)
    counted = select(is_closed, func.count()).where(theirs).group_by(is_closed)
    numbers = {bool(closed): number for closed, number in db.session.execute(counted)}
    total = numbers.get(not is_open, 0)
    pages = max(1, ceil(total / PAGE_SIZE))
    page = min(max(1, page), pages)
    query = select(SupportCase).where(theirs, ~is_closed if is_open else is_closed)
    order = SupportCase.id.desc() if is_open else SupportCase.closed_at.desc()
    people = (
        joinedload(SupportCase.course), joinedload(SupportCase.attempt), joinedload(SupportCase.closed_by),
    )  # fmt: skip
    rows = query.options(*people).order_by(order).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    cases = db.session.scalars(rows).all() if total else []
    return Found(cases=cases, open=numbers.get(False, 0), closed=numbers.get(True, 0), page=page, pages=pages)


def count_open(by: User) -> int:
    """How many wait for an answer of ``by`` or of their colleagues."""
    query = select(func.count(SupportCase.id)).where(_of(by), SupportCase.closed_at.is_(None))
    return db.session.scalar(query) or 0


def open_cases(course_id: int) -> list[SupportCase]:
    """Those of one course that nobody has closed, newest first."""
    query = select(SupportCase).where(SupportCase.course_id == course_id, SupportCase.closed_at.is_(None))
    return list(db.session.scalars(query.order_by(SupportCase.id.desc())))


def _of(by: User) -> ColumnElement[bool]:
    """What belongs to no course is for administrators. What a learner caused is for others, whatever their role."""
    of_course = SupportCase.course_id.in_(access.courses_with(by, "handle_cases"))
    theirs = or_(of_course, SupportCase.course_id.is_(None)) if by.is_administrator else of_course
    own = exists().where(Attempt.id == SupportCase.attempt_id, Attempt.learner_id == by.id)
    return and_(theirs, ~own)
