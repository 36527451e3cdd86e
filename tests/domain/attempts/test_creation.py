"""How an attempt comes to be: once however often it is pressed, numbered, limited, and going on where one broke off."""

import re

import pytest

from portal.db import db, writing
from portal.domain.answers import answers
from portal.domain.answers.answers import Said
from portal.domain.attempts import attempts, creation, eligibility, resuming
from portal.domain.errors import NotAllowed, NotNow
from portal.domain.lifecycle import history
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.providers.facts import Registered
from portal.models import Attempt, OutboxMessage, ProviderKind, Registration, ResumeState, Topic
from portal.models.attempts.attempt import LIVE
from tests import fake_providers, make
from tests.make import NOON, S

STAFF = Cause(actor=Actor.STAFF, reason="Power cut")
REFUSALS = [S.ONBOARDING_MISSING, S.ONBOARDING_PENDING, S.ONBOARDING_FAILED, S.ONBOARDING_EXPIRED]
#: What a retry of proctored practice takes the place of.
REPLACED = {
    S.SUBMITTED, S.SECOND_REVIEW_REQUIRED, S.VERIFIED, S.REJECTED, S.ERROR, S.DECLINED, S.TIMED_OUT,
}  # fmt: skip
ENDED = [status for status in S if status not in LIVE]


@pytest.fixture
def course(app):
    fake_providers.provider("acme", kind=ProviderKind.PRACTICE, client=False)
    return make.course()


@pytest.fixture
def learner(course):
    return make.enrol(course)


def timed(course, **given):
    return make.exam(course=course, **given)


def proctored(course, **given):
    return fake_providers.exam(course=course, **given)


def create(exam, learner, *, now=NOON):
    with writing():
        return creation.create(exam, learner, now=now)


def register(exam, learner, *, refused_as=None):
    """The provider has answered."""
    number = db.session.query(Registration).count()
    facts = {"provider_slug": "acme", "attempt_code": f"CODE-{number}", "created_at": NOON}
    asked = make.row(Registration(exam_id=exam.id, learner_id=learner.id, **facts))
    answer = Registered(external_id=None if refused_as else f"place-{number}", refused_as=refused_as)
    with writing():
        return creation.create_registered(exam, learner, asked, answer, now=NOON)


def statuses(learner):
    db.session.expire_all()
    query = db.select(Attempt.status).filter_by(learner_id=learner.id)
    return list(db.session.scalars(query.order_by(Attempt.id)))


def lines(attempt):
    return [(line.from_status, line.to_status, line.actor) for line in history.list_for(attempt)]


def suspended(exam, learner, *, is_resumed=True, **given):
    """Begun at noon, answered once, and suspended after ten minutes."""
    made = make.attempt(exam=exam, learner=learner, seed=77, **given)
    later = NOON.replace(minute=10)
    with writing():
        held = attempts.lock(made.id)
        answers.save(held, answers.ordered_questions(held)[0].id, Said(value="b", seen_version=0), now=NOON)
        resuming.fail(held, STAFF, now=later)
        if is_resumed:
            resuming.grant_resume(held, STAFF, extra_minutes=5, now=later)
    return made


def test_a_reference_can_be_read_out_and_none_is_like_another():
    refs = {creation.new_ref() for _ in range(100)}
    assert len(refs) == 100
    assert all(re.fullmatch(r"[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{4}", ref) for ref in refs)


@pytest.mark.parametrize("is_practice", [True, False])
def test_a_new_attempt_is_at_the_newest_version_and_has_not_begun(course, learner, is_practice):
    exam = timed(course, is_practice=is_practice)
    newest = make.version(exam)
    made = create(exam, learner)
    assert (made.exam, made.learner, made.exam_version) == (exam, learner, newest)
    assert (made.status, made.created_at, made.started_at, made.is_sample) == (S.CREATED, NOON, None, is_practice)
    assert (made.provider_slug, made.external_id, made.taking_as_proctored) == (None, None, False)
    assert lines(made) == [(None, S.CREATED, Actor.LEARNER)]
    assert attempts.get_by_ref(made.ref) is made and made.attempt_code == made.attempt_code.upper()


def test_the_questions_freeze_at_the_first_attempt_and_stay_so(course, learner):
    exam, later = timed(course), NOON.replace(hour=13)
    version = create(exam, learner).exam_version
    assert create(exam, make.enrol(course), now=later).exam_version is version
    assert version.frozen_at == NOON


@pytest.mark.parametrize("status", S)
@pytest.mark.parametrize("maximum", [0, 1])
def test_a_second_press_gives_a_live_one_back(course, learner, status, maximum):
    exam = timed(course, maximum_attempts=maximum)
    first = make.attempt(status, exam=exam, learner=learner)
    if status in LIVE:
        assert create(exam, learner) is first
    elif maximum and status not in eligibility.UNCOUNTED:
        with pytest.raises(NotNow, match="used all your attempts"):
            create(exam, learner)
    else:
        assert create(exam, learner).id != first.id
        assert statuses(learner) == [status, S.CREATED]
        return
    assert statuses(learner) == [status]


@pytest.mark.parametrize("maximum", [1, 2, 3])
def test_so_many_and_no_more(course, learner, maximum):
    exam = timed(course, maximum_attempts=maximum)
    made = []
    for _ in range(maximum):
        made.append(create(exam, learner))
        fake_providers.change(made[-1], status=S.SUBMITTED, completed_at=NOON)
    with pytest.raises(NotNow, match="used all your attempts"):
        create(exam, learner)
    with pytest.raises(NotNow, match="used all your attempts"):
        creation.check_begin(exam, learner, now=NOON)
    assert len({one.ref for one in made}) == len({one.attempt_code for one in made}) == maximum
    assert len({one.seed for one in made}) == maximum
    assert create(exam, make.enrol(course)).status is S.CREATED


