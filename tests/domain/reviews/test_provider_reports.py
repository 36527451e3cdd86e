"""A provider's report: each word beside each status, which version counts, and who must hear of it."""

from itertools import product

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.errors import BadInput, NotNow
from portal.domain.lifecycle import history
from portal.domain.providers.facts import CommentReceived, ReviewReceived
from portal.domain.reviews import decision_sending, decisions, provider_reports, review_versions
from portal.domain.reviews.verdicts import Decided, Source
from portal.models import Event, Role, SupportCase, Verdict
from portal.models.attempts.attempt import LIVE
from tests import fake_providers, make, review_factories
from tests.make import NOON, S

WORDS = ("passed", "violation", "suspicious", "not_reviewed")
CALLS_FOR = {"passed": S.VERIFIED, "not_reviewed": S.ERROR}
#: What a machine's word may bring about, of each status that it may change at all.
MACHINE = {
    S.SUBMITTED: {S.VERIFIED, S.REJECTED, S.SECOND_REVIEW_REQUIRED, S.ERROR},
    S.VERIFIED: {S.REJECTED},
    S.REJECTED: {S.VERIFIED},
    S.ERROR: {S.VERIFIED, S.REJECTED},
}
#: The same for the word of a reviewer whom the provider names.
PERSON = {**MACHINE, S.SECOND_REVIEW_REQUIRED: {S.VERIFIED, S.REJECTED, S.ERROR}}
ENDED = [status for status in S if status not in LIVE]
DECIDED = {Verdict.ACCEPT: S.VERIFIED, Verdict.REJECT: S.REJECTED, Verdict.SECOND_REVIEW: S.SECOND_REVIEW_REQUIRED}
FAILING = {S.REJECTED, S.SECOND_REVIEW_REQUIRED}


def ended(status=S.SUBMITTED, *, kind=None, **course_settings):
    course = make.course(**course_settings)
    facts = {"is_proctored": True, "provider_slug": "proctorco", **(kind or {})}
    exam = make.exam(course=course, **facts)
    return make.attempt(status, exam=exam, taking_as_proctored=True, is_sample=exam.is_practice)


def receive(attempt, word, *, source=review_factories.PROVIDER, **said):
    with writing():
        report = ReviewReceived(status=word, provider_status=word.title(), **said)
        return provider_reports.receive(attempts.lock(attempt.id), report, source, None, now=NOON)


def decide(attempt, verdict, *, is_sent):
    said = Decided(verdict=verdict, reason_code="help", sentence="A voice was heard.", without_incident=True)
    by = review_factories.reviewer(attempt, name="Dr Lind")
    with writing():
        made = decisions.make(attempts.lock(attempt.id), said, by, marks={}, send_at=NOON, now=NOON)
        if is_sent:
            decision_sending.send(made, now=NOON)


def status_of(attempt):
    return fake_providers.status_of(attempt)


def versions(attempt):
    return [(one.number, one.status, one.is_current) for one in review_versions.list_for(attempt)]


def cases():
    return {case.kind: case.messages for case in db.session.scalars(db.select(SupportCase))}


@pytest.mark.parametrize(("status", "word"), list(product(ENDED, WORDS)))
@pytest.mark.parametrize("is_strict", [True, False], ids=["waits for a person", "machines decide"])
def test_a_machines_word_beside_each_status(app, status, word, is_strict):
    attempt = ended(status, needs_second_review=is_strict)
    review = receive(attempt, word)
    wanted = CALLS_FOR.get(word, S.SECOND_REVIEW_REQUIRED if is_strict else S.REJECTED)
    became = wanted if wanted in MACHINE.get(status, set()) else status
    assert (status_of(attempt), review.to_status) == (became, became)
    assert (review.number, review.is_current, review.is_by_person) == (1, True, False)
    assert attempt.is_suspended is (became is S.ERROR and status is not S.ERROR)
    if wanted is not became and not {wanted, became} <= FAILING:
        assert "It would have made the attempt" in review.note and cases() == {"report_to_decide": 1}
    else:
        is_seen = word == "suspicious" and became in FAILING
        assert (review.note, cases()) == ("", {"suspicious": 1} if is_seen else {})


