"""The review console: what it shows, what it hides, and what becomes of a decision."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.reviews import decisions
from portal.domain.timekeeping import time_account
from portal.jobs.recurring import decisions as sending
from portal.models import (
    Attempt,
    Decision,
    HistoryEntry,
    ResumeState,
    Review,
    ReviewComment,
    Role,
    TimeEntry,
    TimeEntryKind,
    Verdict,
)
from tests import review_factories
from tests.make import NOON, S
from tests.review_factories import VOICE


def seen(client, attempt):
    page = client.get(f"/review/{attempt.ref}").text
    return page.partition('name="seen" type="hidden" value="')[2].partition('"')[0]


def decide(client, attempt, verdict="accept", **said):
    ids = [one.id for one in decisions.incidents(attempt)]
    marks = {f"mark-{number}": said.pop("mark", "ok") for number in ids}
    form = {"seen": seen(client, attempt), "verdict": verdict, **marks, **said}
    return client.post(f"/review/{attempt.ref}/decide", data=form)


def not_accepted(client, attempt):
    words = {"reason_code": "help", "sentence": "A second voice was heard.", "mark": "concern"}
    return decide(client, attempt, "reject", **words)


def test_everything_about_the_attempt_but_the_person(client, reviewer, attempt):
    with writing() as session:
        session.add(
            TimeEntry(
                attempt_id=attempt.id, kind=TimeEntryKind.BREAK, at=NOON + timedelta(minutes=2), seconds=60,
                ended_at=NOON + timedelta(minutes=3),
            )
        )  # fmt: skip
    page = client.get(f"/review/{attempt.ref}").text
    for words in (
        "Left the view",
        "Second voice",
        "1:05",
        "5:00",
        "Rules Violation",
        "Allowed break",
        ">current<",
    ):
        assert words in page
    for hidden in ("Ada", "ada@example.edu", "recordings.example", attempt.external_id, attempt.attempt_code):
        assert hidden not in page
    assert "checked" not in page.partition('id="verdict"')[2].partition("</fieldset>")[0]


def test_asking_for_the_name_is_recorded_once(client, reviewer, attempt):
    for _ in range(2):
        assert client.post(f"/review/{attempt.ref}/show-name").status_code == 303
    assert "Ada Rahimi" in client.get(f"/review/{attempt.ref}").text
    lines = db.session.scalars(db.select(HistoryEntry).filter_by(event="name_shown")).all()
    assert [line.by_id for line in lines] == [reviewer.id]


def test_the_recording_opens_by_a_redirect_and_only_after_asking(client, reviewer, attempt):
    assert client.get(f"/review/{attempt.ref}/recording").status_code == 409
    client.post(f"/review/{attempt.ref}/show-recording")
    assert "recordings.example" not in client.get(f"/review/{attempt.ref}").text
    opened = client.get(f"/review/{attempt.ref}/recording")
    assert opened.location == review_factories.LINK
    assert opened.headers["Referrer-Policy"] == "no-referrer"


def test_a_decision_moves_nothing_until_it_is_sent(client, reviewer, attempt, the_clock):
    answer = decide(client, attempt, note="All fine")
    assert answer.location.startswith("/review/")
    assert db.session.get_one(Attempt, attempt.id).status is S.SECOND_REVIEW_REQUIRED
    assert sending.send_due(the_clock.advance(minutes=9)) == 0
    assert sending.send_due(the_clock.advance(minutes=1)) == 1
    assert sending.send_due(the_clock.now) == 0
    after = db.session.get_one(Attempt, attempt.id)
    assert after.status is S.VERIFIED
    current = db.session.scalars(db.select(Review).filter_by(is_current=True)).one()
    assert (current.is_human, current.reviewer_id, current.note) == (True, reviewer.id, "All fine")
    assert {one.verdict for one in db.session.scalars(db.select(ReviewComment))} == {"ok"}


def test_what_is_undone_need_not_be_written_again(client, sign_in, reviewer, attempt):
    not_accepted(client, attempt)
    client.post(f"/review/{attempt.ref}/undo")
    page = client.get(f"/review/{attempt.ref}").text
    assert "A second voice was heard.</textarea>" in page and 'selected value="help"' in page
    assert "checked" not in page.partition('id="verdict"')[2].partition("</fieldset>")[0]
    sign_in(review_factories.reviewer(attempt))
    assert "A second voice was heard.</textarea>" not in client.get(f"/review/{attempt.ref}").text


def test_words_that_were_replaced_do_not_come_back(client, reviewer, attempt):
    not_accepted(client, attempt)
    client.post(f"/review/{attempt.ref}/undo")
    decide(client, attempt)
    client.post(f"/review/{attempt.ref}/send")
    assert "A second voice was heard.</textarea>" not in client.get(f"/review/{attempt.ref}").text


def test_asking_for_the_recording_leads_back_to_it(client, reviewer, attempt):
    asked = client.post(f"/review/{attempt.ref}/show-recording")
    page, _, place = asked.location.partition("#")
    assert f'id="{place}"' in client.get(page).text


def test_undo_until_it_is_sent(client, reviewer, attempt, the_clock):
    decide(client, attempt)
    assert "Undo" in client.get(f"/review/{attempt.ref}").text
    client.post(f"/review/{attempt.ref}/undo")
    assert sending.send_due(the_clock.advance(minutes=30)) == 0
    assert db.session.get_one(Attempt, attempt.id).status is S.SECOND_REVIEW_REQUIRED
    decide(client, attempt)
    client.post(f"/review/{attempt.ref}/send")
    assert db.session.get_one(Attempt, attempt.id).status is S.VERIFIED
    assert client.post(f"/review/{attempt.ref}/undo").status_code == 409


def test_save_and_next_goes_to_what_waits_and_then_to_the_queue(client, reviewer, attempt):
    other = review_factories.waiting(exam=attempt.exam)
    assert decide(client, attempt).location == f"/review/{other.ref}?show=waiting"
    review_factories.proctored(exam=attempt.exam, status=S.ERROR, resume_state=ResumeState.RESUMABLE)
    assert decide(client, other).location == "/review/?show=waiting"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"verdict": ""}, "Choose accept"),
        ({"sentence": "A voice."}, "Choose the reason"),
        ({"reason_code": "help"}, "Write a message to the learner"),
        ({"reason_code": "help", "sentence": "A voice.", "mark": "ok"}, "at least one incident as a concern"),
        ({"reason_code": "nonsense", "sentence": "A voice.", "mark": "concern"}, "Not a valid choice"),
        ({"verdict": "accept", "mark": "splendid"}, "Mark each incident as"),
    ],
)
def test_what_a_decision_must_say(client, reviewer, attempt, said, words):
    refused = decide(client, attempt, **{"verdict": "reject", **said})
    assert refused.status_code == 422
    assert words in refused.text
    assert db.session.query(Decision).count() == 0


def test_not_accepted_says_why_to_the_learner(client, reviewer, attempt):
    assert not_accepted(client, attempt).status_code == 303
    client.post(f"/review/{attempt.ref}/send")
    assert db.session.get_one(Attempt, attempt.id).status is S.REJECTED
    current = db.session.scalars(db.select(Review).filter_by(is_current=True)).one()
    assert (current.reason_code, current.sentence) == ("help", "A second voice was heard.")


def test_what_changed_meanwhile_is_shown_beside_what_one_wanted(client, reviewer, attempt):
    old = seen(client, attempt)
    review_factories.report(attempt, "violation", VOICE)
    data = {"seen": old, "verdict": "accept", "note": "Only the cat"}
    refused = client.post(f"/review/{attempt.ref}/decide", data=data)
    assert refused.status_code == 409
    for words in ("Someone changed this attempt", "Your decision", "Only the cat", "violation"):
        assert words in refused.text
    assert db.session.query(Decision).count() == 0
    assert client.post(f"/review/{attempt.ref}/decide", data={**data, "seen": seen(client, attempt)}).status_code == 303


def test_of_two_who_decide_the_second_is_told(client, sign_in, reviewer, attempt):
    old = seen(client, attempt)
    decide(client, attempt)
    sign_in(review_factories.reviewer(attempt, name="Prof. Okoro"))
    data = {"seen": old, "verdict": "accept"}
    refused = client.post(f"/review/{attempt.ref}/decide", data=data)
    assert refused.status_code == 409 and "Dr Lind decided" in refused.text
    again = client.post(f"/review/{attempt.ref}/decide", data={**data, "seen": seen(client, attempt)})
    assert again.status_code == 409
    assert client.post(f"/review/{attempt.ref}/undo").status_code == 403


def test_nothing_is_decided_before_the_end(client, reviewer, attempt):
    running = review_factories.proctored(exam=attempt.exam, status=S.STARTED)
    assert "after the exam is submitted" in client.get(f"/review/{running.ref}").text
    assert decide(client, running).status_code == 409


def test_a_reviewer_who_lost_the_right_decides_nothing(client, reviewer, attempt, the_clock):
    decide(client, attempt)
    with writing() as session:
        session.execute(db.text("DELETE FROM membership"))
    assert sending.send_due(the_clock.advance(minutes=11)) == 0
    assert db.session.get_one(Attempt, attempt.id).status is S.SECOND_REVIEW_REQUIRED
    assert db.session.scalars(db.select(HistoryEntry).filter_by(event="decision_lapsed")).one()


def test_a_machine_does_not_slip_in_between(client, reviewer, attempt, the_clock):
    decide(client, attempt, "second_look")
    review_factories.report(attempt, "passed")
    assert db.session.get_one(Attempt, attempt.id).status is S.SECOND_REVIEW_REQUIRED
    with writing():
        locked = attempts.lock(attempt.id)
        decisions.undo(decisions.find_open(locked), reviewer, now=NOON)
    current = db.session.scalars(db.select(Review).filter_by(is_current=True)).one()
    assert current.status == "passed" and not current.is_human


def test_the_console_costs_a_known_number_of_queries(client, reviewer, attempt, statements):
    statements.clear()
    assert client.get(f"/review/{attempt.ref}").status_code == 200
    assert len(statements) <= 20, len(statements)
    assert Verdict.ACCEPT in decisions.possible(attempt)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.INSTRUCTOR])
def test_an_interruption_that_lasts_is_drawn_and_links_to_the_action_for_who_may_do_it(client, sign_in, attempt, role):
    sign_in(review_factories.reviewer(attempt, role))
    running = review_factories.proctored(exam=attempt.exam, status=S.STARTED)
    with writing():
        cause = Cause(actor=Actor.PORTAL, reason="ProctorCo was silent.")
        broken_at = NOON + timedelta(minutes=20)
        time_account.pause_clock(attempts.lock(running.id), TimeEntryKind.INTERRUPTION, cause, now=broken_at)
    page = client.get(f"/review/{running.ref}").text
    assert "the clock was paused once" in page and "12:21" in page
    for place in (page, client.get("/review/").text):
        assert (f'href="/teach/attempts/{running.ref}/">Resume attempt' in place) == (role is Role.INSTRUCTOR)
        assert ("The course team resumes this attempt." in place) == (role is Role.REVIEWER)
