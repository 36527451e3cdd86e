"""The multi-attempt gate: every status beside every pair of others, and which attempts count at all."""

from itertools import combinations_with_replacement

import pytest

from portal.db import db, writing
from portal.domain.lifecycle import consequences, transitions
from portal.domain.lifecycle.history import Actor, Cause
from portal.models import Attempt, AttemptStatus, OutboxMessage, ResumeState
from tests import fake_providers, make

S = AttemptStatus
OTHERS = [(), *((one,) for one in S), *combinations_with_replacement(S, 2)]


def expected(target: S, others: tuple[S, ...], *, is_practice: bool = False) -> bool:
    """The seven rules as the contract numbers them, over all attempts including the one that moved."""
    everyone = [target, *others]
    if is_practice:
        return True
    if len(everyone) == 1:
        return True
    if target in {S.DECLINED, S.ERROR}:
        return True
    rules = {
        S.SUBMITTED: everyone.count(S.REJECTED) == 0,
        S.VERIFIED: set(everyone) == {S.VERIFIED},
        S.REJECTED: everyone.count(S.REJECTED) == 1 and S.DECLINED not in everyone,
    }
    return rules.get(target, False)


@pytest.mark.parametrize("is_practice", [False, True], ids=["real", "practice"])
@pytest.mark.parametrize("target", S)
def test_every_status_beside_every_two_others(target, is_practice):
    wrong = []
    for others in OTHERS:
        asks_nobody = is_practice or target in {S.DECLINED, S.ERROR}
        attempt = Attempt(status=target, is_sample=is_practice)
        is_open = consequences.gate_is_open(attempt) if asks_nobody else consequences.agrees(target, others)
        if is_open != expected(target, others, is_practice=is_practice):
            wrong.append(others)
    assert wrong == []
    assert len(OTHERS) == 1 + 18 + 171


@pytest.fixture
def exam(app):
    return make.exam(is_proctored=True)


@pytest.fixture
def learner(app):
    return make.user()


@pytest.mark.parametrize("status", [S.VERIFIED, S.ERROR])
def test_both_recordings_of_a_resumed_exam_count(exam, learner, status):
    first = make.attempt(status, exam=exam, learner=learner, resume_state=ResumeState.RESUMED)
    second = make.attempt(S.VERIFIED, exam=exam, learner=learner, resumes_id=first.id)
    assert consequences.gate_is_open(second) is (status is S.VERIFIED)


def test_an_archived_one_does_not_count(exam, learner):
    make.attempt(S.REJECTED, exam=exam, learner=learner, archived_at=make.NOON, archive_reason="Reset")
    assert consequences.gate_is_open(make.attempt(S.VERIFIED, exam=exam, learner=learner))


def test_other_people_and_other_exams_do_not_count(exam, learner):
    make.attempt(S.REJECTED, exam=exam)
    make.attempt(S.REJECTED, learner=learner)
    assert consequences.gate_is_open(make.attempt(S.SUBMITTED, exam=exam, learner=learner))


def test_the_table_of_the_contract_by_verb(exam, learner):
    """What each rule means for mail, credit, grade and certificate: each moves once, beside one other attempt."""
    closed, told = [], {"email", "credit"}
    for status, others, expects in (
        (S.VERIFIED, (), told),
        (S.VERIFIED, (S.VERIFIED,), told),
        (S.VERIFIED, (S.SUBMITTED,), closed),
        (S.VERIFIED, (S.REJECTED,), closed),
        (S.VERIFIED, (S.DECLINED,), closed),
        (S.REJECTED, (), told),
        (S.REJECTED, (S.VERIFIED,), told),
        (S.REJECTED, (S.ERROR,), told),
        (S.REJECTED, (S.REJECTED,), closed),
        (S.REJECTED, (S.DECLINED,), closed),
        (S.ERROR, (S.REJECTED,), told),
        (S.SECOND_REVIEW_REQUIRED, (), closed),
    ):
        attempts_here = [make.attempt(one, exam=exam, learner=learner, taking_as_proctored=True) for one in others]
        moved = make.attempt(S.SUBMITTED, exam=exam, learner=learner, taking_as_proctored=True)
        with writing():
            transitions.move(moved, status, Cause(actor=Actor.REVIEWER), now=make.NOON)
        topics = db.session.scalars(db.select(OutboxMessage.topic).filter_by(attempt_id=moved.id)).all()
        assert set(topics) == set(expects), (status, others)
        assert len(topics) == len(expects)
        for one in (*attempts_here, moved):
            fake_providers.change(one, archived_at=make.NOON, archive_reason="Next line of the table")
