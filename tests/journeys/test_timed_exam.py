"""A timed exam from the list to the receipt, through HTTP, without a line of JavaScript."""

import io
import re

import pytest

from portal.db import db
from portal.models import Answer, Attempt, AttemptStatus, QuestionKind
from tests import make

S = AttemptStatus
QUESTIONS = [
    {"title": "Pick one", "key": {"choice": "b"}},
    {"kind": QuestionKind.SEVERAL_CHOICES, "title": "Pick several", "key": {"choices": ["a", "c"]}},
    {"kind": QuestionKind.NUMBER, "title": "How many", "key": {"value": "4"}},
    {"kind": QuestionKind.SHORT_TEXT, "title": "Which word", "key": {"texts": ["ink"]}},
    {"kind": QuestionKind.LONG_TEXT, "title": "Say more"},
]


@pytest.fixture
def exam(app):
    return make.exam(name="Algebra", questions=QUESTIONS, shows_marks=True)


@pytest.fixture
def learner(exam, sign_in):
    return sign_in(make.enrol(exam.course))


def begin(client, exam):
    client.post(f"/exams/{exam.slug}/begin")
    return db.session.scalars(db.select(Attempt)).one()


def test_from_the_list_to_the_receipt(client, exam, learner, the_clock):
    assert "Algebra" in client.get("/me/exams/").text
    assert "60 <small>minutes" in client.get(f"/exams/{exam.slug}/").text
    attempt = begin(client, exam)
    home = f"/attempts/{attempt.ref}"
    assert "Start, 60 minutes" in client.get(f"{home}/ready").text
    assert "1<small>of 5" in client.post(f"{home}/start", follow_redirects=True).text
    for number, value in enumerate(["b", ["a", "c"], "4,0", "ink", "An essay"], 1):
        the_clock.advance(minutes=1)
        page = client.post(f"{home}/exam/{number}", data={"value": value, "version": 0}, follow_redirects=True).text
    assert "All questions are answered" in page
    assert "5 <small>of 5" in client.get(f"{home}/end").text
    receipt = client.post(f"{home}/submit", follow_redirects=True).text
    assert "Your exam was submitted" in receipt and attempt.ref in receipt
    assert "4 of 5" in re.sub(r"\s+", " ", receipt)
    assert client.get(f"{home}/exam/1").status_code == 303


def test_the_answers_are_shown_again_and_can_be_changed(client, exam, learner):
    attempt = begin(client, exam)
    home = f"/attempts/{attempt.ref}"
    client.post(f"{home}/start")
    client.post(f"{home}/exam/1", data={"value": "a", "version": 0, "flagged": "on", "go": "stay"})
    page = client.get(f"{home}/exam/1").text
    assert re.search(r'value="a" checked', page)
    assert "1 flagged" in page
    client.post(f"{home}/exam/1", data={"value": "b", "version": 1, "go": "stay"})
    assert db.session.scalars(db.select(Answer.value)).all() == ["b"]


def test_a_stale_form_shows_both_answers(client, exam, learner):
    attempt = begin(client, exam)
    home = f"/attempts/{attempt.ref}"
    client.post(f"{home}/start")
    client.post(f"{home}/exam/4", data={"value": "newer", "version": 0})
    reply = client.post(f"{home}/exam/4", data={"value": "older", "version": 0})
    assert reply.status_code == 409
    assert "newer" in reply.text and "older" in reply.text
    client.post(f"{home}/exam/4", data={"value": "older", "version": 1, "go": "stay"})
    assert db.session.scalars(db.select(Answer.value)).all() == ["older"]


def test_text_after_the_hard_stop_is_kept_apart(client, exam, learner, the_clock):
    attempt = begin(client, exam)
    home = f"/attempts/{attempt.ref}"
    client.post(f"{home}/start")
    the_clock.advance(minutes=60, seconds=30)
    page = client.post(f"{home}/exam/4", data={"value": "late", "version": 0}, follow_redirects=True).text
    assert "stored separately" in page and "Your exam was submitted" in page
    assert db.session.scalars(db.select(Answer.value)).all() == []


