"""What a course asks for before credit: seen by its team, changed by its instructors, each change kept."""

import pytest

from portal.db import db, writing
from portal.domain.courses import requirements
from portal.domain.courses.published import RequirementPublished
from portal.models import CourseChange, Role
from tests import make


@pytest.fixture
def course(app, sign_in):
    made = make.course(name="Weather")
    sign_in(make.member(Role.INSTRUCTOR, course=made, user=make.user(name="Dr Lind")))
    return made


@pytest.fixture
def exams(course):
    names = ("Clouds", "Winds", "Rain")
    return [make.exam(course=course, name=name, is_proctored=True, provider_slug="acme") for name in names]


def names(course):
    db.session.rollback()
    return [one.display_name for one in requirements.list_for(course.id)]


def number(course, name):
    return next(one.id for one in requirements.list_for(course.id) if one.display_name == name)


def press(client, course, action, **said):
    place = f"/teach/courses/{course.slug}/requirements"
    return client.post(place, data={"do": action, **said}, follow_redirects=True).text


def test_exams_are_added_moved_and_taken_out(client, course, exams):
    for exam in (*exams, exams[0]):
        press(client, course, "add", exam=exam.slug)
    assert names(course) == ["Clouds", "Winds", "Rain"]
    press(client, course, "earlier", requirement=number(course, "Rain"))
    press(client, course, "later", requirement=number(course, "Clouds"))
    assert names(course) == ["Rain", "Clouds", "Winds"]
    press(client, course, "earlier", requirement=number(course, "Rain"))
    press(client, course, "later", requirement=number(course, "Winds"))
    assert names(course) == ["Rain", "Clouds", "Winds"]
    page = press(client, course, "take_out", requirement=number(course, "Clouds"))
    assert names(course) == ["Rain", "Winds"]
    assert f'<option value="{exams[0].slug}">Clouds</option>' in page and f'value="{exams[1].slug}"' not in page


def test_every_change_is_kept_with_its_author(client, course, exams):
    press(client, course, "add", exam=exams[0].slug)
    press(client, course, "add", exam=exams[1].slug)
    press(client, course, "later", requirement=number(course, "Winds"))
    lines = [(one.old_value, one.new_value, one.by.name) for one in db.session.scalars(db.select(CourseChange))]
    assert lines == [("", "Clouds", "Dr Lind"), ("Clouds", "Clouds, Winds", "Dr Lind")]
    assert "Credit requirements</b>: Clouds, Winds" in client.get(f"/teach/courses/{course.slug}/settings").text


def test_what_the_platform_asks_for_stays_and_can_be_ordered(client, course, exams):
    asked = [
        RequirementPublished(namespace=name, name=name, display_name=name.title()) for name in ("grade", "reverify")
    ]
    with writing() as session:
        requirements.publish(session.merge(course), asked)
    press(client, course, "add", exam=exams[0].slug)
    page = press(client, course, "take_out", requirement=number(course, "Reverify"))
    assert "so remove it there" in page and "grade, does not block an exam" in page
    press(client, course, "earlier", requirement=number(course, "Clouds"))
    assert names(course) == ["Grade", "Clouds", "Reverify"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"do": "add", "exam": "no-such"}, "has no exam no-such"),
        ({"do": "add"}, "has no exam"),
        ({"do": "earlier", "requirement": "999"}, "no longer in the list"),
        ({"do": "take_out", "requirement": "x"}, "no longer in the list"),
        ({"do": "dance"}, "Choose an action"),
    ],
)
def test_what_cannot_be_done_is_said(client, course, exams, said, words):
    action = said.pop("do")
    assert words in press(client, course, action, **said)
    assert names(course) == []


def test_practice_and_timed_exams_bring_no_credit(client, course):
    practice = make.exam(course=course, name="Try", is_proctored=True, is_practice=True)
    timed = make.exam(course=course, name="Quiz")
    for exam in (practice, timed):
        assert exam.slug not in client.get(f"/teach/courses/{course.slug}/requirements").text
        assert "is not a proctored exam that counts" in press(client, course, "add", exam=exam.slug)


def test_an_exam_of_another_course_cannot_be_asked_for(client, course):
    other = make.exam(is_proctored=True)
    assert "has no exam" in press(client, course, "add", exam=other.slug)


def test_the_others_of_the_team_only_look(client, sign_in, course, exams):
    press(client, course, "add", exam=exams[0].slug)
    sign_in(make.member(Role.STAFF, course=course))
    page = client.get(f"/teach/courses/{course.slug}/requirements").text
    assert "Clouds" in page and "Remove" not in page and "Add exam" not in page
    assert client.post(f"/teach/courses/{course.slug}/requirements", data={"do": "add"}).status_code == 403
    assert "1. Clouds" in client.get(f"/teach/courses/{course.slug}/").text
    sign_in(make.member(Role.INSTRUCTOR))
    assert client.get(f"/teach/courses/{course.slug}/requirements").status_code == 404