@pytest.mark.parametrize(("status", "word"), list(product(ENDED, WORDS)))
def test_a_named_reviewers_word_beside_each_status(app, status, word):
    attempt = ended(status)
    named = review_factories.reviewer(attempt)
    review = receive(attempt, word, reviewed_by=named.email)
    wanted = CALLS_FOR.get(word, S.REJECTED)
    became = wanted if wanted in PERSON.get(status, set()) else status
    assert (status_of(attempt), review.to_status) == (became, became)
    assert (review.reviewer, review.reviewer_name, review.is_current) == (named, "", True)
    if became is not status:
        assert [line.by for line in history.list_for(attempt)] == [named]


@pytest.mark.parametrize(("status", "word"), list(product(sorted(LIVE), WORDS)))
def test_what_has_not_ended_has_no_report(app, status, word):
    attempt = ended(status)
    with pytest.raises(NotNow, match="has not ended"):
        receive(attempt, word)
    assert (status_of(attempt), versions(attempt)) == (status, [])


@pytest.mark.parametrize(("first", "second"), list(product(WORDS, WORDS)))
def test_of_two_machines_the_newest_report_counts(app, first, second):
    attempt = ended()
    receive(attempt, first)
    before = status_of(attempt)
    review = receive(attempt, second)
    assert versions(attempt) == [(1, first, False), (2, second, True)]
    wanted = CALLS_FOR.get(second, S.SECOND_REVIEW_REQUIRED)
    assert status_of(attempt) is (wanted if wanted in MACHINE.get(before, set()) else before)
    is_contrary = status_of(attempt) is not wanted
    assert (review.note != "", cases().get("contradictory_review")) == (is_contrary, 1 if is_contrary else None)


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("is_sent", [True, False])
@pytest.mark.parametrize("is_named", [True, False])
def test_a_report_beside_a_persons_decision(app, verdict, is_sent, word, is_named):
    attempt = ended()
    decide(attempt, verdict, is_sent=is_sent)
    stands = status_of(attempt)
    named = review_factories.reviewer(attempt).email if is_named else ""
    review = receive(attempt, word, reviewed_by=named)
    if is_sent and is_named and verdict is Verdict.SECOND_REVIEW:  # Who asks for a second review has decided nothing.
        assert (status_of(attempt), review.is_current) == (CALLS_FOR.get(word, S.REJECTED), True)
        return
    assert (status_of(attempt), review.is_current, review.to_status) == (stands, False, stands)
    pair = {CALLS_FOR.get(word, S.REJECTED), DECIDED[verdict]}
    if len(pair) == 1 or pair <= FAILING:
        assert (review.note, cases()) == ("", {})
        return
    assert cases() == {"contradictory_review": 1}
    assert ("Dr Lind has just made a different decision" in review.note) is not is_sent


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_repeated_contradiction_is_counted_on_one_case(app, number):
    attempt = ended()
    decide(attempt, Verdict.REJECT, is_sent=True)
    for _ in range(number):
        receive(attempt, "passed")
    assert cases() == {"contradictory_review": number}
    assert versions(attempt) == [(1, "violation", True), *((2 + n, "passed", False) for n in range(number))]


@pytest.mark.parametrize("who", ["nobody known", "another course", "staff", "the learner", "left the portal"])
def test_a_name_alone_decides_nothing(app, who):
    attempt = ended()
    people = {
        "nobody known": lambda: "proctor@proctorco.example",
        "another course": lambda: make.member(Role.REVIEWER).email,
        "staff": lambda: review_factories.reviewer(attempt, Role.STAFF).email,
        "the learner": lambda: make.member(Role.REVIEWER, course=attempt.exam.course, user=attempt.learner).email,
        "left the portal": lambda: review_factories.reviewer(attempt, is_active=False).email,
    }
    named = people[who]()
    review = receive(attempt, "violation", reviewed_by=named)
    assert (review.reviewer, review.reviewer_name) == (None, named)
    assert status_of(attempt) is S.SECOND_REVIEW_REQUIRED


@pytest.mark.parametrize("word", WORDS)
def test_a_named_reviewer_answers_the_open_cases(app, word):
    attempt = ended()
    receive(attempt, "suspicious")
    named = review_factories.reviewer(attempt)
    receive(attempt, word, reviewed_by=named.email)
    [case] = db.session.scalars(db.select(SupportCase))
    assert (case.closed_by_id, case.closing_note) == (named.id, f"Decided: proctorco: {word.title()}.")


