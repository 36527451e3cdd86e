"""One place works out a clock: whatever becomes of the exam, previews come true and no gift takes time away."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts, creation, reopening, resuming
from portal.domain.timekeeping import exam_clock, granting, preview, running_clock, time_account
from portal.domain.timekeeping.allowance_terms import Terms
from portal.models import Allowance, Notice, TimeEntry, TimeEntryKind
from portal.models import AttemptStatus as S
from tests.domain.timekeeping.sitting import CHANGES, LIMIT, STAFF, STATES, K, at, every, publish, sit


@pytest.mark.parametrize(("change", "state"), every(CHANGES, STATES))
def test_a_change_of_the_exam_leaves_a_clock_alone(app, change, state):
    here = sit(state, change)
    stood = 0 if state == "running" else 4
    assert here.ends_at == at(70 + stood)
    assert here.attempt.own_seconds == 70 * 60


GIFTS = {
    "minutes": (K.EXTRA_MINUTES, 30, None),
    "multiplier": (K.MULTIPLIER, None, 150),
    "window": (K.LONGER_WINDOW, 90, None),
    "breaks": (K.BREAK_BANK, 30, None),
}


@pytest.mark.parametrize(("change", "gift", "state"), every(CHANGES, GIFTS, STATES))
def test_a_grant_does_what_its_preview_said_and_never_takes_time(app, change, gift, state):
    here = sit(state, change)
    kind, minutes, percent = GIFTS[gift]
    before, terms = here.ends_at, Terms(kind=kind, minutes=minutes, percent=percent, exam=here.exam)
    [effect] = preview.foresee(here.exam.course, here.learner, terms, now=here.now)
    assert effect.before.ends_at == before
    here.grant(kind, minutes, percent)
    assert here.ends_at == effect.after.ends_at >= before
    attempt = here.attempt
    assert (attempt.own_seconds, attempt.window_closes_at) == (effect.after.own_seconds, effect.after.closes_at)
    assert attempt.break_bank_seconds == effect.after.break_bank_seconds
    gained = {"minutes": 20, "multiplier": 30}.get(gift, 0)
    assert here.ends_at == before + timedelta(minutes=gained)


@pytest.mark.parametrize(("gift", "state"), every(GIFTS, STATES))
def test_where_the_window_cuts_a_grant_does_what_its_preview_said(app, gift, state):
    here = sit(state, closes=40)
    kind, minutes, percent = GIFTS[gift]
    before, terms = here.ends_at, Terms(kind=kind, minutes=minutes, percent=percent, exam=here.exam)
    assert before == at(40)
    [effect] = preview.foresee(here.exam.course, here.learner, terms, now=here.now)
    here.grant(kind, minutes, percent)
    stood = 0 if state == "running" else 4
    assert here.ends_at == effect.after.ends_at == (at(70 + stood) if gift == "window" else at(40))
    assert here.attempt.own_seconds == effect.after.own_seconds


@pytest.mark.parametrize(("gift", "state", "closes"), every(["multiplier", "window"], STATES, [40, 90, 150]))
def test_withdrawing_a_gift_in_a_window_takes_what_its_preview_said(app, gift, state, closes):
    here = sit(state, closes=closes)
    allowance = here.grant(*GIFTS[gift])
    before = here.ends_at
    [effect] = preview.foresee_withdrawal(db.session.merge(allowance), now=here.now)
    with writing():
        granting.withdraw(db.session.merge(allowance), by=None, reason="a mistake", now=here.now)
    assert here.ends_at == effect.after.ends_at <= before
    with writing():
        granting.undo_withdrawal(db.session.merge(allowance), by=None, now=here.now)
    assert here.ends_at == before


@pytest.mark.parametrize(("change", "state", "kind"), every(CHANGES, STATES, [K.EXTRA_MINUTES, K.BREAK_BANK]))
def test_a_withdrawal_takes_what_its_preview_said_and_undone_gives_it_back(app, change, state, kind):
    here = sit(state, change)
    allowance = db.session.scalars(db.select(Allowance).filter_by(kind=kind, withdrawn_at=None)).one()
    before = here.ends_at
    [effect] = preview.foresee_withdrawal(allowance, now=here.now)
    with writing():
        granting.withdraw(db.session.merge(allowance), by=None, reason="a mistake", now=here.now)
    assert here.ends_at == effect.after.ends_at
    assert effect.taken_seconds == (600 if kind is K.EXTRA_MINUTES else 0)
    with writing():
        granting.undo_withdrawal(db.session.merge(allowance), by=None, now=here.now)
    assert here.ends_at == before


@pytest.mark.parametrize(("change", "state", "minutes"), every(CHANGES, STATES, [15, 75, -20]))
def test_added_time_is_what_its_preview_said(app, change, state, minutes):
    here = sit(state, change)
    before = here.ends_at
    foretold = running_clock.after_adding(here.attempt, minutes, now=here.now).ends_at(now=here.now)
    here.do(lambda one: time_account.add_time(one, minutes, STAFF, now=here.now))
    assert here.ends_at == foretold
    assert (here.ends_at > before) == (minutes > 0)


@pytest.mark.parametrize(("change", "state", "extra"), every(CHANGES, STATES, [0, 7]))
def test_a_resumed_attempt_gets_what_was_foretold(app, change, state, extra):
    here = sit(state, change)
    left = here.ends_at - here.now
    here.do(lambda one: resuming.fail(one, STAFF, now=here.now))
    here.now = at(40)
    foretold = resuming.foresee(here.attempt, extra_minutes=extra, now=here.now)
    here.do(lambda one: resuming.grant_resume(one, STAFF, extra_minutes=extra, now=here.now))
    with writing():
        again = creation.create(db.session.merge(here.exam), db.session.merge(here.learner), now=here.now)
        said, _ = running_clock.start_of(again, now=here.now)
        attempts.start(again, again.learner, now=here.now)
        here.attempt_id = again.id
    assert said == foretold
    assert here.ends_at - here.now == left + timedelta(minutes=extra) == timedelta(seconds=said.would_get_seconds)
    here.grant(K.MULTIPLIER, percent=200)  # Of the limit of the first start, whatever the exam takes by now.
    assert here.ends_at - here.now == min(
        left + timedelta(minutes=extra + LIMIT), (here.attempt.window_closes_at or at(999)) - here.now
    )


@pytest.mark.parametrize(("change", "minutes"), every(CHANGES, [5, 20]))
def test_a_reopened_attempt_ends_when_its_preview_said(app, change, minutes):
    here = sit("running", change)
    here.do(lambda one: attempts.submit(one, one.learner, now=here.now))
    here.now = at(20)
    foretold = reopening.foresee(here.attempt, minutes, now=here.now)
    here.do(lambda one: reopening.reopen(one, minutes, STAFF, now=here.now))
    assert here.ends_at == foretold.deadline_at == here.now + timedelta(minutes=minutes)


@pytest.mark.parametrize("state", STATES)
def test_a_closing_moved_later_gives_at_once_what_it_had_cut(app, state):
    """The case due-later-while-running: with a line of the account and a notice, and no more than that."""
    here = sit(state, closes=20)
    assert here.ends_at == at(20)
    publish(here.now, closes_at=at(400))
    stood = 0 if state == "running" else 4
    assert here.ends_at == at(70 + stood)
    moved = db.session.scalars(db.select(TimeEntry).filter_by(attempt_id=here.attempt_id, kind="window")).all()
    assert [(row.seconds, row.reason) for row in moved] == [(0, "The closing time was extended.")]
    [notice] = db.session.scalars(db.select(Notice).filter_by(kind="time_added"))
    assert notice.seconds == (50 + stood) * 60
    publish(here.now, closes_at=at(400))
    assert len(db.session.scalars(db.select(TimeEntry).filter_by(kind="window")).all()) == 1


def test_a_closing_moved_earlier_and_back_never_moves_a_clock(app):
    here = sit("running", "due past")
    publish(here.now, closes_at=at(60))
    assert here.ends_at == at(70)
    assert not db.session.scalars(db.select(TimeEntry).filter_by(kind="window")).all()


def test_a_closing_moved_later_reaches_whoever_waits_to_continue(app):
    here = sit("running", closes=40)
    here.do(lambda one: resuming.fail(one, STAFF, now=here.now))
    here.now = at(35)
    assert exam_clock.left_seconds(here.attempt, now=here.now) == 5 * 60
    publish(here.now, closes_at=at(400))
    assert exam_clock.left_seconds(here.attempt, now=here.now) == 28 * 60


def test_a_smaller_allowance_in_place_of_a_larger_takes_nothing_from_a_clock(app):
    here = sit()
    with pytest.raises(granting.NotNow, match="would lose 5 min"):
        here.grant(K.EXTRA_MINUTES, 5)
    assert here.ends_at == at(70)


def test_the_same_grant_twice_is_one(app):
    here = sit()
    first, second = here.grant(K.MULTIPLIER, percent=150), here.grant(K.MULTIPLIER, percent=150)
    assert first.id == second.id
    assert here.ends_at == at(100)


def test_an_allowance_that_ends_while_it_runs_continues_counting(app):
    here = sit()
    with writing():
        db.session.scalars(db.select(Allowance).filter_by(kind=K.EXTRA_MINUTES)).one().valid_until_at = at(11)
    here.grant(K.LONGER_WINDOW, 30)
    assert here.ends_at == at(70)


def test_a_withdrawal_never_ends_an_exam(app):
    here = sit()
    here.now = at(62)
    allowance = db.session.scalars(db.select(Allowance).filter_by(kind=K.EXTRA_MINUTES)).one()
    with pytest.raises(granting.NotNow, match="less than five minutes left"), writing():
        granting.withdraw(db.session.merge(allowance), by=None, reason="", now=here.now)


def test_nothing_left_is_resumed_only_with_minutes(app):
    here = sit()
    here.now = at(69)
    here.do(lambda one: resuming.fail(one, STAFF, now=at(70)))
    assert here.attempt.status is S.ERROR and here.attempt.time_remaining_seconds == 0
    with pytest.raises(resuming.BadInput, match="No time is left"):
        here.do(lambda one: resuming.grant_resume(one, STAFF, now=here.now))
    here.do(lambda one: resuming.grant_resume(one, STAFF, extra_minutes=3, now=here.now))
    assert TimeEntryKind.RESUMED not in {row.kind for row in time_account.rows(here.attempt)}
