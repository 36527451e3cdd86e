"""What a provider said while its learner gets ready, as far as it concerns them: a refused ID, a flag, a lost line."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select

from portal.db import db
from portal.domain.proctoring.heartbeats import Hearing
from portal.models import Attempt, Event, HistoryEntry
from portal.models import AttemptStatus as S


class Word(StrEnum):
    ID_REFUSED = Event.PROCTOR_REJECT_ID
    FLAGGED = Event.PROCTOR_FLAG
    CONNECTION_LOST = "connection_lost"


#: These are lines of history; a lost connection is a state of the moment.
EVENTS = (Word.ID_REFUSED, Word.FLAGGED)


@dataclass(frozen=True, kw_only=True)
class Told:
    """One word and when it was said; None where it holds now."""

    word: Word
    at: datetime | None = None


def list_for(attempt: Attempt, hearing: Hearing) -> list[Told]:
    """What the learner must know now, the newest first. What was said before the provider called them ready is over."""
    ready = select(func.coalesce(func.max(HistoryEntry.id), 0)).where(
        HistoryEntry.attempt_id == attempt.id,
        HistoryEntry.to_status == S.READY_TO_START,
        HistoryEntry.event == Event.MOVED,
    )
    said = select(HistoryEntry.event, func.max(HistoryEntry.at), func.max(HistoryEntry.id)).where(
        HistoryEntry.attempt_id == attempt.id,
        HistoryEntry.event.in_(EVENTS),
        HistoryEntry.id > ready.scalar_subquery(),
    )
    rows = db.session.execute(said.group_by(HistoryEntry.event).order_by(func.max(HistoryEntry.id).desc()))
    told = [Told(word=Word(event), at=at) for event, at, _ in rows]
    return [Told(word=Word.CONNECTION_LOST), *told] if hearing.has_failed else told


def mark(told: list[Told]) -> str:
    """Another one means that something new was said, or that something is over."""
    return "/".join(f"{one.word}.{one.at.isoformat() if one.at else ''}" for one in told)
