"""What waits for a reviewer: each kind of waiting, who sees it, in which order, and what comes next."""

from datetime import datetime, timedelta

import pytest

from portal.db import writing
from portal.domain.attempts import attempts, resuming
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.providers.facts import CommentReceived
from portal.domain.reviews import appeals, claims, decision_sending, decisions, queue, queue_filter
from portal.domain.reviews.verdicts import Decided
from portal.domain.timekeeping import time_account
from portal.models import Attempt, Delivery, DeliveryKind, DeliveryOutcome, ResumeState, Role, TimeEntryKind, Verdict
from tests import make, review_factories
from tests.make import NOON, S

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ACCEPT = Decided(verdict=Verdict.ACCEPT)
REJECT = Decided(verdict=Verdict.REJECT, reason_code="help", sentence="A voice was heard.", without_incident=True)
FREE = {"waiting", "unclaimed"}


@pytest.fixture
def exam(app):
    return make.exam(is_proctored=True, provider_slug="proctorco")


@pytest.fixture
def reviewer(exam):
    return make.member(Role.REVIEWER, course=exam.course)


def look(person, *exams, show="waiting", now=NOON, page=1):
    return queue.search(asked(person, course_ids=[one.course_id for one in exams], now=now, show=show, page=page))


def asked(person, **given):
    return queue_filter.QueueFilter(person=person, **{"now": NOON, "day_began_at": NOON.replace(hour=0), **given})


def seen(person, exam, show="waiting", **given) -> list[Attempt]:
    return [item.attempt for item in look(person, exam, show=show, **given).items]


def decide(attempt, by, decided, *, now: datetime = NOON, is_sent=True):
    with writing():
        held = attempts.lock(attempt.id)
        made = decisions.make(held, decided, by, marks={}, send_at=now + HOUR, now=now)
        if is_sent:
            decision_sending.send(made, now=now)
    return made


def claim(by, *attempts_, now=NOON):
    with writing():
        claims.claim([one.id for one in attempts_], by, now=now)


def reported(exam, *words, **given):
    attempt = review_factories.proctored(exam=exam, **given)
    for word in words:
        review_factories.report(attempt, word)
    return attempt


def suspended(exam, **given):
    attempt = review_factories.proctored(exam=exam, status=S.STARTED, **given)
    with writing():
        resuming.fail(attempts.lock(attempt.id), Cause(actor=Actor.STAFF, reason="Power cut"), now=NOON)
    return attempt


def stopped(exam, kind=TimeEntryKind.INTERRUPTION, *, now=NOON):
    attempt = review_factories.proctored(exam=exam, status=S.STARTED)
    with writing():
        cause = Cause(actor=Actor.PROCTOR, reason="Nobody is heard")
        time_account.pause_clock(attempts.lock(attempt.id), kind, cause, now=now)
    return attempt


def kept(exam, **given):
    attempt = review_factories.proctored(exam=exam, status=given.pop("status", S.SUBMITTED))
    facts = {"kind": DeliveryKind.REVIEWED, "outcome": DeliveryOutcome.KEPT, "body": "{}", "body_sha256": "0" * 64}
    make.row(Delivery(attempt_id=attempt.id, received_at=NOON, **{**facts, **given}))
    return attempt


def refused(exam, *, is_appealed=True, now=NOON):
    attempt = reported(exam, "suspicious")
    decide(attempt, make.member(Role.REVIEWER, course=exam.course), REJECT, now=now - 3 * DAY)
    if is_appealed:
        with writing():
            appeals.send(attempts.lock(attempt.id), "It was the radio.", attempt.learner, days=14, now=now)
    return attempt


def decided(exam, *, attempt=None, undone=False):
    attempt = attempt or review_factories.proctored(exam=exam)
    made = decide(attempt, review_factories.reviewer(attempt), ACCEPT, is_sent=False)
    review_factories.report(attempt, "passed")
    if undone:
        with writing():
            decisions.undo(made, made.reviewer, now=NOON)
    return attempt


def first_part(exam, then: S):
    """Broken off and resumed, without a report; the attempt that goes on has come to ``then``."""
    first = review_factories.proctored(exam=exam, status=S.ERROR, resume_state=ResumeState.RESUMED)
    review_factories.proctored(exam=exam, status=then, learner=first.learner, resumes_id=first.id)
    return first


