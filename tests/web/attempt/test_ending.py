"""The page with all answers: what is left is told as it is, and the way back leads to the question worked on last."""

from datetime import timedelta

import pytest

from portal.db import writing
from portal.domain.answers import answers
from portal.domain.answers.answers import Said
from portal.models import QuestionKind
from tests import make
from tests.make import NOON, S


@pytest.fixture
def attempt(sign_in):
    exam = make.exam(questions=[{"title": f"Number {number}"} for number in range(1, 5)])
    attempt = make.attempt(S.STARTED, exam=exam)
    sign_in(attempt.learner)
    return attempt


def test_the_way_back_leads_to_the_question_worked_on_last(client, attempt):
    first, _, third, _ = answers.ordered_questions(attempt)
    place = f"/attempts/{attempt.ref}/check-answers"
    assert client.get(place).text.count("Go back to question 1<") == 2
    for minutes, question in enumerate((first, third)):
        with writing():
            answers.save(attempt, question.id, Said(value="a", seen_version=0), now=NOON + timedelta(minutes=minutes))
    page = " ".join(client.get(place).text.split())
    assert page.count("Go back to question 3<") == 2
    assert '<button class="button" name="to" value="3">' in page
    assert '<input type="hidden" name="to" value="3">' in page


def test_the_last_minute_is_told_in_seconds(client, attempt, the_clock):
    the_clock.now = attempt.deadline_at - timedelta(seconds=40)
    page = client.get(f"/attempts/{attempt.ref}/check-answers").text
    assert "You have 40 seconds left to answer them." in page
    assert "0 minutes" not in page


@pytest.mark.parametrize(("typed", "is_told"), [("15 minutes", True), ("1.2.3", True), ("15", False), ("٢,٥", False)])
def test_what_is_no_number_is_told_before_it_is_too_late(client, sign_in, typed, is_told):
    attempt = make.attempt(S.STARTED, exam=make.exam(questions=[{"kind": QuestionKind.NUMBER, "key": {"value": "15"}}]))
    sign_in(attempt.learner)
    [question] = answers.ordered_questions(attempt)
    with writing():
        answers.save(attempt, question.id, Said(value=typed, seen_version=0), now=NOON)
    assert ("aria-invalid=true" in client.get(f"/attempts/{attempt.ref}/exam/1").text) is is_told
    page = client.get(f"/attempts/{attempt.ref}/check-answers").text
    assert ("1 answer is not a number yet." in page) is is_told
    assert ("Not a number yet" in page) is is_told


def test_an_answer_of_spaces_is_listed_as_it_is_counted(client, sign_in):
    attempt = make.attempt(S.STARTED, exam=make.exam(questions=[{"kind": QuestionKind.SHORT_TEXT, "title": "Which"}]))
    sign_in(attempt.learner)
    [question] = answers.ordered_questions(attempt)
    with writing():
        answers.save(attempt, question.id, Said(value="  ", seen_version=0), now=NOON)
    page = client.get(f"/attempts/{attempt.ref}/check-answers").text
    assert "1 question has no answer." in page
    assert "No answer" in page


@pytest.mark.parametrize(
    ("typed", "says", "is_listed"),
    [
        ("1,000", "Read as 1. If you mean thousands, leave out the comma.", True),
        ("1/3", "Read as 0.3333.", False),
        ("5%", "Read as 0.05.", False),
        ("1000", None, False),
    ],
)
def test_how_a_number_is_read_is_said_without_a_script(client, sign_in, typed, says, is_listed):
    asked = {"kind": QuestionKind.NUMBER, "key": {"value": "1000"}}
    attempt = make.attempt(S.STARTED, exam=make.exam(questions=[asked]))
    sign_in(attempt.learner)
    [question] = answers.ordered_questions(attempt)
    reply = client.post(f"/attempts/{attempt.ref}/answers/{question.id}", json={"value": typed, "version": 0}).json
    assert reply["number"] == {"is_number": True, "says": says or ""}
    page = client.get(f"/attempts/{attempt.ref}/exam/1").text
    assert (says or 'id="number-read" hidden') in page
    assert (
        "See how we read 1 number." in (check := client.get(f"/attempts/{attempt.ref}/check-answers").text)
        or not is_listed
    )
    assert (check.count(says) if says else 0) == is_listed


def test_the_navigator_has_no_tick_for_what_is_no_number(client, sign_in):
    asked = {"kind": QuestionKind.NUMBER, "key": {"value": "4"}}
    attempt = make.attempt(S.STARTED, exam=make.exam(questions=[asked, asked]))
    sign_in(attempt.learner)
    first, second = answers.ordered_questions(attempt)
    with writing():
        answers.save(attempt, first.id, Said(value="1e1000000", seen_version=0), now=NOON)
        answers.save(attempt, second.id, Said(value="4", seen_version=0), now=NOON)
    page = client.get(f"/attempts/{attempt.ref}/exam/1").text
    assert page.count(" data-unread") == 1
    assert page.count(", not a number") == 1


@pytest.mark.parametrize(("language", "says"), [("de", "Gelesen als 0,3333."), ("ar", "0.3333")])
def test_a_reading_is_in_the_readers_own_marks(client, sign_in, language, says):
    asked = {"kind": QuestionKind.NUMBER, "key": {"value": "4"}}
    attempt = make.attempt(S.STARTED, exam=make.exam(questions=[asked]), learner=make.user(language=language))
    sign_in(attempt.learner)
    [question] = answers.ordered_questions(attempt)
    reply = client.post(f"/attempts/{attempt.ref}/answers/{question.id}", json={"value": "1/3", "version": 0}).json
    assert says in reply["number"]["says"]