@pytest.mark.parametrize(
    ("given", "error"),
    [({"is_active": False}, NotNow), ({"closes_at": NOON}, NotNow), ({"questions": 0}, NotNow), ({}, NotAllowed)],
)
def test_who_may_not_begin_gets_nothing(course, learner, given, error):
    person = learner if given else make.user()
    with pytest.raises(error):
        create(timed(course, **given), person)
    assert statuses(person) == []


@pytest.mark.parametrize("latest", [None, *ENDED])
def test_a_proctored_exam_begins_with_its_provider_unless_it_was_declined(course, learner, latest):
    exam = proctored(course, maximum_attempts=0)
    if latest:
        make.attempt(latest, exam=exam, learner=learner, taking_as_proctored=latest is not S.DECLINED)
    if latest is S.DECLINED:
        assert create(exam, learner).taking_as_proctored is False
        return
    with pytest.raises(NotNow, match="through its proctoring provider"):
        create(exam, learner)
    assert statuses(learner) == ([latest] if latest else [])


@pytest.mark.parametrize("is_practice", [True, False])
def test_the_providers_answer_makes_a_proctored_one(course, learner, is_practice):
    made = register(proctored(course, is_practice=is_practice), learner)
    assert (made.provider_slug, made.external_id, made.attempt_code) == ("acme", "place-0", "CODE-0")
    assert (made.status, made.taking_as_proctored, made.is_sample) == (S.CREATED, True, is_practice)
    assert lines(made) == [(None, S.CREATED, Actor.LEARNER)]


@pytest.mark.parametrize("refused_as", REFUSALS)
@pytest.mark.parametrize("latest", [None, *S])
def test_a_refusal_beside_each_latest_attempt(course, learner, refused_as, latest):
    exam = proctored(course)
    before = make.attempt(latest, exam=exam, learner=learner, taking_as_proctored=True) if latest else None
    made = register(exam, learner, refused_as=refused_as)
    if latest in {*LIVE, refused_as}:
        assert (made, statuses(learner)) == (before, [latest])
        return
    assert (made.external_id, lines(made)) == (None, [(None, refused_as, Actor.PROVIDER)])
    assert statuses(learner) == [*([latest] if latest else []), refused_as]


@pytest.mark.parametrize("latest", ENDED)
@pytest.mark.parametrize("is_practice", [True, False])
@pytest.mark.parametrize("is_proctored", [True, False])
def test_a_retry_of_proctored_practice_replaces_the_try_before(course, learner, latest, is_practice, is_proctored):
    exam = (proctored if is_proctored else timed)(course, is_practice=is_practice, maximum_attempts=0)
    make.attempt(latest, exam=exam, learner=learner, is_sample=is_practice, taking_as_proctored=is_proctored)
    (register if is_proctored else create)(exam, learner)
    is_replaced = latest in REPLACED and is_practice and is_proctored
    assert statuses(learner) == [S.ONBOARDING_RESET if is_replaced else latest, S.CREATED]


@pytest.mark.parametrize("is_proctored", [True, False])
def test_what_was_suspended_continues_with_its_time_its_order_and_its_answers(course, learner, is_proctored):
    exam = proctored(course) if is_proctored else timed(course)
    first = suspended(exam, learner, taking_as_proctored=is_proctored)
    make.version(exam, questions=5)
    second = (register if is_proctored else create)(exam, learner)
    db.session.refresh(first)
    assert (first.resume_state, second.resumes_id) == (ResumeState.RESUMED, first.id)
    assert statuses(learner) == [S.ERROR, S.CREATED]
    assert (second.exam_version, second.seed, second.time_remaining_seconds) == (first.exam_version, 77, 55 * 60)
    assert (second.limit_seconds, second.promised_at) == (3600, NOON)
    assert (second.answered_count, second.saved_at) == (1, NOON)
    kept = [(one.question_id, one.value, one.version) for one in answers.list_for(second).values()]
    assert kept == [(one.question_id, "b", one.version) for one in answers.list_for(first).values()]
    assert (register if is_proctored else create)(exam, learner) is second


def test_a_refusal_leaves_the_resume_for_when_it_is_put_right(course, learner):
    exam = proctored(course)
    first = suspended(exam, learner, taking_as_proctored=True)
    refused = register(exam, learner, refused_as=S.ONBOARDING_EXPIRED)
    db.session.refresh(first)
    assert (first.resume_state, refused.answered_count) == (ResumeState.GRANTED, 0)


def test_who_waits_for_the_team_makes_nothing_new(course, learner):
    exam = timed(course, maximum_attempts=0)
    suspended(exam, learner, is_resumed=False)
    with pytest.raises(NotNow, match="was suspended"):
        create(exam, learner)
    assert statuses(learner) == [S.ERROR]


def test_starting_again_makes_a_reset_final(course, learner):
    exam = proctored(course)
    first = fake_providers.attempt(S.SUBMITTED, exam=exam, learner=learner)
    with writing():
        attempts.archive(attempts.lock(first.id), STAFF, now=NOON)
    removal = db.select(OutboxMessage).filter_by(topic=Topic.PROVIDER_REMOVE)
    assert db.session.scalars(removal).one().available_at == NOON.replace(minute=10)
    register(exam, learner)
    db.session.expire_all()
    assert db.session.scalars(removal).one().available_at == NOON


def test_without_proctoring_one_is_made_whether_or_not_it_may_be_begun(course):
    exam, stranger = proctored(course, closes_at=NOON), make.user()
    with writing():
        made = creation.unproctored(exam, stranger, now=NOON)
    assert (made.status, made.taking_as_proctored, made.provider_slug) == (S.CREATED, False, None)