@pytest.mark.parametrize(("is_same", "status"), [(True, S.SECOND_REVIEW_REQUIRED), (False, S.REJECTED)])
def test_where_two_are_asked_for_two_named_reviewers_must_agree(app, is_same, status):
    attempt = ended(needs_two_reviewers=True)
    first, second = review_factories.reviewer(attempt), review_factories.reviewer(attempt)
    receive(attempt, "violation", reviewed_by=first.email)
    assert status_of(attempt) is S.SECOND_REVIEW_REQUIRED
    receive(attempt, "violation", reviewed_by=(first if is_same else second).email)
    assert status_of(attempt) is status


@pytest.mark.parametrize(
    ("kind", "supports_onboarding", "status", "has_case"),
    [
        ({"is_practice": True}, False, S.SECOND_REVIEW_REQUIRED, False),
        ({"is_practice": True, "is_onboarding": True}, False, S.SECOND_REVIEW_REQUIRED, True),
        ({"is_practice": True, "is_onboarding": True}, True, S.REJECTED, True),
        ({}, True, S.SECOND_REVIEW_REQUIRED, True),
    ],
)
def test_suspicion_by_kind_of_exam(app, kind, supports_onboarding, status, has_case):
    attempt = ended(kind=kind)
    source = Source(slug="proctorco", passing=frozenset({"passed"}), supports_onboarding=supports_onboarding)
    receive(attempt, "suspicious", source=source)
    assert (status_of(attempt), cases()) == (status, {"suspicious": 1} if has_case else {})


@pytest.mark.parametrize("word", WORDS)
def test_which_words_pass_is_the_providers_own(app, word):
    attempt = ended()
    source = Source(slug="proctorco", passing=frozenset(WORDS[:3]), supports_onboarding=False)
    receive(attempt, word, source=source)
    assert status_of(attempt) is (S.ERROR if word == "not_reviewed" else S.VERIFIED)


@pytest.mark.parametrize("allows", [True, False])
def test_a_provider_may_be_kept_to_its_first_report(app, allows):
    attempt = ended()
    source = Source(slug="proctorco", passing=frozenset({"passed"}), supports_onboarding=False, allows_updates=allows)
    receive(attempt, "passed", source=source)
    if not allows:
        with pytest.raises(BadInput, match="cannot change it"):
            receive(attempt, "violation", source=source)
    else:
        receive(attempt, "violation", source=source)
    assert [number for number, _, _ in versions(attempt)] == ([1, 2] if allows else [1])


@pytest.mark.parametrize(("status", "word"), list(product(ENDED, WORDS)))
def test_of_an_attempt_that_was_reset_it_is_kept_and_changes_nothing(app, status, word):
    attempt = ended(status)
    fake_providers.change(attempt, archived_at=NOON, archive_reason="again")
    review = receive(attempt, word, reviewed_by=review_factories.reviewer(attempt).email)
    assert (status_of(attempt), versions(attempt), cases()) == (status, [(1, word, True)], {})
    assert "was already reset" in review.note
    assert [line.event for line in history.list_for(attempt)] == [Event.REVIEW_RECEIVED]


def test_what_was_seen_is_kept_in_the_order_of_the_recording(app):
    attempt = ended()
    late = CommentReceived(comment="Voice", provider_status="Rules Violation", start_seconds=30, stop_seconds=40)
    early = CommentReceived(comment="Alone", provider_status="OK", start_seconds=3)
    nowhere = CommentReceived(comment="Poor light", provider_status="Murky", is_timed=False)
    review = receive(
        attempt, "suspicious", comments=[nowhere, late, early], summary="Two", video_url=review_factories.LINK
    )
    seen = [(one.comment, one.status, one.is_incident) for one in review_versions.current(attempt).comments]
    assert seen == [("Alone", "passed", False), ("Voice", "violation", True), ("Poor light", "", True)]
    assert [one.comment for one in decisions.incidents(attempt)] == ["Voice", "Poor light"]
    assert (review.summary, review_versions.video_url(attempt), review.provider_status) == (
        "Two",
        review_factories.LINK,
        "Suspicious",
    )
