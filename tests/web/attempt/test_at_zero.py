"""At zero the page sends what is unsent: each answer is here, in time or apart, or stays on the device."""

import pytest

from portal.db import db, writing
from portal.domain.answers import answers
from portal.domain.answers.answers import MOST_LATE_ANSWERS, Said
from portal.domain.attempts import attempts
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import breaks
from portal.models import Answer, Attempt, LateAnswer, Question, QuestionKind
from tests import make
from tests.make import NOON, S

MANY = [{"kind": QuestionKind.SHORT_TEXT, "title": f"Word {number}"} for number in range(230)]


@pytest.fixture
def attempt(app, sign_in):
    attempt = make.attempt(S.STARTED, exam=make.exam(questions=MANY))
    sign_in(attempt.learner)
    return attempt


def questions(attempt: Attempt) -> list[int]:
    of_exam = db.select(Question.id).where(Question.exam_version_id == attempt.exam_version_id)
    return list(db.session.scalars(of_exam.order_by(Question.id)))


def finish(client, attempt, *unsent):
    return client.post(f"/attempts/{attempt.ref}/finish", json={"answers": list(unsent)}).json


def said(question, value, version=0):
    return {"question": question, "value": value, "version": version}


def stored(model) -> list[object]:
    db.session.rollback()
    return list(db.session.scalars(db.select(model.value).order_by(model.id)))


def test_the_page_hears_which_answers_are_here_and_sends_the_others_after_them(client, attempt):
    unsent = [said(question, f"word {question}") for question in questions(attempt)]
    first = finish(client, attempt, *unsent)
    assert first["done"] == [one["question"] for one in unsent[:200]]
    second = finish(client, attempt, *unsent[200:])
    assert second["done"] == [one["question"] for one in unsent[200:]]
    assert stored(Answer) == [one["value"] for one in unsent]


def test_a_text_that_meets_a_newer_one_is_kept_apart(client, attempt):
    question = questions(attempt)[0]
    with writing():
        said_elsewhere = Said(value="newer", seen_version=0)
        answers.save(attempts.lock(attempt.id), question, said_elsewhere, now=NOON)
    for _ in range(2):  # The answer to the first may have been lost on the way.
        reply = finish(client, attempt, said(question, "typed before"))
        assert (reply["done"], reply["apart"], reply["refused"]) == ([question], [question], [])
    assert (stored(Answer), stored(LateAnswer)) == (["newer"], ["typed before"])


@pytest.mark.parametrize("way", ["answers", "finish"])
def test_what_the_page_sent_itself_and_never_heard_of_is_no_other_window(client, attempt, way):
    question, sent_at = questions(attempt)[0], 1_772_452_800_000
    address = f"/attempts/{attempt.ref}/answers/{question}"
    client.post(address, json={"value": "in", "version": 0, "client_at": sent_at})
    more = {"value": "ink", "version": 0, "client_at": sent_at + 900, "sent_before": [sent_at]}
    if way == "answers":
        assert client.post(address, json=more).json["version"] == 2
        assert client.post(address, json=more | {"value": "other", "sent_before": [7]}).status_code == 409
    else:
        assert finish(client, attempt, {"question": question, **more})["done"] == [question]
    assert (stored(Answer), stored(LateAnswer)) == (["ink"], [])


@pytest.mark.parametrize("value", [7, ["a"], "x" * 70_000])
def test_what_nobody_can_store_stays_on_the_device_and_costs_no_other(client, attempt, value):
    bad, good = questions(attempt)[:2]
    reply = finish(client, attempt, said(bad, value), said(good, "ink"))
    assert (reply["refused"], reply["done"]) == ([bad], [good])
    assert stored(Answer) == ["ink"]


@pytest.mark.parametrize("version", [None, "one", -1])
def test_a_body_that_cannot_be_read_is_refused_for_its_question_alone(client, attempt, version):
    bad, good = questions(attempt)[:2]
    reply = finish(client, attempt, said(bad, "lost?", version=version), said(good, "ink"))
    assert (reply["refused"], reply["done"]) == ([bad], [good])


def test_more_than_is_kept_apart_stays_on_the_device(client, attempt, the_clock):
    late = [said(question, "late") for question in questions(attempt)]
    the_clock.advance(minutes=70)
    reply = [finish(client, attempt, *part) for part in (late[:200], late[200:])]
    assert len(reply[0]["apart"]) == MOST_LATE_ANSWERS
    assert reply[1]["refused"] == [one["question"] for one in late[200:]]


def test_what_is_of_no_question_of_this_exam_is_forgotten(client, attempt):
    assert finish(client, attempt, said(2**40, "whose?"))["done"] == [2**40]
    assert finish(client, attempt, said("x", "?"), 7, None)["done"] == []


def test_while_the_clock_is_paused_the_answers_wait_on_the_device(client, attempt, the_clock):
    with writing():
        breaks.pause(attempts.lock(attempt.id), Cause(actor=Actor.STAFF, reason="Fire alarm"), now=NOON)
    the_clock.advance(minutes=5)
    reply = finish(client, attempt, said(questions(attempt)[0], "typed in the pause"))
    assert (reply["state"], reply["done"], reply["refused"]) == ("paused", [], [])
    assert stored(Answer) == []
