"""A machine that tries everything in any order, and what must hold after every step."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portal.db import db, writing
from portal.domain.answers import answers
from portal.domain.attempts import attempts, reopening
from portal.domain.errors import PortalError
from portal.domain.lifecycle import transitions
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import breaks, exam_changes, exam_clock, granting, preview, time_account
from portal.domain.timekeeping.allowance_terms import Terms
from portal.domain.timekeeping.preview import Effect
from portal.models import Allowance, AllowanceKind, Attempt, EndedBy, Exam, HistoryEntry, QuestionKind, TimeEntryKind
from portal.models import AllowanceKind as K
from portal.models import AttemptStatus as S
from portal.models.attempts.attempt import RUNNING
from tests import make
from tests.make import NOON

STAFF = Cause(actor=Actor.STAFF, reason="the machine said so")


class Life(RuleBasedStateMachine):
    """One learner, one exam, and everything that can happen to their attempt."""

    @initialize()
    def begin(self) -> None:
        self.now = NOON
        exam = make.exam(time_limit_minutes=30, questions=[{}, {"kind": QuestionKind.SHORT_TEXT}])
        self.learner = make.enrol(exam.course)
        with writing():
            breaks_too = Terms(kind=AllowanceKind.BREAK_BANK, minutes=10)
            granting.grant(exam.course, self.learner, breaks_too, by=None, reason="", now=self.now)
            self.attempt_id = attempts.create(exam, self.learner, now=self.now).id
        self.longest_deadline = None

    def attempt(self) -> Attempt:
        return db.session.get_one(Attempt, self.attempt_id, populate_existing=True)

    def try_to(self, action) -> None:
        """Do it inside a door; a refusal must leave everything as it was."""
        before = (self.attempt().status, self.attempt().version)
        try:
            with writing():
                action(attempts.lock(self.attempt_id))
        except PortalError:
            assert (self.attempt().status, self.attempt().version) == before

    @rule(minutes=st.integers(min_value=0, max_value=12))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def start(self) -> None:
        self.try_to(lambda a: attempts.start(a, self.learner, now=self.now))

    @rule()
    def check_answers(self) -> None:
        self.try_to(lambda a: attempts.check_answers(a, self.learner, now=self.now))

    @rule()
    def go_back(self) -> None:
        self.try_to(lambda a: attempts.go_back(a, self.learner, now=self.now))

    @rule()
    def submit(self) -> None:
        self.try_to(lambda a: attempts.submit(a, self.learner, now=self.now))

    @rule()
    def sweep(self) -> None:
        self.try_to(lambda a: attempts.submit_overdue(a, now=self.now))

    @rule(minutes=st.integers(min_value=-40, max_value=40))
    def change_time(self, minutes: int) -> None:
        self.try_to(lambda a: time_account.add_time(a, minutes, STAFF, now=self.now))

    @rule()
    def pause(self) -> None:
        self.try_to(lambda a: time_account.pause_clock(a, TimeEntryKind.PAUSE, STAFF, now=self.now))

    @rule()
    def resume_clock(self) -> None:
        self.try_to(lambda a: time_account.resume_clock(a, STAFF, now=self.now))

    @rule()
    def take_a_break(self) -> None:
        self.try_to(lambda a: breaks.take(a, self.learner, now=self.now))

    @rule(minutes=st.integers(min_value=0, max_value=40))
    def reopen(self, minutes: int) -> None:
        self.try_to(lambda a: reopening.reopen(a, minutes, STAFF, now=self.now))

    @rule(
        limit=st.integers(min_value=1, max_value=90),
        closes=st.none() | st.integers(min_value=-60, max_value=240),
        is_active=st.booleans(),
    )
    def publish(self, limit: int, closes: int | None, is_active: bool) -> None:
        """Whatever an author does to the exam, nobody's clock is the shorter for it."""
        before = self.ends_at()
        with writing():
            exam = db.session.get_one(Exam, self.attempt().exam_id)
            exam.time_limit_minutes, exam.is_active = limit, is_active
            exam.closes_at = None if closes is None else self.now + timedelta(minutes=closes)
            exam_changes.follow(exam, now=self.now)
        self.never_shorter(before)

    @rule(
        kind=st.sampled_from([K.EXTRA_MINUTES, K.MULTIPLIER, K.LONGER_WINDOW, K.BREAK_BANK]),
        amount=st.integers(min_value=1, max_value=60),
    )
    def grant(self, kind: AllowanceKind, amount: int) -> None:
        if kind is K.BREAK_BANK:
            amount = 10  # What the bank holds is an invariant of its own.
        exam, before = self.attempt().exam, self.ends_at()
        terms = Terms(kind=kind, minutes=amount, percent=100 + amount, exam=exam if amount % 2 else None)
        foreseen = preview.foresee(exam.course, self.learner, terms, now=self.now)
        try:
            with writing():
                granting.grant(exam.course, self.learner, terms, by=None, reason="", now=self.now)
        except PortalError:
            return
        self.never_shorter(before)
        self.as_foreseen(foreseen)

    @rule(number=st.integers(min_value=0, max_value=3))
    def withdraw(self, number: int) -> None:
        query = db.select(Allowance).filter_by(learner_id=self.learner.id, withdrawn_at=None)
        found = db.session.scalars(query.where(Allowance.kind != K.BREAK_BANK).order_by(Allowance.id)).all()
        if number >= len(found):
            return
        foreseen = preview.foresee_withdrawal(found[number], now=self.now)
        try:
            with writing():
                granting.withdraw(found[number], by=None, reason="", now=self.now)
        except PortalError:
            return
        self.as_foreseen(foreseen)

    def ends_at(self) -> datetime | None:
        attempt = self.attempt()
        return exam_clock.deadline_of(attempt, now=self.now) if attempt.is_running else None

    def never_shorter(self, before: datetime | None) -> None:
        after = self.ends_at()
        assert before is None or (after is not None and after >= before)

    def as_foreseen(self, effects: list[Effect]) -> None:
        after = self.ends_at()
        assert all(effect.after.ends_at == after for effect in effects if effect.running and effect.after.ends_at)

    @rule(text=st.text(max_size=8), seen=st.integers(min_value=0, max_value=3))
    def answer(self, text: str, seen: int) -> None:
        def save(attempt: Attempt) -> None:
            question = next(q for q in answers.ordered_questions(attempt) if q.kind == "short_text")
            answers.save(attempt, question.id, answers.Said(value=text, seen_version=seen), now=self.now)

        self.try_to(save)

    @rule(to=st.sampled_from(S), actor=st.sampled_from(Actor))
    @precondition(lambda self: self.attempt().status not in RUNNING)
    def move_anywhere(self, to: S, actor: Actor) -> None:
        if to in RUNNING or to in {S.SUBMITTED, S.TIMED_OUT}:
            return
        self.try_to(lambda a: transitions.move(a, to, Cause(actor=actor), now=self.now))

    @rule()
    def archive(self) -> None:
        if self.attempt().status in {S.SUBMITTED, S.VERIFIED, S.REJECTED}:
            self.try_to(lambda a: attempts.archive(a, STAFF, now=self.now))

    @invariant()
    def a_running_attempt_has_a_clock(self) -> None:
        attempt = self.attempt()
        if attempt.status in RUNNING:
            assert attempt.started_at and attempt.deadline_at and attempt.hard_stop_at
            assert attempt.hard_stop_at - attempt.deadline_at == timedelta(seconds=30)

    @invariant()
    def the_account_adds_up(self) -> None:
        attempt = self.attempt()
        if attempt.started_at and not attempt.is_paused:
            total = sum(row.seconds for row in time_account.rows(attempt))
            uncut = attempt.started_at + timedelta(seconds=total)
            cut = min(uncut, attempt.window_closes_at) if attempt.window_closes_at else uncut
            assert attempt.deadline_at == max(cut, attempt.started_at)

    @invariant()
    def breaks_stay_within_the_bank(self) -> None:
        attempt = self.attempt()
        assert attempt.break_used_seconds <= 600
        assert (attempt.break_ends_at is None) or attempt.is_paused

    @invariant()
    def nobody_completes_after_the_deadline(self) -> None:
        attempt = self.attempt()
        if attempt.completed_at and attempt.ended_by is EndedBy.TIME:
            assert attempt.completed_at == attempt.deadline_at

    @invariant()
    def history_tells_every_move_and_only_legal_ones(self) -> None:
        lines = db.session.scalars(
            db.select(HistoryEntry).filter_by(attempt_id=self.attempt_id).order_by(HistoryEntry.id)
        ).all()
        assert lines[0].from_status is None
        for before, after in pairwise(lines):
            assert after.from_status == before.to_status
            if after.from_status != after.to_status:
                assert after.actor in transitions.MAY_FOLLOW[S(after.from_status)][S(after.to_status)]
        assert lines[-1].to_status == self.attempt().status
        db.session.rollback()


@pytest.mark.slow
@pytest.mark.usefixtures("app")
def test_no_order_of_events_breaks_an_attempt():
    limits = settings(
        max_examples=25,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Life, settings=limits)
