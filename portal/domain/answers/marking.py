"""Marking what a machine can mark, whatever was answered. The rest waits for a person, and says why."""

import logging
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import Select, bindparam, select, update

from portal.db import db
from portal.db.fast import change, prepared, table_of
from portal.domain.answers import kinds
from portal.domain.courses import frozen_questions
from portal.models import Answer, Attempt, Question

HUNDREDTH = Decimal("0.01")
#: Longest reason that is kept; it goes behind "Not marked by machine:" on the course team's page.
LONGEST_REASON = 200
_ANSWERS = table_of(Answer)
_MARKING = (
    update(_ANSWERS)
    .where(_ANSWERS.c.id == bindparam("answer"))
    .values(points=bindparam("given"), unmarked_because=bindparam("reason"))
)

log = logging.getLogger(__name__)


def mark(question: Question, value: object) -> Decimal | None:
    """Points for ``value``, to a hundredth; None when only a person can say, or nobody. No answer is no points.

    Raises whatever the kind raises over a key that it cannot use.
    """
    kind = kinds.of(question)
    if not isinstance(kind, kinds.ByMachine) or not question.key:
        return None
    if value in (None, "", []):
        return Decimal(0)
    earned = question.points * kind.judge(question.key, value, len(question.choices or []))
    return earned.quantize(HUNDREDTH, ROUND_HALF_UP)


def mark_attempt(attempt: Attempt) -> None:
    """Store points on every answer a machine can mark, and the sum on the attempt. Harmless twice.

    An answer that cannot be judged is kept without points and with a reason; it stops nothing and nobody.
    """
    given = {row.question_id: row for row in db.session.execute(_given(), {"of_attempt": attempt.id})}
    questions = frozen_questions.of(attempt.exam_version_id)
    marks = {one.id: _mark_one(one, given[one.id].value if one.id in given else None) for one in questions}
    marked = [
        {"answer": given[question_id].id, "given": points, "reason": reason}
        for question_id, (points, reason) in marks.items()
        if question_id in given
    ]
    if marked:
        change(_MARKING, marked)
    for held in [one for one in db.session if isinstance(one, Answer)]:
        db.session.expire(held, ["points", "unmarked_because"])  # They were written past them.
    attempt.points = sum((points or Decimal(0) for points, _ in marks.values()), Decimal(0))
    attempt.points_possible = sum(question.points for question in questions if kinds.is_marked(question))


def _mark_one(question: Question, value: object) -> tuple[Decimal | None, str | None]:
    """The points, or why there are none yet. Whatever a kind raises is ours to mend and no reason to stop."""
    try:
        return mark(question, value), None
    except Exception as fault:
        log.warning("An answer to question number %s was not marked: %s.", question.id, type(fault).__name__)
        said = str(fault) if isinstance(fault, ValueError) else f"its key cannot be used ({type(fault).__name__})"
        return None, said[:LONGEST_REASON]


@prepared
def _given() -> Select[*tuple[object, ...]]:
    return select(Answer.id, Answer.question_id, Answer.value).where(Answer.attempt_id == bindparam("of_attempt"))
