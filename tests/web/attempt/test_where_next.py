"""Where a learner is led: to the question they were at, to the exam that runs; and what a receipt says of time."""

import re
from datetime import timedelta

import pytest
from markupsafe import Markup

from portal.db import writing
from portal.domain.answers import answers
from portal.domain.answers.answers import Said
from portal.domain.attempts import attempts, resuming
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import allowance_terms, allowances, breaks
from portal.models import AllowanceKind
from tests import make
from tests.make import NOON, S

STAFF = Cause(actor=Actor.STAFF, reason="fire alarm")


@pytest.fixture
def attempt(sign_in):
    attempt = make.attempt(S.STARTED, exam=make.exam(name="Algebra", questions=4))
    sign_in(attempt.learner)
    return attempt


def test_the_way_back_into_an_exam_leads_to_the_question_worked_on_last(client, attempt):
    place = f"/attempts/{attempt.ref}"
    assert client.get(f"{place}/").location == f"{place}/exam/1"
    with writing():
        third = answers.ordered_questions(attempt)[2]
        answers.save(attempts.lock(attempt.id), third.id, Said(value="a", seen_version=0), now=NOON)
    assert client.get(f"{place}/").location == f"{place}/exam/3"
    client.post(f"{place}/check-answers")
    assert client.get(f"{place}/").location == f"{place}/check-answers"


def test_while_another_exam_runs_the_page_leads_there_and_not_to_start(client, attempt):
    other = make.attempt(S.CREATED, exam=make.exam(course=attempt.exam.course), learner=attempt.learner)
    page = client.get(f"/attempts/{other.ref}/ready").text
    assert "Your clock is running in another exam." in page
    assert f'href="/attempts/{attempt.ref}/">Continue</a>' in page
    assert "<bdi>Algebra</bdi>" in page
    assert f"/attempts/{other.ref}/start" not in page
    client.post(f"/attempts/{attempt.ref}/submit")
    assert f"/attempts/{other.ref}/start" in client.get(f"/attempts/{other.ref}/ready").text


def test_the_receipt_says_how_long_the_clock_ran_without_what_it_stood_still(client, attempt, the_clock):
    the_clock.advance(minutes=10)
    with writing():
        breaks.pause(attempts.lock(attempt.id), STAFF, now=the_clock.now)
    the_clock.advance(minutes=25)
    with writing():
        resuming.resume_clock(attempts.lock(attempt.id), STAFF, now=the_clock.now)
    the_clock.advance(minutes=7, seconds=5)
    client.post(f"/attempts/{attempt.ref}/submit")
    assert "<dt>Time used</dt><dd>17 minutes</dd>" in client.get(f"/attempts/{attempt.ref}/status").text


def test_an_exam_that_has_closed_no_longer_says_what_it_needs(client, sign_in, the_clock):
    exam = make.exam(closes_at=NOON + timedelta(hours=1))
    sign_in(make.enrol(exam.course))
    assert "What you need" in client.get(f"/exams/{exam.slug}/").text
    the_clock.advance(hours=2)
    page = client.get(f"/exams/{exam.slug}/").text
    assert "This exam has closed." in page
    assert "What you need" not in page


def sentences(page: str) -> set[str]:
    """Of the main part; a title of a few words is none."""
    words = Markup(
        re.sub(r"<(svg|nav|script).*?</\1>", " ", page.partition("<main")[2].partition("</main")[0], flags=re.DOTALL)
    ).striptags()
    return {one.strip().lower() for one in re.split(r"[.:;?!,]\s|\.$", words) if len(one.split()) > 3}


@pytest.mark.parametrize("minutes", [None, 45])
def test_the_page_before_start_says_nothing_that_the_entry_has_said(client, sign_in, minutes):
    exam = make.exam(opens_at=NOON, closes_at=NOON + timedelta(hours=5))
    learner = sign_in(make.enrol(exam.course))
    if minutes:
        with writing():
            terms = allowance_terms.Terms(kind=AllowanceKind.EXTRA_MINUTES, exam=exam, minutes=minutes)
            allowances.grant(exam.course, learner, terms, by=None, reason="Office", now=NOON)
    entry = sentences(client.get(f"/exams/{exam.slug}/").text)
    ready = sentences(client.post(f"/exams/{exam.slug}/begin", follow_redirects=True).text)
    assert any("saved as you type" in one for one in entry) and len(ready) > 2
    shared = {one for one in ready for other in entry if one == other or one in other or other in one}
    assert shared == set()
