"""Settings of a course: what instructors decide, that each change is kept with its author, and what it does."""

import pytest

from portal.db import db
from portal.models import Course, CourseChange, Role
from tests import make, review_factories
from tests.make import S


@pytest.fixture
def course(app, sign_in):
    course = make.course(contact="team@example.edu")
    sign_in(make.member(Role.INSTRUCTOR, course=course, user=make.user(name="Dr Lind")))
    return course


AS_IT_IS = {"needs_second_review": "y", "decline_cascades": "y", "contact": "team@example.edu"}


def save(client, course, **said):
    return client.post(f"/teach/courses/{course.slug}/settings", data={**AS_IT_IS, **said})


def settings(course):
    db.session.rollback()
    kept = db.session.get_one(Course, course.id, populate_existing=True)
    return kept


def test_each_change_is_kept_with_its_author(client, course):
    said = {"needs_two_reviewers": "y", "overrides_grade": "y", "escalation_email": " exams@example.edu "}
    assert save(client, course, **said).status_code == 303
    kept = settings(course)
    assert (kept.needs_two_reviewers, kept.overrides_grade) == (True, True)
    assert (kept.escalation_email, kept.needs_second_review) == ("exams@example.edu", True)
    page = client.get(f"/teach/courses/{course.slug}/settings").text
    assert "before: off. Dr Lind" in page and "exams@example.edu" in page
    assert db.session.query(CourseChange).count() == 3


def test_what_is_set_already_changes_nothing(client, course):
    assert save(client, course).status_code == 303
    assert db.session.query(CourseChange).count() == 0


def test_an_empty_request_changes_nothing(client, course):
    save(client, course)
    before = settings(course)
    client.post(f"/teach/courses/{course.slug}/settings", data={"csrf_token": "and nothing else"})
    assert settings(course) == before


def test_an_unticked_box_is_off(client, course):
    client.post(f"/teach/courses/{course.slug}/settings", data={"contact": "team@example.edu"})
    kept = settings(course)
    assert (kept.needs_second_review, kept.decline_cascades) == (False, False)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"escalation_email": "the office"}, "Enter one email address"),
        ({"escalation_email": "a@b.example, c@d.example"}, "Enter one email address"),
        ({"escalation_email": "a@b.example\nBcc: everybody@example.edu"}, "Enter one email address"),
        ({"contact": "x" * 201}, "at most 200 characters"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client, course, said, words):
    refused = save(client, course, overrides_grade="y", **said)
    assert refused.status_code == 422 and words in refused.text
    assert settings(course).overrides_grade is False
    assert db.session.query(CourseChange).count() == 0


@pytest.mark.parametrize("role", [Role.STAFF, Role.PROCTOR, Role.REVIEWER])
def test_only_instructors_decide(client, sign_in, course, role):
    sign_in(make.member(role, course=course))
    assert client.get(f"/teach/courses/{course.slug}/settings").status_code == 403
    assert save(client, course, overrides_grade="y").status_code == 403
    assert "/settings" not in client.get(f"/teach/courses/{course.slug}/").text.partition("<main")[2]
    sign_in(make.member(Role.INSTRUCTOR))
    assert save(client, course, overrides_grade="y").status_code == 404
    assert settings(course).overrides_grade is False


def test_without_second_reviews_a_bad_report_fails_the_learner(client, course):
    client.post(f"/teach/courses/{course.slug}/settings", data={"contact": "team@example.edu"})
    attempt = review_factories.proctored(exam=make.exam(is_proctored=True, provider_slug="proctorco", course=course))
    review_factories.report(attempt, "violation", review_factories.VOICE)
    db.session.refresh(attempt)
    assert attempt.status is S.REJECTED
