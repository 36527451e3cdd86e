"""After a proctored practice exam: told what would have been noted, and neither judged, mailed nor asked to appeal."""

import pytest

from portal.db import db
from portal.domain.providers.facts import CommentReceived
from portal.models import OutboxMessage, ProviderKind
from tests import fake_providers, make, review_factories
from tests.make import S

PRACTICE = {"is_proctored": True, "is_practice": True, "provider_slug": "watcher"}
ONBOARDING = {**PRACTICE, "is_onboarding": True}


@pytest.fixture
def learner(app, sign_in):
    fake_providers.provider("watcher", kind=ProviderKind.PRACTICE, client=False)
    return sign_in(make.user())


def submitted(learner, exam=PRACTICE, status=S.SUBMITTED):
    facts = {"taking_as_proctored": True, "is_sample": "is_practice" in exam}
    return make.attempt(status, exam=make.exam(**exam), learner=learner, **facts)


def reported(client, attempt, word):
    client.post(f"/attempts/{attempt.ref}/proctor", data={"action": "review", "word": word})
    return client.get(f"/attempts/{attempt.ref}/status").text


def test_while_the_report_is_on_its_way_nothing_is_promised(client, learner):
    page = client.get(f"/attempts/{submitted(learner).ref}/status").text
    assert "Your practice is over" in page and "Practice exams do not count." in page
    assert "We will email you" not in page and "Result" not in page


@pytest.mark.parametrize("word", ["suspicious", "violation"])
def test_a_suspicious_practice_says_what_would_have_been_noted(client, learner, word):
    attempt = submitted(learner)
    page = reported(client, attempt, word)
    for words in ("a person would have reviewed your recording", "A person should check this.", "3:20", "Try again"):
        assert words in page
    for words in ("ot accepted", "another look", "We will email you"):
        assert words not in page
    assert db.session.scalars(db.select(OutboxMessage).filter_by(topic="email")).all() == []
    assert "Practised: incidents reported" in client.get("/me/exams/").text


def test_what_a_provider_noted_is_escaped(client, learner):
    attempt = submitted(learner)
    review_factories.report(
        attempt, "suspicious", CommentReceived(comment="<b>Left</b> the view", provider_status="Odd")
    )
    assert "&lt;b&gt;Left&lt;/b&gt; the view" in client.get(f"/attempts/{attempt.ref}/status").text


def test_a_practice_that_went_well(client, learner):
    page = reported(client, submitted(learner), "passed")
    assert "There were no incidents." in page and "Try again" in page
    assert "Practised: no incidents" in client.get("/me/exams/").text


def test_there_is_nothing_to_appeal_against(client, learner):
    attempt = submitted(learner, status=S.REJECTED)
    place = f"/attempts/{attempt.ref}/appeal"
    assert "There is nothing to appeal against" in client.get(place).text
    assert client.post(place, data={"text": "It was my sister, not me."}).status_code == 409


def test_a_practice_that_was_suspended_waits_for_nobody(client, learner):
    page = client.get(f"/attempts/{submitted(learner, status=S.ERROR).ref}/status").text
    assert "ended this attempt" in page and "The course team decides" not in page


def test_an_identity_check_is_called_one_and_may_be_appealed(client, learner):
    attempt = submitted(learner, ONBOARDING)
    waits = client.get(f"/attempts/{attempt.ref}/status").text
    assert "Your onboarding exam is being reviewed" in waits and "We will email you" not in waits
    fake_providers.change(attempt, status=S.REJECTED)
    page = client.get(f"/attempts/{attempt.ref}/status").text
    assert "Your onboarding exam was not accepted" in page and "Appeal" in page
    fake_providers.change(attempt, status=S.VERIFIED)
    assert "Your onboarding exam was accepted" in client.get(f"/attempts/{attempt.ref}/status").text


def test_an_exam_that_counts_is_judged_as_before(client, learner):
    attempt = submitted(learner, {"is_proctored": True, "provider_slug": "watcher"})
    assert "We will email you at each step" in client.get(f"/attempts/{attempt.ref}/status").text
    fake_providers.change(attempt, status=S.REJECTED)
    page = client.get(f"/attempts/{attempt.ref}/status").text
    assert "Your exam was not accepted" in page and "Appeal" in page
