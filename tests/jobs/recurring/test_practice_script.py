"""The built-in proctor's script: each cue once, at its time, by the same verbs as its buttons."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.proctoring import heartbeats
from portal.jobs.recurring import practice_script, presence, schedule
from portal.models import Attempt, EndedBy, Event, HeardFrom, HistoryEntry, Provider, ProviderKind, Review, User
from portal.models import AttemptStatus as S
from tests import make
from tests.make import NOON


def provider(script, slug="watcher", kind=ProviderKind.PRACTICE):
    with writing() as session:
        facts = {"name": "Watcher", "created_at": NOON, "updated_at": NOON, "options": {"script": script}}
        session.add(Provider(slug=slug, kind=kind, **facts))


def begun(status=S.CREATED, **given):
    exam = make.exam(is_proctored=True, provider_slug=given.pop("slug", "watcher"))
    return make.attempt(status, exam=exam, taking_as_proctored=True, external_id="ext", **given)


def play(seconds):
    """One look, so many seconds after noon; the attempt as it stands then."""
    practice_script.play_due(NOON + timedelta(seconds=seconds))
    db.session.expire_all()
    return db.session.scalars(db.select(Attempt)).one()


def lines():
    query = db.select(HistoryEntry.reason).where(HistoryEntry.event == Event.PROCTOR_SCRIPT)
    return [one.rpartition(" ")[2] for one in db.session.scalars(query.order_by(HistoryEntry.id))]


def test_a_whole_exam_plays_by_itself(app):
    provider("ready:2,review:10=violation")
    begun()
    assert play(1).status is S.CREATED
    assert play(2).status is S.READY_TO_START
    with writing() as session:
        attempt = session.merge(play(3))
        learner = session.get_one(User, attempt.learner_id)
        attempts.start(attempt, learner, now=NOON + timedelta(seconds=5))
        over = NOON + timedelta(seconds=60)
        attempts.complete(attempt, Cause(actor=Actor.LEARNER, user=learner), ended_by=EndedBy.LEARNER, now=over)
    assert play(69).status is S.SUBMITTED
    assert play(70).status is S.SECOND_REVIEW_REQUIRED
    assert db.session.scalars(db.select(Review.status)).all() == ["violation"]
    assert lines() == ["ready:2", "review:10=violation"]


def test_a_cue_is_played_once(app):
    provider("flag:5,flag:8")
    begun(S.STARTED)
    for seconds in (4, 5, 6, 7, 8, 9):
        play(seconds)
    assert lines() == ["flag:5", "flag:8"]


def test_what_was_missed_is_made_up_in_its_order(app):
    provider("return:45,drop:30")
    begun(S.STARTED)
    with writing():
        heartbeats.hear(
            db.session.scalars(db.select(Attempt.id)).one(), HeardFrom.PAGE, now=NOON + timedelta(seconds=99)
        )
    assert not play(100).is_paused
    assert lines() == ["drop:30", "return:45"]


def test_a_drop_stops_the_clock_and_a_return_starts_it(app):
    provider("drop:30,return:45")
    attempt = begun(S.STARTED)
    deadline_at = attempt.deadline_at
    assert play(30).is_paused
    with writing():
        heartbeats.hear(attempt.id, HeardFrom.PAGE, now=NOON + timedelta(seconds=44))
    after = play(45)
    assert (after.is_paused, after.deadline_at) == (False, deadline_at + timedelta(seconds=15))


def test_a_drop_lasts_until_the_return_whoever_else_is_heard(app):
    """The proctor's own page, open in a second tab, does not know of the script."""
    provider("drop:30,return:45")
    attempt = begun(S.STARTED)
    for seconds in range(30, 44, 2):
        at = NOON + timedelta(seconds=seconds)
        with writing():
            heartbeats.hear(attempt.id, HeardFrom.PAGE, now=at)
            heartbeats.stay_alive(attempt.id, HeardFrom.PROVIDER, now=at)
        play(seconds)
        presence.attend_silent(at)
        assert play(seconds).is_paused
    assert not play(45).is_paused


def test_after_it_has_spoken_it_continues_being_heard(app):
    provider("drop:30,return:45")
    attempt = begun(S.STARTED)
    for seconds in range(0, 400, 5):
        at = NOON + timedelta(seconds=seconds)
        with writing():
            heartbeats.hear(attempt.id, HeardFrom.PAGE, now=at)
        play(seconds)
        presence.attend_silent(at)
    assert not play(400).is_paused


def test_silence_is_left_to_patience(app):
    provider("silent:30")
    attempt = begun(S.STARTED)
    stopped_at = None
    for seconds in range(0, 400, 5):
        at = NOON + timedelta(seconds=seconds)
        with writing():
            heartbeats.hear(attempt.id, HeardFrom.PAGE, now=at)
        is_paused = play(seconds).is_paused
        presence.attend_silent(at)
        stopped_at = stopped_at or (seconds if is_paused else None)
    assert stopped_at == 215  # Patience is three minutes, and the look comes every five seconds.


@pytest.mark.parametrize("status", [S.READY_TO_START, S.DECLINED, S.VERIFIED, S.ERROR])
def test_a_cue_that_makes_no_sense_any_more_is_left_out(app, status):
    provider("ready:2,drop:5,review:10")
    begun(status)
    assert play(500).status is status
    assert lines() == []


def test_a_reset_attempt_is_left_alone(app):
    provider("ready:2")
    begun(archived_at=NOON, archive_reason="Reset.")
    assert play(500).status is S.CREATED


def test_only_its_own_attempts(app):
    provider("ready:2")
    provider("ready:2", slug="other", kind=ProviderKind.REST)
    begun(slug="other")
    assert play(500).status is S.CREATED


def test_what_a_rule_refuses_is_noted_and_not_tried_again(app, caplog):
    """Its time is up, and nobody has handed it in yet."""
    provider("drop:30")
    attempt = begun(S.STARTED)
    seconds = (attempt.deadline_at - NOON).total_seconds() + 1
    assert not play(seconds).is_paused
    play(seconds + 1)
    assert lines() == ["drop:30"]
    assert len([one for one in caplog.records if "could not be played" in one.message]) == 1


def test_of_two_at_once_one_plays(app, at_once):
    provider("flag:5")
    begun(S.STARTED)
    assert sorted(at_once(4, lambda: practice_script.play_due(NOON + timedelta(seconds=6)))) == [0, 0, 0, 1]
    assert lines() == ["flag:5"]


def test_without_a_script_a_look_is_one_query(app, statements):
    provider("")
    begun(S.STARTED)
    statements.clear()
    assert practice_script.play_due(NOON + timedelta(hours=1)) == 0
    assert len([sql for sql in statements if sql.startswith("SELECT")]) == 1


def test_the_portal_looks_every_other_second(app):
    [job] = [one for one in schedule.JOBS if one.apart is practice_script.play_due]
    assert job.every <= timedelta(seconds=2)
