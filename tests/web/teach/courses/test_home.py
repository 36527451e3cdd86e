"""The course team's first pages: what needs them, what runs, what comes."""

from datetime import timedelta

import pytest

from portal.models import Role
from tests import make
from tests.make import NOON, S

HOUR = timedelta(hours=1)


@pytest.fixture
def course(app, sign_in):
    """A course, with one of its instructors at the browser."""
    course = make.course(name="Weather")
    sign_in(make.member(Role.INSTRUCTOR, course=course))
    make.enrol(course)
    return course


def test_nothing_needs_somebody_whose_exams_are_fine(client, course):
    make.exam(course=course, name="Final", opens_at=NOON + HOUR, closes_at=NOON + 5 * HOUR)
    page = client.get("/teach/").text
    assert "Nothing needs your attention." in page
    assert "Next is Final, 13:00" in page


def test_somebody_without_a_course_is_told_whom_to_ask(client, sign_in, app):
    sign_in(make.user())
    assert "You are not on any course team" in client.get("/teach/").text


def test_a_stopped_clock_and_an_unready_exam_need_the_team(client, course):
    exam = make.exam(course=course, name="Midterm", closes_at=NOON + 5 * HOUR)
    make.attempt(exam=exam, is_paused=True, paused_at=NOON)
    make.exam(course=course, name="Empty", questions=0, opens_at=NOON + HOUR, closes_at=NOON + 5 * HOUR)
    page = client.get("/teach/").text
    assert "1 learner has a paused clock" in page
    assert "The exam has no questions" in page
    assert '<b class="ink">1</b> attempt in progress' in page


def test_a_break_of_the_learners_own_needs_nobody(client, course):
    exam = make.exam(course=course, name="Midterm", closes_at=NOON + 5 * HOUR)
    make.attempt(exam=exam, is_paused=True, paused_at=NOON, break_ends_at=NOON + HOUR)
    page = client.get("/teach/").text
    assert "paused clock" not in page
    assert '<b class="ink">1</b> attempt in progress' in page


@pytest.mark.parametrize(
    "window", [{"opens_at": NOON + 60 * 24 * HOUR}, {"closes_at": NOON - HOUR}], ids=["far", "past"]
)
def test_exams_that_are_far_away_or_over_do_not_call(client, course, window):
    make.exam(course=course, questions=0, **{"closes_at": NOON + 70 * 24 * HOUR, **window})
    assert "Nothing needs your attention." in client.get("/teach/").text


def test_exams_of_other_courses_are_not_shown(client, course):
    make.exam(name="Secret exam")
    assert "Secret exam" not in client.get("/teach/").text


def test_an_administrator_sees_every_course(client, sign_in, app):
    sign_in(make.administrator())
    make.course(name="Anybody's")
    assert "Anybody&#39;s" in client.get("/teach/").text


def test_a_course_lists_its_exams_and_people(client, course):
    make.exam(course=course, name="Midterm", closes_at=NOON + 5 * HOUR)
    make.exam(course=course, name="Old quiz", closes_at=NOON - HOUR)
    page = client.get(f"/teach/courses/{course.slug}/").text
    assert page.index("Midterm") < page.index("Old quiz")
    assert "Instructor" in page and "Learners" in page


def test_a_course_without_exams_says_how_they_come(client, course):
    assert "flask --app wsgi course import" in client.get(f"/teach/courses/{course.slug}/").text


def test_the_first_page_costs_the_same_for_many_exams(client, course, statements):
    for _ in range(8):
        make.attempt(S.STARTED, exam=make.exam(course=course))
    statements.clear()
    client.get("/teach/")
    assert len(statements) <= 14
