"""A person's decision: what may be decided, made, replaced, undone and sent, and what each does to the attempt."""

from datetime import timedelta
from itertools import product

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.errors import BadInput, Conflict, NotAllowed, NotNow
from portal.domain.lifecycle import history
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.reviews import claims, decision_sending, decisions, review_versions
from portal.domain.reviews.verdicts import Decided
from portal.models import Event, Membership, Role, SupportCase, Verdict
from tests import fake_providers, make, review_factories
from tests.make import NOON, S

MINUTE, SEND_AT = timedelta(minutes=1), NOON + timedelta(minutes=10)
ACCEPT, REJECT, SECOND_REVIEW = Verdict.ACCEPT, Verdict.REJECT, Verdict.SECOND_REVIEW
#: What a reviewer may make of an attempt in each status; of every other status nothing.
POSSIBLE = {
    S.SUBMITTED: {ACCEPT, REJECT, SECOND_REVIEW},
    S.SECOND_REVIEW_REQUIRED: {ACCEPT, REJECT, SECOND_REVIEW},
    S.VERIFIED: {ACCEPT, REJECT},
    S.REJECTED: {ACCEPT, REJECT},
    S.ERROR: {ACCEPT, REJECT},
}
CALLS_FOR = {ACCEPT: S.VERIFIED, REJECT: S.REJECTED, SECOND_REVIEW: S.SECOND_REVIEW_REQUIRED}
EVERY = list(product(S, Verdict))


@pytest.fixture
def attempt(app):
    return review_factories.waiting()


@pytest.fixture
def reviewer(attempt):
    return review_factories.reviewer(attempt, name="Dr Lind")


def words(verdict, **given):
    facts = {"reason_code": "help", "sentence": "A voice was heard.", "without_incident": True, "note": "Minute 5"}
    return Decided(verdict=verdict, **{**facts, **given})


def decide(attempt, verdict, by, *, marks=None, send_at=SEND_AT, now=NOON, **given):
    with writing():
        held = attempts.lock(attempt.id)
        return decisions.make(held, words(verdict, **given), by, marks=marks or {}, send_at=send_at, now=now)


def act(verb, decision, *by, now=NOON):
    with writing():
        return verb(decision, *by, now=now)


def status_of(attempt):
    return fake_providers.status_of(attempt)


def events(attempt):
    return [line.event for line in history.list_for(attempt)]


@pytest.mark.parametrize("status", S)
@pytest.mark.parametrize("given", [{}, {"taking_as_proctored": False}, {"archived_at": NOON, "archive_reason": ""}])
def test_what_can_be_decided(app, status, given):
    attempt = review_factories.proctored(status=status, **given)
    assert set(decisions.possible(attempt)) == (set() if given else POSSIBLE.get(status, set()))


@pytest.mark.parametrize(("status", "verdict"), EVERY)
def test_it_moves_nothing_before_it_is_sent_and_what_is_not_possible_is_not_kept(app, status, verdict):
    attempt = review_factories.proctored(status=status)
    by = review_factories.reviewer(attempt)
    if verdict not in POSSIBLE.get(status, set()):
        with pytest.raises(NotNow, match="cannot make this decision"):
            decide(attempt, verdict, by)
        assert decisions.find_open(attempt) is None
        return
    made = decide(attempt, verdict, by)
    assert (decisions.find_open(attempt), made.verdict, made.reviewer) == (made, verdict, by)
    assert (status_of(attempt), review_versions.current(attempt)) == (status, None)
    assert act(decision_sending.send, made)
    review = review_versions.current(attempt)
    assert status_of(attempt) is CALLS_FOR[verdict] is S(review.to_status)
    assert (review.is_human, review.reviewer, review.note) == (True, by, "Minute 5")
    assert (review.reason_code, review.sentence) == (("help", "A voice was heard.") if verdict is REJECT else ("", ""))


@pytest.mark.parametrize("what", ["sent", "undone"])
@pytest.mark.parametrize("again", [decision_sending.send, decision_sending.send_now, decisions.undo])
def test_a_second_press_changes_nothing(attempt, reviewer, what, again):
    made = decide(attempt, ACCEPT, reviewer)
    act(*((decision_sending.send, made) if what == "sent" else (decisions.undo, made, reviewer)))
    before = (status_of(attempt), events(attempt), made.sent_at, made.undone_at)
    by = () if again is decision_sending.send else (reviewer,)
    if what == "sent" and again is decisions.undo:
        with pytest.raises(NotNow, match="has been sent"):
            act(again, made, *by, now=NOON + MINUTE)
    else:
        assert act(again, made, *by, now=NOON + MINUTE) is False
    assert (status_of(attempt), events(attempt), made.sent_at, made.undone_at) == before


