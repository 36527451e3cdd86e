"""What the demo's learners have done so far: attempts made by the same verbs that the pages use."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.domain.answers import answers, kinds
from portal.domain.answers.answers import Said
from portal.domain.attempts import attempts
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import time_account
from portal.models import Attempt, Exam, Question, TimeEntryKind, User

#: How sure the invented learners are, so that scores spread.
CARE = (0.95, 0.6, 0.8, 0.45, 0.9, 0.7, 0.55, 0.85)
WRITINGS = (
    "One cold day is weather. Climate is the pattern over thirty years, and that pattern has become warmer. "
    "Snow in May can still happen, only less often.",
    "Weather changes from day to day. For the climate we count many years.",
)


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """One learner at one exam: when they began, how far they got, whether they submitted."""

    learner: User
    began_at: datetime
    minutes: float
    care: float
    is_submitted: bool = True
    share: float = 1.0
    """How much of the exam they have answered."""


def sit(exam: Exam, sitting: Sitting, *, chance: random.Random) -> Attempt:
    """Let a learner take an exam in the past. Whoever does not submit is still at it."""
    return take(attempts.create(exam, sitting.learner, now=sitting.began_at - timedelta(minutes=1)), sitting, chance)


def take(attempt: Attempt, sitting: Sitting, chance: random.Random) -> Attempt:
    """Start an attempt that is ready, answer, and submit or be still at it."""
    attempts.start(attempt, sitting.learner, now=sitting.began_at)
    questions = answers.ordered_questions(attempt)
    answered = questions[: max(1, round(len(questions) * sitting.share))]
    pause = timedelta(minutes=sitting.minutes) / (len(answered) + 1)
    for number, question in enumerate(answered, start=1):
        value = _value(question, is_right=chance.random() < sitting.care)
        if value is not None:
            said = Said(value=value, seen_version=0, is_flagged=chance.random() < 0.1)
            answers.save(attempt, question.id, said, now=sitting.began_at + number * pause)
    attempt.seen_revision, attempt.seen_at = attempt.revision, sitting.began_at
    if sitting.is_submitted:
        _end(attempt, sitting)
    return attempt


def sit_all(exam: Exam, learners: Sequence[User], *, first_at: datetime, chance: random.Random) -> None:
    """One after another, an hour apart, each with their own care and pace; all have ended."""
    for number, learner in enumerate(learners):
        pace = exam.time_limit_minutes * chance.uniform(0.45, 1.02)
        sitting = Sitting(
            learner=learner,
            began_at=first_at + number * timedelta(hours=1),
            minutes=pace,
            care=CARE[number % len(CARE)],
            share=1.0 if number % 3 else 0.8,
        )
        sit(exam, sitting, chance=chance)


def fire_alarm(attempt: Attempt, by: User, *, now: datetime) -> None:
    """Ten minutes more for an attempt that runs, not yet seen on the learner's screen."""
    cause = Cause(actor=Actor.STAFF, user=by, reason="Fire alarm next door")
    time_account.add_time(attempt, 10, cause, now=now)


def pause(attempt: Attempt, by: User, *, now: datetime) -> None:
    cause = Cause(actor=Actor.STAFF, user=by, reason="The learner feels unwell and asked for a break")
    time_account.pause_clock(attempt, TimeEntryKind.PAUSE, cause, now=now)


def _end(attempt: Attempt, sitting: Sitting) -> None:
    ends_at = sitting.began_at + timedelta(minutes=sitting.minutes)
    if not attempts.submit_overdue(attempt, now=ends_at):
        attempts.check_answers(attempt, sitting.learner, now=ends_at - timedelta(seconds=40))
        attempts.submit(attempt, sitting.learner, now=ends_at)


def _value(question: Question, *, is_right: bool) -> object:
    """An answer, right or wrong; None where the demo has none, such as a file."""
    kind = kinds.of(question)
    if isinstance(kind, kinds.ByMachine):
        ids = [choice["id"] for choice in question.choices]
        return kind.right_answer(question.key) if is_right else kind.wrong_answer(question.key, ids)
    return None if kind.takes_files else WRITINGS[0 if is_right else 1]
