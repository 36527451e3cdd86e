"""After one press there is one answer to it: nothing says the same a second time, in a banner or below it."""

import re

import pytest
from markupsafe import Markup

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.reviews import appeals, verdicts
from portal.domain.reviews.verdicts import Decided
from portal.models import ProviderKind, Verdict
from tests import fake_providers, make, review_factories
from tests.make import NOON, S

REJECTED = Decided(verdict=Verdict.REJECT, reason_code="help", sentence="A voice.", without_incident=True)
WITHOUT_SENSE = {"your", "this", "that", "with", "have", "they", "team", "cours"}
BANNER = re.compile(r'<div class="banner[^>]*>.*?</p>', re.DOTALL)


def words(html: str) -> set[str]:
    """What carries the sense of a sentence, in its stem."""
    return {one[:5] for one in re.findall(r"[a-z]{4,}", Markup(html).striptags().lower())} - WITHOUT_SENSE


def check_one_answer(page, *, says: str = "") -> None:
    """``says``: what the one banner of the page has in it; none is wanted where it is empty."""
    main = page.text.partition("<main")[2].partition("</main")[0]
    main = re.sub(r"<(svg|script|nav|form|blockquote).*?</\1>", "", main, flags=re.DOTALL)
    banners = BANNER.findall(main)
    assert len(banners) == (1 if says else 0), banners
    if not says:
        return
    assert says in Markup(banners[0]).striptags().replace("Sent", "sent")
    said = words(banners[0])
    below = re.split(r"</p>|</h\d>|</li>|</dd>|</blockquote>", main.replace(banners[0], ""))
    assert [part for part in below if len(said & words(part)) > len(said) / 2] == []


@pytest.fixture
def running(sign_in):
    attempt = make.attempt(S.STARTED, exam=make.exam(questions=3))
    sign_in(attempt.learner)
    return attempt


@pytest.fixture
def rejected(app):
    attempt = review_factories.waiting()
    judge = review_factories.reviewer(attempt)
    with writing():
        verdicts.decide(attempts.lock(attempt.id), REJECTED, judge, now=NOON)
    return attempt


def test_a_question_to_the_course_team(client, running):
    page = client.post(f"/attempts/{running.ref}/ask", data={"words": "Is a ruler allowed?"}, follow_redirects=True)
    check_one_answer(page, says="Your message was sent to the course team.")


def test_an_answer_that_comes_too_late(client, running, the_clock):
    the_clock.advance(minutes=70)
    sent = {"value": "b", "version": "0", "go": "next"}
    page = client.post(f"/attempts/{running.ref}/exam/2", data=sent, follow_redirects=True)
    assert "stored separately" in page.text
    check_one_answer(page, says="it does not count automatically")


def test_an_appeal(client, sign_in, rejected):
    sign_in(rejected.learner)
    sent = {"text": "It was the radio of a neighbour."}
    page = client.post(f"/attempts/{rejected.ref}/appeal", data=sent, follow_redirects=True)
    check_one_answer(page, says="Your appeal was sent.")


def test_taking_it_without_proctoring(client, sign_in):
    fake_providers.provider("watcher", kind=ProviderKind.PRACTICE, client=False)
    exam = make.exam(is_proctored=True, provider_slug="watcher", may_decline=True)
    sign_in(make.enrol(exam.course))
    chosen = {"understood": "yes"}
    page = client.post(f"/exams/{exam.slug}/without-proctoring", data=chosen, follow_redirects=True)
    assert "You are taking this exam without proctoring." in page.text
    check_one_answer(page, says="Your choice is saved.")


@pytest.mark.parametrize("minutes", [10, 0])
@pytest.mark.parametrize("has_next", [True, False])
def test_a_decision(app, client, sign_in, monkeypatch, minutes, has_next):
    """On the next attempt the banner with *Undo* says it; where there is none of either, the message does."""
    monkeypatch.setitem(app.config, "DECISION_UNDO_MINUTES", minutes)
    attempt = review_factories.waiting()
    if has_next:
        review_factories.waiting(exam=attempt.exam, learner=make.enrol(attempt.exam.course))
    sign_in(review_factories.reviewer(attempt))
    page = decide(client, attempt)
    check_one_answer(page, says="sent")
    assert ("Undo" in page.text.partition("<main")[2].partition("<table")[0]) is (has_next and minutes > 0)


def decide(client, attempt):
    console = client.get(f"/review/{attempt.ref}").text
    seen = re.search(r'name="seen" type="hidden" value="([^"]*)"|name="seen"[^>]*value="([^"]*)"', console)
    marks = dict.fromkeys(re.findall(r'name="(mark-\d+)"', console), "ok")
    data = {"verdict": "accept", "seen": next(one for one in seen.groups() if one is not None), **marks}
    return client.post(f"/review/{attempt.ref}/decide", data=data, follow_redirects=True)


@pytest.mark.parametrize("minutes", [10, 0])
def test_the_answer_to_an_appeal(app, client, sign_in, monkeypatch, rejected, minutes):
    monkeypatch.setitem(app.config, "DECISION_UNDO_MINUTES", minutes)
    with writing():
        appeals.send(attempts.lock(rejected.id), "It was the radio.", rejected.learner, days=14, now=NOON)
    db.session.expire_all()
    sign_in(review_factories.reviewer(rejected))
    said = {"answer": "We listened again.", "outcome": "stays"}
    answered = client.post(f"/review/{rejected.ref}/answer-appeal", data=said)
    assert answered.location.endswith("#appeal")
    check_one_answer(client.get(answered.location), says="" if minutes else "The learner sees it")
