"""Cases: things a person of the course team must look at, opened once and mailed once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain import access, history, notices, outbox
from portal.domain.errors import BadInput, NotAllowed, NotNow
from portal.domain.history import Actor, Deed
from portal.models import Attempt, Course, Role, SupportCase, User

PAGE_SIZE = 25
#: Nobody could be written to whose name before the @ has letters outside ASCII; a domain may have them.
_ADDRESS = re.compile(r"[^@\s<>,;\x80-\U0010ffff]+@[^@\s<>,;]+\.[^@\s<>,;.]+")
LONGEST_NOTE = 1000
#: Its answer goes to the learner.
LEARNER_MESSAGE = "learner_message"
#: These are answered on the review page: by the answer to the learner, or by a decision.
FOR_REVIEWERS = frozenset({"appeal", "contradictory_review", "report_to_decide"})


@dataclass(frozen=True, kw_only=True)
class Found:
    cases: Sequence[SupportCase]
    open: int
    closed: int
    page: int
    pages: int


def find(case_id: int) -> SupportCase | None:
    return db.session.get(SupportCase, case_id)


def get(case_id: int) -> SupportCase:
    """One that is known to exist."""
    return db.session.get_one(SupportCase, case_id)


def get_by_key(key: str) -> SupportCase:
    """One that is known to exist."""
    return db.session.scalars(select(SupportCase).where(SupportCase.key == key)).one()


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


def count_in(kind: str, text: str, *, key: str, course_id: int, attempt: Attempt | None, now: datetime) -> SupportCase:
    """One more message of this kind about the same thing: counted on its open case, and mailed once.

    The same thing is the attempt, else ``key``. When the case has been answered, the next message opens another.
    """
    if attempt is None:  # Nothing is held that would make two messages wait for each other.
        db.session.execute(select(Course.id).where(Course.id == course_id).with_for_update())
    known = db.session.scalars(_about(kind, key, course_id, attempt)).all()
    if known and known[-1].closed_at is None:
        known[-1].messages += 1
        known[-1].last_at = now
        return known[-1]
    key = f"{key}.{len(known) + 1}" if known else key
    return open_new(kind, text, key=key, course_id=course_id, attempt=attempt, now=now)


def _about(kind: str, key: str, course_id: int, attempt: Attempt | None) -> Select[SupportCase]:
    query = select(SupportCase).where(SupportCase.kind == kind).order_by(SupportCase.id)
    if attempt is not None:
        return query.where(SupportCase.attempt_id == attempt.id)
    same = or_(SupportCase.key == key, SupportCase.key.startswith(f"{key}.", autoescape=True))
    return query.where(SupportCase.course_id == course_id, SupportCase.attempt_id.is_(None), same)


def close(case: SupportCase, by: User, *, note: str = "", now: datetime) -> None:
    """Somebody has looked. A second time keeps the first."""
    if case.closed_at is None:
        case.closed_at, case.closed_by_id, case.closing_note = now, by.id, note


def close_about(attempt: Attempt, kind: str, by: User, *, note: str, now: datetime) -> None:
    """What the cases of this kind asked for has been done."""
    for case in open_about(attempt, frozenset({kind})):
        close(case, by, note=note, now=now)


def open_about(attempt: Attempt, kinds: frozenset[str]) -> list[SupportCase]:
    """The open cases of these kinds about one attempt, oldest first."""
    query = select(SupportCase).where(SupportCase.attempt_id == attempt.id, SupportCase.kind.in_(kinds))
    return list(db.session.scalars(query.where(SupportCase.closed_at.is_(None)).order_by(SupportCase.id)))


def answer(case: SupportCase, by: User, note: str, *, now: datetime) -> None:
    """Close it and say what was done; a learner who wrote gets it by email. A second time keeps the first.

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
    if case.kind in FOR_REVIEWERS and not access.may(by, "review", case.course_id or 0):
        raise NotAllowed("A reviewer of this course answers it.")
    note = note.replace("\x00", "").strip()
    if not 1 <= len(note) <= LONGEST_NOTE:
        raise BadInput("note", f"Say in at most {LONGEST_NOTE} characters what was done.")
    if case.closed_at is None and case.kind == LEARNER_MESSAGE and case.attempt is not None:
        _tell_learner(case, case.attempt, Deed(actor=Actor.STAFF, by=by), note, now=now)
    close(case, by, note=note, now=now)


def _tell_learner(case: SupportCase, attempt: Attempt, deed: Deed, note: str, *, now: datetime) -> None:
    """By email, on their pages, and at once where their exam is open."""
    history.record(attempt, deed, was=attempt.status, now=now, event="learner_answered")
    said = {"template": "message_answered", "case": case.id}
    outbox.put_new("email", now=now, key=f"case.{case.key}.answer", attempt=attempt, payload=said)
    if attempt.is_running:
        notices.say(attempt, note, deed, now=now)


def recipients(case: SupportCase) -> list[str]:
    """Who hears of a case by email: the escalation address, else the course's contact, else its instructors.

    Empty where the course names nobody whom an email can reach; then the portal's own contact is asked. Nobody hears
    of a case about their own attempt.
    """
    course = case.course
    if course is None:
        return []
    for named in (course.escalation_email, course.contact):
        if is_address(named):
            return [named]
    about = case.attempt.learner_id if case.attempt else None
    return [one.email for one in access.people_with(course.id, Role.INSTRUCTOR) if one.id != about]


def has_address(*named: str) -> bool:
    """Whether any of the addresses that a course names can be written to; otherwise its instructors hear of cases."""
    return any(is_address(one) for one in named)


def is_address(contact: str) -> bool:
    """Whether a contact, which may be any words, is an email address."""
    return _ADDRESS.fullmatch(contact) is not None


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


def _of(by: User) -> ColumnElement[bool]:
    """What belongs to no course is for administrators. What a learner caused is for others, whatever their role."""
    of_course = SupportCase.course_id.in_(access.courses_with(by, "handle_cases"))
    theirs = or_(of_course, SupportCase.course_id.is_(None)) if by.is_administrator else of_course
    own = exists().where(Attempt.id == SupportCase.attempt_id, Attempt.learner_id == by.id)
    return and_(theirs, ~own)
