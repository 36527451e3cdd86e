"""Onboarding exams and practice: where a learner stands, how long it counts, what it unblocks, and trying again."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts, eligibility
from portal.domain.errors import NotNow
from portal.domain.lifecycle import history
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.onboarding import profiles
from portal.domain.proctoring import registrations
from portal.domain.providers.facts import Registered
from portal.domain.reviews import verdicts
from portal.models import Attempt, AttemptStatus, OutboxMessage, ProviderKind
from tests import fake_providers, make
from tests.make import NOON

S = AttemptStatus
ACCEPTED = Cause(actor=Actor.REVIEWER, reason="Looked at it")
REFUSALS = (S.ONBOARDING_MISSING, S.ONBOARDING_PENDING, S.ONBOARDING_FAILED, S.ONBOARDING_EXPIRED)
YEAR, DAY, MOMENT = timedelta(days=365), timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def course(app):
    for slug in ("acme", "other"):
        fake_providers.provider(slug, kind=ProviderKind.PRACTICE, client=False)
    return make.course()


@pytest.fixture
def identity(course):
    return onboarding_exam(course)


@pytest.fixture
def learner(course):
    return make.enrol(course)


def onboarding_exam(course, **given):
    return fake_providers.exam(course=course, is_practice=True, is_onboarding=True, **given)


def checked(exam, learner, status=S.VERIFIED, **given):
    facts = {"taking_as_proctored": True, "is_sample": True, **given}
    return make.attempt(status, exam=exam, learner=learner, **facts)


def register(exam, learner, *, answer=None, now=NOON):
    """Reserve, ask, confirm: what the begin page does, with the provider's answer given."""
    with writing():
        made = registrations.reserve(exam, learner, now=now)
        reserved = registrations.lease(made.id, now=now, public_url="http://localhost")
        given = answer or Registered(external_id=f"place-{made.id}")
        return registrations.confirm(reserved, given, exam_id=None, now=now)


def status_of(exam, learner, *, now=NOON):
    db.session.rollback()
    return profiles.status_of(exam, profiles.attempts_of(learner), now=now)


@pytest.mark.parametrize(
    ("status", "shown", "may_begin"),
    [
        (S.CREATED, "setup_started", True),
        (S.DOWNLOAD_SOFTWARE_CLICKED, "setup_started", True),
        (S.READY_TO_START, "setup_started", True),
        (S.STARTED, "onboarding_started", True),
        (S.READY_TO_SUBMIT, "onboarding_started", True),
        (S.SUBMITTED, "submitted", False),
        (S.SECOND_REVIEW_REQUIRED, "submitted", False),
        (S.VERIFIED, "verified", False),
        (S.REJECTED, "rejected", True),
        (S.ERROR, "error", True),
        (S.EXPIRED, "expired", True),
        (S.ONBOARDING_RESET, "not_started", True),
    ],
)
def test_where_each_status_puts_a_learner(identity, learner, status, shown, may_begin):
    checked(identity, learner, status)
    stands = status_of(identity, learner)
    assert (stands.status, stands.may_begin(now=NOON)) == (shown, may_begin)


def test_nobody_has_begun(identity, learner):
    stands = status_of(identity, learner)
    assert (stands.status, stands.attempt, stands.may_begin(now=NOON)) == ("not_started", None, True)


def test_an_accepted_check_counts_for_a_year_and_may_be_renewed_in_its_last_weeks(identity, learner):
    done_at = checked(identity, learner).completed_at
    for at, status, may_begin in (
        (done_at + YEAR - 28 * DAY - MOMENT, "verified", False),
        (done_at + YEAR - 28 * DAY, "verified", True),
        (done_at + YEAR - MOMENT, "verified", True),
        (done_at + YEAR, "expired", True),
    ):
        stands = status_of(identity, learner, now=at)
        assert (stands.status, stands.may_begin(now=at)) == (status, may_begin), at


def test_a_check_of_another_course_counts_at_the_same_provider_and_one_of_this_course_wins(identity, learner):
    elsewhere = onboarding_exam(make.course())
    theirs = checked(elsewhere, learner)
    stands = status_of(identity, learner)
    assert (stands.status, stands.valid_until_at) == ("other_course_approved", theirs.completed_at + YEAR)
    assert "already been accepted" in str(eligibility.why_not(identity, learner, now=NOON))
    mine = checked(identity, learner)
    stands = status_of(identity, learner)
    assert (stands.status, stands.attempt.id) == ("verified", mine.id)


def test_a_check_of_another_provider_or_of_last_year_does_not(identity, learner):
    checked(onboarding_exam(make.course(), provider_slug="other"), learner)
    checked(onboarding_exam(make.course()), learner, at=NOON - YEAR - DAY)
    assert status_of(identity, learner).status == "not_started"


def test_a_rejection_here_does_not_hide_an_acceptance_elsewhere(identity, learner):
    checked(onboarding_exam(make.course()), learner)
    checked(identity, learner, S.REJECTED)
    assert status_of(identity, learner).status == "other_course_approved"


