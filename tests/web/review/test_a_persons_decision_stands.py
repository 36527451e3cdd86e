"""A person's decision stands: every word that counts beside every later word, by every way in."""

from itertools import product

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.proctoring import practice_proctor
from portal.domain.providers import lookup
from portal.domain.reviews import decision_sending, decisions, verdicts
from portal.domain.reviews.verdicts import Decided, Source
from portal.models import OutboxMessage, ProviderKind, Review, SupportCase, Verdict
from tests import fake_providers, make
from tests.fake_providers import CALLBACK_TOKEN, review, say, status_of
from tests.make import NOON, S

PSI_REVIEW = f"/api/edx_proctoring/proctoring_review_callback/{CALLBACK_TOKEN}"
LEGACY = verdicts.LEGACY
WORDS = ("passed", "violation", "suspicious", "not_reviewed")
#: Who may say it, and what the attempt is then, before anything else is said.
COUNTS = {
    "machine accepts": S.VERIFIED,
    "machine asks": S.SECOND_REVIEW_REQUIRED,
    "machine could not": S.ERROR,
    "stranger refuses": S.SECOND_REVIEW_REQUIRED,
    "named accepts": S.VERIFIED,
    "named refuses": S.REJECTED,
    "person accepts": S.VERIFIED,
    "person refuses": S.REJECTED,
    "person asks": S.SECOND_REVIEW_REQUIRED,
    "unsent accepts": S.SUBMITTED,
    "unsent refuses": S.SUBMITTED,
    "undone": S.SUBMITTED,
}
SAID = {"accepts": "passed", "asks": "suspicious", "could not": "not_reviewed", "refuses": "violation"}
VERDICTS = {"accepts": Verdict.ACCEPT, "refuses": Verdict.REJECT, "asks": Verdict.SECOND_REVIEW}
BY_PERSON = [key for key in COUNTS if key.split()[0] in {"named", "person", "unsent"}]
#: Sent again: the provider repeats what came before the submission, was refused then, and was kept.
WAYS = ["rest", "sent again", "psi", "practice"]
OF_KIND = {"psi": ProviderKind.PSI, "practice": ProviderKind.PRACTICE}


def ways(counts):
    """Pairs of a door and what counts before. Only over REST can a report name its reviewer."""
    names = {"named", "stranger"}
    return [(way, one) for way, one in product(WAYS, counts) if way not in OF_KIND or one.split()[0] not in names]


@pytest.fixture(params=WAYS)
def way(request, app):
    """Through which door the provider speaks."""
    kind = OF_KIND.get(request.param, ProviderKind.REST)
    fake_providers.provider("acme", kind=kind, options={"passing_statuses": "passed"})
    return request.param


def tell(client, way, attempt, word, *, named=""):
    """The provider says it."""
    if way in {"rest", "sent again"}:
        assert say(client, "reviewed", review(word, **({"reviewed_by": named} if named else {}))).json == "OK"
    elif way == "psi":
        assert client.post(PSI_REVIEW, json=fake_providers.psi_review(attempt, LEGACY[word])).json == "OK"
    else:
        source = Source(slug="acme", passing=frozenset({"passed"}), supports_onboarding=False)
        with writing():
            held, provider = attempts.lock(attempt.id), lookup.get("acme")
            practice_proctor.act(held, provider, "review", review=source, word=word, now=NOON)


def said_too_early(client, attempt, word):
    """The provider reports while the attempt runs; it is refused, and kept."""
    submitted = {"status": attempt.status, "completed_at": attempt.completed_at}
    fake_providers.change(attempt, status=S.STARTED, completed_at=None)
    assert say(client, "reviewed", review(word)).status_code == 400
    fake_providers.change(attempt, **submitted)


def begun(client, attempt, counts, *, way="rest"):
    """Bring about what counts before the word that is to be looked at; who decided, if a person did."""
    who, _, what = counts.partition(" ")
    reviewer = make.member(make.Role.REVIEWER, course=attempt.exam.course)
    if who == "machine":
        tell(client, way, attempt, SAID[what])
    elif who in {"named", "stranger"}:
        tell(client, "rest", attempt, SAID[what], named=reviewer.email if who == "named" else "who@example.edu")
    else:
        _decided(attempt, who, VERDICTS.get(what, Verdict.REJECT), reviewer)
    return reviewer


def _decided(attempt, who, verdict, reviewer):
    decided = Decided(verdict=verdict, reason_code="help", sentence="A voice was heard.", without_incident=True)
    with writing():
        made = decisions.make(attempts.lock(attempt.id), decided, reviewer, marks={}, send_at=NOON, now=NOON)
        if who == "person":
            decision_sending.send(made, now=NOON)
        if who == "undone":
            decisions.undo(made, reviewer, now=NOON)


def mails():
    return [one.payload["template"] for one in db.session.scalars(db.select(OutboxMessage).filter_by(topic="email"))]


def kinds():
    return {case.kind for case in db.session.scalars(db.select(SupportCase).where(SupportCase.closed_at.is_(None)))}


def current():
    db.session.expire_all()
    return db.session.scalar(db.select(Review).filter_by(is_current=True))


@pytest.mark.parametrize(("way", "counts"), ways(BY_PERSON), indirect=["way"])
@pytest.mark.parametrize("word", WORDS)
def test_no_machine_overrides_a_person_by_any_door(client, way, counts, word):
    attempt = fake_providers.attempt()
    if way == "sent again":
        said_too_early(client, attempt, word)
    begun(client, attempt, counts, way=way)
    assert status_of(attempt) is COUNTS[counts]
    before, told = current(), mails()
    for _ in range(2):
        tell(client, way, attempt, word)
    assert (status_of(attempt), mails()) == (COUNTS[counts], told)
    if not counts.startswith("unsent"):
        assert current().id == before.id


