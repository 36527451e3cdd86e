"""Enrolling learners and building the course team; both are harmless twice."""

import pytest

from portal.db import db, writing
from portal.domain.courses import publishing
from portal.domain.errors import NotFound
from portal.models import Enrolment, Membership, Role
from tests import make
from tests.make import NOON

pytestmark = pytest.mark.usefixtures("app")


def test_enrolling_twice_is_once_and_brings_back():
    course, learner = make.course(), make.user()
    with writing():
        publishing.enrol(course, learner, now=NOON).is_active = False
    with writing():
        publishing.enrol(course, learner, now=NOON)
    assert db.session.scalars(db.select(Enrolment.is_active)).all() == [True]


def test_a_person_may_have_several_roles_but_each_once():
    course, person = make.course(), make.user()
    for role in (Role.STAFF, Role.STAFF, Role.REVIEWER):
        with writing():
            publishing.add_member(course, person, role)
    assert sorted(db.session.scalars(db.select(Membership.role))) == [Role.REVIEWER, Role.STAFF]


def test_a_course_that_nobody_knows():
    with pytest.raises(NotFound, match="no course with the key"):
        publishing.get_by_key("nothing")
