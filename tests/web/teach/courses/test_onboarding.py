"""The team's overview of identity profiles: by status, found by name, a page at a time."""

from datetime import timedelta

import pytest

from portal.models import Role
from tests import fake_providers, make
from tests.make import NOON, S


@pytest.fixture
def exam(app, sign_in):
    exam = fake_providers.exam(is_practice=True, is_onboarding=True, name="Onboarding exam")
    sign_in(make.member(Role.STAFF, course=exam.course))
    return exam


def learner(exam, status=None, name="Ada Rahimi", days_ago=0, **given):
    person = make.user(name=name)
    make.enrol(exam.course, person)
    if status:
        facts = {"exam": exam, "learner": person, "at": NOON - timedelta(days=days_ago), "external_id": None, **given}
        fake_providers.attempt(status, **facts)
    return person


def page_of(client, exam, **asked):
    return client.get(f"/teach/courses/{exam.course.slug}/onboarding", query_string=asked).text


@pytest.mark.parametrize(
    ("status", "days_ago", "key", "words"),
    [
        (None, 0, "not_started", "Not started"),
        (S.CREATED, 0, "setup_started", "Setting up"),
        (S.STARTED, 0, "onboarding_started", "In progress"),
        (S.SUBMITTED, 0, "submitted", "Being reviewed"),
        (S.VERIFIED, 10, "verified", "Accepted"),
        (S.VERIFIED, 340, "expiring", "Expires soon"),
        (S.VERIFIED, 366, "expired", "Expired"),
        (S.REJECTED, 0, "rejected", "Not accepted"),
        (S.ERROR, 0, "error", "Failed"),
    ],
)
def test_each_status_is_shown_and_found(client, exam, status, days_ago, key, words):
    learner(exam, status, days_ago=days_ago)
    learner(exam, S.SUBMITTED if key != "submitted" else S.REJECTED, name="Jonas Okoro")
    found = page_of(client, exam, status=key)
    assert "Ada Rahimi" in found and "Jonas Okoro" not in found
    assert f"{words}</span></td>" in found


def test_accepted_in_another_course_counts_at_the_same_provider(client, exam):
    person = learner(exam)
    elsewhere = fake_providers.exam(is_practice=True, is_onboarding=True)
    theirs = fake_providers.attempt(S.VERIFIED, exam=elsewhere, learner=person, external_id="there")
    found = page_of(client, exam, status="other_course_approved")
    assert "Ada Rahimi" in found and theirs.ref not in found


def test_found_by_name_or_address_with_the_filters_in_the_address(client, exam):
    learner(exam, S.VERIFIED)
    other = learner(exam, name="Jonas Okoro")
    assert "Jonas" not in page_of(client, exam, q="rahimi")
    assert "Ada" not in page_of(client, exam, q=other.email.split("@")[0].upper())
    assert "No learners match" in page_of(client, exam, q="%")
    assert "Ada" in page_of(client, exam, status="nonsense", page="x")


def test_a_course_without_an_onboarding_exam_says_so(client, sign_in, app):
    course = make.course()
    sign_in(make.member(Role.STAFF, course=course))
    assert "has no active onboarding exam" in client.get(f"/teach/courses/{course.slug}/onboarding").text


def test_who_may_see_it(client, sign_in, exam):
    sign_in(make.member(Role.INSTRUCTOR))
    assert client.get(f"/teach/courses/{exam.course.slug}/onboarding").status_code == 404


def test_many_learners_cost_the_same_and_come_in_pages(client, exam, statements):
    for number in range(55):
        learner(exam, S.VERIFIED, name=f"Person {number:02}")
    here = f"/teach/courses/{exam.course.slug}/onboarding"
    statements.clear()
    page = client.get(here).text
    assert len(statements) <= 9
    assert "Page 1 of 2" in page and "Person 49" in page and "Person 50" not in page
    assert "Person 50" in client.get(f"{here}?page=2").text
