"""What a resumed exam comes to: it has several recordings, and page, list, queue, email and appeal judge them together.

Accepted only if all are accepted, not accepted if any is not, and waiting otherwise: as the multi-attempt gate has it
(:func:`portal.domain.lifecycle.consequences.gate_is_open`), which decides what reaches credit and grade.
"""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import inspect, select

from portal.db import db
from portal.models import Attempt
from portal.models import AttemptStatus as S

Chain = tuple[Attempt, ...]


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    WAITING = "waiting"


def chain_of(attempt: Attempt) -> Chain:
    """The recordings of the exam that this attempt is one of, oldest first; an archived one stands alone. One query."""
    if attempt.archived_at is not None:
        return (attempt,)
    return linked(attempt, [attempt, *_others(attempt)])


def linked(attempt: Attempt, among: Sequence[Attempt]) -> Chain:
    """:func:`chain_of` from attempts that are loaded already: those that ``attempt`` resumes, and that resume it."""
    by_id = {one.id: one for one in among if one.archived_at is None}
    follows = {one.resumes_id: one for one in by_id.values() if one.resumes_id is not None}
    chain = [attempt]
    while (earlier := by_id.get(chain[0].resumes_id or 0)) is not None:
        chain.insert(0, earlier)
    while (later := follows.get(chain[-1].id)) is not None:
        chain.append(later)
    return tuple(chain)


def of(chain: Chain) -> Outcome:
    statuses = {one.status for one in chain}
    if S.REJECTED in statuses:
        return Outcome.NOT_ACCEPTED
    return Outcome.ACCEPTED if statuses == {S.VERIFIED} else Outcome.WAITING


def shown(attempt: Attempt, chain: Chain) -> S:
    """The status that everybody reads of the attempt: its own, unless it is one of several recordings.

    While the whole waits, an accepted one is still being reviewed, and from an earlier one the learner has continued.
    """
    if len(chain) == 1 or attempt.is_live:
        return attempt.status
    judged = of(chain)
    if judged is not Outcome.WAITING:
        return S.REJECTED if judged is Outcome.NOT_ACCEPTED else S.VERIFIED
    if attempt is not chain[-1]:
        return S.ERROR
    if attempt.status is not S.VERIFIED:
        return attempt.status
    is_held = any(one.status is S.SECOND_REVIEW_REQUIRED for one in chain)
    return S.SECOND_REVIEW_REQUIRED if is_held else S.SUBMITTED


def decisive(attempt: Attempt, chain: Chain) -> Attempt:
    """The recording whose review the learner reads: the one that was not accepted, else the attempt itself."""
    rejected = rejected_in(chain)
    return attempt if not rejected or attempt in rejected else rejected[-1]


def rejected_in(chain: Chain) -> list[Attempt]:
    return [one for one in chain if one.status is S.REJECTED and one.archived_at is None]


def _others(attempt: Attempt) -> Sequence[Attempt]:
    if "other_attempts" not in inspect(attempt).unloaded:
        return attempt.other_attempts
    others = select(Attempt).where(
        Attempt.exam_id == attempt.exam_id,
        Attempt.learner_id == attempt.learner_id,
        Attempt.archived_at.is_(None),
        Attempt.id != attempt.id,
    )
    return db.session.scalars(others.order_by(Attempt.id)).all()
