"""A note for the proctor: granted like other allowances, told to the provider, and to nobody whom it is not about."""

import pytest

from portal.db import db, writing
from portal.domain.proctoring import registrations
from portal.domain.timekeeping import allowances
from portal.domain.timekeeping.allowance_terms import Terms
from portal.models import AllowanceKind, Attempt, ProviderKind
from tests import fake_providers, make, review_factories
from tests.make import NOON

NOTE = AllowanceKind.REVIEW_POLICY_EXCEPTION


@pytest.fixture
def exam(app):
    fake_providers.provider("watcher", kind=ProviderKind.PRACTICE, client=False)
    return make.exam(is_proctored=True, provider_slug="watcher", review_rules="Work alone.")


@pytest.fixture
def learner(exam):
    return make.enrol(exam.course)


def grant(exam, learner, note, *, for_exam=True):
    terms = Terms(kind=NOTE, note=note, exam=exam if for_exam else None)
    with writing():
        return allowances.grant(exam.course, learner, terms, by=None, reason="", now=NOON)


def asked_of_the_provider(exam, learner):
    """What is said when a place is asked for."""
    with writing():
        waits = registrations.reserve(exam, learner, now=NOON)
        return registrations.lease(waits.id, now=NOON, public_url="https://exams.example.edu").place


def test_without_one_nothing_is_said(exam, learner):
    grant(exam, make.enrol(exam.course), "Somebody else may stand up.")
    grant(make.exam(course=exam.course, is_proctored=True), learner, "Elsewhere.")
    assert asked_of_the_provider(exam, learner).review_exception == ""


def test_the_provider_is_told_what_the_course_and_the_exam_allow(exam, learner):
    grant(exam, learner, "May stand up.")
    grant(exam, learner, "May take medicine.", for_exam=False)
    place = asked_of_the_provider(exam, learner)
    assert (place.review_rules, place.review_exception) == ("Work alone.", "May take medicine.; May stand up.")
    assert place.time_limit_minutes == 60


def test_a_newer_one_takes_its_place(exam, learner):
    grant(exam, learner, "May stand up.")
    grant(exam, learner, "May leave the room once.")
    assert asked_of_the_provider(exam, learner).review_exception == "May leave the room once."


def test_the_learner_reads_their_own_among_the_rules(client, sign_in, exam, learner):
    grant(exam, learner, "May <b>stand</b> up.")
    sign_in(learner)
    assert "May &lt;b&gt;stand&lt;/b&gt; up." in client.get(f"/exams/{exam.slug}/rules").text
    sign_in(make.enrol(exam.course))
    assert "stand" not in client.get(f"/exams/{exam.slug}/rules").text


def test_the_reviewer_reads_it_beside_the_report(client, sign_in, app):
    attempt = review_factories.waiting()
    grant(attempt.exam, db.session.get_one(Attempt, attempt.id).learner, "May look at the wall.")
    sign_in(review_factories.reviewer(attempt))
    assert "note for the proctor: May look at the wall." in client.get(f"/review/{attempt.ref}").text