def expected(counts: str, word: str) -> S:
    """What a machine's later word makes of it where no person has decided."""
    first, wanted = COUNTS[counts], {"passed": S.VERIFIED, "not_reviewed": S.ERROR}.get(word, S.SECOND_REVIEW_REQUIRED)
    if first is S.SUBMITTED or (first is S.ERROR and word == "passed"):
        return wanted
    return first


@pytest.mark.parametrize(("way", "counts"), ways([one for one in COUNTS if one not in BY_PERSON]), indirect=["way"])
@pytest.mark.parametrize("word", WORDS)
def test_where_no_person_has_decided_the_newest_report_counts(client, way, counts, word):
    attempt = fake_providers.attempt()
    if way == "sent again":
        said_too_early(client, attempt, word)
    begun(client, attempt, counts, way=way)
    tell(client, way, attempt, word)
    assert status_of(attempt) is expected(counts, word)
    assert current().status == word


@pytest.mark.parametrize(("counts", "word"), list(product(COUNTS, WORDS)))
def test_a_named_reviewer_overrides_machines_and_reviewers_of_the_provider_but_no_decision_made_here(
    client, counts, word
):
    fake_providers.provider("acme", options={"passing_statuses": "passed"})
    attempt = fake_providers.attempt()
    begun(client, attempt, counts)
    named = make.member(make.Role.REVIEWER, course=attempt.exam.course)
    tell(client, "rest", attempt, word, named=named.email)
    wanted = {"passed": S.VERIFIED, "not_reviewed": S.ERROR}.get(word, S.REJECTED)
    stands = counts.startswith("unsent") or counts in {"person accepts", "person refuses"}
    is_allowed = wanted is not S.ERROR or COUNTS[counts] in {S.SUBMITTED, S.SECOND_REVIEW_REQUIRED, S.ERROR}
    became = COUNTS[counts] if stands or not is_allowed else wanted
    assert status_of(attempt) is became
    if not stands:
        assert (current().status, current().is_by_person) == (word, True)


def test_a_named_rejection_is_a_persons_decision_and_no_machine_mails_an_acceptance(client):
    """As it was found: the next report of the machine turned it into an acceptance, with a mail."""
    fake_providers.provider()
    attempt = fake_providers.attempt()
    begun(client, attempt, "named refuses")
    tell(client, "rest", attempt, "passed")
    assert (status_of(attempt), mails()) == (S.REJECTED, ["review_failed"])
    assert current().reviewer_id is not None and kinds() == {"contradictory_review"}


def test_what_was_kept_because_it_came_too_early_overrides_nobody_when_it_is_sent_again(client):
    fake_providers.provider()
    attempt = fake_providers.attempt(S.STARTED)
    assert say(client, "reviewed", review("passed")).status_code == 400
    fake_providers.change(attempt, status=S.SUBMITTED, completed_at=NOON)
    begun(client, attempt, "named refuses")
    assert say(client, "reviewed", review("passed")).status_code == 200
    assert status_of(attempt) is S.REJECTED


@pytest.mark.parametrize("first", ["named", "here"])
@pytest.mark.parametrize("second", ["named", "here"])
def test_two_reviewers_confirm_each_other_wherever_they_say_it(client, first, second):
    fake_providers.provider()
    attempt = fake_providers.attempt(exam=fake_providers.exam(course=make.course(needs_two_reviewers=True)))
    for number, where in enumerate((first, second)):
        by = begun(client, attempt, "named refuses" if where == "named" else "person refuses")
        assert status_of(attempt) is (S.REJECTED if number else S.SECOND_REVIEW_REQUIRED), by
    assert mails() == ["review_failed"]


def test_one_person_is_not_two_reviewers(client):
    fake_providers.provider()
    attempt = fake_providers.attempt(exam=fake_providers.exam(course=make.course(needs_two_reviewers=True)))
    by = begun(client, attempt, "named refuses")
    tell(client, "rest", attempt, "suspicious", named=by.email)
    _decided(attempt, "person", Verdict.REJECT, by)
    assert status_of(attempt) is S.SECOND_REVIEW_REQUIRED


@pytest.mark.parametrize("words", [("passed", "named"), ("named", "passed")])
def test_after_undo_a_persons_report_comes_before_a_machines(client, words):
    fake_providers.provider()
    attempt = fake_providers.attempt()
    tell(client, "rest", attempt, "suspicious")
    by = begun(client, attempt, "unsent accepts")
    for word in words:
        tell(client, "rest", attempt, "violation" if word == "named" else word, named=by.email * (word == "named"))
    with writing():
        held = attempts.lock(attempt.id)
        decisions.undo(decisions.find_open(held), by, now=NOON)
    assert (current().status, current().is_by_person) == ("violation", True)


def test_a_case_opens_by_every_door_and_a_decision_closes_it(client, way):
    attempt = fake_providers.attempt()
    for number in range(3):
        tell(client, way, attempt, "suspicious" if number != 1 else "violation")
    [case] = db.session.scalars(db.select(SupportCase))
    assert (case.kind, case.attempt_id, case.messages) == ("suspicious", attempt.id, 2)
    _decided(attempt, "person", Verdict.ACCEPT, make.member(make.Role.REVIEWER, course=attempt.exam.course))
    db.session.refresh(case)
    assert case.closing_note == "Decided: Accept."
