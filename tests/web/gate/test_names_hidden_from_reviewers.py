"""A reviewer reads no learner's name before asking for it, wherever the page is; the rest of the team does."""

from datetime import timedelta

import pytest

from portal.db import writing
from portal.domain.timekeeping import allowances
from portal.domain.timekeeping.allowance_terms import Terms
from portal.models import AllowanceKind, Role
from tests import fake_providers, make, review_factories
from tests.fake_providers import review, say
from tests.make import NOON

NAME, EMAIL = "Ada Rahimi", "ada.rahimi@example.edu"


@pytest.fixture
def attempt(client):
    """With everything that could name its learner: an allowance that the window cuts, messages, a history."""
    fake_providers.provider()
    exam = fake_providers.exam(closes_at=NOON + timedelta(hours=1), opens_at=NOON - timedelta(hours=1))
    learner = make.enrol(exam.course, make.user(name=NAME, email=EMAIL))
    with writing():
        terms = Terms(kind=AllowanceKind.EXTRA_MINUTES, minutes=90, exam=exam)
        allowances.grant(exam.course, learner, terms, by=None, reason="", now=NOON)
    attempt = fake_providers.attempt(exam=exam, learner=learner)
    say(client, "reviewed", review("suspicious", who=NAME))
    return attempt


def pages(attempt):
    [delivery] = fake_providers.deliveries()
    course, exam = attempt.exam.course.slug, attempt.exam.slug
    return [
        "/teach/", f"/teach/courses/{course}", f"/teach/exams/{exam}/", f"/teach/exams/{exam}/attempts",
        f"/teach/exams/{exam}/attempts?q=ada", f"/teach/exams/{exam}/attempts?sort=learner",
        f"/teach/attempts/{attempt.ref}/", f"/teach/attempts/{attempt.ref}/provider-log",
        f"/teach/deliveries/{delivery.id}", "/teach/cases", "/review/", f"/review/{attempt.ref}",
        f"/teach/courses/{course}/allowances", f"/teach/courses/{course}/onboarding",
        f"/api/edx_proctoring/v1/user_onboarding/status/course_id/{attempt.exam.course.key}",
    ]  # fmt: skip


def test_no_page_names_the_learner_to_a_reviewer(client, sign_in, attempt):
    sign_in(review_factories.reviewer(attempt))
    for page in pages(attempt):
        text = client.get(page).text
        assert "Rahimi" not in text and "rahimi" not in text, page


def test_a_name_cannot_be_found_out_by_looking_for_it(client, sign_in, attempt):
    sign_in(review_factories.reviewer(attempt))
    here = f"/teach/exams/{attempt.exam.slug}/attempts"
    assert "No attempt matches these filters." in client.get(f"{here}?q=ada").text
    assert attempt.ref in client.get(f"{here}?q={attempt.ref[:3].lower()}").text
    assert "sort=learner" not in client.get(here).text


def test_who_has_asked_reads_the_name_of_that_attempt_alone(client, sign_in, attempt):
    other = fake_providers.attempt(exam=attempt.exam, learner=make.user(name="Bo Lind"), external_id="ext-2")
    sign_in(review_factories.reviewer(attempt))
    client.post(f"/review/{attempt.ref}/show-name")
    listed = client.get(f"/teach/exams/{attempt.exam.slug}/attempts").text
    assert NAME in listed and EMAIL in listed and "Bo Lind" not in listed
    assert NAME in client.get(f"/teach/attempts/{attempt.ref}/").text
    assert "Bo Lind" not in client.get(f"/teach/attempts/{other.ref}/").text
    assert NAME in client.get(pages(attempt)[8]).text


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.STAFF, Role.PROCTOR])
def test_the_rest_of_the_team_reads_names(client, sign_in, attempt, role):
    sign_in(make.member(role, course=attempt.exam.course))
    for page in pages(attempt)[3:5]:
        assert NAME in client.get(page).text, page
    assert NAME in client.get(f"/teach/attempts/{attempt.ref}/").text


def test_a_reviewer_who_is_staff_too_reads_names(client, sign_in, attempt):
    person = review_factories.reviewer(attempt)
    make.member(Role.STAFF, course=attempt.exam.course, user=person)
    sign_in(person)
    assert NAME in client.get(f"/teach/exams/{attempt.exam.slug}/attempts").text
