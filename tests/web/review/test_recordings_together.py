"""A resumed exam has several recordings: page, list, queue, email, ledger and appeal judge them together."""

from itertools import product

import pytest

from portal.db import db
from portal.domain.reviews import outcome
from portal.domain.reviews.outcome import Outcome
from portal.jobs import worker
from portal.models import Appeal, LedgerEntry, OutboxMessage, ResumeState
from tests import fake_providers, make, review_factories
from tests.fake_providers import review, say
from tests.make import NOON, S

WORDS = (None, "passed", "violation", "refused")
TITLES = {Outcome.ACCEPTED: "Your exam is accepted", Outcome.NOT_ACCEPTED: "Your exam was not accepted"}
CHIPS = {Outcome.ACCEPTED: "Accepted", Outcome.NOT_ACCEPTED: "Not accepted", Outcome.WAITING: "Being reviewed"}
STANDINGS = {Outcome.ACCEPTED: "satisfied", Outcome.NOT_ACCEPTED: "failed"}
MAILS = {Outcome.ACCEPTED: ["review_passed"], Outcome.NOT_ACCEPTED: ["review_failed"], Outcome.WAITING: []}
CASES = [*product(WORDS, WORDS, (1, -1), (True, False))]


@pytest.fixture
def resumed(app):
    """Broken off and resumed; both recordings are over, and the provider has said nothing yet."""
    fake_providers.provider()

    def resumed(*, needs_second_review=True):
        course = make.course(needs_second_review=needs_second_review, overrides_grade=True)
        exam, learner = fake_providers.exam(course=course, name="Clouds"), make.user(name="Nora")
        first = fake_providers.attempt(
            S.ERROR, exam=exam, learner=learner, external_id="first", resume_state=ResumeState.RESUMED
        )
        second = fake_providers.attempt(exam=exam, learner=learner, external_id="second", resumes_id=first.id)
        return first, second

    return resumed


def tell(client, parts, words, order=1):
    """The provider reports on each, the second first where ``order`` is -1; "refused" is a named reviewer's word."""
    reviewer = make.member(make.Role.REVIEWER, course=parts[0].exam.course)
    for part, word in list(zip(parts, words, strict=True))[::order]:
        named = {"reviewed_by": reviewer.email} if word == "refused" else {}
        if word:
            say(client, "reviewed", review("violation" if named else word, **named), about=part.external_id)
    worker.work_through(now=NOON)
    db.session.expire_all()


def expected(words, needs_second_review):
    if "refused" in words or ("violation" in words and not needs_second_review):
        return Outcome.NOT_ACCEPTED
    return Outcome.ACCEPTED if words == ("passed", "passed") else Outcome.WAITING


def mails():
    rows = db.session.scalars(db.select(OutboxMessage).filter_by(topic="email").order_by(OutboxMessage.id))
    return [row.payload["template"] for row in rows]


def newest_status(ledger="credit"):
    rows = db.session.scalars(db.select(LedgerEntry).filter_by(ledger=ledger).order_by(LedgerEntry.id))
    return next((row.standing for row in list(rows)[::-1]), None)


@pytest.mark.parametrize("case", CASES)
def test_everything_says_the_same_of_both_recordings(client, sign_in, resumed, case):
    one, two, order, held = case
    first, second = resumed(needs_second_review=held)
    tell(client, (first, second), (one, two), order)
    comes_to = expected((one, two), held)
    assert outcome.of(outcome.chain_of(first)) is outcome.of(outcome.chain_of(second)) is comes_to
    assert (mails(), newest_status()) == (MAILS[comes_to], STANDINGS.get(comes_to))
    sign_in(second.learner)
    for part in (first, second):
        page = client.get(f"/attempts/{part.ref}/status").text
        shown = [title for title in TITLES.values() if f"<h1>{title}</h1>" in page]
        assert shown == ([TITLES[comes_to]] if comes_to in TITLES else [])
        assert ("This exam counts." in page) == (comes_to is Outcome.ACCEPTED)
        assert ("This exam does not count." in page) == (comes_to is Outcome.NOT_ACCEPTED)
        assert ("Appeal" in page) == (comes_to is Outcome.NOT_ACCEPTED)
        assert first.ref in page and second.ref in page
    assert ("You continued in a new attempt" in client.get(f"/attempts/{first.ref}/status").text) == (
        comes_to is Outcome.WAITING
    )
    for page in ("/me/exams/", f"/exams/{second.exam.slug}/"):
        assert f"</svg>{CHIPS[comes_to]}" in client.get(page).text


