"""Lets a reviewer's decision count: at once, or when the time to take it back is over."""

from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.errors import IllegalTransition, NotAllowed
from portal.domain.reviews import decisions, rejections, report_cases, verdicts
from portal.domain.reviews.verdicts import Decided
from portal.models import Attempt, Decision, Event, User, Verdict


def send(decision: Decision, *, now: datetime) -> bool:
    """Let it count. False when it was sent or undone, or no longer can: then it lapses, and the history says why.

    Where a course wants two reviewers, the first "not accepted" only asks for a second review.
    """
    if decision.sent_at is not None or decision.undone_at is not None:
        return False
    attempt, by = decision.attempt, decision.reviewer
    try:
        _check_not_archived(attempt)
        _let_count(attempt, decision, by, now=now)
    except (NotAllowed, IllegalTransition) as err:
        decision.undone_at = now
        verdicts.catch_up(attempt)
        decisions.record(attempt, by, Event.DECISION_LAPSED, err.message, now=now)
        return False
    decision.sent_at = now
    report_cases.answer_all(attempt, by, decisions.WORDS[decision.verdict], until=decision.made_at, now=now)
    return True


def send_now(decision: Decision, by: User, *, now: datetime) -> bool:
    """:func:`send` without waiting. :raises NotAllowed: somebody else's."""
    if decision.reviewer_id != by.id and not by.is_administrator:
        raise NotAllowed("Only the reviewer who made the decision can send it now.")
    return send(decision, now=now)


def list_due(*, now: datetime, most: int = 200) -> list[int]:
    """Numbers of the attempts whose decision is to be sent now, the longest due first."""
    query = select(Decision.attempt_id).where(*decisions.OPEN, Decision.send_at <= now).order_by(Decision.send_at)
    return list(db.session.scalars(query.limit(most)))


def send_due(attempt: Attempt, *, now: datetime) -> bool:
    """Send the attempt's decision if it is due. The attempt is held by the caller."""
    decision = decisions.find_open(attempt)
    return decision is not None and decision.send_at <= now and send(decision, now=now)


def _check_not_archived(attempt: Attempt) -> None:
    if attempt.archived_at is not None:
        raise IllegalTransition("This attempt was reset, so nothing about it is decided.")


def _let_count(attempt: Attempt, decision: Decision, by: User, *, now: datetime) -> None:
    wants_two = decision.verdict is Verdict.REJECT and attempt.exam.course.needs_two_reviewers
    decided = Decided(
        verdict=decision.verdict,
        reason_code=decision.reason_code,
        sentence=decision.sentence,
        note=decision.note,
    )
    if not wants_two or rejections.first(attempt, by) is not None:
        verdicts.decide(attempt, decided, by, now=now)
        return
    decisions.check_may_review(attempt, by)
    if Verdict.SECOND_REVIEW in decisions.possible(attempt):
        note = f"Not accepted by the first of two reviewers. {decision.note}".strip()
        verdicts.decide(attempt, Decided(verdict=Verdict.SECOND_REVIEW, note=note), by, now=now)
    decisions.record(attempt, by, Event.REJECTION_WAITS, "A second reviewer must confirm it.", now=now)
