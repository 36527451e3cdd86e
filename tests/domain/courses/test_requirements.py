"""What a course asks for before an exam: its list, where a learner stands, and what that lets them begin."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.attempts import creation, eligibility
from portal.domain.courses import prerequisites, publishing, requirements
from portal.domain.courses.published import RequirementPublished
from portal.domain.errors import BadInput, NotNow
from portal.domain.lifecycle import transitions
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.proctoring import declining, registrations
from portal.domain.timekeeping import exam_changes
from portal.jobs import worker
from portal.models import AttemptStatus, Course, CreditRequirement, ProviderKind, ResumeState
from tests import fake_providers, make
from tests.domain.courses import published as p
from tests.make import NOON

S = AttemptStatus


@pytest.fixture
def course(app):
    fake_providers.provider("acme", kind=ProviderKind.PRACTICE, client=False)
    return make.course()


@pytest.fixture
def exams(course):
    """Two exams before the last one, as their order on the course's list."""
    same = {"course": course, "is_proctored": True, "provider_slug": "acme"}
    made = [make.exam(**same, content_id=name, name=name.title()) for name in ("first", "second", "last")]
    ask(course, *(asked(exam.content_id) for exam in made))
    return made


@pytest.fixture
def learner(course):
    return make.enrol(course)


def asked(name, namespace=requirements.EXAM):
    return RequirementPublished(namespace=namespace, name=name, display_name=name.title())


def ask(course, *every):
    with writing() as session:
        requirements.publish(session.get_one(Course, course.id), every)


def stands(learner, name, status, *, at=NOON):
    with writing():
        requirement = db.session.scalars(db.select(CreditRequirement).filter_by(name=name)).one()
        requirements.note(requirement, learner.id, status, at=at)


def why_not(exam, learner):
    reason = eligibility.why_not(exam, learner, now=NOON)
    return str(reason) if reason else ""


def test_nothing_done_yet_is_pending_in_the_courses_order(exams, learner):
    before = prerequisites.prerequisites_for(learner, exams[2])
    assert [one.requirement.name for one in before.pending] == ["first", "second"]
    assert [one.exam.name for one in before.in_order] == ["First", "Second"]
    assert "has a requirement" in why_not(exams[2], learner)
    assert why_not(exams[0], learner) == ""


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        ("satisfied", "satisfied", ""),
        ("satisfied", "submitted", "has a requirement"),
        ("satisfied", "failed", "have not met"),
        ("submitted", "failed", "have not met"),
        ("removed", "satisfied", "has a requirement"),
    ],
)
def test_what_stands_in_the_way(exams, learner, first, second, says):
    stands(learner, "first", first)
    stands(learner, "second", second)
    reason = why_not(exams[2], learner)
    assert says in reason and bool(says) == bool(reason)
    if says:
        with pytest.raises(NotNow), writing():
            registrations.reserve(exams[2], learner, now=NOON)


def test_a_grade_holds_nobody_up_and_what_is_not_an_exam_does(course, exams, learner):
    ask(course, asked("grade", requirements.GRADE), asked("essay", "reverification"), asked("last"))
    assert [one.requirement.name for one in prerequisites.prerequisites_for(learner, exams[2]).pending] == ["essay"]
    stands(learner, "essay", "satisfied")
    assert why_not(exams[2], learner) == ""


def test_practice_and_timed_exams_wait_for_nothing(course, exams, learner):
    for kind in ({"is_practice": True}, {"is_practice": True, "is_onboarding": True}):
        assert why_not(make.exam(course=course, is_proctored=True, provider_slug="acme", **kind), learner) == ""
    assert why_not(make.exam(course=course), learner) == ""
    unlisted = make.exam(course=course, is_proctored=True, provider_slug="acme")
    assert why_not(unlisted, learner) != ""  # An exam that is not on the list waits for the whole of it.


def test_a_resumed_attempt_has_been_asked_before(exams, learner):
    stands(learner, "first", "failed")
    make.attempt(S.ERROR, exam=exams[2], learner=learner, resume_state=ResumeState.GRANTED, taking_as_proctored=True)
    assert why_not(exams[2], learner) == ""


def test_credit_for_an_exam_is_where_the_learner_stands(exams, learner):
    attempt = make.attempt(S.SUBMITTED, exam=exams[0], learner=learner, taking_as_proctored=True)
    for status, seen in ((S.VERIFIED, "satisfied"), (S.REJECTED, "failed")):
        with writing():
            transitions.move(attempt, status, Cause(actor=Actor.REVIEWER, reason="Looked at it"), now=NOON)
        worker.work_through(now=NOON)
        [first, _] = prerequisites.prerequisites_for(learner, exams[2]).in_order
        assert first.status == seen


def test_what_was_said_earlier_does_not_undo_what_was_said_later(exams, learner):
    stands(learner, "first", "satisfied", at=NOON)
    stands(learner, "first", "submitted", at=NOON - timedelta(minutes=1))
    stands_now = prerequisites.prerequisites_for(learner, exams[1])
    assert stands_now.satisfied and not (stands_now.failed or stands_now.pending or stands_now.declined)
    with pytest.raises(BadInput):
        stands(learner, "first", "perhaps")


def test_a_new_list_keeps_the_standings_of_what_stays(course, exams, learner):
    for name in ("first", "second"):
        stands(learner, name, "satisfied")
    ask(course, asked("second"), asked("last"))
    ask(course, asked("first"), asked("second"), asked("last"))
    before = prerequisites.prerequisites_for(learner, exams[2])
    assert [(one.requirement.name, one.status) for one in before.in_order] == [("first", ""), ("second", "satisfied")]
    with pytest.raises(BadInput):
        ask(course, asked("first"), asked("first"))


def test_an_earlier_decline_declines_this_one_without_asking_the_provider(exams, learner):
    stands(learner, "first", "declined")
    stands(learner, "second", "failed")  # A decline comes before everything else.
    assert declining.earlier(exams[2], learner, None) == "First"
    with pytest.raises(NotNow, match="without proctoring"), writing():
        registrations.reserve(exams[2], learner, now=NOON)
    with writing():
        assert declining.follow_earlier(exams[2], learner, now=NOON)
        assert not declining.follow_earlier(exams[2], learner, now=NOON)
        attempt = creation.create(exams[2], learner, now=NOON)
    assert (attempt.status, attempt.taking_as_proctored) == (S.CREATED, False)
    assert eligibility.find_latest(exams[2], learner).id == attempt.id


def test_opting_out_waits_for_nothing(exams, learner):
    fake_providers.change(exams[2], may_decline=True)
    with writing():
        assert declining.decline(exams[2], learner, now=NOON).status is S.DECLINED


def test_publishing_a_course_carries_the_list(app):
    wanted = (asked("e1"), asked("e2"))
    for requirement, is_new in ((wanted, True), (wanted, False), (None, False), (wanted[::-1], True), ((), True)):
        with writing():
            found = publishing.publish(p.course(requirements=requirement), follow=exam_changes.follow, now=NOON)
        assert found.has_new_requirements is is_new
    course = db.session.scalars(db.select(Course)).one()
    assert requirements.list_for(course.id) == []
    with pytest.raises(BadInput, match="no exam gone"):
        publishing.difference(p.course(requirements=(asked("gone"),)))
