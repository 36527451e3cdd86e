"""The whole table of statuses: every pair, every actor, and what a repeat does."""

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.errors import IllegalTransition
from portal.domain.lifecycle import transitions
from portal.domain.lifecycle.history import Actor, Cause
from portal.models import Attempt, HistoryEntry, OutboxMessage, ResumeState
from portal.models import AttemptStatus as S
from tests import make
from tests.make import NOON


def moved(was: S, to: S, actor: Actor) -> S:
    """Try the move on a practice attempt and say where it stands afterwards."""
    attempt = make.attempt(was, is_sample=True)
    with writing():
        attempt = db.session.get_one(Attempt, attempt.id)
        transitions.move(attempt, to, Cause(actor=actor), now=NOON)
    return attempt.status


def test_every_status_has_a_line_in_the_table(app):
    assert set(transitions.MAY_FOLLOW) == set(S)


@pytest.mark.parametrize("was", S)
@pytest.mark.parametrize("to", S)
def test_only_the_table_decides_what_may_follow(app, was, to):
    actors = transitions.MAY_FOLLOW[was].get(to, frozenset())
    if to is was:
        assert moved(was, to, Actor.PORTAL) is was
    elif actors and to not in {S.STARTED, S.SUBMITTED, S.TIMED_OUT}:
        assert moved(was, to, min(actors)) is to
    elif not actors:
        with pytest.raises(IllegalTransition):
            moved(was, to, Actor.REVIEWER)


@pytest.mark.parametrize("was", S)
def test_nobody_moves_what_is_not_theirs(app, was):
    attempt = make.attempt(was, is_sample=True)
    for to, actors in transitions.MAY_FOLLOW[was].items():
        for actor in Actor:
            assert transitions.may_move(attempt, to, actor) is (actor in actors)


def test_an_archived_attempt_keeps_its_status(app):
    attempt = make.attempt(S.SUBMITTED, archived_at=NOON, archive_reason="reset")
    assert not transitions.may_move(attempt, S.VERIFIED, Actor.REVIEWER)


def test_a_real_exam_is_never_reset_by_its_learner(app):
    attempt = make.attempt(S.SUBMITTED)
    assert not transitions.may_move(attempt, S.ONBOARDING_RESET, Actor.LEARNER)


def test_a_move_is_written_in_the_history(app):
    attempt = make.attempt(S.SUBMITTED)
    with writing():
        attempt = db.session.get_one(Attempt, attempt.id)
        transitions.move(attempt, S.VERIFIED, Cause(actor=Actor.REVIEWER, reason="clean"), now=NOON)
    line = db.session.scalars(db.select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert (line.from_status, line.to_status, line.actor, line.reason) == ("submitted", "verified", "reviewer", "clean")


def test_arriving_twice_tells_nobody_twice(app):
    attempt = make.attempt(S.SUBMITTED, taking_as_proctored=True)
    for _ in range(2):
        with writing():
            attempt = db.session.get_one(Attempt, attempt.id)
            transitions.move(attempt, S.VERIFIED, Cause(actor=Actor.PROVIDER), now=NOON)
    topics = db.session.scalars(db.select(OutboxMessage.topic).order_by(OutboxMessage.id)).all()
    assert topics == ["email", "credit"]


@pytest.mark.parametrize("is_sample", [True, False])
@pytest.mark.parametrize("state", ResumeState)
def test_only_what_nobody_has_resumed_and_counts_becomes_resumable(app, state, is_sample):
    attempt = make.attempt(S.ERROR, resume_state=state, is_sample=is_sample)
    with writing():
        held = attempts.lock(attempt.id)
        transitions.make_resumable(held)
        becomes = state is ResumeState.NONE and not is_sample
        assert held.resume_state is (ResumeState.RESUMABLE if becomes else state)
        assert held.is_suspended is (held.resume_state is ResumeState.RESUMABLE)
