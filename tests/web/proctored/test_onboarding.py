"""Onboarding exams: how long one counts, where else it counts, and what it unblocks."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.onboarding import profiles
from portal.domain.reviews import verdicts
from portal.domain.reviews.verdicts import Decided
from portal.models import Attempt, ProviderKind, Role, Verdict
from portal.models import AttemptStatus as S
from tests import fake_providers, make
from tests.make import NOON

ONBOARDING = {"is_proctored": True, "is_practice": True, "is_onboarding": True, "provider_slug": "watcher"}


@pytest.fixture
def learner(app, sign_in):
    fake_providers.provider("watcher", kind=ProviderKind.PRACTICE, client=False)
    return sign_in(make.user())


def onboarding_exam(learner, **given):
    exam = make.exam(**{**ONBOARDING, **given})
    make.enrol(exam.course, learner)
    return exam


def done(status, learner, exam, *, days_ago=0):
    at = NOON - timedelta(days=days_ago)
    return make.attempt(status, exam=exam, learner=learner, at=at, is_sample=True, taking_as_proctored=True)


def stands(learner, exam):
    found = {one.exam.id: one for one in profiles.list_for(learner, now=NOON)}
    return found[exam.id]


def test_nobody_asks(client, learner):
    assert b"None of your courses requires" in client.get("/me/onboarding/").data


@pytest.mark.parametrize(
    ("status", "word"),
    [(S.CREATED, "setup_started"), (S.STARTED, "onboarding_started"), (S.SUBMITTED, "submitted"),
     (S.SECOND_REVIEW_REQUIRED, "submitted"), (S.REJECTED, "rejected"), (S.ERROR, "error"), (S.VERIFIED, "verified"),
     (S.ONBOARDING_RESET, "not_started")],
)  # fmt: skip
def test_the_newest_attempt_says_where_it_stands(client, learner, status, word):
    exam = onboarding_exam(learner)
    done(status, learner, exam)
    assert stands(learner, exam).status == word
    assert client.get("/me/onboarding/").status_code == 200


@pytest.mark.parametrize(("days", "word"), [(364, "verified"), (366, "expired")])
def test_it_counts_for_a_year(learner, days, word):
    exam = onboarding_exam(learner)
    done(S.VERIFIED, learner, exam, days_ago=days)
    assert stands(learner, exam).status == word


def test_one_of_another_course_counts_at_the_same_provider(learner):
    elsewhere, here = onboarding_exam(learner), onboarding_exam(learner)
    other_provider = onboarding_exam(learner, provider_slug="another")
    done(S.VERIFIED, learner, elsewhere)
    assert stands(learner, here).status == "other_course_approved"
    assert stands(learner, other_provider).status == "not_started"


def test_one_of_this_course_wins(learner):
    elsewhere, here = onboarding_exam(learner), onboarding_exam(learner)
    done(S.VERIFIED, learner, here, days_ago=100)
    done(S.VERIFIED, learner, elsewhere)
    assert stands(learner, here).status == "verified"


def test_an_accepted_one_is_not_repeated_before_it_nears_its_end(client, learner):
    exam = onboarding_exam(learner)
    done(S.VERIFIED, learner, exam, days_ago=100)
    assert client.post(f"/exams/{exam.slug}/begin").status_code == 409


def test_one_that_ends_soon_is_repeated(client, learner):
    exam = onboarding_exam(learner)
    done(S.VERIFIED, learner, exam, days_ago=340)
    assert client.post(f"/exams/{exam.slug}/begin").status_code == 303


def test_a_retry_takes_the_place_of_the_try_before(client, learner):
    exam = onboarding_exam(learner)
    before = done(S.REJECTED, learner, exam)
    client.post(f"/exams/{exam.slug}/begin")
    db.session.expire_all()
    newest = db.session.scalars(db.select(Attempt).order_by(Attempt.id.desc())).first()
    assert (db.session.get_one(Attempt, before.id).status, newest.status) == (S.ONBOARDING_RESET, S.CREATED)


def test_an_accepted_one_sets_aside_what_the_provider_refused(learner):
    exam = onboarding_exam(learner)
    real = make.exam(course=exam.course, is_proctored=True, provider_slug="watcher")
    blocked = make.attempt(S.ONBOARDING_MISSING, exam=real, learner=learner)
    others = [
        make.attempt(S.ONBOARDING_MISSING, exam=make.exam(is_proctored=True, provider_slug=slug), learner=learner)
        for slug in ("watcher", "another")
    ]
    reviewer = make.member(Role.REVIEWER, course=exam.course)
    mine = done(S.SUBMITTED, learner, exam)
    with writing():
        verdicts.decide(attempts.lock(mine.id), Decided(verdict=Verdict.ACCEPT), reviewer, now=NOON)
    db.session.expire_all()
    assert db.session.get_one(Attempt, blocked.id).archived_at == NOON
    assert [db.session.get_one(Attempt, one.id).archived_at for one in others] == [NOON, None]


def test_a_rejected_one_sets_nothing_aside(learner):
    exam = onboarding_exam(learner)
    real = make.exam(course=exam.course, is_proctored=True, provider_slug="watcher")
    blocked = make.attempt(S.ONBOARDING_MISSING, exam=real, learner=learner)
    reviewer = make.member(Role.REVIEWER, course=exam.course)
    mine = done(S.SUBMITTED, learner, exam)
    no = Decided(verdict=Verdict.REJECT, reason_code="identity", sentence="The card could not be read.")
    with writing():
        verdicts.decide(attempts.lock(mine.id), no, reviewer, now=NOON)
    db.session.expire_all()
    assert db.session.get_one(Attempt, blocked.id).archived_at is None


def test_the_list_of_exams_reminds_of_one_that_ends_soon(client, sign_in, learner, the_clock):
    exam = onboarding_exam(learner, course=make.course(name="Winds & Waves"))
    done(S.VERIFIED, learner, exam, days_ago=336)
    assert "counts until" not in client.get("/me/exams/").text
    the_clock.advance(days=2)
    sign_in(learner)
    page = client.get("/me/exams/").text
    assert "Your onboarding exam for <bdi>Winds &amp; Waves</bdi> is valid until" in page and "/me/onboarding/" in page
    assert "Repeat it before then" in client.get("/me/onboarding/").text
    the_clock.advance(days=40)
    sign_in(learner)
    assert "counts until" not in client.get("/me/exams/").text


def test_one_that_ran_out_says_when_and_warns_on_the_exam_that_needs_it(client, learner):
    exam = onboarding_exam(learner)
    real = make.exam(course=exam.course, is_proctored=True, provider_slug="watcher")
    done(S.VERIFIED, learner, exam, days_ago=366)
    assert "expired on Sun 1 March 2026, 12:10" in client.get("/me/onboarding/").text
    page = client.get(f"/exams/{real.slug}/").text
    assert "Your onboarding exam expired on Sun 1 March 2026, 12:10." in page and 'href="/me/onboarding/"' in page


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (None, "This course requires you to verify your identity first."),
        (S.SUBMITTED, "Your onboarding exam is still being reviewed."),
        (S.REJECTED, "Take the onboarding exam before this exam."),
        (S.VERIFIED, ""),
    ],
)
def test_an_exam_says_where_the_onboarding_exam_stands(client, learner, status, says):
    exam = onboarding_exam(learner)
    real = make.exam(course=exam.course, is_proctored=True, provider_slug="watcher")
    if status:
        done(status, learner, exam)
    page = client.get(f"/exams/{real.slug}/").text
    assert says in page and ("See your onboarding exams" in page) is bool(says)
