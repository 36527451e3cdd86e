"""A learner asks for another look at "not accepted", once and in time, and a person answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain import decisions, history, outbox, reviews, support
from portal.domain.errors import BadInput, NotAllowed, NotNow
from portal.domain.history import Actor, Deed
from portal.domain.reviews import Decided
from portal.models import Appeal, Attempt, HistoryEntry, SupportCase, User, Verdict
from portal.models import AttemptStatus as S

SHORTEST, LONGEST = 10, 5000


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What the team says, and whether the verdict changes."""

    text: str
    accepts: bool = False


def find(attempt: Attempt) -> Appeal | None:
    query = select(Appeal).where(Appeal.attempt_id == attempt.id)
    return db.session.scalar(query.options(joinedload(Appeal.answered_by)))


def nothing_depends_on(attempt: Attempt) -> bool:
    """A practice exam, which is tried again instead; an identity check opens other exams, so it is none."""
    return attempt.is_sample and not attempt.exam.is_onboarding


def until(attempt: Attempt, *, days: int) -> datetime | None:
    """The end of the time in which the learner may appeal; None while there is nothing to appeal against."""
    if attempt.status is not S.REJECTED or attempt.archived_at is not None or nothing_depends_on(attempt):
        return None
    rejected = select(HistoryEntry.at).where(
        HistoryEntry.attempt_id == attempt.id, HistoryEntry.became == S.REJECTED, HistoryEntry.event == "moved"
    )
    at = db.session.scalar(rejected.order_by(HistoryEntry.id.desc()).limit(1)) or attempt.completed_at
    return at + timedelta(days=days) if at else None


def send(attempt: Attempt, text: str, learner: User, *, days: int, now: datetime) -> Appeal:
    """Ask for another look. A second press gives the first appeal back.

    :raises NotAllowed: somebody else's attempt. :raises NotNow: nothing to appeal against, or too late.
    :raises BadInput: too short or too long.
    """
    if attempt.learner_id != learner.id:
        raise NotAllowed("Only the learner of an attempt can appeal.")
    if (earlier := find(attempt)) is not None:
        return earlier
    ends_at = until(attempt, days=days)
    if ends_at is None:
        raise NotNow("Only an exam that was not accepted can be appealed.")
    if now >= ends_at:
        raise NotNow("The %(days)s days in which you could ask for another look are over.", days=days)
    text = text.replace("\x00", "").strip()
    if not SHORTEST <= len(text) <= LONGEST:
        raise BadInput(
            "text",
            "Say in %(shortest)s to %(longest)s characters what we should look at again.",
            shortest=SHORTEST,
            longest=LONGEST,
        )
    appeal = Appeal(attempt=attempt, text=text, sent_at=now)
    db.session.add(appeal)
    deed = Deed(actor=Actor.LEARNER, by=learner)
    history.record(attempt, deed, was=attempt.status, now=now, event="appealed")
    said = f"The learner of attempt {attempt.ref} ({attempt.exam.name}) asks for another look at the review."
    support.open_case("appeal", said, key=_case(attempt), course_id=attempt.exam.course_id, attempt=attempt, now=now)
    return appeal


def answer(attempt: Attempt, answered: Answered, by: User, *, now: datetime) -> Appeal:
    """Answer its appeal; where the answer accepts the exam, that counts at once. The learner is mailed.

    :raises NotAllowed: they may not review it. :raises NotNow: none, or it is answered. :raises BadInput: no words.
    """
    decisions.check_may_review(attempt, by)
    appeal = find(attempt)
    if appeal is None or appeal.answered_at is not None:
        raise NotNow("There is no appeal, or it has been answered already.")
    text = answered.text.replace("\x00", "").strip()
    if not text:
        raise BadInput("answer", "Write what the learner will read.")
    appeal.answer, appeal.answered_by_id, appeal.answered_at = text, by.id, now
    appeal.changed = answered.accepts and attempt.status is not S.VERIFIED
    if answered.accepts:
        decided = Decided(verdict=Verdict.ACCEPT, note="Accepted after an appeal.")
        if (before := decisions.find_open(attempt)) is not None:
            before.undone_at = now
        reviews.decide(attempt, decided, by, now=now)
    deed = Deed(actor=Actor.REVIEWER, by=by, reason="Accepted" if appeal.changed else "The decision stays")
    entry = history.record(attempt, deed, was=attempt.status, now=now, event="appeal_answered")
    db.session.flush()  # The line's number makes the key.
    key = f"{attempt.ref}.{entry.id}.appeal-answered"
    said = {"template": "appeal_answered", "line": entry.id}
    outbox.put("email", now=now, key=key, attempt=attempt, payload=said)
    case = db.session.scalar(select(SupportCase).where(SupportCase.key == _case(attempt)))
    if case is not None:
        support.close(case, by, now=now)
    return appeal


def _case(attempt: Attempt) -> str:
    return f"{attempt.ref}.appeal"