def test_one_line_for_each_course_with_its_newest_exam(course, identity, learner):
    newest = onboarding_exam(course, name="Newest")
    onboarding_exam(course, is_active=False)
    onboarding_exam(make.course())  # Not the learner's.
    assert [stands.exam.name for stands in profiles.list_for(learner, now=NOON)] == [newest.name]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_is_an_attempt_that_uses_nothing_up(course, learner, refusal):
    exam = fake_providers.exam(course=course)
    refused = register(exam, learner, answer=Registered(external_id=None, refused_as=refusal))
    assert (refused.status, refused.external_id, refused.is_live) == (refusal, None, False)
    [line] = history.list_for(refused)
    assert (line.actor, line.to_status) == (Actor.PROVIDER, refusal)
    assert registrations.find_open(exam, learner) is None
    assert eligibility.why_not(exam, learner, now=NOON) is None
    again = register(exam, learner)
    assert (again.status, again.provider_slug) == (S.CREATED, "acme")
    assert db.session.scalars(db.select(OutboxMessage.topic).filter(OutboxMessage.topic == "credit")).all() == []


@pytest.mark.parametrize("refusal", REFUSALS)
@pytest.mark.parametrize("again", REFUSALS)
def test_the_same_refusal_again_makes_no_second_attempt_and_another_one_does(course, learner, refusal, again):
    exam = fake_providers.exam(course=course)
    first = register(exam, learner, answer=Registered(external_id=None, refused_as=refusal))
    for _ in range(3):
        second = register(exam, learner, answer=Registered(external_id=None, refused_as=again))
    assert (second.id == first.id) is (again is refusal)
    assert len(db.session.scalars(db.select(Attempt)).all()) == (1 if again is refusal else 2)


def test_an_accepted_check_sets_aside_what_was_refused_for_want_of_it_and_nothing_else(course, identity, learner):
    exam, same = fake_providers.exam(course=course), {"taking_as_proctored": True}
    exams = [exam, exam, exam, fake_providers.exam()]  # The last is of another course, at the same provider.
    blocked = [
        make.attempt(refusal, exam=one, learner=learner, **same) for refusal, one in zip(REFUSALS, exams, strict=True)
    ]
    others = [
        make.attempt(S.ONBOARDING_MISSING, exam=exam, **same),
        make.attempt(S.ONBOARDING_MISSING, exam=fake_providers.exam("other", course=course), learner=learner, **same),
        make.attempt(S.SUBMITTED, exam=exam, learner=learner, **same),
    ]
    check = checked(identity, learner, S.SUBMITTED)
    with writing():
        verdicts.move(attempts.lock(check.id), S.VERIFIED, ACCEPTED, now=NOON)
    db.session.expire_all()
    assert {one.archive_reason for one in blocked} == {"The onboarding exam has been accepted."}
    assert [one.status for one in blocked] == list(REFUSALS)
    assert {history.list_for(one)[-1].event for one in blocked} == {"archived"}
    assert {one.archived_at for one in others} == {None}


@pytest.mark.parametrize("to", [S.REJECTED, S.SECOND_REVIEW_REQUIRED, S.ERROR])
def test_a_check_that_is_not_accepted_unblocks_nothing(course, identity, learner, to):
    blocked = make.attempt(S.ONBOARDING_FAILED, exam=fake_providers.exam(course=course), learner=learner)
    check = checked(identity, learner, S.SUBMITTED)
    with writing():
        verdicts.move(attempts.lock(check.id), to, ACCEPTED, now=NOON)
    db.session.expire_all()
    assert blocked.archived_at is None


@pytest.fixture
def practice(course):
    return fake_providers.exam(course=course, is_practice=True, maximum_attempts=1)


@pytest.mark.parametrize("status", [S.SUBMITTED, S.REJECTED, S.VERIFIED, S.ERROR, S.SECOND_REVIEW_REQUIRED])
def test_practice_is_tried_again_without_limit_and_the_old_try_is_replaced(practice, learner, status):
    old = checked(practice, learner, status)
    new = register(practice, learner)
    db.session.expire_all()
    assert (old.status, old.archived_at, new.status) == (S.ONBOARDING_RESET, None, S.CREATED)
    assert history.list_for(old)[-1].reason == "Tried again."


def test_the_old_try_stays_until_the_provider_has_kept_a_new_place(practice, learner):
    old = checked(practice, learner, S.REJECTED)
    with writing():
        made = registrations.reserve(practice, learner, now=NOON)
        registrations.fail(made, "The provider said no.", now=NOON)
    db.session.expire_all()
    assert old.status is S.REJECTED


def test_a_practice_that_runs_is_gone_on_with(practice, learner):
    old = checked(practice, learner, S.STARTED)
    assert register(practice, learner).id == old.id
    assert db.session.scalars(db.select(Attempt)).one().status is S.STARTED


def test_an_exam_that_counts_is_not_tried_again(course, learner):
    exam = fake_providers.exam(course=course)
    held = make.attempt(S.SUBMITTED, exam=exam, learner=learner, taking_as_proctored=True)
    with pytest.raises(NotNow, match="all your attempts"):
        register(exam, learner)
    db.session.expire_all()
    assert held.status is S.SUBMITTED
