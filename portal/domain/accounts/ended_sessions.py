"""Sessions that were ended by signing out, so that no copy of their cookie works any longer."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select

from portal.db import db
from portal.models import EndedSession

#: Longer than any cookie lives.
KEPT_FOR = timedelta(days=40)


def end(key: str, *, now: datetime) -> None:
    """The session named ``key`` is over. A second call changes nothing."""
    if db.session.get(EndedSession, key) is None:
        db.session.add(EndedSession(key=key, forget_at=now + KEPT_FOR))


def has_ended(key: ColumnElement[str]) -> ColumnElement[bool]:
    """A condition for a query that loads a person: their session was ended."""
    return select(EndedSession.key).where(EndedSession.key == key).exists()


def sweep(*, now: datetime) -> None:
    """Forget what no cookie can name any longer."""
    db.session.execute(delete(EndedSession).where(EndedSession.forget_at <= now))
