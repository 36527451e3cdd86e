"""A learner in an exam that its author changes under them: the sitting that tests of the clock begin with."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.courses import publishing
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import breaks, exam_changes, exam_clock, granting
from portal.domain.timekeeping.allowance_terms import Terms
from portal.models import Allowance, AllowanceKind, Attempt, Exam, User
from tests import make
from tests.domain.courses import published
from tests.make import NOON

STAFF = Cause(actor=Actor.STAFF, reason="a reason")
LIMIT, CLOSES = 60, 150
"""Of the exam as the learner meets it, in minutes from noon; they begin at noon and it changes after ten minutes."""
K = AllowanceKind


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def publish(now: datetime = NOON, *, is_there: bool = True, **given: object) -> Exam:
    facts = {"time_limit_minutes": LIMIT, "closes_at": at(CLOSES), **given}
    exams = [published.exam("e1", **facts)] if is_there else []
    with writing():
        publishing.publish(published.course(*exams, published.exam("e2")), follow=exam_changes.follow, now=now)
    return db.session.scalars(db.select(Exam).filter_by(content_id="e1")).one()


#: What an author publishes while the learner is in it, by name: the new facts, in minutes from noon.
CHANGES: dict[str, dict[str, object]] = {
    "as it was": {},
    "limit shorter": {"time_limit_minutes": 20},
    "limit longer": {"time_limit_minutes": 120},
    "due earlier": {"closes_at": at(30)},
    "due past": {"closes_at": at(5)},
    "due later": {"closes_at": at(400)},
    "due never": {"closes_at": None},
    "off": {"is_there": False},
    "off and on": {"is_there": False, "again": True},
}
STATES = ("running", "paused", "on a break")


def every(*lists: Iterable[object]) -> list[tuple[object, ...]]:
    """Each with each."""
    return list(product(*lists))


@dataclass
class Sitting:
    """One learner in one exam, and what time it is."""

    exam: Exam
    learner: User
    attempt_id: int
    now: datetime

    @property
    def attempt(self) -> Attempt:
        return db.session.get_one(Attempt, self.attempt_id, populate_existing=True)

    @property
    def ends_at(self) -> datetime:
        ends_at = exam_clock.deadline_of(self.attempt, now=self.now)
        assert ends_at is not None
        return ends_at

    def do(self, verb: Callable[[Attempt], object]) -> None:
        with writing():
            verb(attempts.lock(self.attempt_id))

    def grant(self, kind: AllowanceKind, minutes: int | None = None, percent: int | None = None) -> Allowance:
        terms = Terms(kind=kind, minutes=minutes, percent=percent, exam=self.exam)
        with writing():
            return granting.grant(self.exam.course, self.learner, terms, by=None, reason="", now=self.now)[0]


def sit(state: str = "running", change: str = "as it was", *, closes: float = CLOSES) -> Sitting:
    """Begun at noon with ten minutes more and a bank of twenty; the exam changes at 12:10, and it is 12:12 now."""
    exam = publish(closes_at=at(closes))
    here = Sitting(exam=exam, learner=make.enrol(exam.course), attempt_id=0, now=NOON)
    here.grant(K.EXTRA_MINUTES, 10)
    here.grant(K.BREAK_BANK, 20)
    with writing():
        attempt = attempts.start(attempts.create(exam, here.learner, now=NOON), here.learner, now=NOON)
        here.attempt_id = attempt.id
    here.now = at(8)
    if state == "paused":
        here.do(lambda one: breaks.pause(one, STAFF, now=here.now))
    if state == "on a break":
        here.do(lambda one: breaks.take(one, here.learner, now=here.now))
    here.now = at(10)
    given = dict(CHANGES[change])
    again = given.pop("again", False)
    if change != "as it was":
        publish(here.now, **given)
    if again:
        publish(here.now)
    here.now = at(12)
    return here
