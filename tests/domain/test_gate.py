"""The multi-attempt gate: every status beside every pair of others, and which attempts count at all."""

from itertools import combinations_with_replacement

import pytest

from portal.domain import consequences, siblings
from portal.models import Attempt, AttemptStatus
from tests import make

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
def test_every_status_beside_every_two_others(monkeypatch, target, is_practice):
    wrong = []
    for others in OTHERS:
        monkeypatch.setattr(siblings, "statuses", lambda attempt, others=others: list(others))
        attempt = Attempt(status=target, is_sample=is_practice)
        if consequences.gate_is_open(attempt) != expected(target, others, is_practice=is_practice):
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
    first = make.attempt(status, exam=exam, learner=learner, resumed=True)
    second = make.attempt(S.VERIFIED, exam=exam, learner=learner, resumes_id=first.id)
    assert consequences.gate_is_open(second) is (status is S.VERIFIED)


def test_an_archived_one_does_not_count(exam, learner):
    make.attempt(S.REJECTED, exam=exam, learner=learner, archived_at=make.NOON, archive_reason="Reset")
    assert consequences.gate_is_open(make.attempt(S.VERIFIED, exam=exam, learner=learner))


def test_other_people_and_other_exams_do_not_count(exam, learner):
    make.attempt(S.REJECTED, exam=exam)
    make.attempt(S.REJECTED, learner=learner)
    assert consequences.gate_is_open(make.attempt(S.SUBMITTED, exam=exam, learner=learner))
