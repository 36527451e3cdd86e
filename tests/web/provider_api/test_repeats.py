"""The same message again, another one about the same attempt, and words that contradict each other."""

import pytest

from portal.db import db
from portal.domain.reviews import verdicts
from portal.domain.reviews.verdicts import Decided
from portal.models import HistoryEntry, OutboxMessage, Review, ReviewComment, SupportCase, Verdict
from tests import fake_providers, make
from tests.fake_providers import deliveries, review, say, status_of
from tests.make import NOON, S


@pytest.fixture(autouse=True)
def acme(app):
    return fake_providers.provider()


def outcomes():
    return [one.outcome for one in deliveries()]


def versions():
    """What each version said, what became of the attempt, and whether it is the one that counts."""
    kept = db.session.scalars(db.select(Review).order_by(Review.number))
    return [(one.status, one.to_status, one.is_current) for one in kept]


def enqueued():
    return sorted(one.key for one in db.session.scalars(db.select(OutboxMessage)))


@pytest.mark.parametrize("word", ["passed", "violation", "suspicious", "not_reviewed"])
def test_the_same_review_again_is_a_repeat(client, word):
    attempt = fake_providers.attempt()
    answers = [say(client, "reviewed", review(word))]
    before = (status_of(attempt), enqueued(), db.session.scalar(db.select(db.func.count(HistoryEntry.id))))
    answers += [say(client, "reviewed", review(word)) for _ in range(3)]
    assert [(one.status_code, one.json) for one in answers] == [(200, "OK")] * 4
    assert outcomes() == ["used", "repeated", "repeated", "repeated"]
    assert len(versions()) == db.session.scalar(db.select(db.func.count(ReviewComment.id))) == 1
    after = (status_of(attempt), enqueued(), db.session.scalar(db.select(db.func.count(HistoryEntry.id))))
    assert after == before


def test_ready_again_is_a_repeat(client):
    attempt = fake_providers.attempt(S.CREATED)
    assert [say(client, "ready", {"status": "ready"}).json for _ in range(3)] == ["OK"] * 3
    assert (status_of(attempt), outcomes()) == (S.READY_TO_START, ["used", "repeated", "repeated"])
    assert len(db.session.scalars(db.select(HistoryEntry)).all()) == 1


@pytest.mark.parametrize("header", ["Webhook-Id", "Idempotency-Key"])
def test_the_senders_name_for_a_delivery_counts_more_than_its_words(client, header):
    attempt = fake_providers.attempt()
    for name, word in (("d-1", "violation"), ("d-1", "passed"), ("d-2", "violation")):
        say(client, "reviewed", review(word), headers={header: name})
    assert outcomes() == ["used", "repeated", "used"]
    assert [said for said, _, _ in versions()] == ["violation", "violation"]
    assert status_of(attempt) is S.SECOND_REVIEW_REQUIRED


def test_a_delivery_that_could_not_be_used_is_no_repeat_when_it_is_put_right(client):
    attempt = fake_providers.attempt()
    say(client, "reviewed", review("fine"), headers={"Webhook-Id": "d-1"})
    say(client, "reviewed", review("passed"), headers={"Webhook-Id": "d-1"})
    assert (status_of(attempt), outcomes()) == (S.VERIFIED, ["kept", "used"])


def test_the_same_name_from_another_provider_is_another_delivery(client):
    fake_providers.provider("rival")
    ours = fake_providers.attempt(external_id="same")
    theirs = fake_providers.attempt(exam=fake_providers.exam("rival"), external_id="same")
    for by in ("acme-client", "rival-client"):
        say(client, "reviewed", about="same", by=by, headers={"Webhook-Id": "d-1"})
    assert (status_of(ours), status_of(theirs), outcomes()) == (S.VERIFIED, S.VERIFIED, ["used", "used"])