#: Each kind of attempt, and under which headings it stands.
KINDS = {
    "suspicious": (lambda exam: reported(exam, "suspicious"), {*FREE, "second"}),
    "accepted": (lambda exam: reported(exam, "passed"), set()),
    "contradicted": (lambda exam: reported(exam, "passed", "violation"), FREE),
    "reported too late": (lambda exam: reported(exam, "suspicious", status=S.ERROR), FREE),
    "reset": (lambda exam: reported(exam, "suspicious", archived_at=NOON, archive_reason="again"), set()),
    "broken off": (suspended, {*FREE, "interrupted"}),
    "broken off without a proctor": (lambda exam: suspended(exam, taking_as_proctored=False), set()),
    "stopped by silence": (stopped, {*FREE, "interrupted"}),
    "stopped by a person": (lambda exam: stopped(exam, TimeEntryKind.PAUSE), set()),
    "part of an accepted one": (lambda exam: first_part(exam, S.VERIFIED), FREE),
    "part of one that waits": (lambda exam: first_part(exam, S.SUBMITTED), set()),
    "message": (kept, FREE),
    "message while it runs": (lambda exam: kept(exam, status=S.STARTED), {*FREE, "interrupted"}),
    "message ticked off": (lambda exam: kept(exam, seen_at=NOON), set()),
    "message used": (lambda exam: kept(exam, outcome=DeliveryOutcome.USED), set()),
    "appealed": (refused, {*FREE, "appeals"}),
    "not accepted": (lambda exam: refused(exam, is_appealed=False), set()),
    "appealed and decided": (lambda exam: decided(exam, attempt=refused(exam)), {"today"}),
    "decided": (decided, {"today"}),
    "decided and undone": (lambda exam: decided(exam, undone=True), FREE),
}


@pytest.mark.parametrize(("made", "shows"), KINDS.values(), ids=KINDS)
def test_what_waits_and_under_which_heading(exam, reviewer, made, shows):
    attempt = made(exam=exam)
    assert {show for show in queue_filter.SHOWS if attempt in seen(reviewer, exam, show)} == shows
    assert {show for show, number in look(reviewer, exam).counts.items() if number} == shows
    assert queue.count_waiting(asked(reviewer, course_ids=[exam.course_id])) == ("waiting" in shows)
    free = queue.first_free(asked(reviewer, course_ids=[exam.course_id]), most=5)
    assert free == ([attempt.id] if "unclaimed" in shows else [])


@pytest.mark.parametrize("status", S)
def test_without_a_report_only_a_second_review_waits(exam, reviewer, status):
    attempt = review_factories.proctored(exam=exam, status=status)
    assert seen(reviewer, exam) == ([attempt] if status is S.SECOND_REVIEW_REQUIRED else [])


def test_who_sees_what(exam, reviewer):
    other = make.exam(is_proctored=True, provider_slug="proctorco")
    here, there = review_factories.waiting(exam=exam), review_factories.waiting(exam=other)
    assert seen(reviewer, exam) == [here]
    assert [item.attempt for item in look(reviewer, exam, other).items] == [here, there]
    for page in [look(reviewer, show=show) for show in queue_filter.SHOWS]:
        assert (page.items, page.total, set(page.counts.values())) == ([], 0, {0})
    assert queue.count_waiting(asked(reviewer, course_ids=[])) == 0
    assert seen(here.learner, exam) == [] and look(here.learner, exam, other).total == 1


@pytest.mark.parametrize(("later", "holds"), [(0, True), (3.9, True), (4, False)])
def test_a_claim_moves_it_to_the_holders_own_until_it_runs_out(exam, reviewer, later, holds):
    mine, free, at = review_factories.waiting(exam=exam), review_factories.waiting(exam=exam), NOON + later * HOUR
    claim(reviewer, mine)
    other = review_factories.reviewer(mine)
    for person in (reviewer, other):
        is_mine = holds and person is reviewer
        assert seen(person, exam, "mine", now=at) == ([mine] if is_mine else [])
        assert seen(person, exam, "unclaimed", now=at) == ([free] if holds else [mine, free])
        items = look(person, exam, now=at).items
        assert [(one.attempt, one.is_for(person)) for one in items] == [(mine, is_mine), (free, False)]


