"""The review queue: what waits for whom, in which order, without names, at a known price."""

import html
import re
from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.reviews import claims, decisions
from portal.domain.reviews.decisions import MARKS
from portal.domain.reviews.verdicts import Decided
from portal.models import Delivery, DeliveryKind, DeliveryOutcome, ResumeState, ReviewClaim, Role, Verdict
from tests import make, review_factories
from tests.make import NOON, S


def kept(attempt, **given):
    facts = {
        "kind": DeliveryKind.REVIEWED, "body": "{}", "body_sha256": "0" * 64, "received_at": NOON,
        "outcome": DeliveryOutcome.KEPT, "attempt_id": attempt.id,
    }  # fmt: skip
    return make.row(Delivery(**{**facts, **given}))


def test_what_waits_is_shown_without_a_name(client, reviewer, attempt):
    page = client.get("/review/").text
    assert attempt.ref in page and "Second review" in page
    assert "Ada" not in page and "ada@example.edu" not in page


def test_a_reviewer_of_another_course_sees_nothing(client, sign_in, attempt):
    sign_in(make.member(Role.REVIEWER))
    assert attempt.ref not in client.get("/review/").text
    assert client.get(f"/review/{attempt.ref}").status_code == 404


@pytest.mark.parametrize("role", [Role.PROCTOR, Role.STAFF])
def test_who_may_not_review_is_refused(client, sign_in, attempt, role):
    sign_in(make.member(role, course=attempt.exam.course))
    assert client.get("/review/").status_code == 403
    assert client.get(f"/review/{attempt.ref}").status_code == 403


def test_nobody_reviews_their_own_attempt(client, sign_in, attempt):
    make.member(Role.REVIEWER, course=attempt.exam.course, user=attempt.learner)
    sign_in(attempt.learner)
    assert attempt.ref not in client.get("/review/").text
    refused = client.get(f"/review/{attempt.ref}")
    assert refused.status_code == 403 and "your own attempt" in refused.text


def test_each_kind_of_waiting(client, reviewer, attempt):
    exam = attempt.exam
    broken = review_factories.proctored(exam=exam, status=S.ERROR, resume_state=ResumeState.RESUMABLE)
    message = review_factories.proctored(exam=exam)
    kept(message)
    accepted = review_factories.proctored(exam=exam, status=S.VERIFIED)
    quiet = review_factories.proctored(exam=exam)
    page = client.get("/review/").text
    assert all(one.ref in page for one in (attempt, broken, message))
    assert accepted.ref not in page and quiet.ref not in page
    assert "Unusable message" in page
    assert broken.ref in client.get("/review/?show=interrupted").text
    assert broken.ref not in client.get("/review/?show=second").text


def test_due_first_and_then_by_weight(client, reviewer, attempt):
    heavy = review_factories.proctored(exam=attempt.exam)
    review_factories.report(heavy, "violation", *[review_factories.VOICE] * 4)
    old = review_factories.proctored(exam=attempt.exam, at=NOON - timedelta(days=3))
    review_factories.report(old, "suspicious")
    page = client.get("/review/").text
    assert page.index(old.ref) < page.index(heavy.ref) < page.index(attempt.ref)


def test_ten_at_most_are_claimed_and_given_back(client, reviewer, attempt):
    for _ in range(11):
        review_factories.waiting(exam=attempt.exam)
    client.post("/review/claim")
    assert db.session.query(ReviewClaim).count() == claims.MOST
    client.post("/review/claim")
    assert db.session.query(ReviewClaim).count() == claims.MOST
    client.post("/review/release")
    assert db.session.query(ReviewClaim).count() == 0


def test_what_is_claimed_by_another_is_left_alone(client, app, sign_in, reviewer, attempt):
    client.post(f"/review/{attempt.ref}/claim")
    other = sign_in(review_factories.reviewer(attempt, name="Prof. Okoro"))
    assert attempt.ref not in client.get("/review/?show=unclaimed").text
    assert "Dr Lind" in client.get("/review/").text
    assert client.post(f"/review/{attempt.ref}/claim").status_code == 409
    client.post(f"/review/{attempt.ref}/release")
    assert db.session.query(ReviewClaim).one().reviewer_id == reviewer.id != other.id


def test_claiming_leads_back_to_the_line_it_was_pressed_in(client, reviewer, attempt):
    for what in ("claim", "release"):
        page = client.get("/review/?show=unclaimed&page=1" if what == "claim" else "/review/?show=mine").text
        button = re.search(rf'action="(/review/{attempt.ref}/{what}[^"]*)"', page)[1]
        assert "page=1" in button
        there = client.post(html.unescape(button)).location
        assert there.endswith(f"#{attempt.ref}") and "show=" in there
        assert f'id="{attempt.ref}"' in client.get("/review/").text
    assert "page=3#" in client.post(f"/review/{attempt.ref}/claim?from=queue&page=3").location


def test_who_has_claimed_enough_is_led_to_the_sentence_that_says_so(client, reviewer, attempt):
    more = [review_factories.waiting(exam=attempt.exam) for _ in range(claims.MOST)]
    for one in more:
        client.post(f"/review/{one.ref}/claim")
    there = client.post(f"/review/{attempt.ref}/claim?from=queue").location
    assert "#" not in there and "Release some attempts first" in client.get(there).text


def test_a_claim_runs_out(client, sign_in, reviewer, attempt, the_clock):
    client.post(f"/review/{attempt.ref}/claim")
    sign_in(review_factories.reviewer(attempt))
    the_clock.advance(hours=4, minutes=1)
    assert attempt.ref in client.get("/review/?show=unclaimed").text


def test_decided_today(client, reviewer, attempt):
    with writing():
        seen = {one.id: MARKS[0] for one in decisions.incidents(attempt)}
        decided = Decided(verdict=Verdict.ACCEPT)
        decisions.make(attempt, decided, reviewer, marks=seen, send_at=NOON + timedelta(minutes=10), now=NOON)
    assert attempt.ref not in client.get("/review/").text
    page = client.get("/review/?show=today").text
    assert attempt.ref in page and "Accept" in page and "Undo" in page


def test_pages_and_nonsense_in_the_address(client, reviewer, attempt):
    for _ in range(26):
        review_factories.waiting(exam=attempt.exam)
    assert "Page 1 of 2" in client.get("/review/?show=nonsense&page=-4").text
    assert "Page 2 of 2" in client.get("/review/?page=99999999999").text


def test_the_queue_costs_eight_queries_at_most(client, reviewer, attempt, statements):
    for _ in range(5):
        kept(review_factories.waiting(exam=attempt.exam))
    client.post("/review/claim")
    statements.clear()
    assert client.get("/review/").status_code == 200
    assert len(statements) <= 8


def test_who_sits_before_a_stopped_exam_comes_first(client, reviewer, attempt):
    old = review_factories.waiting(exam=attempt.exam, at=NOON - timedelta(days=9))
    broken = review_factories.proctored(
        exam=attempt.exam, status=S.ERROR, resume_state=ResumeState.RESUMABLE, at=NOON - timedelta(hours=1)
    )
    page = client.get("/review/").text
    assert page.index(broken.ref) < page.index(old.ref) < page.index(attempt.ref)
    assert "urgent" in page and "was due" in page
