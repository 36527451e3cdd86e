"""Keeping what a learner answers: in time, once, never over a newer answer, and never lost."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import bindparam, func, select

from portal.db import db
from portal.db.fast import prepared
from portal.db.loading import Loading
from portal.domain.answers import kinds
from portal.domain.courses import frozen_questions
from portal.domain.errors import Conflict, NotFound, NotNow, TooLate
from portal.domain.timekeeping import exam_clock
from portal.models import Answer, Attempt, LateAnswer, Question

MOST_LATE_ANSWERS = 200


class ClockStopped(NotNow):
    """The exam is paused. What was typed stays on the device that sent it, and is sent again when it continues."""

    code = "paused"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a learner's page sends: a value for one question, and which version it had seen."""

    value: object
    seen_version: int
    is_flagged: bool | None = None
    """None leaves the flag as it is."""
    client_at: datetime | None = None
    sent_before: frozenset[datetime] = frozenset()
    """When, by its own clock, the page sent earlier texts that it never heard about: those are no other window's."""


def ordered_questions(attempt: Attempt) -> list[Question]:
    """The questions in this learner's order. Those that need attention are left out: nobody meets a broken one."""
    questions = list(frozen_questions.of(attempt.exam_version_id))
    return shuffled(questions, attempt.seed) if attempt.exam.shuffles_questions else questions


def shuffled(questions: Sequence[Question], seed: int) -> list[Question]:
    """The same order for the same seed, always; questions of one group stay together and in order."""
    groups = [list(group) for _, group in groupby(questions, key=lambda q: q.group or q.content_id)]
    random.Random(seed).shuffle(groups)
    return [question for group in groups for question in group]


def question_of(attempt: Attempt, question_id: int) -> Question:
    """:raises NotFound: it is not one that this attempt's learner can answer."""
    asked = frozen_questions.of(attempt.exam_version_id)
    question = next((one for one in asked if one.id == question_id), None)
    if question is None:
        raise NotFound("This question is not part of your exam.")
    return question


def list_for(attempt: Attempt) -> dict[int, Answer]:
    """Answers by question id."""
    answers = db.session.scalars(select(Answer).where(Answer.attempt_id == attempt.id))
    return {answer.question_id: answer for answer in answers}


def list_late(attempt: Attempt) -> list[LateAnswer]:
    query = select(LateAnswer).where(LateAnswer.attempt_id == attempt.id).order_by(LateAnswer.id)
    return list(db.session.scalars(query))


def saved_moments(attempt: Attempt) -> list[datetime]:
    """When each answer was last saved, in their order."""
    query = select(Answer.saved_at).where(Answer.attempt_id == attempt.id).order_by(Answer.saved_at)
    return list(db.session.scalars(query))


def save(attempt: Attempt, question_id: int, said: Said, *, now: datetime) -> Answer | LateAnswer:
    """Keep an answer of a locked attempt. In time it counts; after the hard stop it is kept apart.

    The same value again is harmless and raises no version.

    :raises Conflict: a newer answer stands there; it is in ``current``.
    :raises BadInput: a value this question cannot have.
    :raises NotFound: the question is not one of this attempt's.
    """
    question, answer, value = _read(attempt, question_id, said)
    if not may_write(attempt, now=now):
        return _keep_late(attempt, question, value, said, now=now)
    if answer is None:
        answer = Answer(attempt_id=attempt.id, question_id=question.id, version=0, value=None)
        db.session.add(answer)
    return _write(attempt, question, answer, value, said, now=now)


def keep_apart(attempt: Attempt, question_id: int, said: Said, *, now: datetime) -> LateAnswer:
    """Keep beside the answers what cannot take its place among them, for the course team. The same again is kept once.

    :raises BadInput: a value this question cannot have. :raises NotFound: the question is not one of this attempt's.
    :raises TooLate: so much is kept apart already that there is no room.
    """
    question, _, value = _read(attempt, question_id, said)
    return _keep_late(attempt, question, value, said, now=now)


def _read(attempt: Attempt, question_id: int, said: Said) -> tuple[Question, Answer | None, object]:
    """The question, its answer as it stands, and what was said as it will be kept."""
    question = question_of(attempt, question_id)
    answer = _answer().one(db.session(), {"question": question_id, "attempt": attempt.id})
    return question, answer, None if said.value is None else kinds.of(question).check(question, said.value, answer)


@prepared
def _answer() -> Loading[Answer]:
    """Built once: every autosave asks it."""
    of_question = Answer.question_id == bindparam("question")
    return Loading(Answer, where=[Answer.attempt_id == bindparam("attempt"), of_question])


def may_write(attempt: Attempt, *, now: datetime) -> bool:
    """Whether an answer arriving now counts: until the hard stop, and just after a pause began (transport)."""
    if not attempt.is_running or attempt.hard_stop_at is None or attempt.deadline_at is None:
        return False
    stopped_at = exam_clock.stopped_at(attempt, now=now)
    if stopped_at is not None:
        return now <= stopped_at + (attempt.hard_stop_at - attempt.deadline_at)
    return now < attempt.hard_stop_at + exam_clock.moved_on_by(attempt, now=now)


def require_clock(attempt: Attempt, *, now: datetime) -> None:
    """:raises ClockStopped: the exam is paused, and what was on its way when that began has had time to arrive."""
    if exam_clock.stopped_at(attempt, now=now) and not may_write(attempt, now=now):
        raise ClockStopped("Your exam is paused. Your answer is stored on this device and sent when you continue.")


def _write(attempt: Attempt, question: Question, answer: Answer, value: object, said: Said, *, now: datetime) -> Answer:
    is_same = answer.value == value
    is_own = answer.client_at is not None and answer.client_at in said.sent_before
    if answer.version != said.seen_version and not is_same and not is_own:
        raise Conflict("A newer answer was saved in another window.", current=shown(answer))
    flagged = answer.is_flagged if said.is_flagged is None else said.is_flagged
    if is_same and answer.version and flagged == answer.is_flagged:
        return answer
    kind = kinds.of(question)
    attempt.answered_count += int(kind.is_answered(value)) - int(kind.is_answered(answer.value))
    answer.value, answer.is_flagged = value, bool(flagged)
    answer.version += 1
    answer.saved_at, answer.client_at = now, said.client_at
    deadline_at = exam_clock.deadline_of(attempt, now=now)
    answer.in_grace = deadline_at is not None and now > deadline_at
    attempt.saved_at = now
    return answer


def shown(answer: Answer) -> dict[str, object]:
    """What a conflicting page is told of the answer that stands there."""
    return {
        "value": answer.value,
        "version": answer.version,
        "flagged": answer.is_flagged,
        "saved_at": round(answer.saved_at.timestamp() * 1000) if answer.saved_at else None,
    }


def _keep_late(attempt: Attempt, question: Question, value: object, said: Said, *, now: datetime) -> LateAnswer:
    """Keep apart what came too late. The same again, as from a page that never heard back, is kept once."""
    known = next((one for one in reversed(list_late(attempt)) if one.question_id == question.id), None)
    if known is not None and known.value == value:
        return known
    kept = select(func.count(LateAnswer.id)).where(LateAnswer.attempt_id == attempt.id)
    if (db.session.scalar(kept) or 0) >= MOST_LATE_ANSWERS:
        raise TooLate("Your exam has ended, and late answers are no longer accepted.")
    late = LateAnswer(
        attempt_id=attempt.id, question_id=question.id, value=value, received_at=now, client_at=said.client_at
    )
    db.session.add(late)
    return late
