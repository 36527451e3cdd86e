"""Under which heading a learner finds each exam."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.attempts import exam_list
from portal.models import ResumeState
from tests import make
from tests.make import NOON, S

HOUR = timedelta(hours=1)
IN_2030 = datetime(2030, 6, 1, 16, tzinfo=UTC)
PROCTORED = {"taking_as_proctored": True}


@pytest.fixture
def learner(app):
    return make.user()


def place(learner, exam) -> str:
    make.enrol(exam.course, learner)
    [listed] = exam_list.list_for(learner, now=NOON)
    return listed.place(now=NOON)


@pytest.mark.parametrize(
    ("facts", "heading"),
    [
        ({}, "open"),
        ({"opens_at": NOON + HOUR}, "coming"),
        ({"opens_at": NOON - HOUR, "closes_at": NOON}, "past"),
    ],
)
def test_without_an_attempt_the_window_decides(learner, facts, heading):
    assert place(learner, make.exam(**facts)) == heading


@pytest.mark.parametrize(
    ("status", "facts", "heading"),
    [
        (S.STARTED, {}, "running"),
        (S.CREATED, {}, "open"),
        (S.SUBMITTED, {}, "past"),
        (S.SUBMITTED, PROCTORED, "reviewed"),
        (S.SECOND_REVIEW_REQUIRED, PROCTORED, "reviewed"),
        (S.VERIFIED, PROCTORED, "past"),
        (S.ERROR, PROCTORED, "past"),
        (S.ERROR, {**PROCTORED, "resume_state": ResumeState.RESUMABLE}, "running"),
        (S.ERROR, {**PROCTORED, "resume_state": ResumeState.GRANTED}, "running"),
        (S.ERROR, {**PROCTORED, "resume_state": ResumeState.RESUMED}, "past"),
    ],
)
def test_the_last_attempt_decides_before_the_window(learner, status, facts, heading):
    exam = make.exam(maximum_attempts=1, closes_at=NOON + HOUR)
    make.attempt(status, exam=exam, learner=learner, **facts)
    assert place(learner, exam) == heading


def test_what_can_be_gone_on_with_is_not_past_when_the_exam_has_closed(learner):
    exam = make.exam(maximum_attempts=1, closes_at=NOON - HOUR)
    make.attempt(S.ERROR, exam=exam, learner=learner, resume_state=ResumeState.RESUMABLE)
    assert place(learner, exam) == "running"


def test_the_page_says_being_reviewed(client, sign_in, learner):
    sign_in(learner)
    exam = make.exam(maximum_attempts=1)
    attempt = make.attempt(S.SUBMITTED, exam=exam, learner=learner, **PROCTORED)
    assert client.get("/me/exams/").text.count("Being reviewed") == 2, "as a heading and as a state"
    assert "Being reviewed" in client.get(f"/attempts/{attempt.ref}/status").text


def test_a_learner_with_a_granted_resume_finds_the_way_on(client, sign_in, learner):
    sign_in(learner)
    exam = make.exam(maximum_attempts=1)
    facts = {"resume_state": ResumeState.GRANTED, "time_remaining_seconds": 1420}
    attempt = make.attempt(S.ERROR, exam=exam, learner=learner, **facts)
    page = client.get(f"/attempts/{attempt.ref}/status").text
    assert "You can continue your exam" in page and "23:40 minutes left" in page
    assert f'action="/exams/{exam.slug}/begin"' in page


@pytest.mark.parametrize(
    ("status", "given", "says"),
    [
        (None, {"closes_at": NOON - HOUR}, ("Missed", "You did not take this exam; it closed on Mon 2 March 2026")),
        (S.SUBMITTED, {"closes_at": NOON - HOUR}, ("Your course team will tell you your marks",)),
        (None, {"closes_at": IN_2030}, ("Sat 1 Jun 2030 <small>16:00</small>", "Timed exam")),
        (S.STARTED, {}, ("Time left", "60 <small>minutes</small>")),
    ],
)  # fmt: skip
def test_the_list_says_kind_and_time_and_what_comes_of_it(client, sign_in, learner, status, given, says):
    exam = make.exam(**given)
    make.enrol(exam.course, learner)
    if status:
        make.attempt(status, exam=exam, learner=learner)
    sign_in(learner)
    page = client.get("/me/exams/").text
    for one in says:
        assert one in page
