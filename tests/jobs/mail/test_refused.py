"""Emails that are refused for good, for a while, or in part: who hears of it, and that nobody else waits."""

import time

import pytest

from portal.db import db, writing
from portal.domain.accounts import people
from portal.domain.errors import BadInput
from portal.domain.outbox import case_recipients
from portal.domain.outbox import cases as support_cases
from portal.jobs import worker
from portal.jobs.mail import delivery
from portal.jobs.outbox import lanes
from portal.models import AttemptStatus as S
from portal.models import OutboxMessage, Role, SupportCase
from tests import make
from tests.make import NOON

GONE = "gone@example.edu"
SAYS = {"template": "attempt_submitted"}


@pytest.fixture
def attempt(app):
    course = make.course(name="Clouds", escalation_email="office@example.edu")
    return make.attempt(S.SUBMITTED, exam=make.exam(course=course), learner=make.user(email=GONE))


def cases():
    db.session.rollback()
    return db.session.scalars(db.select(SupportCase).order_by(SupportCase.id)).all()


def row(key):
    db.session.rollback()
    return db.session.scalars(db.select(OutboxMessage).filter_by(key=key)).one()


@pytest.mark.parametrize("code", [500, 501, 550, 551, 552, 553, 554, 556])
def test_a_permanent_refusal_is_tried_once_and_told_to_the_team(client, sign_in, enqueue, received, attempt, code):
    received.answers[GONE] = f"{code} 5.1.1 No such user"
    enqueue("email", key="a", attempt=attempt, payload=SAYS)
    worker.work_through(now=NOON)
    assert (row("a").dead_at, row("a").tries) == (NOON, 1)
    assert f"({code} 5.1.1 No such user)" in row("a").last_error
    [case] = cases()
    assert (case.kind, case.course_id, case.attempt_id) == ("email_refused", attempt.exam.course_id, attempt.id)
    assert GONE in case.text and "another email address" in case.text
    assert [one["To"] for one in received.mails] == ["office@example.edu"]
    sign_in(make.member(Role.STAFF, course=attempt.exam.course))
    assert "Email refused" in client.get("/teach/cases").text


def test_the_next_refusal_counts_on_the_open_case_and_opens_another_after_the_answer(enqueue, received, attempt):
    received.answers[GONE] = "550 5.1.1 No such user"
    team = make.user()

    def refuse(key):
        enqueue("email", key=key, attempt=attempt, payload=SAYS)
        worker.work_through(now=NOON)

    refuse("a")
    refuse("b")
    [case] = cases()
    with writing():
        support_cases.close(support_cases.get(case.id), team, note="I wrote to her at home.", now=NOON)
    refuse("c")
    assert [(one.messages, one.closed_at is None) for one in cases()] == [(2, False), (1, True)]
    assert [one["To"] for one in received.mails] == ["office@example.edu"] * 2


@pytest.mark.parametrize("code", [421, 450, 451, 452])
def test_what_may_be_over_in_a_while_is_tried_again_and_told_nobody(enqueue, received, attempt, code):
    received.answers[GONE] = f"{code} Come back later"
    enqueue("email", key="a", attempt=attempt, payload=SAYS)
    worker.work_through(now=NOON)
    assert (row("a").dead_at, row("a").done_at, cases()) == (None, None, [])
    assert row("a").available_at > NOON


@pytest.mark.parametrize(("answer", "is_over"), [("554 Message refused", True), ("451 Try again", False)])
def test_a_refusal_of_the_message_itself(enqueue, received, attempt, answer, is_over):
    received.answers["DATA"] = answer
    enqueue("email", key="a", attempt=attempt, payload=SAYS)
    worker.work_through(now=NOON)
    assert (row("a").dead_at == NOON, len(cases()) == 1) == (is_over, is_over)


def test_one_address_is_one_case_for_a_course(enqueue, received, attempt):
    received.refused.add(GONE)
    for key in "abc":
        enqueue("email", key=key, attempt=attempt, payload=SAYS)
    worker.work_through(now=NOON)
    assert len(cases()) == 1


def test_an_email_about_no_attempt_is_a_case_for_administrators(client, sign_in, enqueue, received):
    received.refused.add(GONE)
    enqueue("email", key="a", payload={"template": "password_reset", "to": GONE, "name": "", "link": "http://x/y"})
    worker.work_through(now=NOON)
    assert [(one.kind, one.course_id) for one in cases()] == [("email_refused", None)]
    sign_in(make.administrator())
    assert GONE in client.get("/teach/cases").text


def test_a_refused_email_about_a_case_opens_no_other(enqueue, received, attempt):
    received.refused |= {GONE, "office@example.edu"}
    enqueue("email", key="a", attempt=attempt, payload=SAYS)
    worker.work_through(now=NOON)
    assert len(cases()) == 1
    support = db.session.scalars(db.select(OutboxMessage).filter_by(topic="support")).one()
    assert support.dead_at == NOON


@pytest.mark.parametrize("mark", sorted(delivery.DIRECTIONAL))
def test_no_directional_character_reaches_a_subject(enqueue, received, attempt, mark):
    with writing() as session:
        session.merge(attempt.exam).name = f"Clouds {mark}fdp.exe{mark}\x07"
    enqueue("email", key="a", attempt=attempt, payload=SAYS)
    worker.work_through(now=NOON)
    subject = received.mails[0]["Subject"]
    assert mark not in subject and "\x07" not in subject and "Clouds fdp.exe" in subject


@pytest.mark.parametrize(
    ("address", "works"),
    [("ada@example.edu", True), ("ada@prüfung.example", True), ("ada+x@example.edu", True), ("zoë@example.edu", False),
     ("数@example.edu", False), ("ada@", False), ("@example.edu", False), ("a b@example.edu", False), ("a@b@c", False),
     ("ada@" + "x" * 70 + ".example", False), ("ada@a..b", False), ("ada\t@example.edu", False)],
)  # fmt: skip
def test_an_address_that_cannot_be_written_to_cannot_be_entered(app, enqueue, received, address, works):
    if not works:
        with pytest.raises(BadInput, match="email address"):
            people.check_email(address)
        return
    people.check_email(address)
    enqueue("email", key="a", payload={"template": "password_reset", "to": address, "name": "", "link": "http://x/y"})
    worker.work_through(now=NOON)
    assert row("a").done_at == NOON


@pytest.mark.parametrize(
    ("contact", "is_one"),
    [("office@example.edu", True), ("büro@example.edu", False), ("a@b@c.de", False), ("room 5", False)],
)
def test_a_contact_that_no_email_reaches_is_words(contact, is_one):
    assert case_recipients.is_address(contact) is is_one


def test_a_recipient_whose_server_says_nothing_holds_nobody_up(enqueue, received, monkeypatch):
    """The first is retried after the time limit; the next to the same address are not even tried; all others go."""
    lanes.forget_all()
    monkeypatch.setattr(delivery, "TIMEOUT_SECONDS", 0.3)
    monkeypatch.setattr(lanes, "SILENT_AFTER_SECONDS", 0.2)
    received.silent_to[GONE] = 1.0
    said = {"template": "password_reset", "name": "", "link": "http://x/y"}
    for number in range(8):
        enqueue("email", key=f"s{number}", payload={**said, "to": GONE})
    enqueue("email", key="other", payload={**said, "to": "ada@example.edu"})
    began = time.monotonic()
    worker.work_through(now=NOON)
    assert time.monotonic() - began < 2
    assert [one["To"] for one in received.mails] == ["ada@example.edu"]
    assert [row(f"s{number}").tries for number in range(8)] == [1, *[0] * 7]
    lanes.forget_all()
