"""What one learner has to do, and when: their exams with their own numbers, in a fixed number of queries."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, or_, select

from portal.db import db
from portal.db.fast import prepared
from portal.db.loading import Loading
from portal.domain.answers import results
from portal.domain.answers.results import Result
from portal.domain.reviews import outcome
from portal.domain.timekeeping import allowances, budget, exam_clock, running_clock
from portal.domain.timekeeping.budget import EntryFacts
from portal.models import Allowance, Attempt, Enrolment, Exam, ResumeState, User
from portal.models import AttemptStatus as S
from portal.models.attempts.attempt import LIVE

REVIEWING = frozenset({S.SUBMITTED, S.SECOND_REVIEW_REQUIRED})


@dataclass(frozen=True, kw_only=True)
class ListedExam:
    """One exam as its learner sees it in the list."""

    exam: Exam
    facts: EntryFacts
    attempt: Attempt | None
    status: S | None = None
    """What the learner reads of the attempt: of a resumed exam, what its recordings come to together."""

    def place(self, *, now: datetime) -> str:
        """Under which heading it stands: running, open, coming, reviewed or past."""
        if self.attempt and (self.attempt.is_running or self.may_continue):
            return "running"
        if self.is_being_reviewed:
            return "reviewed"
        if self.facts.closes_at and now >= self.facts.closes_at:
            return "past"
        if self.attempt and not self.attempt.is_live and _uses_up(self.exam):
            return "past"
        return "coming" if self.facts.opens_at and now < self.facts.opens_at else "open"

    @property
    def may_continue(self) -> bool:
        """Whether the learner may still continue: a person decides, or has decided so."""
        last = self.attempt
        if last is None or last.status is not S.ERROR:
            return False
        return last.resume_state in (ResumeState.RESUMABLE, ResumeState.GRANTED)

    @property
    def is_being_reviewed(self) -> bool:
        if self.attempt is None or (self.exam.is_practice and not self.exam.is_onboarding):
            return False  # Nothing depends on practice.
        return self.attempt.taking_as_proctored and (self.status or self.attempt.status) in REVIEWING

    def result(self, *, now: datetime) -> Result | None:
        """What the learner hears of the result, and when; None while there is still something to do."""
        return results.of(self.exam, self.attempt, self.facts.closes_at, now=now)

    def left_seconds(self, *, now: datetime) -> int | None:
        """What is left on a clock that runs or is paused; None where there is none."""
        ends_at = self.ends_at(now=now)
        return max(0, int((ends_at - now).total_seconds())) if ends_at else None

    def ends_at(self, *, now: datetime) -> datetime | None:
        """When the learner's own time is up, of an attempt that runs."""
        return exam_clock.deadline_of(self.attempt, now=now) if self.attempt and self.attempt.is_running else None


def _uses_up(exam: Exam) -> bool:
    return exam.maximum_attempts == 1


def list_for(learner: User, *, now: datetime) -> list[ListedExam]:
    """Every active exam of the learner's courses, and any other that they are in, in the order of closing."""
    exams = _exams().all(db.session(), {"learner": learner.id})
    granted = allowances.in_force_of(learner, now=now)
    attempts = _attempts_of(learner)
    return [
        _listed(exam, attempts.get(exam.id, []), [a for a in granted if allowances.is_for(a, exam)], now=now)
        for exam in exams
    ]


@prepared
def _exams() -> Loading[Exam]:
    me: BindParameter[int] = bindparam("learner")
    mine = select(Enrolment.course_id).where(Enrolment.user_id == me, Enrolment.is_active)
    waits = (Attempt.status == S.ERROR) & Attempt.resume_state.in_((ResumeState.RESUMABLE, ResumeState.GRANTED))
    in_it = select(Attempt.exam_id).where(
        Attempt.learner_id == me, Attempt.archived_at.is_(None), or_(Attempt.status.in_(LIVE), waits)
    )
    return Loading(
        Exam,
        Exam.course,
        where=[Exam.course_id.in_(mine), or_(Exam.is_active, Exam.id.in_(in_it))],
        order_by=[Exam.closes_at.asc().nulls_last(), Exam.name.asc(), Exam.id.asc()],
    )


def facts_of(exam: Exam, learner: User, attempt: Attempt | None, *, now: datetime) -> EntryFacts:
    """The numbers of an exam for whoever has ``attempt``: of the attempt where there is one, else of the exam."""
    if attempt is not None and attempt.is_running:
        return running_clock.while_running(attempt)
    return running_clock.before_start(exam, learner.id, attempt, now=now)


def _listed(exam: Exam, attempts: list[Attempt], in_force: list[Allowance], *, now: datetime) -> ListedExam:
    latest = attempts[-1] if attempts else None
    status = outcome.shown(latest, outcome.linked(latest, attempts)) if latest else None
    return ListedExam(exam=exam, facts=_facts(exam, latest, in_force, now=now), attempt=latest, status=status)


def _facts(exam: Exam, attempt: Attempt | None, in_force: list[Allowance], *, now: datetime) -> EntryFacts:
    """The same from what is loaded; only an attempt that waits to continue asks for more."""
    if attempt is not None and attempt.is_running:
        return running_clock.while_running(attempt)
    if attempt is not None and running_clock.will_resume(attempt):
        return running_clock.resumption(attempt, running_clock.in_force_for(attempt, now=now), now=now)
    facts = budget.entry_facts(exam, in_force, now=now)
    is_over = attempt is not None and not attempt.is_live and bool(attempt.own_seconds) and _uses_up(exam)
    return replace(facts, own_seconds=attempt.own_seconds) if attempt is not None and is_over else facts


def _attempts_of(learner: User) -> dict[int, list[Attempt]]:
    """By exam, oldest first."""
    found: dict[int, list[Attempt]] = {}
    for attempt in _attempts().all(db.session(), {"learner": learner.id}):
        found.setdefault(attempt.exam_id, []).append(attempt)
    return found


@prepared
def _attempts() -> Loading[Attempt]:
    mine = [Attempt.learner_id == bindparam("learner"), Attempt.archived_at.is_(None)]
    return Loading(Attempt, where=mine, order_by=[Attempt.id.asc()])
