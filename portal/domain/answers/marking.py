"""Marking what a machine can mark, whatever was answered. The rest waits for a person, and says why."""

import logging
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import Row, Select, and_, bindparam, case, select, update

from portal.db import db
from portal.db.fast import change, prepared, table_of
from portal.domain.answers import kinds
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


def mark(question: Question | Row[object], value: object) -> Decimal | None:
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
    asked = db.session.execute(_asked(), {"of_attempt": attempt.id, "of_version": attempt.exam_version_id}).all()
    marks = [(row.answer_id, *_mark_one(row)) for row in asked]
    marked = [
        {"answer": answer_id, "given": points, "reason": reason}
        for answer_id, points, reason in marks
        if answer_id is not None
    ]
    if marked:
        change(_MARKING, marked)
    for held in [one for one in db.session if isinstance(one, Answer)]:
        db.session.expire(held, ["points", "unmarked_because"])  # They were written past them.
    attempt.points = sum((points or Decimal(0) for _, points, _ in marks), Decimal(0))
    attempt.points_possible = sum(row.points for row in asked if kinds.is_marked(row))


def _mark_one(row: Row[*tuple[object, ...]]) -> tuple[Decimal | None, str | None]:
    """The points, or why there are none yet. Whatever a kind raises is ours to mend and no reason to stop."""
    try:
        return mark(row, row.value), None
    except Exception as fault:
        log.warning("An answer to question number %s was not marked: %s.", row.question_id, type(fault).__name__)
        said = str(fault) if isinstance(fault, ValueError) else f"its key cannot be used ({type(fault).__name__})"
        return None, said[:LONGEST_REASON]


@prepared
def _asked() -> Select[*tuple[object, ...]]:
    """Columns, not rows: a whole question with its text is much to load for its key."""
    its_answer = and_(Answer.question_id == Question.id, Answer.attempt_id == bindparam("of_attempt"))
    counted = case((Question.kind.in_(kinds.COUNTING_OFFERED), Question.choices))
    query = select(
        Question.id.label("question_id"), Question.kind, Question.key, Question.points, counted.label("choices"),
        Answer.id.label("answer_id"), Answer.value,
    )  # fmt: skip
    query = query.select_from(Question).outerjoin(Answer, its_answer)
    return query.where(Question.exam_version_id == bindparam("of_version"), Question.problem.is_(None))
