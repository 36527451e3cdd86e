"""Cases: things a person of the course team must look at, opened once and mailed once."""

from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain import outbox
from portal.models import Attempt, SupportCase, User


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


def close(case: SupportCase, by: User, *, now: datetime) -> None:
    """Somebody has looked. A second time keeps the first."""
    if case.closed_at is None:
        case.closed_at, case.closed_by_id = now, by.id


def open_cases(course_id: int) -> list[SupportCase]:
    """Those of one course that nobody has closed, newest first."""
    query = select(SupportCase).where(SupportCase.course_id == course_id, SupportCase.closed_at.is_(None))
    return list(db.session.scalars(query.order_by(SupportCase.id.desc())))
