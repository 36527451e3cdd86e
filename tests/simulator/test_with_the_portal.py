"""The portal and the simulated provider together: whatever that one does, no learner is left in a half-made attempt."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.lifecycle.history import Actor, Cause
from portal.models import Attempt, ProviderExam, Registration
from portal.models import AttemptStatus as S
from portal.simulator.callbacks import GARBAGE
from portal.simulator.settings import MISBEHAVIOURS
from tests import fake_providers
from tests.failing_writes import failing
from tests.fake_providers import deliveries, status_of
from tests.make import NOON


def until(is_so) -> bool:
    """Wait for what another thread does; not longer than it may take on a busy machine."""
    for _ in range(500):
        if is_so():
            return True
        time.sleep(0.02)
    return False


def test_from_begin_to_verdict(meet):
    meeting = meet()
    meeting.begin()
    assert (meeting.attempt.status, meeting.attempt.external_id) == (S.CREATED, meeting.theirs.id)
    where = meeting.press("provider").location
    assert requests.get(where, timeout=5).status_code == 200
    assert until(lambda: meeting.attempt.status is S.READY_TO_START)
    meeting.take_exam()
    assert meeting.attempt.status is S.SUBMITTED
    meeting.work()
    assert until(lambda: meeting.attempt.status is S.VERIFIED)
    assert meeting.waiting() == []
    asked = [one["what"] for one in meeting.simulator.provider.log if one["what"].startswith("PATCH")]
    assert len(asked) == 2  # Started, submitted.


@pytest.mark.parametrize("how", ["slow", "500", "html"])
def test_a_place_that_is_not_given_leaves_no_attempt_and_is_given_once_it_can_be(meet, how):
    meeting = meet()
    meeting.behave(how)
    sent = meeting.begin()
    assert sent.location.endswith("/waiting")
    assert meeting.attempts == []
    page = meeting.client.get(sent.location)
    assert "has not registered you yet" in page.text
    meeting.begin()
    meeting.later(minutes=1)
    assert (meeting.attempts, len(db.session.scalars(db.select(Registration)).all())) == ([], 1)
    meeting.behave()
    meeting.later(hours=1)
    assert meeting.attempt.status is S.CREATED
    assert meeting.client.get(sent.location).location.endswith(f"/attempts/{meeting.attempt.ref}/")
    assert until(lambda: list(meeting.simulator.provider.attempts) == [meeting.attempt.external_id])
    assert meeting.waiting() == []


def test_a_learner_who_presses_again_need_not_wait_for_the_background(meet):
    meeting = meet()
    meeting.behave("500")
    meeting.begin()
    meeting.behave()
    assert meeting.begin().location.endswith(f"/attempts/{meeting.attempt.ref}/")
    meeting.later(hours=1)
    assert len(meeting.simulator.provider.attempts) == len(meeting.attempts) == 1


def test_two_tabs_that_begin_at_once_get_one_place(meet, app, sign_in):
    meeting = meet(slow_seconds=0.4)
    meeting.behave("slow")
    other = app.test_client()
    sign_in(meeting.learner, other)
    path = f"/exams/{meeting.exam.slug}/begin"
    with ThreadPoolExecutor() as tabs:
        said = list(tabs.map(lambda tab: tab.post(path).status_code, [meeting.client, other]))
    assert said == [303, 303]
    assert list(meeting.simulator.provider.attempts) == [meeting.attempt.external_id]
    assert len(db.session.scalars(db.select(Registration)).all()) == 1


def test_a_process_that_dies_before_it_has_noted_the_place_is_no_second_place(meet):
    """The provider has kept one; the next to ask sends the same code, and gets the same one."""
    meeting = meet()

    def die(row):
        if meeting.simulator.provider.attempts:
            raise KeyboardInterrupt

    with failing(Attempt, "before_insert", die), pytest.raises(KeyboardInterrupt):
        meeting.begin()
    assert (meeting.attempts, len(meeting.simulator.provider.attempts)) == ([], 1)
    assert meeting.begin().location.endswith("/waiting")  # Somebody may still be asking.
    meeting.later(seconds=46)
    assert list(meeting.simulator.provider.attempts) == [meeting.attempt.external_id]


@pytest.mark.parametrize("how", ["slow", "500", "html"])
def test_start_and_stop_do_not_wait_for_the_provider_which_hears_of_both_in_order(meet, how):
    meeting = meet()
    meeting.begin()
    meeting.simulator.callbacks.ready(meeting.theirs)
    meeting.behave(how)
    meeting.take_exam()
    assert meeting.attempt.status is S.SUBMITTED
    meeting.work()
    if how == "html":  # A page with code 200 is a yes: what it says is of no interest here.
        assert meeting.waiting() == []
        return
    assert meeting.waiting() == ["provider.start", "provider.stop"]
    assert meeting.client.get(f"/attempts/{meeting.attempt.ref}/status").status_code == 200
    meeting.behave()
    for _ in range(4):
        meeting.later(minutes=10)
    assert meeting.waiting() == []
    asked = [one["body"] for one in meeting.simulator.provider.log if one["what"].startswith("PATCH")]
    assert '{"status": "started"}' in asked[-2]
    assert '{"status": "submitted"}' in asked[-1]
    assert until(lambda: meeting.attempt.status is S.VERIFIED)


def test_a_reset_is_told_when_the_provider_is_back(meet):
    meeting = meet()
    meeting.begin()
    meeting.behave("500")
    status = status_of(meeting.attempt)
    theirs = meeting.theirs.id
    with writing():
        held = attempts.lock(meeting.attempt.id)
        attempts.archive(held, Cause(actor=Actor.STAFF, reason="Wrong room."), now=meeting.clock.now)
    meeting.work()
    assert (meeting.attempt.status, meeting.waiting()) == (status, ["provider.remove"])
    meeting.behave()
    meeting.later(hours=1)
    assert (meeting.waiting(), theirs in meeting.simulator.provider.attempts) == ([], False)


def test_the_exam_stays_usable_when_the_provider_cannot_be_opened(meet):
    meeting = meet()
    meeting.begin()
    meeting.behave("500")
    sent = meeting.press("provider")
    assert sent.status_code in {303, 503}
    meeting.behave()
    assert meeting.client.get(f"/attempts/{meeting.attempt.ref}/setup").status_code == 200
    assert "/launch?" in meeting.press("provider").location


#: misbehaviour -> what becomes of each delivery of "ready", and of each of the review.
HEARD = {
    "duplicate": (["used", "repeated"], ["used", "repeated"]),
    # It is the address that says "ready"; its body means nothing.
    "garbage": (["used"] * (len(GARBAGE) + 1), ["kept"] * len(GARBAGE) + ["used"]),
    "late": (["used"], ["used"]),
    "slow": (["used"], ["used"]),
    "500": (["used"], ["used"]),
    "html": (["used"], ["used"]),
    "strict": (["used"], ["used"]),
}


@pytest.mark.parametrize("how", HEARD)
def test_reports_of_a_provider_that_misbehaves_are_used_once(meet, how):
    meeting = meet(review="violation")
    meeting.begin()
    meeting.behave(how)
    meeting.simulator.callbacks.ready(meeting.theirs)
    assert meeting.attempt.status is S.READY_TO_START
    meeting.take_exam()
    meeting.clock.advance(days=30 if how == "late" else 0)
    meeting.simulator.callbacks.review(meeting.theirs)
    assert meeting.attempt.status is S.SECOND_REVIEW_REQUIRED
    of_ready, of_review = HEARD[how]
    assert [one.outcome for one in deliveries()] == of_ready + of_review


def test_a_provider_with_a_wrong_token_is_not_heard_and_may_come_again(meet):
    meeting = meet()
    meeting.begin()
    meeting.behave("wrong-token")
    meeting.simulator.callbacks.ready(meeting.theirs)
    assert (meeting.attempt.status, deliveries()) == (S.CREATED, [])
    assert meeting.simulator.provider.log[-1]["code"] == 401
    assert meeting.client.get(f"/attempts/{meeting.attempt.ref}/setup").status_code == 200
    meeting.behave()
    meeting.simulator.callbacks.ready(meeting.theirs)
    assert meeting.attempt.status is S.READY_TO_START


def test_words_out_of_order_wait_or_do_nothing(meet):
    meeting = meet()
    meeting.begin()
    meeting.behave("out-of-order")
    requests.get(meeting.press("provider").location, timeout=5)
    assert until(lambda: meeting.attempt.status is S.READY_TO_START)
    assert [(one.kind, one.outcome, one.answered) for one in deliveries()] == [
        ("reviewed", "kept", 400),
        ("ready", "used", 200),
    ]
    meeting.take_exam()
    meeting.work()
    assert until(lambda: len(deliveries()) == 4)
    assert until(lambda: meeting.attempt.status is S.VERIFIED)


@pytest.mark.parametrize("what", ["place", "exam"])
def test_a_name_that_another_one_has_is_no_name(meet, what):
    """Two attempts of one name could not be told apart when one of them is reported on."""
    meeting, other = meet(), fake_providers.attempt(S.SUBMITTED, external_id="taken")
    with writing() as session:
        session.add(ProviderExam(exam_id=other.exam_id, provider_slug="acme", external_id="taken", saved_at=NOON))
    known = meeting.simulator.provider
    usual = known.register, known.save_exam
    if what == "place":
        known.register = lambda *given, **named: {"id": "taken"}
    else:
        known.save_exam = lambda said, exam_id: "taken"
    assert meeting.begin().location.endswith("/waiting")
    assert [one.id for one in meeting.attempts] == [other.id]
    meeting.later(hours=1)
    assert [one.id for one in meeting.attempts] == [other.id]
    known.register, known.save_exam = usual
    meeting.begin()
    assert [one.status for one in meeting.attempts] == [S.SUBMITTED, S.CREATED]


def test_onboarding_that_is_missing_is_said_and_can_be_made_up(meet):
    meeting = meet(needs_onboarding=True)
    meeting.begin()
    assert meeting.attempt.status is S.ONBOARDING_MISSING
    assert meeting.simulator.provider.attempts == {}


def test_every_misbehaviour_is_tried_here():
    assert set(MISBEHAVIOURS) == set(HEARD) | {"wrong-token", "out-of-order"}
