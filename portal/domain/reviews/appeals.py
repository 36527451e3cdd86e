"""A learner asks for another look at "not accepted", once and in time, and a person answers.

A resumed exam has several recordings and one appeal, which hangs on the newest: that is where lists lead.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.db import db
from portal.domain.errors import BadInput, NotAllowed, NotNow
from portal.domain.lifecycle import history
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.outbox import cases
from portal.domain.reviews import outcome
from portal.domain.reviews.appeal_answers import Answered as Answered
from portal.domain.reviews.appeal_answers import answer as answer
from portal.domain.reviews.appeal_answers import case_of as case_of
from portal.domain.reviews.appeal_answers import find as find
from portal.domain.reviews.outcome import Chain
from portal.domain.text.clean_text import trimmed
from portal.models import Appeal, Attempt, CaseKind, Event, HistoryEntry, User
from portal.models import AttemptStatus as S

SHORTEST, LONGEST = 10, 5000


def nothing_depends_on(attempt: Attempt) -> bool:
    """A practice exam, which is tried again instead; an onboarding exam opens other exams, so it is none."""
    return attempt.is_sample and not attempt.exam.is_onboarding


def until(attempt: Attempt, chain: Chain | None = None, *, days: int) -> datetime | None:
    """The end of the time in which the learner may appeal; None while there is nothing to appeal against."""
    rejected = outcome.rejected_in(chain or outcome.chain_of(attempt))
    if not rejected or attempt.archived_at is not None or nothing_depends_on(attempt):
        return None
    moved = select(HistoryEntry.at).where(
        HistoryEntry.attempt_id.in_([one.id for one in rejected]),
        HistoryEntry.to_status == S.REJECTED,
        HistoryEntry.event == Event.MOVED,
    )
    at = db.session.scalar(moved.order_by(HistoryEntry.id.desc()).limit(1)) or rejected[-1].completed_at
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
        raise NotNow("You can no longer appeal. The deadline was %(days)s days after the decision.", days=days)
    text = _checked(text)
    newest = outcome.chain_of(attempt)[-1]
    appeal = Appeal(attempt=newest, text=text, sent_at=now)
    db.session.add(appeal)
    cause = Cause(actor=Actor.LEARNER, user=learner)
    history.record(newest, cause, from_status=newest.status, now=now, event=Event.APPEALED)
    said = f"The learner of attempt {newest.ref} ({newest.exam.name}) appeals against the review."
    cases.open_case(
        CaseKind.APPEAL, said, key=case_of(newest), course_id=newest.exam.course_id, attempt=newest, now=now
    )
    return appeal


def _checked(text: str) -> str:
    text = trimmed(text)
    if not SHORTEST <= len(text) <= LONGEST:
        raise BadInput(
            "text",
            "Tell us in %(shortest)s to %(longest)s characters what we should review again.",
            shortest=SHORTEST,
            longest=LONGEST,
        )
    return text
