"""Taking an exam without proctoring, by verb: when it may be chosen, what it touches, and what follows."""

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts, creation, eligibility, resuming
from portal.domain.errors import NotAllowed, NotNow
from portal.domain.lifecycle import history
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.proctoring import declining
from portal.jobs import worker
from portal.models import Attempt, AttemptStatus, LedgerEntry, OutboxMessage, ProviderKind
from portal.models.attempts.attempt import PRE_START
from tests import fake_providers, make
from tests.make import NOON

S = AttemptStatus
REFUSED = (S.ONBOARDING_MISSING, S.ONBOARDING_PENDING, S.ONBOARDING_FAILED, S.ONBOARDING_EXPIRED)


@pytest.fixture
def course(app):
    fake_providers.provider("acme", kind=ProviderKind.PRACTICE, client=False)
    return make.course()


@pytest.fixture
def exam(course):
    return fake_providers.exam(course=course, may_decline=True, name="Midterm")


@pytest.fixture
def learner(course):
    return make.enrol(course)


def decline(exam, learner):
    with writing():
        return declining.decline(exam, learner, now=NOON)


def statuses(learner):
    """exam -> statuses of the learner's attempts at it, oldest first."""
    db.session.expire_all()
    found = {}
    for attempt in db.session.scalars(db.select(Attempt).filter_by(learner_id=learner.id).order_by(Attempt.id)):
        found.setdefault(attempt.exam.name, []).append(attempt.status)
    return found


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"may_decline": False}, "requires proctoring"),
        ({"is_practice": True}, "Only a proctored exam"),
        ({"is_practice": True, "is_onboarding": True}, "Only a proctored exam"),
        ({"is_proctored": False, "provider_slug": None}, "Only a proctored exam"),
        ({"is_active": False}, "not available"),
        ({"opens_at": NOON.replace(hour=13)}, "not open yet"),
        ({"closes_at": NOON}, "has closed"),
    ],
)
def test_when_it_cannot_be_chosen(course, learner, given, says):
    exam = fake_providers.exam(course=course, **{"may_decline": True, **given})
    with pytest.raises(NotNow, match=says):
        decline(exam, learner)
    assert statuses(learner) == {}


def test_nobody_from_outside_the_course(exam):
    with pytest.raises(NotAllowed):
        decline(exam, make.user())


@pytest.mark.parametrize("status", S)
def test_from_which_status_it_may_be_chosen(exam, learner, status):
    make.attempt(status, exam=exam, learner=learner, taking_as_proctored=True)
    if status not in {*PRE_START, *REFUSED, S.EXPIRED, S.ONBOARDING_RESET}:
        with pytest.raises(NotNow):
            decline(exam, learner)
        assert statuses(learner) == {"Midterm": [status]}
        return
    assert decline(exam, learner).status is S.DECLINED
    before = [] if status in PRE_START else [status]
    assert statuses(learner) == {"Midterm": [*before, S.DECLINED]}


def test_a_place_at_the_provider_is_given_back_and_credit_declined(exam, learner):
    held = fake_providers.attempt(S.READY_TO_START, exam=exam, learner=learner)
    decline(exam, learner)
    db.session.expire_all()
    assert not held.taking_as_proctored
    enqueued = db.session.scalars(db.select(OutboxMessage.topic).order_by(OutboxMessage.id)).all()
    assert enqueued == ["provider.remove", "email", "credit"]
    worker.work_through(now=NOON)
    entry = db.session.scalars(db.select(LedgerEntry)).one()
    assert (entry.ledger, entry.standing, entry.exam_id) == ("credit", "declined", exam.id)


def test_a_second_time_is_refused_and_changes_nothing(exam, learner):
    decline(exam, learner)
    with pytest.raises(NotNow, match="already made this choice"):
        decline(exam, learner)
    assert statuses(learner) == {"Midterm": [S.DECLINED]}


def other(course, name, **given):
    return fake_providers.exam(course=course, name=name, **given)


@pytest.mark.parametrize("status", [None, *S])
def test_the_cascade_touches_what_has_not_begun(course, exam, learner, status):
    second = other(course, "Second")
    if status is not None:
        make.attempt(status, exam=second, learner=learner, taking_as_proctored=True)
    is_touched = status is None or status in PRE_START
    assert [one.name for one, _ in declining.touched(exam, learner)] == (["Second"] if is_touched else [])
    decline(exam, learner)
    assert statuses(learner).get("Second", [None])[-1] is (S.DECLINED if is_touched else status)


def test_the_cascade_says_why_and_who(course, exam, learner):
    other(course, "Second")
    decline(exam, learner)
    second = db.session.scalars(db.select(Attempt).order_by(Attempt.id.desc())).first()
    line = history.list_for(second)[-1]
    assert (line.actor, line.reason) == (Actor.PORTAL, "Midterm was taken without proctoring.")
    worker.work_through(now=NOON)
    assert {entry.standing for entry in db.session.scalars(db.select(LedgerEntry))} == {"declined"}


def test_the_cascade_leaves_everything_else_alone(course, exam, learner):
    other(course, "Practice", is_practice=True)
    other(course, "Onboarding", is_practice=True, is_onboarding=True)
    other(course, "Inactive", is_active=False)
    make.exam(course=course, name="Timed")
    fake_providers.exam(name="Another course")
    make.attempt(S.CREATED, exam=other(course, "Of somebody else"), taking_as_proctored=True)
    decline(exam, learner)
    assert set(statuses(learner)) == {"Midterm", "Of somebody else"}
    theirs = db.session.scalars(db.select(Attempt).filter(Attempt.learner_id != learner.id)).one()
    assert theirs.status is S.CREATED


def test_a_course_may_say_that_nothing_else_is_touched(course, exam, learner):
    other(course, "Second")
    fake_providers.change(course, decline_cascades=False)
    decline(exam, learner)
    assert statuses(learner) == {"Midterm": [S.DECLINED]}


def test_afterwards_it_runs_like_a_timed_exam_also_when_it_is_interrupted(exam, learner):
    decline(exam, learner)
    with writing():
        first = attempts.start(creation.create(exam, learner, now=NOON), learner, now=NOON)
        resuming.fail(first, Cause(actor=Actor.STAFF, reason="Power cut"), now=NOON)
        resuming.grant_resume(first, Cause(actor=Actor.STAFF, reason="Power cut"), now=NOON)
        assert not eligibility.needs_provider(exam, first)
        second = creation.create(exam, learner, now=NOON)
    assert statuses(learner) == {"Midterm": [S.DECLINED, S.ERROR, S.CREATED]}
    assert (second.provider_slug, second.taking_as_proctored) == (None, False)
    assert db.session.scalars(db.select(OutboxMessage).filter(OutboxMessage.topic.like("provider.%"))).all() == []
