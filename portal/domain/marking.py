"""Marking what a machine can mark: choices, numbers and exact texts. The rest waits for a person."""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, cast

from sqlalchemy import Row, Select, Table, and_, bindparam, select, update

from portal.db import db, past_the_orm
from portal.models import Answer, Attempt, Question, QuestionKind

#: Longest answer a pattern is tried on, so that a slow pattern cannot be fed a long text.
LONGEST_FOR_PATTERN = 200
_ANSWERS = cast(Table, Answer.__table__)
_MARKING = update(_ANSWERS).where(_ANSWERS.c.id == bindparam("answer")).values(points=bindparam("given"))


def mark(question: Question | Row[Any], value: Any) -> int | None:
    """Points for ``value``; None when only a person can say. No answer is no points."""
    judge = JUDGES.get(question.kind)
    if judge is None or not question.key:
        return None
    points: int = question.points
    return points if value not in (None, "", []) and judge(question.key, value) else 0


def mark_attempt(attempt: Attempt) -> None:
    """Store points on every answer a machine can mark, and the sum on the attempt. Harmless twice."""
    asked = db.session.execute(_asked(), {"of_attempt": attempt.id, "of_version": attempt.exam_version_id}).all()
    marks = [(row.answer_id, mark(row, row.value)) for row in asked]
    marked = [{"answer": answer_id, "given": points} for answer_id, points in marks if answer_id is not None]
    if marked:
        past_the_orm().execute(_MARKING, marked)
    for held in [one for one in db.session if isinstance(one, Answer)]:
        db.session.expire(held, ["points"])  # It was written past them.
    attempt.points = sum(points or 0 for _, points in marks)
    attempt.points_possible = sum(row.points for row in asked)


@cache
def _asked() -> Select[*tuple[Any, ...]]:
    """Columns, not rows: a whole question with its text is much to load for its key."""
    its_answer = and_(Answer.question_id == Question.id, Answer.attempt_id == bindparam("of_attempt"))
    query = select(Question.kind, Question.key, Question.points, Answer.id.label("answer_id"), Answer.value)
    query = query.select_from(Question).outerjoin(Answer, its_answer)
    return query.where(Question.exam_version_id == bindparam("of_version"), Question.attention.is_(None))


def read_number(text: str) -> Decimal | None:
    """A number as people write it: spaces, a comma or a point, a proper minus sign, 1e3. None if it is none."""
    plain = re.sub(r"[\s\u00a0\u202f_']", "", text).replace("\u2212", "-")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _one_choice(key: dict[str, Any], value: Any) -> bool:
    return bool(value == key.get("choice"))


def _several_choices(key: dict[str, Any], value: Any) -> bool:
    return isinstance(value, list) and sorted(map(str, value)) == sorted(map(str, key.get("choices", [])))


def _short_text(key: dict[str, Any], value: Any) -> bool:
    given = " ".join(str(value).split())
    flags = re.IGNORECASE if key.get("ignore_case") else 0
    texts = [" ".join(str(text).split()) for text in key.get("texts", [])]
    if key.get("regexp"):
        return len(given) <= LONGEST_FOR_PATTERN and any(re.search(t, given, flags) for t in texts)
    if flags:
        return given.casefold() in {text.casefold() for text in texts}
    return given in texts


def _number(key: dict[str, Any], value: Any) -> bool:
    given = read_number(str(value))
    if given is None:
        return False
    if "value" not in key:
        return _in_range(key, given)
    right = Decimal(str(key["value"]))
    margin = Decimal(str(key.get("tolerance", "0")))
    if "tolerance_percent" in key:
        margin = abs(right) * Decimal(str(key["tolerance_percent"])) / 100
    return abs(given - right) <= margin


def _in_range(key: dict[str, Any], given: Decimal) -> bool:
    low, high = (Decimal(str(key[end])) if key.get(end) is not None else None for end in ("low", "high"))
    above = low is None or given > low or (given == low and bool(key.get("low_inclusive", True)))
    below = high is None or given < high or (given == high and bool(key.get("high_inclusive", True)))
    return above and below


JUDGES: dict[QuestionKind, Callable[[dict[str, Any], Any], bool]] = {
    QuestionKind.ONE_CHOICE: _one_choice,
    QuestionKind.SEVERAL_CHOICES: _several_choices,
    QuestionKind.SHORT_TEXT: _short_text,
    QuestionKind.NUMBER: _number,
}