@pytest.mark.parametrize(("minutes", "is_sent"), [(0, False), (9, False), (10, True), (11, True)])
def test_it_is_sent_when_it_is_due_and_can_be_undone_until_then(attempt, reviewer, minutes, is_sent):
    made, now = decide(attempt, REJECT, reviewer), NOON + minutes * MINUTE
    assert decision_sending.list_due(now=now) == ([attempt.id] if is_sent else [])
    assert act(decision_sending.send_due, attempt, now=now) is is_sent
    assert status_of(attempt) is (S.REJECTED if is_sent else S.SECOND_REVIEW_REQUIRED)
    if not is_sent:
        assert act(decisions.undo, made, reviewer, now=now)
        assert not act(decision_sending.send_due, attempt, now=SEND_AT)
        assert status_of(attempt) is S.SECOND_REVIEW_REQUIRED
    assert (decisions.find_open(attempt), decision_sending.list_due(now=SEND_AT)) == (None, [])


def test_the_longest_due_is_sent_first_and_so_many_at_most(app):
    made = [review_factories.waiting() for _ in range(3)]
    for number, attempt in zip((2, 3, 1), made, strict=True):
        decide(attempt, ACCEPT, review_factories.reviewer(attempt), send_at=NOON + number * MINUTE)
    in_order = [made[2].id, made[0].id, made[1].id]
    assert decision_sending.list_due(now=SEND_AT) == in_order
    assert decision_sending.list_due(now=SEND_AT, most=2) == in_order[:2]


@pytest.mark.parametrize("verb", [decisions.undo, decision_sending.send_now])
@pytest.mark.parametrize("who", ["oneself", "colleague", "administrator"])
def test_whose_decision_it_is(attempt, reviewer, verb, who):
    made = decide(attempt, ACCEPT, reviewer)
    others = {"oneself": reviewer, "administrator": make.administrator()}
    others["colleague"] = review_factories.reviewer(attempt)
    if who == "colleague":
        with pytest.raises(NotAllowed, match="Only the reviewer who made"):
            act(verb, made, others[who])
        assert decisions.find_open(attempt) is made
        return
    assert act(verb, made, others[who])
    assert status_of(attempt) is (S.VERIFIED if verb is decision_sending.send_now else S.SECOND_REVIEW_REQUIRED)


@pytest.mark.parametrize(("first", "second"), list(product(Verdict, Verdict)))
def test_ones_own_is_replaced_and_a_colleagues_is_not(attempt, reviewer, first, second):
    earlier = decide(attempt, first, reviewer)
    with pytest.raises(Conflict, match="Dr Lind has just decided") as told:
        decide(attempt, second, review_factories.reviewer(attempt))
    assert told.value.current == {"decision": first.value, "by": "Dr Lind"}
    later = decide(attempt, second, reviewer, now=NOON + MINUTE)
    assert (decisions.find_open(attempt), earlier.undone_at) == (later, NOON + MINUTE)
    assert not act(decision_sending.send, earlier)
    assert act(decision_sending.send, later) and status_of(attempt) is CALLS_FOR[second]
    assert decisions.list_for(attempt) == [earlier, later]


def test_a_decision_that_was_sent_is_changed_by_another(attempt, reviewer):
    for verdict, status in ((ACCEPT, S.VERIFIED), (REJECT, S.REJECTED), (ACCEPT, S.VERIFIED)):
        act(decision_sending.send, decide(attempt, verdict, reviewer))
        assert status_of(attempt) is status
    report, *made = review_versions.list_for(attempt)
    assert [one.is_current for one in (report, *made)] == [False, False, False, True]


@pytest.mark.parametrize("role", Role)
def test_who_may_decide(attempt, role):
    by = review_factories.reviewer(attempt, role)
    if role in {Role.REVIEWER, Role.INSTRUCTOR}:
        assert decide(attempt, ACCEPT, by)
        return
    with pytest.raises(NotAllowed, match="do not have permission to review"):
        decide(attempt, ACCEPT, by)


