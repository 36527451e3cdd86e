"""Status pages look again by themselves while somebody else has the next step, and are new when there is news."""

import re

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.providers.facts import CommentReceived
from portal.domain.reviews import appeals
from portal.models import ProviderKind
from tests import fake_providers, make, review_factories
from tests.make import NOON, S


@pytest.fixture
def learner(app, sign_in):
    fake_providers.provider("proctorco", kind=ProviderKind.PRACTICE, client=False)
    return sign_in(make.user())


def mark(client, attempt):
    """What the page's waiting hangs on; None where it does not look again."""
    page = client.get(f"/attempts/{attempt.ref}/status").text
    found = re.findall(r'<span id="waiting" hidden data-mark="([^"]*)"', page)
    assert len(found) <= 1 and bool(re.search(r"""src="[^"]*/waiting[^"/]*\.js""", page)) == bool(found)
    return found[0] if found else None


WAITS = (S.SUBMITTED, S.SECOND_REVIEW_REQUIRED, S.ERROR)


@pytest.mark.parametrize("status", [*WAITS, S.VERIFIED, S.REJECTED, S.DECLINED, S.EXPIRED])
@pytest.mark.parametrize("kind", [{}, {"is_practice": True}, {"is_practice": True, "is_onboarding": True}])
def test_which_pages_look_again(client, learner, status, kind):
    exam = make.exam(is_proctored=True, provider_slug="proctorco", **kind)
    facts = {"taking_as_proctored": True, "is_sample": bool(kind)}
    attempt = make.attempt(status, exam=exam, learner=learner, **facts)
    assert (mark(client, attempt) is not None) == (status in WAITS)


def test_a_review_that_arrives_is_news(client, learner):
    attempt = review_factories.proctored(learner=learner)
    marks = [mark(client, attempt)]
    review_factories.report(attempt, "suspicious")
    marks.append(mark(client, attempt))
    assert len(set(marks)) == 2 and None not in marks


def test_an_answer_to_an_appeal_is_news(client, learner):
    attempt = review_factories.proctored(learner=learner, status=S.REJECTED)
    assert mark(client, attempt) is None
    with writing():
        appeals.send(attempts.lock(attempt.id), "It was the radio.", attempt.learner, days=14, now=NOON)
    before, by = mark(client, attempt), review_factories.reviewer(attempt)
    assert before
    with writing():
        appeals.answer(attempts.lock(attempt.id), appeals.Answered(text="It stays."), by, now=NOON)
    assert mark(client, attempt) is None


def noted(client, learner, word, *comments):
    exam = make.exam(is_proctored=True, provider_slug="proctorco", is_practice=True)
    attempt = make.attempt(S.SUBMITTED, exam=exam, learner=learner, taking_as_proctored=True, is_sample=True)
    review_factories.report(attempt, word, *comments)
    db.session.refresh(attempt)
    return client.get(f"/attempts/{attempt.ref}/status").text


AWAY = CommentReceived(comment="Looked away", provider_status="Suspicious", start_seconds=65)
NOWHERE = CommentReceived(comment="No time given", provider_status="Suspicious", is_timed=False)
CLEAN = CommentReceived(comment="All is well", provider_status="ok", is_timed=False)


def test_nothing_was_noted_never_stands_above_what_was_noted(client, learner):
    page = noted(client, learner, "passed", AWAY, NOWHERE, CLEAN)
    assert "There were no incidents" not in page and "no incidents" not in page
    assert "Incidents" in page and "1:05" in page and "No time given" in page
    assert "0:00" not in page and "All is well" not in page


@pytest.mark.parametrize("comments", [(), (CLEAN,)])
def test_a_clean_practice_notes_nothing(client, learner, comments):
    page = noted(client, learner, "passed", *comments)
    assert "There were no incidents." in page and "Incidents" not in page


def test_practice_is_not_being_reviewed(client, learner):
    exam = make.exam(is_proctored=True, provider_slug="proctorco", is_practice=True)
    attempt = make.attempt(S.SUBMITTED, exam=exam, learner=learner, taking_as_proctored=True, is_sample=True)
    for page in (f"/attempts/{attempt.ref}/status", "/me/exams/", f"/exams/{exam.slug}/"):
        text = client.get(page).text
        assert "Being reviewed" not in text and "Practised" in text
