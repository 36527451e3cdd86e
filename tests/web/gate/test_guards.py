"""Guards load what an address names, for the person who asks, or say why not."""

import pytest
from flask_login import login_user

from portal.domain.errors import NotAllowed, NotFound
from portal.models import Role
from portal.web.gate import guards
from tests import make


@pytest.fixture
def look(app):
    """``look(person, guard, name)`` asks a guard as that person."""

    def look(person, guard, *words, **more):
        with app.test_request_context():
            login_user(person)
            return guard(*words, **more).id

    return look


def test_a_course_is_for_its_team(look):
    course = make.course()
    for person in (make.member(Role.REVIEWER, course=course), make.administrator()):
        assert look(person, guards.the_course, course.slug) == course.id
    for person in (make.user(), make.member(Role.INSTRUCTOR), make.enrol(course)):
        with pytest.raises(NotFound):
            look(person, guards.the_course, course.slug)
    with pytest.raises(NotFound):
        look(make.administrator(), guards.the_course, "nowhere")


def test_a_taught_exam_is_for_its_team_and_its_right(look):
    exam = make.exam()
    member = make.member(Role.PROCTOR, course=exam.course)
    assert look(member, guards.the_taught_exam, exam.slug) == exam.id
    assert look(member, guards.the_taught_exam, exam.slug, right="give_time") == exam.id
    with pytest.raises(NotAllowed):
        look(member, guards.the_taught_exam, exam.slug, right="manage_exam")
    with pytest.raises(NotFound):
        look(make.enrol(exam.course), guards.the_taught_exam, exam.slug)


def test_a_taught_attempt_is_for_the_team_of_its_own_course(look):
    attempt = make.attempt()
    member = make.member(Role.STAFF, course=attempt.exam.course)
    assert look(member, guards.the_taught_attempt, attempt.ref.lower()) == attempt.id
    for person in (attempt.learner, make.member(Role.INSTRUCTOR), make.user()):
        with pytest.raises(NotFound):
            look(person, guards.the_taught_attempt, attempt.ref)


def test_an_exam_is_for_who_is_enrolled(look):
    exam = make.exam(course=make.course(contact="the exam desk, room 4"))
    assert look(make.enrol(exam.course), guards.my_exam, exam.slug) == exam.id
    for person in (make.user(), make.member(Role.INSTRUCTOR, course=exam.course), make.administrator()):
        with pytest.raises(NotAllowed, match="the exam desk, room 4"):
            look(person, guards.my_exam, exam.slug)
    with pytest.raises(NotFound):
        look(make.user(), guards.my_exam, "nowhere")


def test_an_attempt_is_its_learners_alone(look):
    attempt = make.attempt()
    assert look(attempt.learner, guards.my_attempt, attempt.ref) == attempt.id
    others = (make.user(), make.member(Role.INSTRUCTOR, course=attempt.exam.course), make.administrator())
    for person in others:
        with pytest.raises(NotFound):
            look(person, guards.my_attempt, attempt.ref)
