"""What attempts have meant for credit, grade and certificate: one entry for each message, never changed."""

from collections.abc import Sequence

from sqlalchemy import Select, bindparam, select

from portal.db import db
from portal.db.fast import prepared
from portal.domain.outbox import webhook_events
from portal.models import Attempt, LedgerEntry, LedgerStatus


def list_for(attempt: Attempt) -> Sequence[LedgerEntry]:
    """Every entry about this learner at this exam, whichever attempt brought it about; oldest first."""
    query = select(LedgerEntry).where(
        LedgerEntry.learner_id == attempt.learner_id, LedgerEntry.exam_id == attempt.exam_id
    )
    return db.session.scalars(query.order_by(LedgerEntry.at, LedgerEntry.id)).all()


def find_attempt(attempt_id: int | None, key: str) -> tuple[Attempt, bool]:
    """The attempt with its course, and whether the entry of this key is written already."""
    row = db.session.execute(_attempt_and_entry(), {"key": key, "attempt_id": attempt_id}).one()
    return row[0], row[1]


@prepared
def _attempt_and_entry() -> Select[Attempt, bool]:
    """Built once: every entry begins with it."""
    is_written = select(LedgerEntry.id).where(LedgerEntry.key == bindparam("key")).exists()
    whole = webhook_events.with_course()
    return select(Attempt, is_written).where(Attempt.id == bindparam("attempt_id")).options(whole)


def add(entry: LedgerEntry) -> LedgerEntry:
    """Write it; what follows from it may need its number."""
    db.session.add(entry)
    db.session.flush()
    return entry


def in_force(entries: Sequence[LedgerEntry]) -> dict[str, LedgerEntry]:
    """ledger -> the entry that counts now. What was taken back again stands nowhere."""
    newest = {entry.ledger: entry for entry in entries}
    return {ledger: entry for ledger, entry in newest.items() if entry.standing != LedgerStatus.REMOVED}