@pytest.mark.parametrize("case", CASES)
def test_what_waits_for_a_person_stands_in_the_queue(client, sign_in, resumed, case):
    one, two, order, held = case
    first, second = resumed(needs_second_review=held)
    tell(client, (first, second), (one, two), order)
    sign_in(review_factories.reviewer(second))
    queue = client.get("/review/").text
    waits = {
        first.ref: (held and one == "violation") or (two == "passed" and one is None),
        second.ref: held and two == "violation",
    }
    assert {ref: f'id="{ref}"' in queue for ref in waits} == waits
    console = client.get(f"/review/{first.ref}").text
    assert "2 recordings" in console and f'href="/review/{second.ref}' in console


@pytest.mark.parametrize("words", [("refused", "passed"), ("passed", "refused"), ("refused", "refused")])
def test_one_appeal_hangs_where_lists_lead_and_its_answer_counts_for_all(client, sign_in, resumed, words):
    first, second = resumed()
    tell(client, (first, second), words)
    sign_in(first.learner)
    for part in (first, second):
        assert "Appeal" in client.get(f"/attempts/{part.ref}/appeal").text
    asked = client.post(f"/attempts/{first.ref}/appeal", data={"text": "It was the radio of the neighbours."})
    assert asked.status_code == 303
    assert [appeal.attempt_id for appeal in db.session.scalars(db.select(Appeal))] == [second.id]
    for part in (first, second):
        assert "It was the radio" in client.get(f"/attempts/{part.ref}/appeal").text
    sign_in(review_factories.reviewer(second))
    assert f'id="{second.ref}"' in client.get("/review/?show=appeals").text
    said = {"answer": "We listened again.", "outcome": "accepts"}
    assert client.post(f"/review/{second.ref}/answer-appeal", data=said).status_code == 303
    client.post(f"/review/{second.ref}/send?of=answer")
    worker.work_through(now=NOON)
    db.session.expire_all()
    assert (first.status, second.status) == (S.VERIFIED, S.VERIFIED)
    assert (newest_status(), newest_status("grade")) == ("satisfied", "restored")
    assert mails()[-2:] in (["review_passed", "appeal_answered"], ["appeal_answered", "review_passed"])
    sign_in(second.learner)
    for part in (first, second):
        assert "<h1>Your exam is accepted</h1>" in client.get(f"/attempts/{part.ref}/status").text
        assert "Your exam is accepted now." in client.get(f"/attempts/{part.ref}/appeal").text


def test_an_appeal_that_is_granted_while_another_recording_waits_enqueues_nothing(client, sign_in, resumed):
    first, second = resumed()
    tell(client, (first, second), ("refused", "violation"))
    sign_in(first.learner)
    client.post(f"/attempts/{second.ref}/appeal", data={"text": "It was the radio of the neighbours."})
    sign_in(review_factories.reviewer(second))
    client.post(f"/review/{second.ref}/answer-appeal", data={"answer": "Right.", "outcome": "accepts"})
    client.post(f"/review/{second.ref}/send?of=answer")
    db.session.expire_all()
    assert (first.status, second.status) == (S.VERIFIED, S.SECOND_REVIEW_REQUIRED)
    sign_in(second.learner)
    assert (
        "Another recording of your exam is still being reviewed." in client.get(f"/attempts/{second.ref}/appeal").text
    )
    assert "Your exam is accepted" not in client.get(f"/attempts/{second.ref}/status").text


@pytest.mark.parametrize("held", [True, False])
def test_a_later_violation_of_the_first_recording_reaches_a_person_or_the_learner(client, sign_in, resumed, held):
    first, second = resumed(needs_second_review=held)
    tell(client, (first, second), ("passed", "passed"))
    say(client, "reviewed", review("suspicious"), about="first")
    db.session.expire_all()
    sign_in(review_factories.reviewer(second))
    assert ("Contradicting report" in client.get("/review/").text) == held
    sign_in(second.learner)
    page = client.get(f"/attempts/{second.ref}/status").text
    assert f"<h1>{TITLES[Outcome.ACCEPTED if held else Outcome.NOT_ACCEPTED]}</h1>" in page


@pytest.mark.parametrize("status", list(S))
def test_an_attempt_that_stands_alone_is_what_it_is(resumed, status):
    alone = make.attempt(status)
    assert outcome.chain_of(alone) == (alone,) and outcome.shown(alone, (alone,)) is status


def test_an_archived_recording_is_not_judged(resumed):
    first, second = resumed()
    fake_providers.change(first, archived_at=NOON, archive_reason="Reset", status=S.REJECTED)
    db.session.expire_all()
    assert outcome.chain_of(second) == (second,) and outcome.chain_of(first) == (first,)


def test_a_learner_who_continues_reads_of_the_exam_that_runs(client, sign_in, resumed):
    first, second = resumed()
    fake_providers.change(second, status=S.STARTED, completed_at=None)
    say(client, "reviewed", review("passed"), about="first")
    sign_in(second.learner)
    assert "In progress" in client.get("/me/exams/").text
    assert "Open the new attempt" in client.get(f"/attempts/{first.ref}/status").text
