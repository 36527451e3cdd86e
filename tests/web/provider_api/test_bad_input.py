"""Callbacks that cannot be used: each is answered with the contract's code and a sentence, and kept for a person."""

import gzip
import json
from io import BytesIO

import pytest

from portal.db import db
from portal.models import DeliveryOutcome, HistoryEntry, Review
from tests import fake_providers, make
from tests.failing_writes import failing
from tests.fake_providers import deliveries, review, say, status_of
from tests.make import S

COMMENT = {"comment": "Looked away", "status": "suspicious", "start": 5, "stop": 9, "duration": 4}


@pytest.fixture(autouse=True)
def acme(app):
    return fake_providers.provider()


def waits_for_a_person(answer, code, *words):
    """Answered with ``code`` and a sentence; the message is kept, and on the team's list with the same sentence."""
    assert (answer.status_code, answer.mimetype, list(answer.json)) == (code, "application/json", ["detail"])
    assert answer.json["detail"].endswith(".")
    assert all(word in answer.json["detail"] for word in words), answer.json
    [kept] = fake_providers.waiting("acme")
    assert (kept.outcome, kept.answered, kept.note) == (DeliveryOutcome.KEPT, code, answer.json["detail"])
    return kept


def nothing_has_moved(attempt, status=S.SUBMITTED):
    assert status_of(attempt) is status
    assert db.session.scalars(db.select(Review)).all() == []
    assert db.session.scalars(db.select(HistoryEntry)).all() == []


@pytest.mark.parametrize(("what", "code"), [("ready", 404), ("reviewed", 400)])
@pytest.mark.parametrize("name", ["nothing", "EXT-1", "ext-1%00", "ext-1'--", "数学", "x" * 3000])
def test_an_attempt_that_nobody_knows(client, what, code, name):
    attempt = fake_providers.attempt()
    body = review() if what == "reviewed" else {"status": "ready"}
    kept = waits_for_a_person(say(client, what, body, about=name), code, "no attempt of yours")
    assert (kept.attempt_id, json.loads(kept.body)) == (None, body)
    nothing_has_moved(attempt)


@pytest.mark.parametrize(
    "word", ["fine", "Clean", "PASSED", "passed ", "", " ", "rejected", "verified", "\x00", "passéd"]
)
def test_a_word_that_is_not_one_of_the_four(client, word):
    attempt = fake_providers.attempt()
    kept = waits_for_a_person(say(client, "reviewed", review(word)), 400, "passed, violation, suspicious, not_reviewed")
    assert kept.attempt_id == attempt.id
    nothing_has_moved(attempt)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "fields of a review"),
        ([], "fields of a review"),
        ([review()], "fields of a review"),
        ("passed", "fields of a review"),
        (None, "fields of a review"),
        (5, "fields of a review"),
        ({"comments": []}, "status is missing"),
        (review(status=None), "status is missing"),
        (review(status=5), "status must be a text"),
        (review(status=["passed"]), "status must be a text"),
        (review(status={"is": "passed"}), "status must be a text"),
        ({"status": "passed", "comments": "none"}, "comments must be a list"),
        ({"status": "passed", "comments": {"comment": "x"}}, "comments must be a list"),
        ({"status": "passed", "comments": [5]}, "comments[0]"),
        ({"status": "passed", "comments": [COMMENT, {"status": "ok"}]}, "comments[1].comment is missing"),
        ({"status": "passed", "comments": [{"comment": "x"}]}, "comments[0].status is missing"),
        ({"status": "passed", "comments": [{**COMMENT, "comment": 5}]}, "comments[0].comment must be a text"),
        ({"status": "passed", "comments": [{**COMMENT, "start": "soon"}]}, "comments[0].start"),
        ({"status": "passed", "comments": [{**COMMENT, "start": -1}]}, "comments[0].start"),
        ({"status": "passed", "comments": [{**COMMENT, "stop": 1e300}]}, "comments[0].stop"),
        ({"status": "passed", "comments": [{**COMMENT, "duration": True}]}, "comments[0].duration"),
        ({"status": "passed", "comments": [COMMENT] * 1001}, "comments"),
        (review(reviewed_by=["a@example.edu"]), "reviewed_by"),
        (review(payload="x"), "payload"),
        (review(videoReviewLink={"url": "x"}), "videoReviewLink"),
    ],
)
def test_a_field_that_is_missing_or_of_another_type_is_named(client, body, field):
    attempt = fake_providers.attempt()
    waits_for_a_person(say(client, "reviewed", json.dumps(body).encode()), 400, field)
    nothing_has_moved(attempt)


#: Broken in ways that a parser, a decoder or a database might trip over.
NOT_JSON = {
    "nothing": b"",
    "blanks": b" \n ",
    "a page": b"<!doctype html><h1>Bad gateway</h1>",
    "cut short": b'{"status": "pas',
    "two": b'{"status": "passed"}{"status": "passed"}',
    "a form": b"status=passed",
    "a number that is none": b'{"status": "passed", "n": NaN}',
    "latin-1": '{"status": "passed", "note": "é"}'.encode("latin-1"),
    "utf-16": '{"status": "passed"}'.encode("utf-16"),
    "zeros": b"\x00" * 40,
    "too deep": b"[" * 50_000,
    "packed": gzip.compress(b'{"status": "passed"}'),
}