#: first word, then the second: what the attempt is in the end, and whether a person hears of the contradiction.
CONTRADICTIONS = [
    ("passed", "violation", S.VERIFIED, True),
    ("passed", "suspicious", S.VERIFIED, True),
    ("passed", "not_reviewed", S.VERIFIED, True),
    ("violation", "passed", S.SECOND_REVIEW_REQUIRED, True),
    ("violation", "suspicious", S.SECOND_REVIEW_REQUIRED, False),
    ("suspicious", "passed", S.SECOND_REVIEW_REQUIRED, True),
    ("suspicious", "not_reviewed", S.SECOND_REVIEW_REQUIRED, True),
    ("not_reviewed", "passed", S.VERIFIED, False),
    ("not_reviewed", "violation", S.ERROR, True),
]


@pytest.mark.parametrize(("first", "second", "status", "is_told"), CONTRADICTIONS)
def test_a_provider_that_contradicts_itself(client, first, second, status, is_told):
    """Both are kept. What the lifecycle does not let a machine do is left to a person, who hears of it."""
    attempt = fake_providers.attempt()
    say(client, "reviewed", review(first))
    became = status_of(attempt)
    assert say(client, "reviewed", review(second)).json == "OK"
    assert status_of(attempt) is status
    assert versions() == [(first, became, False), (second, status, True)]
    cases = [case.kind for case in db.session.scalars(db.select(SupportCase))]
    assert ("contradictory_review" in cases) == is_told
    assert ("It would have made the attempt" in deliveries()[1].note) == is_told


@pytest.mark.parametrize(("first", "second"), [("passed", "violation"), ("suspicious", "passed")])
def test_where_a_machine_decides_alone_it_may_change_its_mind(client, first, second):
    attempt = fake_providers.attempt(exam=fake_providers.exam(course=make.course(needs_second_review=False)))
    was = {"passed": S.VERIFIED}
    for word in (first, second, first):
        say(client, "reviewed", review(word))
        assert status_of(attempt) is was.get(word, S.REJECTED)
    assert outcomes() == ["used"] * 3


@pytest.mark.parametrize("word", ["violation", "suspicious", "not_reviewed"])
def test_no_machine_overrides_a_person(client, word):
    attempt = fake_providers.attempt(S.SECOND_REVIEW_REQUIRED)
    reviewer = make.member(make.Role.REVIEWER, course=attempt.exam.course)
    with fake_providers.writing() as session:
        verdicts.decide(session.merge(attempt), Decided(verdict=Verdict.ACCEPT), session.merge(reviewer), now=NOON)
    before = enqueued()
    assert say(client, "reviewed", review(word)).json == "OK"
    assert status_of(attempt) is S.VERIFIED
    assert versions() == [("passed", S.VERIFIED, True), (word, S.VERIFIED, False)]
    assert [key for key in enqueued() if key not in before and "email" in key] == []
    assert "contradictory_review" in [case.kind for case in db.session.scalars(db.select(SupportCase))]


def test_a_provider_may_be_held_to_its_first_word(client, acme):
    fake_providers.change(acme, options={"allows_review_updates": False})
    attempt = fake_providers.attempt()
    say(client, "reviewed", review("passed"))
    answer = say(client, "reviewed", review("violation"))
    assert (answer.status_code, "cannot change it" in answer.json["detail"]) == (400, True)
    assert say(client, "reviewed", review("passed")).json == "OK"  # The same again is no change.
    assert (status_of(attempt), outcomes()) == (S.VERIFIED, ["used", "kept", "repeated"])
    assert len(versions()) == 1


def test_ready_after_the_review_changes_nothing(client):
    attempt = fake_providers.attempt()
    say(client, "reviewed")
    assert say(client, "ready", {"status": "ready"}).json == "OK"
    assert status_of(attempt) is S.VERIFIED
    assert "changed nothing" in deliveries()[1].note


def test_a_review_of_a_try_that_was_replaced_is_kept_with_it(client):
    attempt = fake_providers.attempt(S.ONBOARDING_RESET, exam=fake_providers.exam(is_practice=True), completed_at=NOON)
    assert say(client, "reviewed", review("violation")).json == "OK"
    assert status_of(attempt) is S.ONBOARDING_RESET
    assert versions() == [("violation", S.ONBOARDING_RESET, True)]
