"""Reads what attempts have meant for credit, grade and certificate; :mod:`portal.jobs.ledgers` writes it."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.db import db
from portal.models import Attempt, LedgerEntry, LedgerStatus


def list_for(attempt: Attempt) -> Sequence[LedgerEntry]:
    """Every entry about this learner at this exam, whichever attempt brought it about; oldest first."""
    query = select(LedgerEntry).where(
        LedgerEntry.learner_id == attempt.learner_id, LedgerEntry.exam_id == attempt.exam_id
    )
    return db.session.scalars(query.order_by(LedgerEntry.at, LedgerEntry.id)).all()


def standings(entries: Sequence[LedgerEntry]) -> dict[str, LedgerEntry]:
    """ledger -> the entry that counts now. What was taken back again stands nowhere."""
    newest = {entry.ledger: entry for entry in entries}
    return {ledger: entry for ledger, entry in newest.items() if entry.standing != LedgerStatus.REMOVED}