@pytest.mark.parametrize("status", S)
def test_every_status_has_a_page(client, sign_in, status):
    attempt = make.attempt(status)
    sign_in(attempt.learner)
    page = client.get(f"/attempts/{attempt.ref}/", follow_redirects=True)
    assert page.status_code == 200
    assert attempt.external_id is None or attempt.external_id not in page.text
    assert attempt.attempt_code not in page.text


def test_autosave_answers_with_the_version_and_the_clock(client, exam, learner):
    attempt = begin(client, exam)
    client.post(f"/attempts/{attempt.ref}/start")
    question = client.get(f"/attempts/{attempt.ref}/exam/4").text
    number = re.search(r'data-question="(\d+)"', question)[1]
    url = f"/attempts/{attempt.ref}/answers/{number}"
    reply = client.post(url, json={"value": "ink", "version": 0, "flagged": False})
    assert reply.json["version"] == 1 and reply.json["rev"] >= 1
    reply = client.post(url, json={"value": "pen", "version": 0})
    assert (reply.status_code, reply.json["current"]["value"]) == (409, "ink")
    for body in ([], {"value": "x"}, {"value": 7, "version": 1}, {"value": "x", "version": True}):
        assert client.post(url, json=body).status_code == 422
    assert client.post(url, data=b"\xff", content_type="application/json").status_code == 422


def test_hot_pages_keep_to_their_queries(client, exam, learner, statements):
    for _ in range(10):
        make.exam(course=exam.course)
    attempt = begin(client, exam)
    home = f"/attempts/{attempt.ref}"
    client.post(f"{home}/start")
    number = re.search(r'data-question="(\d+)"', client.get(f"{home}/exam/4").text)[1]

    def cost(method, url, **given):
        db.session.rollback()
        statements.clear()
        assert client.open(url, method=method, **given).status_code == 200
        return len([sql for sql in statements if not sql.startswith(("BEGIN", "SAVEPOINT"))])

    assert cost("GET", f"{home}/clock.json?rev=0") <= 2
    assert cost("POST", f"{home}/answers/{number}", json={"value": "ink", "version": 0}) <= 6
    assert cost("GET", f"{home}/exam/4") <= 8
    assert cost("GET", "/me/exams/") <= 6


def test_the_clock_message_is_small_and_never_stored(client, exam, learner):
    attempt = begin(client, exam)
    client.post(f"/attempts/{attempt.ref}/start")
    reply = client.get(f"/attempts/{attempt.ref}/clock.json?rev=99")
    assert len(reply.data) < 400
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.json["deadline"] - reply.json["now"] == 60 * 60 * 1000


def test_a_file_is_an_answer_and_a_newer_one_replaces_it(client, sign_in):
    exam = make.exam(questions=[{"kind": QuestionKind.FILE, "title": "Your drawing"}])
    sign_in(make.enrol(exam.course))
    attempt = begin(client, exam)
    home = f"/attempts/{attempt.ref}"
    client.post(f"{home}/start")
    number = re.search(r'data-question="(\d+)"', client.get(f"{home}/exam/1").text)[1]
    for name, content in (("first.txt", b"one"), ("second.bin", b"x" * 2_500_000)):
        given = {"file": (io.BytesIO(content), name), "number": "1"}
        page = client.post(f"{home}/files/{number}", data=given, follow_redirects=True)
        assert f"Your file {name} is saved" in page.text
    assert db.session.scalars(db.select(Answer)).one().value["size_bytes"] == 2_500_000
    assert client.post(f"{home}/files/{number}", data={}).status_code == 422
    client.post(f"{home}/exam/1", data={"version": "0", "go": "stay"})
    assert db.session.scalars(db.select(Answer)).one().value["name"] == "second.bin"


def test_the_plain_clock_never_says_nothing_is_left_before_it_is(client, exam, learner, the_clock):
    home = f"/attempts/{begin(client, exam).ref}"
    client.post(f"{home}/start")
    assert "1 hour left" in client.get(f"{home}/clock").text
    the_clock.advance(minutes=59, seconds=20)
    assert "Less than a minute left" in client.get(f"{home}/clock").text
    the_clock.advance(seconds=40)
    assert "Time is up" in client.get(f"{home}/clock").text
