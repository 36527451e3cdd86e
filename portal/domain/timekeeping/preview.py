"""What granting or withdrawing an allowance would change, worked out before it is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.db.fast import prepared
from portal.db.loading import Loading
from portal.domain.timekeeping import allowance_terms, allowances, budget, exam_clock, running_clock
from portal.domain.timekeeping.allowance_terms import Terms
from portal.models import Allowance, Attempt, Course, Exam, ResumeState, User
from portal.models import AttemptStatus as S
from portal.models.attempts.attempt import PRE_START, RUNNING

Change = Callable[[Sequence[Allowance]], list[Allowance]]


@dataclass(frozen=True, kw_only=True)
class State:
    """What a learner has at one exam: on their clock if it runs, else if they started now or when it opens."""

    own_seconds: int
    would_get_seconds: int
    """As much of it as the window leaves."""
    closes_at: datetime | None
    break_bank_seconds: int
    ends_at: datetime | None = None
    """Of a clock that runs."""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """One exam before and after, for one learner."""

    exam: Exam
    before: State
    after: State
    running: Attempt | None
    """The attempt under way whose clock, or kept time, changes at once."""

    @property
    def changes(self) -> bool:
        return self.before != self.after

    @property
    def taken_seconds(self) -> int:
        """How much sooner a clock that runs would end, or how much less of the kept time would be left."""
        if self.running is None:
            return 0
        if self.before.ends_at and self.after.ends_at:
            return max(0, round((self.before.ends_at - self.after.ends_at).total_seconds()))
        return max(0, self.before.would_get_seconds - self.after.would_get_seconds)


class _Asked(NamedTuple):
    """Whose allowance, and where; every exam of the course where none is named."""

    course_id: int
    learner_id: int
    exam: Exam | None
    found: Sequence[Attempt] | None
    """What :func:`under_way` says of them, if it was asked."""

    @property
    def under_way(self) -> Sequence[Attempt]:
        if self.found is not None:
            return self.found
        return under_way(self.learner_id, self.course_id, self.exam.id if self.exam else None)


def foresee(
    course: Course, learner: User, terms: Terms, *, found: Sequence[Attempt] | None = None, now: datetime
) -> list[Effect]:
    """For each exam that granting ``terms`` would touch and that has not closed for the learner.

    ``found``: what :func:`under_way` says, for a caller who has asked it in this transaction.
    """
    exam_id = terms.exam_id

    def granted(before: Sequence[Allowance]) -> list[Allowance]:
        kept = [one for one in before if (one.kind, one.exam_id) != (terms.kind, exam_id)]
        # Only to count with; it never joins the session.
        return [*kept, Allowance(kind=terms.kind, exam_id=exam_id, **allowance_terms.amount_of(terms))]

    return _foresee(_Asked(course.id, learner.id, terms.exam, found), granted, now=now)


def foresee_withdrawal(allowance: Allowance, *, found: Sequence[Attempt] | None = None, now: datetime) -> list[Effect]:
    """The same for taking one back."""

    def withdrawn(before: Sequence[Allowance]) -> list[Allowance]:
        return [one for one in before if one.id != allowance.id]

    asked = _Asked(allowance.course_id, allowance.learner_id, allowance.exam, found)
    return _foresee(asked, withdrawn, now=now)


def under_way(learner_id: int, course_id: int, exam_id: int | None) -> list[Attempt]:
    """Attempts whose time an allowance would change now: those that run, and those that wait to continue."""
    of = {"learner": learner_id, "course": course_id, **({"exam": exam_id} if exam_id else {})}
    found = _under_way(is_of_exam="exam" in of).all(db.session(), of)
    return [attempt for attempt in found if attempt.is_running or running_clock.will_resume(attempt)]


@prepared
def _under_way(*, is_of_exam: bool) -> Loading[Attempt]:
    waits = or_(Attempt.status == S.ERROR, Attempt.status.in_(PRE_START)) & Attempt.promised_at.is_not(None)
    theirs = [
        Attempt.learner_id == bindparam("learner"),
        or_(Attempt.status.in_(RUNNING), waits & (Attempt.resume_state != ResumeState.RESUMED)),
        Attempt.archived_at.is_(None),
        Exam.course_id == bindparam("course"),
        *([Attempt.exam_id == bindparam("exam")] if is_of_exam else []),
    ]
    return Loading(Attempt, Attempt.exam, where=theirs, order_by=[Attempt.id.asc()])


def _foresee(asked: _Asked, change: Change, *, now: datetime) -> list[Effect]:
    found = {one.exam_id: one for one in asked.under_way}
    in_use = select(Exam).where(Exam.course_id == asked.course_id, or_(Exam.is_active, Exam.id.in_(found)))
    query = in_use.options(joinedload(Exam.course)).order_by(Exam.id)
    exams = [asked.exam] if asked.exam else db.session.scalars(query).all()
    effects = [_effect(one, asked.learner_id, found.get(one.id), change, now=now) for one in exams]
    return [e for e in effects if e.running or e.after.closes_at is None or e.after.closes_at > now]


def _effect(exam: Exam, learner_id: int, running: Attempt | None, change: Change, *, now: datetime) -> Effect:
    if running is not None and running.is_running:
        before, after = _of_clock(running, change, now=now)
    else:
        before, after = _of_start(exam, learner_id, running, change, now=now)
    return Effect(exam=exam, before=before, after=after, running=running)


def _of_clock(attempt: Attempt, change: Change, *, now: datetime) -> tuple[State, State]:
    known = running_clock.known(attempt, now=now)
    clock = running_clock.work_out(known, in_force=change(known.in_force), now=now)
    before = State(
        own_seconds=attempt.own_seconds,
        would_get_seconds=attempt.own_seconds,
        closes_at=attempt.window_closes_at,
        break_bank_seconds=attempt.break_bank_seconds,
        ends_at=exam_clock.deadline_of(attempt, now=now),
    )
    after = State(
        own_seconds=clock.own_seconds,
        would_get_seconds=clock.own_seconds,
        closes_at=clock.window_closes_at,
        break_bank_seconds=clock.break_bank_seconds,
        ends_at=clock.ends_at(now=now),
    )
    return before, after


def _of_start(
    exam: Exam, learner_id: int, waiting: Attempt | None, change: Change, *, now: datetime
) -> tuple[State, State]:
    if waiting is None:
        in_force = allowances.in_force(exam, learner_id, now=now)
        facts = [budget.entry_facts(exam, some, now=now) for some in (in_force, change(in_force))]
    else:
        in_force = running_clock.in_force_for(waiting, now=now)
        facts = [running_clock.resumption(waiting, some, now=now) for some in (in_force, change(in_force))]
    return _state(facts[0]), _state(facts[1])


def _state(facts: budget.EntryFacts) -> State:
    return State(
        own_seconds=facts.own_seconds,
        would_get_seconds=facts.would_get_seconds,
        closes_at=facts.closes_at,
        break_bank_seconds=facts.break_bank_seconds,
    )
