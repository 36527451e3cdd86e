"""One attempt for the team: clock, history, answers, and what can be done or why not."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import time_account
from portal.models import Answer, Attempt, HistoryEntry, LateAnswer, Question, Role
from portal.web.teach.attempts.history_labels import history_sign
from tests import make
from tests.make import NOON, S


@pytest.fixture
def attempt(app, sign_in):
    attempt = make.attempt(learner=make.user(name="Ada Rahimi"))
    sign_in(make.member(Role.INSTRUCTOR, course=attempt.exam.course, user=make.user(name="Dr Lind")))
    return attempt


def page_of(client, attempt):
    return client.get(f"/teach/attempts/{attempt.ref}/").text


def give(attempt, minutes=10):
    with writing():
        locked = attempts.lock(attempt.id)
        cause = Cause(actor=Actor.STAFF, reason="Fire alarm")
        time_account.add_time(locked, minutes, cause, now=NOON + timedelta(minutes=5))


def test_the_time_account_says_who_and_why(client, attempt):
    give(attempt)
    page = page_of(client, attempt)
    for words in ("Ada Rahimi", attempt.ref, "Base", "60:00", "+ 10:00", "Fire alarm", "13:10"):
        assert words in page


def test_a_change_is_not_seen_until_the_learners_page_has_shown_it(client, attempt):
    give(attempt)
    assert "Not seen yet on the learner&#39;s screen" in page_of(client, attempt)
    with writing():
        locked = attempts.lock(attempt.id)
        locked.seen_revision, locked.seen_at = locked.revision, NOON + timedelta(minutes=6)
    assert "Seen on the learner&#39;s screen 12:06" in page_of(client, attempt)


def test_answers_are_shown_in_words_and_late_ones_apart(client, attempt):
    first, second, _ = db.session.scalars(db.select(Question).order_by(Question.position)).all()
    with writing() as session:
        session.add(Answer(attempt_id=attempt.id, question_id=first.id, value="b", version=1, saved_at=NOON))
        session.add(LateAnswer(attempt_id=attempt.id, question_id=second.id, value="c", received_at=NOON))
    page = page_of(client, attempt)
    assert "Choice b" in page
    assert "Late or incomplete answers" in page and "Choice c" in page


def test_a_proctor_does_not_see_answers(client, sign_in, attempt):
    sign_in(make.member(Role.PROCTOR, course=attempt.exam.course))
    assert "Answers saved" not in page_of(client, attempt)


def test_what_cannot_be_done_says_why(client, sign_in, attempt):
    ended = make.attempt(S.SUBMITTED, exam=attempt.exam)
    assert "This attempt has ended, so you cannot change its time." in page_of(client, ended)
    waiting = make.attempt(S.READY_TO_START, exam=attempt.exam)
    assert "The clock has not started yet." in page_of(client, waiting)
    sign_in(make.member(Role.REVIEWER, course=attempt.exam.course))
    assert "<h2>Actions</h2>" not in page_of(client, attempt)


@pytest.mark.parametrize(
    ("action", "status", "is_paused", "is_aside"),
    [
        ("pause-clock", S.STARTED, True, False),
        ("end-exam", S.SUBMITTED, False, False),
        ("reset", S.STARTED, False, True),
    ],
)
def test_an_action_needs_a_reason_and_is_in_the_history(client, attempt, action, status, is_paused, is_aside):
    url = f"/teach/attempts/{attempt.ref}/do/{action}"
    refused = client.post(url, data={"reason": " "})
    assert refused.status_code == 422
    assert "Enter a reason." in refused.text
    assert client.post(url, data={"reason": "She felt unwell"}).location.endswith(f"/teach/attempts/{attempt.ref}/")
    after = db.session.get_one(Attempt, attempt.id)
    assert (after.status, after.is_paused, after.archived_at is not None) == (status, is_paused, is_aside)
    page = page_of(client, attempt)
    assert "She felt unwell" in page and "Dr Lind" in page


def test_the_clock_continues_where_it_stopped(client, attempt, the_clock):
    client.post(f"/teach/attempts/{attempt.ref}/do/pause-clock", data={"reason": "Power cut"})
    the_clock.advance(minutes=7)
    assert "paused, 60:00 left" in page_of(client, attempt)
    client.post(f"/teach/attempts/{attempt.ref}/do/resume-clock", data={"reason": "Power is back"})
    assert db.session.get_one(Attempt, attempt.id).deadline_at == NOON + timedelta(minutes=67)
    assert "+ 7:00" in page_of(client, attempt)


def leads_back(refused, attempt):
    return f'class="button primary large" href="/teach/attempts/{attempt.ref}/">Go back to the attempt' in refused.text


def test_an_action_whose_moment_has_passed_is_refused_in_words(client, attempt):
    refused = client.get(f"/teach/attempts/{attempt.ref}/do/resume-clock")
    assert refused.status_code == 409
    assert "The clock is not paused." in refused.text and leads_back(refused, attempt)
    assert client.get(f"/teach/attempts/{attempt.ref}/do/explode").status_code == 404


def test_who_has_no_right_cannot_do_it(client, sign_in, attempt):
    sign_in(make.member(Role.PROCTOR, course=attempt.exam.course))
    refused = client.post(f"/teach/attempts/{attempt.ref}/do/reset", data={"reason": "x"})
    assert refused.status_code == 403 and leads_back(refused, attempt)


def test_every_status_of_an_attempt_has_a_word_of_its_own_in_the_history():
    for status in S:
        sign = history_sign(HistoryEntry(event="moved", from_status=None, to_status=status.value))
        assert sign.words and "_" not in sign.words and "clicked" not in sign.words


def test_what_can_be_done_is_read_before_what_is_there(client, attempt):
    page = page_of(client, attempt)
    assert page.index("<h2>Actions</h2>") < page.index("Time log") < page.index("Answers saved")


def test_the_receipt_says_who_ended_the_exam_and_why(client, sign_in, attempt):
    client.post(f"/teach/attempts/{attempt.ref}/do/end-exam", data={"reason": "The room has to be cleared"})
    sign_in(attempt.learner)
    receipt = client.get(f"/attempts/{attempt.ref}/status").text
    assert "by the course team" in receipt
    assert '<dt>Their reason</dt><dd dir="auto">The room has to be cleared</dd>' in receipt