def test_nobody_decides_on_their_own_or_in_another_course_or_on_what_a_colleague_holds(attempt, reviewer):
    make.member(Role.INSTRUCTOR, course=attempt.exam.course, user=attempt.learner)
    with writing():
        claims.claim([attempt.id], reviewer, now=NOON)
    for by, error, says in (
        (attempt.learner, NotAllowed, "your own attempt"),
        (make.member(Role.REVIEWER), NotAllowed, "do not have permission to review"),
        (review_factories.reviewer(attempt), NotNow, "Dr Lind is reviewing"),
    ):
        with pytest.raises(error, match=says):
            decide(attempt, ACCEPT, by)
    decide(attempt, ACCEPT, reviewer)
    assert claims.holder(attempt, now=NOON) is None  # Who has decided holds it no longer.


@pytest.mark.parametrize(
    ("given", "marks", "field"),
    [
        ({"reason_code": ""}, ["concern", "ok"], "reason_code"),
        ({"reason_code": "mood"}, ["concern", "ok"], "reason_code"),
        ({"sentence": "  "}, ["concern", "ok"], "sentence"),
        ({}, ["ok", "note"], "without_incident"),
        ({}, [], "without_incident"),
        ({}, ["concern", "bad"], "incidents"),
        ({}, ["ok", "concern"], ""),
        ({"without_incident": True}, ["ok", "ok"], ""),
    ],
)
@pytest.mark.parametrize("verdict", Verdict)
def test_not_accepted_says_why_and_rests_on_an_incident(attempt, reviewer, given, marks, field, verdict):
    seen = decisions.incidents(attempt)
    marked = dict(zip([one.id for one in seen], marks, strict=False))
    said = {"without_incident": False, **given}
    if field and (verdict is REJECT or field == "incidents"):
        with pytest.raises(BadInput) as told:
            decide(attempt, verdict, reviewer, marks=marked, **said)
        assert (told.value.field, decisions.find_open(attempt)) == (field, None)
        return
    assert decide(attempt, verdict, reviewer, marks=marked, **said)
    assert [one.verdict for one in decisions.incidents(attempt)] == (marks or ["", ""])


@pytest.mark.parametrize(("why", "verdict"), [*product(["right gone", "reset", "reset, two asked for"], Verdict)])
def test_what_can_no_longer_be_sent_lapses(attempt, reviewer, verdict, why):
    fake_providers.change(attempt.exam.course, needs_two_reviewers="two" in why)
    made = decide(attempt, verdict, reviewer)
    with writing() as session:
        if why == "right gone":
            session.delete(session.scalars(db.select(Membership).filter_by(user_id=reviewer.id)).one())
        else:
            attempts.archive(attempts.lock(attempt.id), Cause(actor=Actor.STAFF, reason="Power cut"), now=NOON)
    assert act(decision_sending.send, made, now=SEND_AT) is False
    assert (made.sent_at, made.undone_at, events(attempt)[-1]) == (None, SEND_AT, Event.DECISION_LAPSED)
    assert status_of(attempt) is S.SECOND_REVIEW_REQUIRED and not act(decision_sending.send, made, now=SEND_AT)


@pytest.mark.parametrize("is_colleague", [True, False])
def test_where_two_are_asked_for_the_second_must_be_another(app, is_colleague):
    exam = make.exam(course=make.course(needs_two_reviewers=True), is_proctored=True, provider_slug="proctorco")
    attempt = review_factories.proctored(exam=exam)
    first, second = review_factories.reviewer(attempt), review_factories.reviewer(attempt)
    assert act(decision_sending.send, decide(attempt, REJECT, first))
    assert (status_of(attempt), events(attempt)[-1]) == (S.SECOND_REVIEW_REQUIRED, Event.REJECTION_WAITS)
    assert act(decision_sending.send, decide(attempt, REJECT, second if is_colleague else first))
    assert status_of(attempt) is (S.REJECTED if is_colleague else S.SECOND_REVIEW_REQUIRED)


@pytest.mark.parametrize("is_sent", [True, False])
def test_sending_answers_what_was_known_when_it_was_made_and_undoing_leaves_it(attempt, reviewer, is_sent):
    made = decide(attempt, ACCEPT, reviewer)
    [case] = db.session.scalars(db.select(SupportCase))
    act(*((decision_sending.send, made) if is_sent else (decisions.undo, made, reviewer)))
    assert case.closing_note == ("Decided: Accept." if is_sent else "")
    assert decisions.newest_id(attempt) == (made.id if is_sent else 0)
    assert decisions.find_unsent(attempt, reviewer) is (None if is_sent else made)
