"""The answer to an appeal: made, taken back, or sent. Until it is sent it moves nothing, like a decision."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain.errors import BadInput, IllegalTransition, NotAllowed, NotNow
from portal.domain.lifecycle import history
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.outbox import cases, messages
from portal.domain.reviews import decisions, outcome, rejections, verdicts
from portal.domain.reviews.outcome import Chain
from portal.domain.reviews.verdicts import Decided
from portal.domain.text.clean_text import trimmed
from portal.models import Appeal, Attempt, EmailKind, Event, SupportCase, Topic, User, Verdict
from portal.models import AttemptStatus as S

FIRST_DECIDER = "Another reviewer must answer this appeal, because you made the first decision."


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What the team says, and whether the verdict changes."""

    text: str
    accepts: bool = False


def find(attempt: Attempt, chain: Chain | None = None) -> Appeal | None:
    """The appeal about the exam that this attempt is a recording of; ``chain`` for who has loaded it already."""
    ids = [one.id for one in chain or outcome.chain_of(attempt)]
    query = select(Appeal).where(Appeal.attempt_id.in_(ids)).order_by(Appeal.id.desc()).limit(1)
    return db.session.scalar(query.options(joinedload(Appeal.answered_by)))


def case_of(attempt: Attempt) -> str:
    """The key of the case that an appeal opens."""
    return f"{attempt.ref}.appeal"


def why_not(attempt: Attempt, by: User) -> str:
    """Why this reviewer does not answer its appeal; empty when they may.

    Where a course asks for two reviewers, whoever was the first not to accept the exam leaves the appeal to another.
    """
    if not attempt.exam.course.needs_two_reviewers:
        return ""
    first = {one.id for part in outcome.chain_of(attempt) if (one := rejections.decider(part)) is not None}
    return FIRST_DECIDER if by.id in first else ""


def answer(attempt: Attempt, answered: Answered, by: User, *, send_at: datetime | None = None, now: datetime) -> Appeal:
    """Answer its appeal; sent at ``send_at``, at once where that is None. One's own unsent answer is replaced.

    The attempt is held with the learner's others: an answer that accepts the exam accepts each of its recordings.

    :raises NotAllowed: they may not review it, or decided first. :raises NotNow: none, or it is answered.
    :raises BadInput: no words.
    """
    decisions.check_may_review(attempt, by)
    appeal = find(attempt)
    if appeal is None or appeal.answered_at is not None:
        raise NotNow("There is no appeal, or it has already been answered.")
    if appeal.answer_due_at is not None and appeal.answered_by_id != by.id:
        raise NotNow("Another reviewer has just answered this appeal. Their answer has not been sent yet.")
    if reason := why_not(attempt, by):
        raise NotAllowed(reason)
    text = trimmed(answered.text)
    if not text:
        raise BadInput("answer", "Write your answer to the learner.")
    appeal.answer, appeal.accepts, appeal.answered_by_id = text, answered.accepts, by.id
    appeal.answer_due_at = send_at or now
    if send_at is None or send_at <= now:
        send(attempt, now=now)
    else:
        _record(appeal.attempt, by, Event.APPEAL_ANSWER_MADE, _words(appeal), now=now)
    return appeal


def take_back(attempt: Attempt, by: User, *, now: datetime) -> bool:
    """Take an unsent answer back; its words stay for the next try. False when there is none.

    :raises NotAllowed: somebody else's. :raises NotNow: it has been sent.
    """
    appeal = find(attempt)
    if appeal is not None and appeal.answered_at is not None:
        raise NotNow("The answer has been sent. Decide on the exam again instead; the learner gets an email.")
    if appeal is None or appeal.answer_due_at is None:
        return False
    _check_theirs(appeal, by)
    appeal.answer_due_at = None
    _record(appeal.attempt, by, Event.APPEAL_ANSWER_UNDONE, _words(appeal), now=now)
    return True


def send_now(attempt: Attempt, by: User, *, now: datetime) -> bool:
    """:func:`send` without waiting. :raises NotAllowed: somebody else's."""
    appeal = find(attempt)
    if appeal is not None and appeal.answer_due_at is not None:
        _check_theirs(appeal, by)
    return send(attempt, now=now)


def send(attempt: Attempt, *, now: datetime) -> bool:
    """Let the answer count, and email it. False when there is none to send, or it no longer can be: then it lapses.

    The attempt is held with the learner's others.
    """
    appeal = find(attempt)
    if appeal is None or appeal.answer_due_at is None or appeal.answered_by_id is None:
        return False
    by = db.session.get_one(User, appeal.answered_by_id)
    appeal.answer_due_at = None
    try:
        decisions.check_may_review(attempt, by)
        appeal.changed = appeal.accepts and _accept(attempt, by, now=now)
    except (NotAllowed, IllegalTransition) as err:
        _record(appeal.attempt, by, Event.APPEAL_ANSWER_LAPSED, err.message, now=now)
        return False
    appeal.answered_at = now
    _tell(appeal, by, now=now)
    return True


def send_due(attempt: Attempt, *, now: datetime) -> bool:
    """Send the answer to its appeal if that is due."""
    appeal = find(attempt)
    is_due = appeal is not None and appeal.answer_due_at is not None and appeal.answer_due_at <= now
    return is_due and send(attempt, now=now)


def list_due(*, now: datetime, most: int = 200) -> list[int]:
    """Numbers of the attempts with an answer that is to be sent now, the longest due first."""
    query = select(Appeal.attempt_id).where(Appeal.answer_due_at.is_not(None), Appeal.answer_due_at <= now)
    return list(db.session.scalars(query.order_by(Appeal.answer_due_at).limit(most)))


def _accept(attempt: Attempt, by: User, *, now: datetime) -> bool:
    """Accept whatever was not accepted, and the attempt itself; whether that changed anything."""
    chain = outcome.chain_of(attempt)
    parts = outcome.rejected_in(chain) or [one for one in chain if one is attempt and one.status is not S.VERIFIED]
    for part in parts:
        if (before := decisions.find_open(part)) is not None:
            before.undone_at = now
        verdicts.decide(part, Decided(verdict=Verdict.ACCEPT, note="Accepted after an appeal."), by, now=now)
    return bool(parts)


def _tell(appeal: Appeal, by: User, *, now: datetime) -> None:
    attempt = appeal.attempt
    reason = "Accepted" if appeal.changed else "Decision unchanged"
    entry = history.record(
        attempt,
        Cause(actor=Actor.REVIEWER, user=by, reason=reason),
        from_status=attempt.status,
        now=now,
        event=Event.APPEAL_ANSWERED,
    )
    key = f"{attempt.ref}.{entry.id}.appeal-answered"
    said = {"template": EmailKind.APPEAL_ANSWERED, "line": entry.id}
    messages.enqueue(Topic.EMAIL, now=now, key=key, attempt=attempt, payload=said)
    case = db.session.scalar(select(SupportCase).where(SupportCase.key == case_of(attempt)))
    if case is not None:
        cases.close(case, by, note="The answer was sent to the learner.", now=now)


def _check_theirs(appeal: Appeal, by: User) -> None:
    if appeal.answered_by_id != by.id and not by.is_administrator:
        raise NotAllowed("Only the reviewer who answered can undo or send the answer.")


def _words(appeal: Appeal) -> str:
    return "Accept exam" if appeal.accepts else "Keep decision"


def _record(attempt: Attempt, by: User, event: Event, reason: str, *, now: datetime) -> None:
    cause = Cause(actor=Actor.REVIEWER, user=by, reason=reason)
    history.record(attempt, cause, from_status=attempt.status, now=now, event=event)
