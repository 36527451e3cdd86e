"""The answer to an appeal can be taken back like a decision, and is another reviewer's where two are asked for."""

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.reviews import appeals, decision_sending, decisions
from portal.domain.reviews.verdicts import Decided
from portal.jobs.recurring import decisions as sending
from portal.models import Appeal, OutboxMessage, SupportCase, Verdict
from tests import fake_providers, make, review_factories
from tests.fake_providers import review, say, status_of
from tests.make import NOON, S

SAID = {"answer": "We listened again.", "outcome": "accepts"}


@pytest.fixture
def course(app):
    fake_providers.provider()
    return make.course()


def refused(client, course, *, by="here"):
    """Not accepted, here or by a reviewer whom the provider names, and appealed against; who decided first."""
    attempt = fake_providers.attempt(exam=fake_providers.exam(course=course))
    people = [review_factories.reviewer(attempt) for _ in range(2 if course.needs_two_reviewers else 1)]
    for person in people:
        _reject(client, attempt, person, by)
    assert status_of(attempt) is S.REJECTED
    with writing():
        appeals.send(attempts.lock(attempt.id), "It was the radio.", attempt.learner, days=14, now=NOON)
    return attempt, people[0]


def _reject(client, attempt, person, by):
    if by == "named":
        say(client, "reviewed", review("violation", reviewed_by=person.email))
        return
    decided = Decided(verdict=Verdict.REJECT, reason_code="help", sentence="A voice.", without_incident=True)
    with writing():
        made = decisions.make(attempts.lock(attempt.id), decided, person, marks={}, send_at=NOON, now=NOON)
        decision_sending.send(made, now=NOON)


def answer(client, attempt):
    return client.post(f"/review/{attempt.ref}/answer-appeal", data=SAID)


def told():
    rows = db.session.scalars(db.select(OutboxMessage).filter_by(topic="email"))
    return [row.payload["template"] for row in rows].count("appeal_answered")


def test_an_answer_moves_nothing_until_it_is_sent(client, sign_in, course, the_clock):
    attempt, _ = refused(client, course)
    sign_in(review_factories.reviewer(attempt))
    assert answer(client, attempt).status_code == 303
    page = client.get(f"/review/{attempt.ref}").text
    assert "The answer will be sent 12:10." in page and "of=answer" in page
    assert (status_of(attempt), told()) == (S.REJECTED, 0)
    assert attempt.ref not in client.get("/review/?show=appeals").text
    sign_in(attempt.learner)
    assert "We listened again." not in client.get(f"/attempts/{attempt.ref}/appeal").text
    assert sending.send_due(the_clock.advance(minutes=9)) == 0
    assert sending.send_due(the_clock.advance(minutes=1)) == 1
    assert (sending.send_due(the_clock.now), status_of(attempt), told()) == (0, S.VERIFIED, 1)
    assert db.session.scalars(db.select(SupportCase).filter_by(kind="appeal")).one().closed_at


def test_an_answer_is_taken_back_and_its_words_stay(client, sign_in, course, the_clock):
    attempt, _ = refused(client, course)
    sign_in(review_factories.reviewer(attempt))
    answer(client, attempt)
    other = review_factories.reviewer(attempt)
    sign_in(other)
    assert client.post(f"/review/{attempt.ref}/undo?of=answer").status_code == 403
    assert answer(client, attempt).status_code == 409
    [appeal] = db.session.scalars(db.select(Appeal))
    sign_in(db.session.get(type(other), appeal.answered_by_id))
    assert client.post(f"/review/{attempt.ref}/undo?of=answer").status_code == 303
    assert sending.send_due(the_clock.advance(minutes=30)) == 0
    page = client.get(f"/review/{attempt.ref}").text
    assert "We listened again.</textarea>" in page
    assert "checked" not in page.partition('id="outcome"')[2].partition("</fieldset>")[0]
    assert f'id="{attempt.ref}"' in client.get("/review/?show=appeals").text
    answer(client, attempt)
    client.post(f"/review/{attempt.ref}/send?of=answer")
    assert (status_of(attempt), told()) == (S.VERIFIED, 1)
    assert client.post(f"/review/{attempt.ref}/undo?of=answer").status_code == 409


def test_a_reviewer_who_lost_the_right_answers_nothing(client, sign_in, course, the_clock):
    attempt, _ = refused(client, course)
    sign_in(review_factories.reviewer(attempt))
    answer(client, attempt)
    with writing() as session:
        session.execute(db.text("DELETE FROM membership"))
    assert sending.send_due(the_clock.advance(minutes=11)) == 0
    assert (status_of(attempt), told()) == (S.REJECTED, 0)


@pytest.mark.parametrize("by", ["here", "named"])
@pytest.mark.parametrize("needs_two", [True, False])
def test_where_two_are_asked_for_the_first_decider_answers_no_appeal(client, sign_in, course, by, needs_two):
    fake_providers.change(course, needs_two_reviewers=needs_two)
    attempt, first = refused(client, course, by=by)
    sign_in(first)
    page = client.get(f"/review/{attempt.ref}").text
    assert ("Another reviewer must answer this appeal" in page) == needs_two
    assert ("Answer appeal</button>" in page) != needs_two
    assert answer(client, attempt).status_code == (403 if needs_two else 303)
    if needs_two:
        sign_in(review_factories.reviewer(attempt))
        assert answer(client, attempt).status_code == 303
