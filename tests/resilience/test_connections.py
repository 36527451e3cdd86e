"""Connections cost nothing while nothing is asked on them, end by themselves, and understand HTTP as it is written."""

from portal.db import db
from portal.models import Question
from tests import make
from tests.resilience.half_requests import connected, head, many_files, rest

STATUS = head("GET", "/status")


def test_ten_thousand_idle_connections_hold_nobody_up(portal):
    attempt = make.attempt()
    question_id = portal.look(db.select(Question.id))[0]
    with many_files() as limit:
        portal.serve(PORTAL_IDLE_CONNECTION_SECONDS="600")
        browser = portal.browser(attempt.learner)
        silent = [connected(portal.port) for _ in range(min(9_500, limit // 2 - 600))]
        answered = [connected(portal.port, STATUS) for _ in range(500)]
        assert {line.recv(15) for line in answered} == {b"HTTP/1.1 200 OK"}
        saved = [browser.save(attempt.ref, question_id, "a", version=version).status for version in range(5)]
        assert saved == [200] * 5
        for line in silent + answered:
            line.close()


def test_a_connection_that_asks_nothing_ends(portal):
    portal.serve(PORTAL_IDLE_CONNECTION_SECONDS="1")
    for sent in (b"", STATUS[:20], STATUS, STATUS + STATUS[:20]):
        heard = rest(connected(portal.port, sent))
        assert heard.count(b"HTTP/1.1 200") == sent.count(STATUS), sent


#: What is sent, how many answers it gets (100 Continue is one), and what is among them.
WAYS = (
    (STATUS * 3, 3, b'"status":"ok"}'),
    (b"GET /status HTTP/1.0\r\n\r\n", 1, b"HTTP/1.0 200"),
    (head("HEAD", "/status"), 1, b"content-length: "),
    (head("POST", "/signin", "Content-Length: 3", "Expect: 100-continue") + b"a=b", 2, b"100 Continue"),
    (head("POST", "/signin", "Transfer-Encoding: chunked") + b"3\r\na=b\r\n0\r\n\r\n" + STATUS, 2, b'"ok"'),
)


def test_ways_to_ask(portal):
    portal.serve(PORTAL_IDLE_CONNECTION_SECONDS="2")
    for sent, answers, other in WAYS:
        heard = rest(connected(portal.port, sent))
        assert (heard.count(b"HTTP/1."), other in heard) == (answers, True), sent


#: What a proxy and a server could take for different requests.
AMBIGUOUS = (
    head("POST", "/signin", "Content-Length: 5", "Content-Length: 6") + b"abcdef",
    head("POST", "/signin", "Content-Length: +5") + b"abcde",
    head("POST", "/signin", "Transfer-Encoding: xchunked") + b"0\r\n\r\n",
    head("POST", "/signin", "Transfer-Encoding : chunked") + b"0\r\n\r\n",
    head("POST", "/signin", "Transfer-Encoding: chunked, identity") + b"0\r\n\r\n",
    head("GET", "/signin", " folded: 1"),
    head("POST", "/signin", "Content-Length: 4", "Transfer-Encoding: chunked") + b"0\r\n\r\n",
)


def test_what_two_servers_could_read_differently_is_the_last_on_its_connection(portal):
    portal.serve()
    for sent in AMBIGUOUS:
        heard = rest(connected(portal.port, sent + STATUS))
        assert (heard.count(b"HTTP/1.1"), heard[:12]) == (1, b"HTTP/1.1 400"), sent