@pytest.mark.parametrize("how", NOT_JSON)
def test_what_is_not_json_in_utf_8(client, how):
    attempt = fake_providers.attempt()
    kept = waits_for_a_person(say(client, "reviewed", NOT_JSON[how]), 400, "not JSON in UTF-8")
    assert kept.attempt_id == attempt.id
    nothing_has_moved(attempt)


@pytest.mark.parametrize("how", NOT_JSON)
def test_ready_whatever_stands_in_its_body(client, how):
    """The address says it all; the body is kept with the message."""
    attempt = fake_providers.attempt(S.CREATED)
    assert say(client, "ready", NOT_JSON[how]).json == "OK"
    assert status_of(attempt) is S.READY_TO_START
    assert [one.outcome for one in deliveries()] == [DeliveryOutcome.USED]


@pytest.mark.parametrize("what", ["ready", "reviewed"])
def test_ten_megabytes(client, what):
    status = S.CREATED if what == "ready" else S.SUBMITTED
    attempt = fake_providers.attempt(status)
    body = json.dumps(review(note="x" * 10 * 1024 * 1024)).encode()
    kept = waits_for_a_person(say(client, what, body), 413, "1024 KiB")
    assert (kept.headers["Content-Length"], len(kept.body)) == (str(len(body)), 0)
    nothing_has_moved(attempt, status)


@pytest.mark.parametrize(("letters", "code"), [(100, 200), (2 * 1024 * 1024, 413)])
def test_a_body_in_pieces_names_no_length(client, letters, code):
    attempt = fake_providers.attempt()
    body = json.dumps(review(note="x" * letters)).encode()
    pieces = {"input_stream": BytesIO(body), "environ_overrides": {"wsgi.input_terminated": True}}
    headers = {"Authorization": f"JWT {fake_providers.token()}", "Transfer-Encoding": "chunked"}
    assert client.post(f"{fake_providers.PLACE}/ext-1/reviewed", headers=headers, **pieces).status_code == code
    assert status_of(attempt) is (S.VERIFIED if code == 200 else S.SUBMITTED)
    assert [one.answered for one in deliveries()] == [code]


def test_the_largest_that_is_taken(client):
    attempt = fake_providers.attempt()
    frame = len(json.dumps(review(note="")).encode())
    body = json.dumps(review(note="x" * (1024 * 1024 - frame))).encode()
    assert len(body) == 1024 * 1024
    assert say(client, "reviewed", body).json == "OK"
    assert status_of(attempt) is S.VERIFIED


@pytest.mark.parametrize(
    "content_type",
    [None, "", "text/plain", "text/html; charset=latin-1", "application/x-www-form-urlencoded", "multipart/form-data",
     "multipart/form-data; boundary=x", "application/json; charset=utf-16", "image/png", "nonsense", ";;;", "é"],
)  # fmt: skip
def test_json_is_json_whatever_its_type_is_called(client, content_type):
    attempt = fake_providers.attempt()
    assert say(client, "reviewed", json.dumps(review()).encode(), content_type=content_type).json == "OK"
    assert status_of(attempt) is S.VERIFIED


def test_a_mark_at_the_beginning_does_no_harm(client):
    attempt = fake_providers.attempt()
    assert say(client, "reviewed", b"\xef\xbb\xbf" + json.dumps(review()).encode()).json == "OK"
    assert status_of(attempt) is S.VERIFIED


@pytest.mark.parametrize("status", [s for s in S if s in {S.CREATED, S.READY_TO_START, S.STARTED, S.READY_TO_SUBMIT}])
def test_a_review_before_the_end_waits_for_a_person(client, status):
    attempt = fake_providers.attempt(status)
    kept = waits_for_a_person(say(client, "reviewed"), 400, "has not ended")
    assert json.loads(kept.body) == review()
    nothing_has_moved(attempt, status)


def test_what_waited_may_be_sent_again_when_the_exam_is_over(client):
    attempt = fake_providers.attempt(S.STARTED)
    say(client, "reviewed")
    fake_providers.change(attempt, status=S.SUBMITTED, completed_at=make.NOON)
    assert say(client, "reviewed").json == "OK"
    assert status_of(attempt) is S.VERIFIED
    assert [one.outcome for one in deliveries()] == ["kept", "used"]


def test_a_timed_exam_has_nothing_to_review(client):
    """It never had a provider, so no provider has a name for it."""
    attempt = make.attempt(S.SUBMITTED)
    for name in (attempt.attempt_code, attempt.ref, str(attempt.id)):
        assert say(client, "reviewed", about=name).status_code == 400
    nothing_has_moved(attempt)
    assert [one.attempt_id for one in fake_providers.waiting("acme")] == [None] * 3


def test_a_fault_of_ours_loses_nothing(client, app, monkeypatch):
    attempt = fake_providers.attempt()
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.config, "TESTING", False)
    with failing(Review, "before_insert", lambda review: 1 / 0):
        answer = say(client, "reviewed")
    assert (answer.status_code, answer.mimetype) == (500, "application/json")
    [kept] = fake_providers.waiting("acme")
    assert (kept.answered, kept.attempt_id) == (500, attempt.id)
    assert "failed to read this message" in kept.note
    nothing_has_moved(attempt)
