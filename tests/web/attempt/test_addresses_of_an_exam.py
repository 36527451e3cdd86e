"""Any address of a running exam opens what it says, and what comes in between leads back to the question."""

import pytest

from portal.db import db, writing
from portal.domain.answers import answers
from portal.domain.attempts import attempts
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import breaks, time_account
from portal.models import HistoryEntry
from tests import make
from tests.make import S

STAFF = Cause(actor=Actor.STAFF, reason="fire alarm")
HEADINGS = {
    "exam/1": 'aria-label="Question 1 of 4"',
    "exam/3": 'aria-label="Question 3 of 4"',
    "check-answers": "<h1>Check your answers</h1>",
    "end": "<h1>Submit Algebra</h1>",
}


@pytest.fixture
def attempt(sign_in):
    attempt = make.attempt(S.STARTED, exam=make.exam(name="Algebra", questions=4))
    sign_in(attempt.learner)
    return attempt


def question_of(attempt, number: int):
    return answers.ordered_questions(attempt)[number - 1]


@pytest.mark.parametrize("address", sorted(HEADINGS))
@pytest.mark.parametrize("has_checked", [False, True])
def test_an_address_opens_what_it_says_before_and_after_the_check(client, attempt, address, has_checked):
    if has_checked:
        client.post(f"/attempts/{attempt.ref}/check-answers")
    page = client.get(f"/attempts/{attempt.ref}/{address}")
    assert page.status_code == 200
    assert HEADINGS[address] in page.text


def test_the_check_leads_back_to_the_question_they_came_from(client, attempt):
    for sent in ({"to": "3"}, {"to": "3", "x": "y"}):
        check = client.post(f"/attempts/{attempt.ref}/check-answers", data=sent, follow_redirects=True)
        assert "Go back to question 3" in check.text
    for wrong in ("0", "9", "x", "-1"):
        assert "Go back to question 1" in client.get(f"/attempts/{attempt.ref}/check-answers?to={wrong}").text
    last = client.post(f"/attempts/{attempt.ref}/exam/4", data={"go": "next", "version": "0"})
    assert last.location == f"/attempts/{attempt.ref}/check-answers?to=4"


@pytest.mark.parametrize("by", ["script", "form"])
def test_who_answers_after_the_check_is_at_the_questions_again(client, attempt, by):
    client.post(f"/attempts/{attempt.ref}/check-answers")
    place = f"/attempts/{attempt.ref}"
    for value in ("b", "c"):
        if by == "script":
            said = {"value": value, "version": 0 if value == "b" else 1}
            assert client.post(f"{place}/answers/{question_of(attempt, 2).id}", json=said).status_code == 200
        else:
            data = {"value": value, "version": "0" if value == "b" else "1", "go": "stay"}
            assert client.post(f"{place}/exam/2", data=data).status_code == 303
    db.session.refresh(attempt)
    assert attempt.status is S.STARTED
    moves = db.session.scalars(db.select(HistoryEntry.to_status).filter_by(attempt_id=attempt.id)).all()
    assert [str(one) for one in moves].count(S.STARTED.value) == 1


def test_in_the_grace_an_answer_after_the_check_is_saved_and_moves_nothing(client, attempt, the_clock):
    client.post(f"/attempts/{attempt.ref}/check-answers")
    the_clock.now = attempt.deadline_at
    said = {"value": "b", "version": 0}
    assert client.post(f"/attempts/{attempt.ref}/answers/{question_of(attempt, 2).id}", json=said).status_code == 200
    db.session.refresh(attempt)
    assert attempt.status is S.READY_TO_SUBMIT


@pytest.mark.parametrize("address", ["exam/3", "?to=3", "interrupted?to=3"])
def test_after_an_interruption_they_are_at_the_question_they_left(client, attempt, the_clock, address):
    place = f"/attempts/{attempt.ref}/"
    with writing():
        breaks.pause(attempts.lock(attempt.id), STAFF, now=the_clock.now)
    page = client.get(place + address, follow_redirects=True)
    assert page.request.full_path == f"{place}interrupted?to=3"
    assert f'href="{place}?to=3"' in page.text
    with writing():
        time_account.resume_clock(attempts.lock(attempt.id), STAFF, now=the_clock.now)
    for asked in (page.request.full_path, f"{place}?to=3"):
        assert client.get(asked).location == f"{place}exam/3"
    assert client.get(f"{place}?to=99").location == f"{place}exam/1"


def test_the_questions_for_later_come_twenty_at_a_time_with_one_whole_page(client, sign_in):
    attempt = make.attempt(S.STARTED, exam=make.exam(questions=45))
    sign_in(attempt.learner)
    place, seen = f"/attempts/{attempt.ref}/ahead.json", []
    first = client.get(place).json
    assert 'aria-label="Question 1 of 45"' in first["page"] and 'id="exam-clock"' in first["page"]
    number = 1
    while number:
        part = client.get(f"{place}?from={number}").json
        assert len(part["questions"]) <= 20
        seen += part["questions"]
        number = part["next"]
    assert [one["address"] for one in seen] == [f"/attempts/{attempt.ref}/exam/{number}" for number in range(1, 46)]
    whole = " ".join(client.get(seen[30]["address"]).text.split())
    assert " ".join(seen[30]["main"].split()).partition("csrf_token")[0] in whole
    assert client.get(f"{place}?from=999").json == {"questions": [], "next": None}


def test_nothing_is_given_away_for_later_when_no_question_may_be_shown(client, attempt, the_clock):
    with writing():
        breaks.pause(attempts.lock(attempt.id), STAFF, now=the_clock.now)
    refused = client.get(f"/attempts/{attempt.ref}/ahead.json")
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "not_running")
    assert refused.headers["Cache-Control"] == "no-store"