def test_who_sits_before_a_stopped_exam_comes_first_then_the_day_then_the_weight(exam, reviewer):
    light, heavy = reported(exam, "suspicious"), review_factories.waiting(exam=exam, at=NOON + 2 * HOUR)
    yesterday = reported(exam, "suspicious", at=NOON - DAY)
    appealed = refused(exam, now=NOON - 2 * DAY)
    waits, still = suspended(exam), stopped(exam, now=NOON + HOUR / 2)
    assert seen(reviewer, exam) == [waits, still, appealed, yesterday, heavy, light]
    items = {item.attempt.id: item for item in look(reviewer, exam).items}
    assert {number for number, item in items.items() if item.cannot_wait} == {waits.id, still.id}
    dues = [items[one.id].due_at(7) for one in (waits, still, appealed, yesterday)]
    assert dues == [waits.created_at, NOON + HOUR / 2, NOON + 5 * DAY, yesterday.completed_at + 7 * DAY]


@pytest.mark.parametrize(
    ("words", "incidents", "weight"),
    [
        ([], 0, 0),
        (["Clean"], 0, 0),
        (["What is this"], 1, 1),
        (["Suspicious"], 1, 2),
        (["Rules Violation", "Suspicious", "Clean", "violation"], 3, 8),
    ],
)
def test_incidents_of_the_newest_report_are_counted_and_weighed(exam, reviewer, words, incidents, weight):
    attempt = review_factories.waiting(exam=exam)
    seen_by_provider = [CommentReceived(comment="Seen", provider_status=word) for word in words]
    review_factories.report(attempt, "suspicious", *seen_by_provider)
    [item] = look(reviewer, exam).items
    assert (item.incidents, item.weight) == (incidents, weight)


def test_of_each_attempt_it_is_said_what_there_is_beside_it(exam, reviewer):
    review_factories.report(kept(exam, seen_at=NOON), "suspicious")
    kept(exam)
    reported(exam, "suspicious", status=S.ERROR)
    refused(exam)
    facts = [(one.has_kept, one.report, bool(one.appeal)) for one in look(reviewer, exam).items]
    assert facts == [(False, None, False), (True, None, False), (False, "report_to_decide", False), (False, None, True)]


def test_decided_since_midnight_newest_first_whether_sent_or_not(exam, reviewer):
    late, sent, unsent, changed = (review_factories.waiting(exam=exam) for _ in range(4))
    decide(late, reviewer, ACCEPT, now=NOON - 13 * HOUR)
    decide(sent, reviewer, ACCEPT, now=NOON - 12 * HOUR)
    decide(changed, reviewer, ACCEPT, now=NOON - 2 * HOUR)
    decide(unsent, reviewer, ACCEPT, now=NOON - HOUR, is_sent=False)
    decide(changed, reviewer, REJECT, now=NOON)
    items = look(review_factories.reviewer(sent), exam, show="today").items
    said = {one.attempt: one.decision.verdict for one in items}
    assert list(said.items()) == [(changed, Verdict.REJECT), (unsent, Verdict.ACCEPT), (sent, Verdict.ACCEPT)]


def test_pages_of_twenty_five_and_nonsense_is_the_nearest_that_there_is(exam, reviewer):
    every = [review_factories.waiting(exam=exam) for _ in range(26)]
    for page, show, found in ((-4, "waiting", every[:25]), (2, "waiting", every[25:]), (99, "nonsense", every[25:])):
        there = look(reviewer, exam, show=show, page=page)
        assert ([one.attempt for one in there.items], there.total, there.show) == (found, 26, "waiting")


def test_what_comes_next_is_ones_own_then_what_is_free_and_never_an_interruption(exam, reviewer):
    stopped(exam)
    done, mine, theirs, free, appealed = (*(review_factories.waiting(exam=exam) for _ in range(4)), refused(exam))
    claim(reviewer, done, mine)
    claim(make.member(Role.REVIEWER, course=exam.course), theirs)
    after = {show: asked(reviewer, course_ids=[exam.course_id], show=show) for show in queue_filter.SHOWS}
    assert queue.following(after["waiting"], done) is mine
    decide(mine, reviewer, ACCEPT)
    claim(reviewer, done)
    assert queue.following(after["waiting"], done) is free
    assert queue.following(after["second"], done) is theirs
    assert queue.following(after["appeals"], done) is appealed
    assert queue.following(after["appeals"], appealed) is done  # It is mine.
