"""A person's decision on a proctored attempt: made, undone or sent. Until it is sent it moves nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.domain import access
from portal.domain.errors import BadInput, Conflict, NotAllowed, NotNow
from portal.domain.lifecycle import history, status_labels, transitions
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.reviews import claims, verdicts
from portal.domain.reviews.verdicts import Decided
from portal.domain.text.clean_text import trimmed
from portal.models import Attempt, Decision, Event, Review, ReviewComment, Right, User, Verdict

OK, NOTE, CONCERN = "ok", "note", "concern"
#: What a person can make of one incident.
MARKS = (OK, NOTE, CONCERN)
#: How each decision reads in the history and in messages.
WORDS = {Verdict.ACCEPT: "Accept", Verdict.SECOND_REVIEW: "Second review", Verdict.REJECT: "Not accepted"}


def check_may_review(attempt: Attempt, by: User) -> None:
    """:raises NotAllowed: no right to review this course, or it is their own attempt."""
    if not access.may(by, Right.REVIEW, attempt.exam.course_id):
        raise NotAllowed("You do not have permission to review attempts in this course. Ask its instructor.")
    if attempt.learner_id == by.id:
        raise NotAllowed("This is your own attempt, so another reviewer must decide on it.")


def possible(attempt: Attempt) -> list[Verdict]:
    """What can be decided about it now; nothing before it is submitted, and nothing without proctoring."""
    if not attempt.taking_as_proctored or attempt.archived_at is not None:
        return []
    return [v for v in Verdict if transitions.may_move(attempt, verdicts.BECAME[v], Actor.REVIEWER)]


def incidents(attempt: Attempt) -> Sequence[ReviewComment]:
    """What the provider's newest report saw, in the order of the recording; what it calls clean is no incident."""
    query = select(Review).where(Review.attempt_id == attempt.id, Review.is_human.is_(False))
    newest = db.session.scalar(query.order_by(Review.number.desc()).limit(1).options(selectinload(Review.comments)))
    return [one for one in newest.comments if one.is_incident] if newest else []


def find_open(attempt: Attempt) -> Decision | None:
    """The one that is made and not sent."""
    query = select(Decision).where(Decision.attempt_id == attempt.id, *OPEN)
    return db.session.scalar(query.options(joinedload(Decision.reviewer)))


def newest_open(by: User) -> Decision | None:
    """What the person decided last and can still undo, with its attempt."""
    query = select(Decision).where(Decision.reviewer_id == by.id, *OPEN).order_by(Decision.id.desc()).limit(1)
    return db.session.scalar(query.options(joinedload(Decision.attempt)))


def find_unsent(attempt: Attempt, by: User) -> Decision | None:
    """The newest one, if it is the person's own and was not sent: still open, or taken back."""
    query = select(Decision).where(Decision.attempt_id == attempt.id).order_by(Decision.id.desc()).limit(1)
    newest = db.session.scalar(query)
    return newest if newest is not None and newest.reviewer_id == by.id and newest.sent_at is None else None


def list_for(attempt: Attempt) -> list[Decision]:
    query = select(Decision).where(Decision.attempt_id == attempt.id).order_by(Decision.id)
    return list(db.session.scalars(query.options(joinedload(Decision.reviewer))))


def newest_id(attempt: Attempt) -> int:
    """The number of the newest decision that was not taken back; 0 when there is none."""
    query = select(func.max(Decision.id)).where(Decision.attempt_id == attempt.id, Decision.undone_at.is_(None))
    return db.session.scalar(query) or 0


#: Made, and neither undone nor sent yet.
OPEN = (Decision.sent_at.is_(None), Decision.undone_at.is_(None))


def make(
    attempt: Attempt, decided: Decided, by: User, *, marks: Mapping[int, str], send_at: datetime, now: datetime
) -> Decision:
    """Keep a decision that is sent at ``send_at``. One's own earlier one that is not sent yet is replaced.

    :raises NotAllowed: they may not review it. :raises NotNow: another reviewer has claimed it, or nothing can
    be decided now. :raises BadInput: "not accepted" that does not say why, or rests on no incident unconfirmed.
    :raises Conflict: another reviewer has decided and it is not sent yet.
    """
    check_may_review(attempt, by)
    claims.check_free(attempt, by, now=now)
    if decided.verdict not in possible(attempt):
        raise NotNow(f"You cannot make this decision on an attempt that is {status_labels.of(attempt.status)}.")
    verdicts.check(decided)
    _judge(incidents(attempt), marks, decided)
    _replace(attempt, by, now=now)
    decision = Decision(
        attempt=attempt,
        reviewer_id=by.id,
        verdict=decided.verdict,
        reason_code=decided.reason_code if decided.verdict is Verdict.REJECT else "",
        sentence=trimmed(decided.sentence) if decided.verdict is Verdict.REJECT else "",
        note=trimmed(decided.note),
        made_at=now,
        send_at=send_at,
    )
    db.session.add(decision)
    record(attempt, by, Event.DECISION_MADE, WORDS[decided.verdict], now=now)
    claims.release(attempt.id, by)
    return decision


def undo(decision: Decision, by: User, *, now: datetime) -> bool:
    """Take it back. False when it was taken back already.

    :raises NotAllowed: somebody else's. :raises NotNow: it has been sent.
    """
    if decision.reviewer_id != by.id and not by.is_administrator:
        raise NotAllowed("Only the reviewer who made the decision can undo it.")
    if decision.sent_at is not None:
        raise NotNow("The decision has been sent. Decide again instead; the learner gets an email.")
    if decision.undone_at is not None:
        return False
    decision.undone_at = now
    verdicts.catch_up(decision.attempt)
    record(decision.attempt, by, Event.DECISION_UNDONE, WORDS[decision.verdict], now=now)
    return True


def _judge(seen: Sequence[ReviewComment], marks: Mapping[int, str], decided: Decided) -> None:
    """Mark what was seen. A rejection that rests on none of it may be meant, so it is asked about first."""
    for comment in seen:
        word = marks.get(comment.id, comment.verdict)
        if word not in ("", *MARKS):
            raise BadInput("incidents", "Mark each incident as fine, note or concern.")
        comment.verdict = word
    if decided.verdict is not Verdict.REJECT or decided.without_incident:
        return
    if not seen:
        raise BadInput("without_incident", "Confirm that you reject without an incident. The report has none.")
    if not any(comment.verdict == CONCERN for comment in seen):
        raise BadInput(
            "without_incident", "Mark at least one incident as a concern, or confirm to reject without an incident."
        )


def _replace(attempt: Attempt, by: User, *, now: datetime) -> None:
    before = find_open(attempt)
    if before is None:
        return
    if before.reviewer_id != by.id:
        raise Conflict(
            f"{before.reviewer.name} has just decided: {WORDS[before.verdict]}.",
            current={"decision": before.verdict.value, "by": before.reviewer.name},
        )
    before.undone_at = now
    db.session.flush()  # The unique index must see the older one undone first.


def record(attempt: Attempt, by: User, event: Event, reason: str, *, now: datetime) -> None:
    """In the attempt's history, as the reviewer's own."""
    history.record(
        attempt, Cause(actor=Actor.REVIEWER, user=by, reason=reason), from_status=attempt.status, now=now, event=event
    )
