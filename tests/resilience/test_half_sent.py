"""Requests that stop in the middle or crawl hold nobody else up, and are answered as what they are."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from threading import Event

import pytest

from portal.db import db
from portal.models import AnswerFile, Question, QuestionKind
from tests import make
from tests.resilience.half_requests import connected, crawl, half_sent, head, rest

HELD, UPLOADS, LEARNERS, SAVES = 200, 50, 20, 10
SHAPES = [(), ("--processes", "2", "--threads", "1")]
UPLOAD_BYTES = 200_000
UPLOAD = head("POST", "/signin", "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {UPLOAD_BYTES}",
              "Connection: close")  # fmt: skip


@pytest.fixture
def exam(portal):
    return make.exam(questions=[{"kind": QuestionKind.LONG_TEXT}, {"kind": QuestionKind.FILE}])


def save_ten_times(browser, attempt, question_id):
    """What each was answered."""
    saved = [browser.save(attempt.ref, question_id, f"Word {at}", version=at) for at in range(SAVES)]
    return [answered.status for answered in saved]


def crawl_together(lines, sent_while_typing):
    """Each line sends a little in turn, for as long as the others type; then the rest. What each was answered."""
    body = b"x" * UPLOAD_BYTES
    sent = 0
    while not sent_while_typing.is_set() and sent < UPLOAD_BYTES // 2:
        for line in lines:
            line.sendall(body[sent : sent + 500])
        sent += 500
        sent_while_typing.wait(0.1)
    for line in lines:
        line.sendall(body[sent:])
    return {rest(line)[:12] for line in lines}


@pytest.mark.parametrize("shape", SHAPES, ids=["default", "two processes"])
def test_half_sent_requests_and_slow_uploads_hold_nobody_up_and_end(portal, exam, shape):
    attempts = [make.attempt(exam=exam) for _ in range(LEARNERS)]
    text, _ = portal.look(db.select(Question.id).order_by(Question.position))
    portal.serve(*shape, PORTAL_SILENT_BODY_SECONDS="15")
    browsers = [portal.browser(attempt.learner) for attempt in attempts]
    held = [connected(portal.port, half_sent(number), source=number) for number in range(HELD)]
    slow = [connected(portal.port, UPLOAD, source=HELD + number) for number in range(UPLOADS)]
    have_typed = Event()
    with ThreadPoolExecutor(LEARNERS + 1) as pool:
        uploaded = pool.submit(crawl_together, slow, have_typed)
        answered = list(pool.map(save_ten_times, browsers, attempts, [text] * LEARNERS))
        have_typed.set()
    assert answered == [[200] * SAVES] * LEARNERS
    assert uploaded.result() == {b"HTTP/1.1 400"}  # Whole, and judged: it brings no token of a form.
    assert {rest(line)[:12] for line in held} == {b"HTTP/1.1 408"}


def test_what_the_sender_breaks_off_changes_nothing(portal, exam):
    attempt = make.attempt(exam=exam)
    text, _ = portal.look(db.select(Question.id).order_by(Question.position))
    portal.serve()
    browser = portal.browser(attempt.learner)
    body = b'{"value": "whole", "version": 0}'
    said = [f"{name}: {value}" for name, value in browser.headers.items()]
    whole = head("POST", f"/attempts/{attempt.ref}/answers/{text}", *said, "Content-Type: application/json",
                 "Transfer-Encoding: chunked")  # fmt: skip
    line = connected(portal.port, whole, b"%x\r\n%s\r\n" % (len(body), body))
    line.shutdown(1)  # All of the value is there, and no end of the body.
    assert rest(line).startswith(b"HTTP/1.1 400")
    line = connected(portal.port, whole, b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))
    assert line.recv(12) == b"HTTP/1.1 200"
    line.close()


def slow_upload(portal, exam):
    """A connection on which a file was announced, what is still to send, and the file."""
    attempt = make.attempt(exam=exam)
    _, file_question = portal.look(db.select(Question.id).order_by(Question.position))
    browser, content = portal.browser(attempt.learner), bytes(range(256)) * 1000
    form = b'--b\r\nContent-Disposition: form-data; name="file"; filename="essay.bin"\r\n\r\n'
    form += content + b"\r\n--b--\r\n"
    said = [f"{name}: {value}" for name, value in browser.headers.items()]
    length = ("Content-Type: multipart/form-data; boundary=b", f"Content-Length: {len(form)}")
    path = f"/attempts/{attempt.ref}/files/{file_question}"
    return connected(portal.port, head("POST", path, *said, *length)), form, content


def check_upload(portal, line, content):
    assert line.recv(12) == b"HTTP/1.1 303"
    line.close()
    assert portal.look(db.select(AnswerFile.size_bytes, AnswerFile.received_bytes)) == [(len(content), len(content))]


def test_a_slow_upload_is_answered_as_a_quick_one(portal, exam):
    portal.serve(PORTAL_SILENT_BODY_SECONDS="5")
    line, form, content = slow_upload(portal, exam)
    crawl(line, form, pieces=20, seconds=6)
    check_upload(portal, line, content)


def test_a_server_that_is_stopped_answers_who_has_begun(portal, exam):
    server = portal.serve()
    line, form, content = slow_upload(portal, exam)
    half = len(form) // 2
    line.sendall(form[:half])
    os.kill(server.pid, signal.SIGTERM)
    portal.wait_until(lambda: not is_listening(portal.port))
    line.sendall(form[half:])
    check_upload(portal, line, content)
    portal.wait_until(lambda: server.poll() is not None)


def is_listening(port):
    try:
        connected(port).close()
    except ConnectionError:
        return False
    return True


def test_a_body_beyond_the_limit_is_refused_in_our_words_and_the_connection_ends(portal):
    portal.serve(PORTAL_MAX_CONTENT_LENGTH="100000")
    for is_measured, asks_first in product([True, False], repeat=2):
        length = "Content-Length: 300000" if is_measured else "Transfer-Encoding: chunked"
        body = b"x" * 300_000 if is_measured else b"493e0\r\n" + b"x" * 300_000 + b"\r\n0\r\n\r\n"
        expects = ("Expect: 100-continue",) if asks_first else ()
        line = connected(portal.port, head("POST", "/signin", length, "Accept: text/html", *expects))
        if not (asks_first and is_measured):  # Then the answer comes before the body was sent.
            line.sendall(body)
        heard = rest(line).removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
        assert heard.startswith(b"HTTP/1.1 413")
        assert b"connection: close" in heard
        assert b"That is too large" in heard
