"""What reviewers read of a report: contradictions by their name, comments without a time, clean ones, the whole."""

import pytest

from portal.db import db
from portal.models import Decision, ProviderKind, ReviewComment, Role, SupportCase
from tests import fake_providers, make, review_factories
from tests.fake_providers import CALLBACK_TOKEN, review, say
from tests.make import S


@pytest.fixture
def acme(app):
    return fake_providers.provider()


@pytest.fixture
def reported(client, acme, sign_in):
    """Accepted by the machine, which then calls it suspicious."""
    attempt = fake_providers.attempt(exam=fake_providers.exam(name="Clouds"))
    for word in ("passed", "suspicious"):
        say(client, "reviewed", review(word))
    sign_in(review_factories.reviewer(attempt))
    return attempt


def test_a_contradiction_waits_under_its_name_until_somebody_decides(client, reported):
    for page in ("/review/", "/teach/cases"):
        assert "Contradicting report" in client.get(page).text
    console = client.get(f"/review/{reported.ref}").text
    assert "It would have made the attempt held for a second review; it is still accepted." in console
    seen = console.partition('name="seen" type="hidden" value="')[2].partition('"')[0]
    client.post(f"/review/{reported.ref}/decide", data={"seen": seen, "verdict": "accept"})
    client.post(f"/review/{reported.ref}/send")
    assert fake_providers.status_of(reported) is S.VERIFIED
    assert f'id="{reported.ref}"' not in client.get("/review/").text
    assert db.session.scalars(db.select(SupportCase)).one().closing_note == "Decided: Accept."


def test_a_report_that_comes_after_the_decision_was_made_still_waits(client, reported, the_clock):
    seen = (
        client.get(f"/review/{reported.ref}").text.partition('name="seen" type="hidden" value="')[2].partition('"')[0]
    )
    client.post(f"/review/{reported.ref}/decide", data={"seen": seen, "verdict": "accept"})
    the_clock.advance(seconds=30)
    say(client, "reviewed", review("violation"))
    client.post(f"/review/{reported.ref}/send")
    assert f'id="{reported.ref}"' in client.get("/review/").text


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.PROCTOR])
def test_only_a_reviewer_closes_a_contradiction(client, sign_in, reported, role):
    sign_in(make.member(role, course=reported.exam.course))
    [case] = db.session.scalars(db.select(SupportCase))
    page = client.get("/teach/cases").text
    assert ("Decide on the review page" in page) == (role is Role.REVIEWER)
    closed = client.post(f"/teach/cases/{case.id}/close", data={"note": "Talked to the provider"})
    assert closed.status_code == (303 if role is Role.REVIEWER else 404)


def test_the_first_report_on_a_suspended_exam_is_called_what_it_is(client, acme, sign_in):
    attempt = fake_providers.attempt(S.ERROR)
    say(client, "reviewed", review("violation"))
    sign_in(review_factories.reviewer(attempt))
    page = client.get("/review/").text
    assert "Report to decide" in page and "Contradicting" not in page


COMMENTS = [
    {"comment": "At the very beginning", "status": "suspicious", "start": 0, "stop": 2},
    {"comment": "Nobody says when", "status": "suspicious"},
    {"comment": "All is well", "status": "Clean", "start": 7},
    {"comment": "All is fine", "status": "ok"},
]


def test_a_comment_without_a_time_has_none_and_a_clean_one_is_no_incident(client, acme, sign_in):
    attempt = fake_providers.attempt()
    say(client, "reviewed", {"status": "suspicious", "comments": COMMENTS})
    stored = db.session.scalars(db.select(ReviewComment).order_by(ReviewComment.id)).all()
    assert [(one.is_timed, one.is_incident) for one in stored] == [
        (True, True), (False, True), (True, False), (False, False),
    ]  # fmt: skip
    sign_in(review_factories.reviewer(attempt))
    page = client.get(f"/review/{attempt.ref}").text
    assert "Incidents, 2" in page and "2 comments without incident" in page
    incidents = page.partition('<ol class="incidents">')[2].partition("</ol>")[0]
    assert "no time" in incidents and "0:00" in incidents and "All is" not in incidents
    assert 'data-label="Incidents" class="num">2<' in client.get("/review/").text


def test_what_psi_says_of_the_whole_is_read_by_team_and_reviewers(client, sign_in):
    fake_providers.provider("acme", kind=ProviderKind.PSI)
    attempt = fake_providers.attempt()
    overall = "The learner <b>whispered</b> throughout. See https://provider.example/v/1"
    body = fake_providers.psi_review(attempt, "Suspicious", overAllComments=overall)
    place = f"/api/edx_proctoring/proctoring_review_callback/{CALLBACK_TOKEN}"
    assert client.post(place, json=body).status_code == 200
    sign_in(review_factories.reviewer(attempt, Role.INSTRUCTOR))
    for page in (f"/review/{attempt.ref}", f"/teach/attempts/{attempt.ref}/"):
        text = client.get(page).text
        assert "The learner &lt;b&gt;whispered&lt;/b&gt; throughout." in text and "provider.example" not in text


@pytest.mark.parametrize("value", [None, 7, ["a"], ""])
def test_odd_overall_comments_refuse_no_review(client, value):
    fake_providers.provider("acme", kind=ProviderKind.PSI)
    body = fake_providers.psi_review(fake_providers.attempt(), overAllComments=value)
    place = f"/api/edx_proctoring/proctoring_review_callback/{CALLBACK_TOKEN}"
    assert client.post(place, json=body).status_code == 200


@pytest.mark.parametrize("comments", [[], COMMENTS[:1]])
def test_a_rejection_that_rests_on_no_incident_asks_first(client, acme, sign_in, comments):
    attempt = fake_providers.attempt()
    say(client, "reviewed", {"status": "suspicious", "comments": comments})
    sign_in(review_factories.reviewer(attempt))
    place = f"/review/{attempt.ref}"
    seen = client.get(place).text.partition('name="seen" type="hidden" value="')[2].partition('"')[0]
    assert 'name="without_incident"' not in client.get(place).text
    form = {"seen": seen, "verdict": "reject", "reason_code": "help", "sentence": "A voice was heard."}
    asked = client.post(f"{place}/decide", data=form)
    assert asked.status_code == 422 and "onfirm" in asked.text
    assert 'name="without_incident"' in asked.text and "A voice was heard." in asked.text
    assert db.session.query(Decision).count() == 0
    assert client.post(f"{place}/decide", data={**form, "without_incident": "y"}).status_code == 303
